"""Suppressions: what they cover, and what is said of those that are of no use."""

from __future__ import annotations

import pytest

import fake_engine
from samedevice.features.check import check
from samedevice.settings import Settings
from samedevice.syntax.comments import suppressions, takes_comment
from samedevice.syntax.source import SourceFile


@pytest.fixture(autouse=True)
def _engine(monkeypatch: pytest.MonkeyPatch) -> object:
    fake_engine.install(monkeypatch)
    yield
    fake_engine.forget()


def found(text: str, **settings: object) -> list[tuple[int, str]]:
    """Lines and rules of the findings in a text."""
    result = check(SourceFile("x.py", text), Settings(**settings))  # type: ignore[arg-type]  # as given by a test
    return [(finding.span.line, finding.rule) for finding in result.findings]


def test_without_a_comment_both_are_found() -> None:
    assert found("bad\nworse\n") == [(1, "bad-name"), (2, "worse-name")]


def test_a_named_rule() -> None:
    assert found("bad  # samedevice: ignore[bad-name, bad-twin]\nworse\n") == [(2, "worse-name")]


def test_another_rule_still_speaks() -> None:
    assert found("bad  # samedevice: ignore[bad-name]\n") == [(1, "bad-twin")]


def test_all_rules_of_a_line() -> None:
    assert found("bad, worse  # noqa  # samedevice: ignore  because\n") == []


@pytest.mark.parametrize("line", [1, 3])
def test_a_statement_of_several_lines(line: int) -> None:
    lines = ["f(bad,", "  good,", "  good)"]
    lines[line - 1] += "  # samedevice: ignore"
    assert found("\n".join(lines)) == []


def test_an_inner_line_covers_itself_and_the_first_line_only() -> None:
    text = "f(bad,\n  worse,  # samedevice: ignore\n  bad)\n"
    assert found(text) == [(3, "bad-name")]


def test_a_header_is_a_statement_of_its_own() -> None:
    assert found("if (bad and\n    good):  # samedevice: ignore\n    bad\n") == [(3, "bad-name")]


def test_the_whole_file() -> None:
    assert found('"""Doc."""\n# samedevice: ignore-file\nimport x\nbad\n') == []


def test_some_rules_of_the_whole_file() -> None:
    assert found("# samedevice: ignore-file[bad-name, bad-twin]\nbad\nworse\n") == [(3, "worse-name")]


def test_the_file_can_be_ignored_only_at_its_top() -> None:
    assert found("bad\n# samedevice: ignore-file\n") == [(1, "bad-name"), (2, "unused-ignore")]


def test_text_in_a_string_is_no_comment() -> None:
    assert found("x = '# samedevice: ignore'; bad\n") == [(1, "bad-name")]


def test_an_unused_ignore() -> None:
    assert found("good  # samedevice: ignore[bad-name]\n") == [(1, "unused-ignore")]
    assert found("good  # samedevice: ignore\n") == [(1, "unused-ignore")]


def test_one_unused_name_of_several() -> None:
    text = "bad  # samedevice: ignore[bad-name, bad-twin, worse-name]\n"
    (finding,) = check(SourceFile("x.py", text), Settings()).findings
    assert finding.rule == "unused-ignore"
    assert finding.source.text_at(finding.span) == "worse-name"
    assert finding.fixes[0].edits[0].text == "# samedevice: ignore[bad-name, bad-twin]"


def test_a_rule_that_is_off_makes_no_ignore_unused() -> None:
    assert found("good  # samedevice: ignore[bad-name]\n", ignore=("bad-name",)) == []
    assert found("good  # samedevice: ignore\n", select=("bad-name", "unused-ignore")) == []


def test_an_unknown_rule() -> None:
    (finding,) = check(SourceFile("x.py", "good  # samedevice: ignore[bad-nam]\n"), Settings()).findings
    assert finding.message == "there is no rule `bad-nam`; did you mean `bad-name`?"


def test_a_word_that_is_not_understood() -> None:
    (finding,) = check(SourceFile("x.py", "good  # samedevice: ignroe\n"), Settings()).findings
    assert "not understood" in finding.message


def test_nothing_is_unused_in_a_broken_file() -> None:
    assert found("x = (\ngood  # samedevice: ignore\n") == []


def test_comments_are_found_in_broken_text() -> None:
    text = "x = (\n\ndef f():\n    bad  # samedevice: ignore\n  y = '''\n  worse # samedevice: ignore[worse-name]\n"
    assert [item.span.line for item in suppressions(SourceFile("x.py", text))] == [4, 6]


BESIDE = (
    '''"""A text
of lines."""
import f; x = """
in it
"""; y = 1 + \\
    2  # why
f(
    'a' "b",  # "c"
    '''
    + "'''"
    + """
    """
    + "'''"
    + """,
)
z = "open"""
)


def test_where_a_comment_can_stand() -> None:
    source = SourceFile("x.py", BESIDE)
    taken = [number for number in range(1, len(source.lines) + 1) if takes_comment(source, number)]
    assert taken == [2, 6, 7, 8, 10, 11, 12]


def test_comments_in_a_text_that_is_being_typed() -> None:
    source = SourceFile("x.py", 'x = """\ny = 1  # samedevice: ignore\n')
    assert [one.span.line for one in suppressions(source)] == [2]


def test_what_looks_like_a_comment_in_a_string_is_none() -> None:
    text = "x = '''# samedevice: ignore\n'''\ny = \"\\\"# samedevice: ignore\"  # samedevice: ignore[a]\n"
    assert [(one.span.line, [name.rule for name in one.names]) for one in suppressions(SourceFile("x.py", text))] == [
        (3, ["a"])
    ]
