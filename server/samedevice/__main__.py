"""`python -m samedevice`."""

from __future__ import annotations

import sys

from samedevice.cli import main

if __name__ == "__main__":
    sys.exit(main())
