"""Settings: where they come from, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from samedevice.settings import Settings, WrongSettings, for_folder, forget, located, with_options

RULES = ("device-mismatch", "dtype-mismatch")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget()


def written(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    return for_folder(tmp_path, RULES)


def test_defaults(tmp_path: Path) -> None:
    assert for_folder(tmp_path, RULES) == Settings()


def test_every_field(tmp_path: Path) -> None:
    text = """[tool.samedevice]
machine = "mps"
devices = 1
select = ["device-mismatch"]
ignore = ["dtype-mismatch"]
exclude = ["third_party/"]
torch-version = "2.6"
max_seconds = 2
[tool.samedevice.severity]
device-mismatch = "hint"
"""
    assert written(tmp_path, text) == Settings(
        "mps", 1, ("device-mismatch",), ("dtype-mismatch",), {"device-mismatch": "hint"}, ("third_party/",), "2.6", 2.0
    )


def test_the_nearest_file_with_our_section_counts(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.samedevice]\nmachine = "cpu"\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\n")
    settings, home = located(inner, RULES)
    assert (settings.machine, home) == ("cpu", tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[tool.samedevice]\nmachin = 'cpu'", 2, "unknown setting `machin`; did you mean `machine`?"),
        ("[tool.samedevice]\nmachine = 'gpu'", 2, "must be one of cuda, cpu, mps"),
        ("[tool.samedevice]\n\ndevices = '2'", 3, "whole number"),
        ("[tool.samedevice]\ndevices = true", 2, "whole number"),
        ("[tool.samedevice]\nselect = 'device-mismatch'", 2, "list of strings"),
        (
            "[tool.samedevice]\nselect = ['device-mismach']",
            2,
            "unknown rule `device-mismach`; did you mean `device-mis",
        ),
        ("[tool.samedevice]\nmax-seconds = 0", 2, "seconds"),
        ("[tool.samedevice]\ntorch-version = 2.6", 2, "version"),
        ("[tool.samedevice.severity]\ndevice-mismatch = 'fatal'", 1, "must be one of error"),
        ("[tool.samedevice]\nseverity = 'error'", 2, "table"),
    ],
)
def test_wrong_settings_name_the_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(WrongSettings) as error:
        written(tmp_path, text)
    assert f"pyproject.toml:{line}: " in str(error.value)
    assert words in str(error.value)


def test_broken_toml_matters_only_where_it_is_ours(tmp_path: Path) -> None:
    assert written(tmp_path, "[tool.\n") == Settings()
    forget()
    with pytest.raises(WrongSettings, match=r"pyproject\.toml:2: not valid TOML"):
        written(tmp_path, "[tool.samedevice]\nx = \n")


def test_options_replace_and_add() -> None:
    settings = Settings(select=("dtype-mismatch",), ignore=("device-mismatch",))
    new = with_options(settings, RULES, machine="mps", select=["device-mismatch"], ignore=["dtype-mismatch"])
    assert (new.machine, new.select, new.ignore) == ("mps", ("device-mismatch",), ("dtype-mismatch",))
    with pytest.raises(WrongSettings, match="did you mean"):
        with_options(settings, RULES, machine=None, select=["device-mismach"], ignore=[])


def test_enabled() -> None:
    settings = Settings(ignore=("a",), severity={"b": "off", "c": "hint"})
    assert [settings.enabled(name) for name in "abcd"] == [False, False, True, True]
    assert hash(settings)
