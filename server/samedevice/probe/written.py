"""What the user wrote down for a probe: `# probe:` comments and `[tool.samedevice.probe]`."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path

from samedevice.syntax.source import SourceFile

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_MARK = re.compile(r"#\s*probe:\s*(?P<words>.+)")


def comments(source: SourceFile) -> list[tuple[int, dict[str, str]]]:
    """The `# probe: x = torch.randn(2, 3)` comments of a file: their lines, and what each gives."""
    if "probe:" not in source.text:
        return []
    found = []
    for line, text in _comments(source):
        match = _MARK.match(text)
        if match:
            values = given(match["words"])
            if values:
                found.append((line, values))
    return found


def given(words: str) -> dict[str, str]:
    """`x = torch.randn(2, 3), mask = None` as names and expressions; commas inside brackets belong to a value."""
    try:
        call = ast.parse(f"_({words})", mode="eval").body
    except (SyntaxError, ValueError):
        return {}
    assert isinstance(call, ast.Call)
    values = {str(index): ast.unparse(one) for index, one in enumerate(call.args)}
    return {**values, **{word.arg: ast.unparse(word.value) for word in call.keywords if word.arg}}


def _comments(source: SourceFile) -> Iterator[tuple[int, str]]:
    """The comments of a file; of one that can't be tokenized, what looks like one."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO("\n".join(source.lines)).readline))
    except (tokenize.TokenError, SyntaxError, ValueError):
        for number, text in enumerate(source.lines, 1):
            match = _MARK.search(text)
            if match:
                yield number, match[0]
        return
    yield from ((token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT)


def for_network(source: SourceFile, name: str, lines: range, others: list[range]) -> dict[str, str]:
    """What comments and the project's configuration give for a network; a comment in or above it comes first."""
    values = dict(configured(Path(source.path), name))
    for line, one in comments(source):
        elsewhere = any(line in other for other in others) and line not in lines
        if not elsewhere:
            values.update(one)
    return values


def configured(path: Path, name: str) -> Mapping[str, str]:
    """The table `[tool.samedevice.probe.NAME]` of the nearest pyproject.toml, else what holds for all networks."""
    for folder in path.absolute().parents:
        file = folder / "pyproject.toml"
        if file.is_file():
            try:
                values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
            except (OSError, ValueError):
                return {}
            table = values.get("tool", {}).get("samedevice", {}).get("probe")
            if isinstance(table, dict):
                return {**_strings(table), **_strings(table.get(name, {}))}
    return {}


def _strings(table: object) -> dict[str, str]:
    """The expressions of a table."""
    if not isinstance(table, dict):
        return {}
    return {
        str(key): value if isinstance(value, str) else repr(value)
        for key, value in table.items()
        if not isinstance(value, dict)
    }
