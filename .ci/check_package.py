"""Installs the built extension and the built wheel in empty places, runs both there, and lists what they carry.

    python .ci/check_package.py dist/samedevice.vsix dist/wheel/samedevice-….whl [v1.2.3]

Neither sees this checkout or what is installed for it: each gets a Python of its own, without packages.
"""

from __future__ import annotations

import collections
import email.parser
import json
import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 5 * 1024 * 1024
PATIENCE = 120
CARRIED = ("pygls.lsp.server", "lsprotocol.types", "jedi", "tomli")
PROGRAM = 'import torch\n\nx = torch.zeros(3)\nw = torch.ones(3, device="cuda")\ny = torch.add(x, w)\n'
WRONG = "device-mismatch"
"""What is wrong with the program."""


def main() -> int:
    """Check both; the exit status."""
    vsix, wheel = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    listed(vsix)
    listed(wheel)
    with tempfile.TemporaryDirectory(prefix="samedevice-package-") as folder:
        problems = [
            *extension_problems(vsix, Path(folder)),
            *wheel_problems(wheel, Path(folder)),
            *version_problems(vsix, wheel, *sys.argv[3:]),
        ]
    for problem in problems:
        print(f"WRONG: {problem}")
    print("\nboth work in an empty place" if not problems else f"\nFAILED: {len(problems)} problems")
    return 1 if problems else 0


def extension_problems(vsix: Path, folder: Path) -> Iterator[str]:
    """Starts the server as the extension does, with a Python that has no packages, and asks it about a program."""
    size = vsix.stat().st_size
    if size > LARGEST:
        yield f"{vsix.name} has {size / 1e6:.1f} MB"
    with zipfile.ZipFile(vsix) as archive:
        archive.extractall(folder / "vsix")
    root = folder / "vsix" / "extension"
    manifest = json.loads((root / "package.json").read_text(encoding="utf-8"))
    for name in (manifest["main"], manifest["icon"], "server/launch.py", "LICENSE.txt", "bundled/libs"):
        if not (root / name).exists():
            yield f"{vsix.name} lacks {name}"
    python = _python(folder / "bare", with_pip=False)
    flags = ["-E", "-s", "-S", "-X", f"pycache_prefix={folder / 'cache'}"]
    # Some of these are only needed later in a session, or on an old Python.
    imports = f"import sys; sys.path[:1] = {[str(root / 'bundled/libs')]}; import {', '.join(CARRIED)}"
    ran = subprocess.run([python, *flags, "-c", imports], capture_output=True, text=True, env=_plain(), check=False)
    if ran.returncode != 0:
        yield f"what the extension carries can't be imported: {ran.stderr}"
    found = _asked([str(python), *flags, str(root / "server" / "launch.py")], folder)
    if found != [WRONG]:
        yield f"the extension's server finds {found}, not {[WRONG]}"
    if written := list(root.rglob("__pycache__")):
        yield f"the server wrote into its own folder: {written[0]}"


def wheel_problems(wheel: Path, folder: Path) -> Iterator[str]:
    """Installs the wheel with what it depends on, and checks the demo with it."""
    python = _python(folder / "installed", with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel]
    subprocess.run(install, check=True, cwd=folder)
    program = folder / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    command = [python, "-m", "samedevice", "check", "--output-format", "json", program]
    ran = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, env=_plain(), check=False
    )
    if ran.returncode != 1 or WRONG not in ran.stdout:
        yield f"the installed command ends with {ran.returncode}: {ran.stdout}{ran.stderr}"
    found = _asked([str(python), "-m", "samedevice", "server"], folder)
    if found != [WRONG]:
        yield f"the installed server finds {found}, not {[WRONG]}"


def version_problems(vsix: Path, wheel: Path, tag: str = "") -> Iterator[str]:
    """Both must be the same version, and that of the tag where there is one."""
    with zipfile.ZipFile(vsix) as archive:
        version = json.loads(archive.read("extension/package.json"))["version"]
    if f"-{version}-" not in wheel.name:
        yield f"the extension is version {version}, the wheel is {wheel.name}"
    if tag not in ("", f"v{version}"):
        yield f"the tag is {tag}, the version {version}"


def listed(package: Path) -> None:
    """Prints what a package carries: its folders, and the packages with their licences."""
    print(f"\n{package.name}: {package.stat().st_size / 1e6:.2f} MB")
    files: collections.Counter[str] = collections.Counter()
    sizes: collections.Counter[str] = collections.Counter()
    with zipfile.ZipFile(package) as archive:
        for item in archive.infolist():
            parts = item.filename.removeprefix("extension/").split("/")
            name = "/".join(parts[: 3 if parts[0] == "bundled" else 2][:-1]) if len(parts) > 1 else "."
            name = name if not name.endswith(".dist-info") else "licences and metadata"
            files[name] += 1
            sizes[name] += item.compress_size
        metadata = [archive.read(name) for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    for name, size in sizes.most_common():
        print(f"  {size / 1000:8.0f} kB  {files[name]:5} files  {name}")
    for text in metadata:
        told = email.parser.BytesHeaderParser().parsebytes(text)
        licence = told["License-Expression"] or told["License"] or _classified(told)
        print(f"  {told['Name']} {told['Version']}, {licence}")


def _classified(told: Any) -> str:
    """The licence among a package's classifiers."""
    found = [one for one in told.get_all("Classifier", []) if one.startswith("License ::")]
    return found[0].rpartition(" :: ")[2] if found else "licence not named"


def _python(folder: Path, *, with_pip: bool) -> Path:
    """A Python without packages."""
    venv.create(folder, with_pip=with_pip)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _plain() -> dict[str, str]:
    """An environment that leads to none of our files."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _asked(command: list[str], folder: Path) -> list[str]:
    """The rules that a language server reports of the program."""
    uri = (folder / "program.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": PROGRAM}
    messages = [
        {"id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None, "rootUri": None}},
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": document}},
    ]
    server = subprocess.Popen(command, cwd=folder, env=_plain(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdin is not None
    try:
        for message in messages:
            _send(server.stdin, message)
        for answer in _received(server.stdout):
            if answer.get("method") == "textDocument/publishDiagnostics":
                return [one["code"] for one in answer["params"]["diagnostics"]]
        return []
    finally:
        server.kill()
        server.wait()


def _send(stream: Any, message: dict[str, Any]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    stream.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    stream.flush()


def _received(stream: Any) -> Iterator[dict[str, Any]]:
    """The messages of a server, until it ends."""
    while line := stream.readline():
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
            while stream.readline().strip():
                pass
            yield json.loads(stream.read(length))


if __name__ == "__main__":
    sys.exit(main())
