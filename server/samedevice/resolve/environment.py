"""The user's Python: which interpreter a project runs with, and what it has; read from files, never run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from samedevice.dataclass import dataclass
from samedevice.resolve import editable

_WINDOWS = os.name == "nt"
_PYTHONS = ("Scripts/python.exe", "python.exe") if _WINDOWS else ("bin/python", "bin/python3")
PATH = "PATH"
"""Why an interpreter was chosen that nothing but the PATH speaks for."""
_UP = 6
"""Folders above a file in which its environment may stand."""
FOLDERS = (".venv", "venv", "env", ".env")
_TORCH = re.compile(r"torch-(\d[^-]*)(?:\.dist-info|(?:-py[\d.]+)?\.egg-info)$")


@dataclass(frozen=True)
class Environment:
    """An interpreter and what is installed for it."""

    interpreter: str
    chosen: str
    """Why this one: the words for a message."""
    version: str | None = None
    """Of Python: `3.11`."""
    site_packages: tuple[str, ...] = ()
    """Its folders of packages that are there, in the order of its path."""
    editable: tuple[str, ...] = ()
    """Folders elsewhere that it imports from: installed with `pip install -e`."""
    torch: str | None = None
    """The version of PyTorch that is installed: `2.13.0+cpu`."""


def find(
    setting: str | None, folders: Sequence[str], variables: Mapping[str, str] | None = None
) -> tuple[Environment | None, str]:
    """The project's interpreter, and what is wrong with the one that was set."""
    variables = os.environ if variables is None else variables
    if setting:
        path = _set(setting, folders, variables)
        if path is None:
            return None, f"the interpreter `{setting}` was not found"
        found = read(path, "the editor")
        return found, "" if found.version else f"`{setting}` is no Python interpreter whose packages can be found"
    for path, why in _usual(folders, variables):
        found = read(path, why)
        if found.version:
            return found, ""
    return None, ""


def _set(setting: str, folders: Sequence[str], variables: Mapping[str, str]) -> str | None:
    """The interpreter that a setting names: a program, a folder with one, or a command."""
    written = os.path.expanduser(setting)
    if os.sep not in written and "/" not in written:
        command = _which(written, variables)
        if command:
            return _behind_shim(command, folders, variables)
    for base in [*folders, ""]:
        path = Path(base, written)
        if path.is_file():
            return _behind_shim(str(path), folders, variables)
        found = inside(path)
        if found:
            return found
    return None


