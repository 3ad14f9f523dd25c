"""The open documents and notebooks, and what of them is analysed as one program."""

from __future__ import annotations

import itertools
from typing import Any

from samedevice.dataclass import dataclass, field
from samedevice.lsp.text import Text
from samedevice.lsp.uris import path_of

Json = dict[str, Any]
_CODE = 2
_revisions = itertools.count(1)


@dataclass
class Document:
    """An open text."""

    uri: str
    version: int
    language: str
    text: Text


@dataclass
class Program:
    """One thing to analyse: a document, or the code cells of a notebook."""

    uri: str
    notebook: bool = False
    cells: list[str] = field(default_factory=list)
    """The code cells of a notebook, in order."""
    kinds: list[tuple[str, int]] = field(default_factory=list)
    """All cells of a notebook, with their kinds."""
    revision: int = 0
    """Another number whenever it has to be analysed anew."""
    edition: int = 0
    """Another number after each change of its text."""

    def changed(self) -> None:
        """Notes that the text is another one now."""
        self.revision = self.edition = next(_revisions)

    def outdated(self) -> None:
        """Notes that the text may mean something else now."""
        self.revision = next(_revisions)


class Documents:
    """All that is open."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.open: dict[str, Document] = {}
        self.programs: dict[str, Program] = {}
        self._owner: dict[str, str] = {}
        """The notebook of a cell."""

    def program_of(self, uri: str) -> Program | None:
        """The program that a document is, or is part of."""
        return self.programs.get(self._owner.get(uri, uri))

    def put(self, item: Json) -> Program | None:
        """A document was opened; the program that it is, None for a cell that its notebook brought already."""
        uri = str(item["uri"])
        self.open[uri] = Document(
            uri,
            int(item.get("version") or 0),
            str(item.get("languageId") or ""),
            Text(str(item["text"]), self.encoding),
        )
        if uri in self._owner:
            return self._touched(uri)
        program = self.programs.setdefault(uri, Program(uri))
        program.changed()
        return program

    def change(self, params: Json) -> Program | None:
        """A document's text was changed; its program."""
        item = params["textDocument"]
        document = self.open.get(str(item["uri"]))
        if document is None:
            return None
        for change in params["contentChanges"]:
            document.text.change(change)
        document.version = int(item.get("version") or 0)
        return self._touched(document.uri)

    def close(self, uri: str) -> Program | None:
        """A document was closed; its program, where it was not part of a notebook."""
        self.open.pop(uri, None)
        return None if uri in self._owner else self.programs.pop(uri, None)

    def _touched(self, uri: str) -> Program | None:
        program = self.program_of(uri)
        if program is not None:
            program.changed()
        return program

    def open_notebook(self, params: Json) -> Program:
        """A notebook was opened, with its cells' texts."""
        item = params["notebookDocument"]
        uri = str(item["uri"])
        program = self.programs[uri] = Program(uri, notebook=True)
        for document in params.get("cellTextDocuments") or []:
            self.programs.pop(str(document["uri"]), None)
            self._owner[str(document["uri"])] = uri
            self.put(document)
        self._arrange(program, [(str(cell["document"]), int(cell["kind"])) for cell in item.get("cells") or []])
        return program

    def change_notebook(self, params: Json) -> Program | None:
        """Cells were added, moved, taken out, or their texts changed."""
        program = self.programs.get(str(params["notebookDocument"]["uri"]))
        if program is None or not program.notebook:
            return None
        cells = (params.get("change") or {}).get("cells") or {}
        structure = cells.get("structure")
        if structure:
            self._restructure(program, structure)
        kinds = {str(cell["document"]): int(cell["kind"]) for cell in cells.get("data") or []}
        if kinds:
            self._arrange(program, [(uri, kinds.get(uri, kind)) for uri, kind in program.kinds])
        for content in cells.get("textContent") or []:
            self.change({"textDocument": content["document"], "contentChanges": content["changes"]})
        program.changed()
        return program

    def close_notebook(self, params: Json) -> Program | None:
        """A notebook was closed."""
        program = self.programs.pop(str(params["notebookDocument"]["uri"]), None)
        for uri, _ in program.kinds if program is not None else []:
            self._owner.pop(uri, None)
            self.open.pop(uri, None)
        return program

    def _restructure(self, program: Program, structure: Json) -> None:
        array = structure["array"]
        start = max(int(array["start"]), 0)
        new = [(str(cell["document"]), int(cell["kind"])) for cell in array.get("cells") or []]
        order = list(program.kinds)
        order[start : start + max(int(array["deleteCount"]), 0)] = new
        for document in structure.get("didOpen") or []:
            self._owner[str(document["uri"])] = program.uri
            self.put(document)
        self._arrange(program, order)
        for closed in structure.get("didClose") or []:
            self._owner.pop(str(closed["uri"]), None)
            self.open.pop(str(closed["uri"]), None)

    def _arrange(self, program: Program, order: list[tuple[str, int]]) -> None:
        program.kinds = order
        program.cells = [uri for uri, kind in order if kind == _CODE]
        for uri, _ in order:
            self._owner[uri] = program.uri
        program.changed()

    def texts(self, program: Program) -> tuple[str, tuple[tuple[str, str], ...] | None]:
        """The text of a program, or of each of its cells."""
        if not program.notebook:
            return str(self.open[program.uri].text), None
        cells = [uri for uri in program.cells if uri in self.open and self.open[uri].language in ("python", "")]
        return "", tuple((uri, str(self.open[uri].text)) for uri in cells)

    def mentions(self, program: Program, name: str) -> bool:
        """Whether a word stands anywhere in a program."""
        return any(name in line for uri in self.uris(program) for line in self.open[uri].text.lines)

    def uris(self, program: Program) -> list[str]:
        """The documents of a program."""
        return [uri for uri in program.cells if uri in self.open] if program.notebook else [program.uri]


def file_of(uri: str, folder: str) -> str:
    """The path of a document; of one that is no file, a name in the workspace."""
    path = path_of(uri)
    if uri.startswith("file:"):
        return path
    return f"{folder}/{path.lstrip('/').replace('/', '_') or 'untitled'}"
