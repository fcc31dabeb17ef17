"""Puts changed prose into a chapter that has run: its code has no need to run again for that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from difflib import SequenceMatcher

import nbformat
from nbformat import NotebookNode

from azkz.build.chapter import normalise
from azkz.build.memo import Kept, Memo, Recipe
from azkz.build.template import Template
from azkz.paths import INJECTED


def kept_code(memo: Memo, recipe: Recipe, template: Template) -> Kept | None:
    """The result of a template whose code has run before, with other prose around it.

    The bytes are those that running it would give. None where the code has not run.
    """
    noted = memo.get(_of_code(recipe, template))
    if noted is None:
        return None
    executed = memo.content(noted.content.decode())
    if executed is None:
        return None
    return Kept(noted.key, grafted(executed, template), noted.rows)


def note_code(memo: Memo, recipe: Recipe, template: Template, asked: list[str], key: str) -> None:
    """Note under which ``key`` the store has the result of the template's code."""
    memo.put(_of_code(recipe, template), asked, key.encode())


def _of_code(recipe: Recipe, template: Template) -> Recipe:
    notebook = _notebook(template)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    content = json.dumps([notebook.metadata, code], sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()
    return Recipe("code of a chapter", {**recipe.parts, "notebook": digest})


def grafted(executed: bytes, template: Template) -> bytes:
    """What ``graft`` makes, written as a run writes it."""
    return normalise(graft(executed, template))


def graft(executed: bytes, template: Template) -> NotebookNode:
    """The cells of a template with what an earlier run has shown in the same places.

    A cell of code that is new or comes where another was has the outputs of that, or none.
    """
    made: NotebookNode = nbformat.reads(executed.decode("utf-8"), as_version=4)
    injected = [cell for cell in made.cells if cell.id == INJECTED]
    ran = [c for c in made.cells if c.cell_type == "code" and c.id != INJECTED]
    new = _notebook(template).cells
    places = _same_places(ran, [cell for cell in new if cell.cell_type == "code"])
    cells: list[NotebookNode] = []
    for cell in new:
        # As papermill does with every cell.
        cell.metadata.setdefault("tags", [])
        if cell.cell_type == "code" and (before := next(places)) is not None:
            cell.outputs, cell.execution_count = before.outputs, before.execution_count
        cells.append(cell)
        if "parameters" in cell.metadata.get("tags", ()):
            cells += injected
    made.cells = cells
    return made


def _same_places(ran: list[NotebookNode], new: list[NotebookNode]) -> Iterator[NotebookNode | None]:
    """For each of the ``new`` cells the one of those that ran that stands in its place."""
    before, now = ([str(cell.source) for cell in cells] for cells in (ran, new))
    for _, start, end, first, last in SequenceMatcher(None, before, now, False).get_opcodes():
        for at in range(last - first):
            yield ran[start + at] if start + at < end else None


def _notebook(template: Template) -> NotebookNode:
    found: NotebookNode = nbformat.reads(template.content.decode("utf-8"), as_version=4)
    return found
