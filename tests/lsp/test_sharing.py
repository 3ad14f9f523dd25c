"""What is open in the editor counts before the disk, for those who import it too."""

from __future__ import annotations

from pathlib import Path

from lsp.client import Client

USES = "import torch\nfrom where import PLACE\ny = torch.zeros(3, device=PLACE) + torch.ones(3)\n"


def test_unsaved_text_is_seen_by_who_imports_it(tmp_path: Path) -> None:
    module, file = tmp_path / "where.py", tmp_path / "a.py"
    module.write_text('PLACE = "cpu"\n', encoding="utf-8")
    with Client({}, tmp_path) as client:
        client.open(file.as_uri(), USES)
        assert client.published(file.as_uri(), 1) == []
        client.open(module.as_uri(), 'PLACE = "cuda"\n')
        client.until(lambda: client.published(file.as_uri()) != [])
        where = {"start": {"line": 0, "character": 9}, "end": {"line": 0, "character": 13}}
        client.change(module.as_uri(), 2, {"range": where, "text": "cpu"})
        client.until(lambda: client.published(file.as_uri()) == [])
        client.change(module.as_uri(), 3, {"text": 'PLACE = "cuda"\n'})
        client.until(lambda: client.published(file.as_uri()) != [])
        client.notify("textDocument/didClose", {"textDocument": {"uri": module.as_uri()}})
        client.until(lambda: client.published(file.as_uri()) == [])


def test_a_file_that_is_not_saved_yet_can_be_imported(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    with Client({}, tmp_path) as client:
        client.open(file.as_uri(), USES)
        (item,) = client.published(file.as_uri(), 1)
        assert item["severity"] == 2  # PLACE may be anything
        client.open((tmp_path / "where.py").as_uri(), 'PLACE = "cpu"\n')
        client.until(lambda: client.published(file.as_uri()) == [])


def test_who_imports_it_through_a_closed_file_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "between.py").write_text("from where import PLACE\n", encoding="utf-8")
    (tmp_path / "where.py").write_text('PLACE = "cpu"\n', encoding="utf-8")
    file = tmp_path / "a.py"
    with Client({}, tmp_path) as client:
        client.open(file.as_uri(), USES.replace("from where", "from between"))
        assert client.published(file.as_uri(), 1) == []
        client.open((tmp_path / "where.py").as_uri(), 'PLACE = "cuda"\n')
        client.until(lambda: client.published(file.as_uri()) != [])