def _usual(folders: Sequence[str], variables: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Interpreters where nothing is set, the likeliest first."""
    for folder in folders:
        for name in FOLDERS:
            path = inside(Path(folder, name))
            if path:
                yield path, f"`{name}` of the workspace"
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        path = inside(Path(variables[variable])) if variables.get(variable) else None
        if path:
            yield path, variable
    for name in ("python3", "python"):
        command = _which(name, variables)
        if command:
            yield _behind_shim(command, folders, variables), PATH


def _which(command: str, variables: Mapping[str, str]) -> str | None:
    """The program that a command runs."""
    import shutil  # with all the ways to pack files, for who only has a folder with a `.venv`

    return shutil.which(command, path=variables.get("PATH"))


def inside(folder: Path) -> str | None:
    """The interpreter of an environment's folder."""
    return next((str(folder / name) for name in _PYTHONS if (folder / name).is_file()), None)


def _behind_shim(command: str, folders: Sequence[str], variables: Mapping[str, str]) -> str:
    """The interpreter that pyenv's script of that name starts; anything else is itself."""
    path = Path(command)
    if path.parent.name != "shims":
        return command
    root = path.parent.parent
    files = [parent / ".python-version" for folder in folders for parent in (Path(folder), *Path(folder).parents)]
    versions = [variables.get("PYENV_VERSION", "").replace(":", " ")]
    versions += [_text(file) for file in [*files, root / "version"]]
    for version in next((words.split() for words in versions if words.strip()), []):
        found = inside(root / "versions" / version)
        if found and (Path(found).parent / path.name).exists():
            return found
    return next((str(found) for found in sorted((root / "versions").glob(f"*/bin/{path.name}"), reverse=True)), command)


@lru_cache(maxsize=64)
def read(interpreter: str, chosen: str = "") -> Environment:
    """What an interpreter has; without a version where nothing could be found out."""
    path = Path(interpreter)
    prefix = _prefix(path)
    configured = _configuration(prefix)
    version = _version(prefix, path, configured)
    if version is None:
        return Environment(interpreter, chosen)
    prefixes = [prefix]
    if "home" not in configured:
        real = _prefix(Path(os.path.realpath(path)))
        prefixes += [real] if real != prefix else []
        user = True
    else:
        user = configured.get("include-system-site-packages") == "true"
        prefixes += [_prefix(Path(configured["home"], "python"))] if user else []
    folders = [folder for one in dict.fromkeys(prefixes) for folder in _packages(one, version)]
    if user:
        folders.insert(0, Path.home() / ".local" / "lib" / f"python{version}" / "site-packages")
    # `lib64` is often another name of `lib`.
    there = tuple({os.path.realpath(folder): str(folder) for folder in reversed(folders) if folder.is_dir()}.values())[
        ::-1
    ]
    return Environment(interpreter, chosen, version, there, editable.folders(there), _torch(there))


@lru_cache(maxsize=256)
def of(folder: str) -> Environment | None:
    """The interpreter of a project which a folder is part of."""
    return find(None, [folder, *map(str, Path(folder).parents)][:_UP])[0]


def torch_of(folder: str) -> str | None:
    """The version of PyTorch that a project has which a folder is part of."""
    found = of(folder)
    return found.torch if found is not None else None


def forget() -> None:
    """Look at the interpreters anew the next time."""
    read.cache_clear()
    of.cache_clear()


def _prefix(interpreter: Path) -> Path:
    """The folder that an interpreter belongs to."""
    folder = interpreter.parent
    return folder.parent if folder.name in ("bin", "Scripts") else folder


def _configuration(prefix: Path) -> dict[str, str]:
    """The pyvenv.cfg of a virtual environment."""
    lines = (line.partition("=") for line in _text(prefix / "pyvenv.cfg").splitlines())
    return {key.strip().lower(): value.strip() for key, sign, value in lines if sign}


def _version(prefix: Path, interpreter: Path, configured: Mapping[str, str]) -> str | None:
    """The version of an interpreter, from what stands around it."""
    written = configured.get("version") or configured.get("version_info") or ""
    match = re.match(r"3\.\d+", written) or re.search(r"3\.\d+", Path(os.path.realpath(interpreter)).name)
    if match:
        return match[0]
    for one in (prefix, _prefix(Path(os.path.realpath(interpreter)))):
        libraries = sorted((one / "lib").glob("python3.*"), key=lambda path: len(str(path)))
        if libraries:
            return libraries[-1].name.removeprefix("python")
        dlls = [re.fullmatch(r"python3(\d+)\.dll", path.name) for path in one.glob("python3*.dll")]
        found = [f"3.{name[1]}" for name in dlls if name]
        if found:
            return found[0]
    return None


def _packages(prefix: Path, version: str) -> Iterator[Path]:
    """Where an installation keeps packages, on every system."""
    for library in ("lib", "lib64"):
        yield prefix / library / f"python{version}" / "site-packages"
        yield prefix / library / f"python{version}" / "dist-packages"
    yield prefix / "Lib" / "site-packages"
    if prefix == Path("/usr"):
        # Debian's own packages, and what `sudo pip` adds.
        yield Path("/usr/local/lib") / f"python{version}" / "dist-packages"
        yield Path("/usr/lib/python3/dist-packages")


def _torch(folders: Sequence[str]) -> str | None:
    """The version of PyTorch in the first folder that has it."""
    for folder in folders:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            match = _TORCH.match(name)
            if match:
                return match[1]
        if "torch" in names:
            written = re.search(r"__version__\s*=\s*['\"]([^'\"]+)", _text(Path(folder, "torch", "version.py")))
            if written:
                return written[1]
    return None


def _text(file: Path) -> str:
    """A small file's text; "" where it can't be read."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
