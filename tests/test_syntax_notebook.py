"""Notebooks: one program out of the cells, and back into them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from samedevice.syntax.notebook import load
from samedevice.syntax.parse import parse
from samedevice.syntax.reading import Unreadable

CELLS: list[dict[str, Any]] = [
    {"cell_type": "markdown", "source": ["# title"]},
    {
        "cell_type": "code",
        "source": [
            "%matplotlib inline\n",
            "import torch\n",
            "files = !ls\n",
            "if files:\n",
            "    !pip install \\\n",
            "        torch\n",
            "y = (3\n",
            "  % 4)\n",
            "text = '''\n",
            "%no magic\n",
            "'''",
        ],
        "outputs": [],
    },
    {"cell_type": "code", "source": "%%bash\nls | wc\n"},
    {"cell_type": "code", "source": []},
    {"cell_type": "code", "source": ["%%time\n", "z = 'é'\n", "z?\n", "?z\n", "%timeit z"]},
]
LAYOUTS: list[dict[str, Any]] = [{"indent": 1, "ensure_ascii": False}, {"indent": 2}, {}]


def content(cells: list[dict[str, Any]], layout: dict[str, Any]) -> bytes:
    return (json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, **layout) + "\n").encode()


def test_magics_leave_python_of_the_same_length() -> None:
    book = load(content(CELLS, {}), "x.ipynb")
    tree = parse(book.source)
    assert not tree.errors
    positions = [book.position(node.lineno) for node in tree.tree.body]
    assert [(at.cell, at.line) for at in positions if at.cell == 1] == [(1, 1), (1, 2), (1, 3), (1, 4), (1, 7), (1, 9)]
    assert max(at.cell for at in positions) == 4


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_changes_when_nothing_changed(layout: dict[str, Any]) -> None:
    data = content(CELLS, layout)
    book = load(data, "x.ipynb")
    assert book.with_program(book.source.text) == data


@pytest.mark.parametrize("layout", LAYOUTS)
def test_only_the_changed_lines_change(layout: dict[str, Any]) -> None:
    book = load(content(CELLS, layout), "x.ipynb")
    text = book.source.text.replace("y = (3", "import os\ny = (5").replace("z = 'é'", "z = 'è'")
    cells = json.loads(json.dumps(CELLS))
    cells[1]["source"][6:7] = ["import os\n", "y = (5\n"]
    cells[4]["source"][1] = "z = 'è'\n"
    assert book.with_program(text) == content(cells, layout)


def test_the_byte_order_mark_stays() -> None:
    data = b"\xef\xbb\xbf" + content(CELLS, {})
    book = load(data, "x.ipynb")
    assert book.with_program(book.source.text) == data


def test_lines_that_look_like_ours() -> None:
    cells = [{"cell_type": "code", "source": ["# %% samedevice: cell 7\n", "x = 1  #!samedevice!y = 2\n", "z = 3"]}]
    data = content(cells, {})
    book = load(data, "x.ipynb")
    assert book.with_program(book.source.text) == data


def test_a_notebook_in_another_language_has_no_program() -> None:
    data = json.dumps({"cells": CELLS, "metadata": {"kernelspec": {"language": "R"}}}).encode()
    assert not parse(load(data, "x.ipynb").source).tree.body


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"cells": 3}', b"\xff"])
def test_what_is_no_notebook(data: bytes) -> None:
    with pytest.raises(Unreadable, match="not a notebook"):
        load(data, "x.ipynb")


@pytest.mark.parametrize("data", [b"{}", b'{"cells": []}', b'{"cells": [3, {"cell_type": "code"}, {"source": 1}]}'])
def test_odd_notebooks(data: bytes) -> None:
    assert load(data, "x.ipynb").with_program("") == data
