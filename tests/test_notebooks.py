"""Executed chapters, read for the pages."""

from __future__ import annotations

import json
from copy import deepcopy

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from azkz.sphinxext.notebooks import Shown, read


def _written() -> str:
    shown = new_output("display_data", {"text/html": "<p>\n</p>", "image/svg+xml": "<svg>\n</svg>"})
    shown["metadata"] = {"azkz": {"kind": "figure", "rows": [["a\nb", 1]]}}
    said = new_output("stream", name="stdout", text="one\ntwo\n")
    code = new_code_cell("a = 1\na", outputs=[shown, said])
    cells = [new_markdown_cell("# Trade\n\nText."), code]
    return str(
        nbformat.writes(new_notebook(cells=cells, metadata={"language_info": {"name": "x"}}))
    )


def test_is_read_as_nbformat_reads_it() -> None:
    """Lines are joined, nodes have their fields; the file has lists of lines."""
    written = _written()
    assert isinstance(json.loads(written)["cells"][1]["source"], list)
    notebook = read(written)
    assert notebook == nbformat.reads(written, as_version=4)
    assert notebook.cells[1].outputs[0].data["text/html"] == "<p>\n</p>"
    assert notebook.metadata.language_info.name == "x"


def test_a_copy_says_nothing() -> None:
    """What MyST-NB writes down once more is a notebook without cells; what was read stays."""
    notebook = read(_written())
    assert isinstance(notebook, Shown)
    assert json.loads(nbformat.writes(notebook))["cells"] == []
    assert not deepcopy(notebook).cells
    assert len(notebook.cells) == 2
