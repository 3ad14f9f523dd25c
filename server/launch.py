"""Starts the server from the extension's folder: the editor runs this file with any Python that it finds.

Written for any Python, so that an old one can say what is wrong instead of failing on the syntax.
"""

import os
import sys

OLDEST = (3, 10)

if sys.version_info < OLDEST:
    wanted, found = (".".join(str(number) for number in version) for version in (OLDEST, sys.version_info[:3]))
    sys.exit("SameDevice needs Python " + wanted + " or newer; " + sys.executable + " is " + found)

# First on the path, so that no package of the user's or the project's can come between.
here = os.path.dirname(os.path.abspath(__file__))
sys.path[:1] = [here, os.path.join(os.path.dirname(here), "bundled", "libs")]

from samedevice.lsp.start import main  # noqa: E402  # only now it can be found

sys.exit(main())
