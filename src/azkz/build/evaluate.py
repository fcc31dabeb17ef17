"""Evaluates chapters without drawing: their numbers and verdicts on any day, from any ledger.

The code of a template's cells runs as it stands, in this process, with the parameters given; cells
that only draw are passed over. Numbers and verdicts are those of a chapter that papermill runs.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from azkz.build.authored import Cell, Notebook
from azkz.build.chapter import Chapter
from azkz.build.edition import Parameters
from azkz.build.slicing import needed_for, without_drawing
from azkz.build.template import Template
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
        """All cells that do more than draw; with ``number`` the statements that it depends on."""
        notebook = Notebook(template)
        cells = [cell for cell in notebook.cells if cell.tree]
        kept = needed_for(notebook, number) if number else without_drawing(cells)
        return cls(template.chapter, tuple(kept))


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
            for cell in code.cells:
                declared = "as_of" in names
                _run_cell(code.chapter, cell, names)
                if "as_of" in names and not declared:
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
        exec(compile(cell.tree, f"<{chapter}, cell {cell.number}>", "exec"), names)  # noqa: S102
    except Exception as error:
        kind = type(error).__name__
        said = f"{kind}: {error}"
        raise ChapterFailed(chapter, cell.number, cell.source, said, kind) from error
