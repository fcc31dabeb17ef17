"""Evaluates chapters without drawing: their numbers and verdicts on any day, from any ledger.

The code of a template's cells runs as it stands, in this process, with the parameters given; what
only draws is passed over. Numbers and verdicts are those of a chapter that papermill runs.
"""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from azkz.build import CHAPTERS
from azkz.build.authored import Cell, Notebook
from azkz.build.chapter import Chapter
from azkz.build.edition import Parameters
from azkz.build.slicing import needed_for
from azkz.build.template import Template
from azkz.build.undrawn import without_drawing
from azkz.errors import ChapterFailed
from azkz.ledger import Ledger

Json = dict[str, Any]

SAID = ("numbers", "missing", "left_out", "verdicts")
"""What is evaluated of a chapter."""


@dataclass(frozen=True, slots=True)
class Code:
    """The cells of a chapter that have to run, in their order."""

    chapter: str
    cells: tuple[Cell, ...]

    @classmethod
    def of(cls, template: Template, number: str = "") -> Code:
        """All statements but drawing; with ``number`` only those that it depends on.

        Found once for each content of the notebook.
        """
        chapter = template.chapter
        if number:
            return cls(chapter, tuple(needed_for(_notebook(chapter, template.content), number)))
        return _undrawn(chapter, template.content)


@lru_cache(maxsize=2 * len(CHAPTERS))
def _notebook(chapter: str, content: bytes) -> Notebook:
    return Notebook(Template(chapter, Path(), content, {}))


@lru_cache(maxsize=2 * len(CHAPTERS))
def _undrawn(chapter: str, content: bytes) -> Code:
    return Code(chapter, tuple(without_drawing(_notebook(chapter, content).cells)))


def evaluate(template: Template, parameters: Parameters, ledger: Ledger) -> Chapter:
    """The numbers and verdicts of a chapter; notebook, figures and tables are left empty.

    ``ledger`` is the whole of it; the chapter takes what was known on its day.

    Raises
    ------
    ChapterFailed
        A cell raised, or the chapter makes no report.
    """
    record = run(Code.of(template), parameters, ledger)
    said = {part: record[part] for part in SAID}
    return Chapter(template.chapter, b"", **said, asked=record["asked"])


def on_day(parameters: Parameters, day: date) -> Parameters:
    """The parameters of an edition for the report as known on a day."""
    last_year = min(parameters["last_year"], day.year - 1)
    return {**parameters, "as_of": day.isoformat(), "last_year": last_year}


def run(code: Code, parameters: Mapping[str, Any], ledger: Ledger) -> Json:
    """Run the cells and return what their report would hand over.

    Raises
    ------
    ChapterFailed
        A cell raised, or no cell makes a report.
    """
    from azkz.report.report import Report, given_ledger

    names: Json = {"__name__": "__main__"}
    token = given_ledger.set(ledger)
    try:
        # Outside of Jupyter a table that is shown is printed.
        with redirect_stdout(io.StringIO()):
            declaring = None
            for cell in code.cells:
                _run_cell(code.chapter, cell, names)
                if declaring is None and "as_of" in names:
                    declaring = cell.number
                # A statement by itself may be one of several that declare.
                if cell.number == declaring:
                    names.update(parameters)
    finally:
        given_ledger.reset(token)
    made = next((value for value in names.values() if isinstance(value, Report)), None)
    if made is None:
        raise ChapterFailed(code.chapter, None, "", "no cell makes a report")
    # As the executed notebook holds it: a tuple becomes a list.
    record: Json = json.loads(json.dumps(made.record()))
    return record


def _run_cell(chapter: str, cell: Cell, names: Json) -> None:
    if cell.tree is None:
        return
    try:
        exec(_compiled(chapter, cell), names)  # noqa: S102
    except Exception as error:
        kind = type(error).__name__
        said = f"{kind}: {error}"
        raise ChapterFailed(chapter, cell.number, cell.source, said, kind) from error


@lru_cache(maxsize=4096)
def _compiled(chapter: str, cell: Cell) -> CodeType:
    """A statement is run on many days, and is compiled for the first of them."""
    tree = cell.tree or ast.Module([], [])
    return compile(tree, f"<{chapter}, cell {cell.number}>", "exec")
