"""Chapters as a preview can show them at once: new text and numbers, pictures of the last run.

A chapter is evaluated in a tenth of the time in which it draws. Its words, numbers, verdicts and
what it leaves out are those of the saved files then; figures and tables follow when it has run.
"""

from __future__ import annotations

from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from azkz.build import chapter as chapters_
from azkz.build.chapter import Chapter, normalise
from azkz.build.edition import Parameters
from azkz.build.evaluate import SAID, evaluate
from azkz.build.grafting import graft, kept_code
from azkz.build.memo import Kept, Memo
from azkz.build.plan import Plan, faults
from azkz.build.store import Store
from azkz.build.template import Template
from azkz.errors import Faults, ReportError
from azkz.ledger.opened import opened
from azkz.paths import Checkout


class Drafts:
    """The chapters of a plan, those that have to run as drafts, which ``pool`` makes.

    After these ``pool`` looks for faults of the ledger.
    """

    def __init__(self, place: Checkout, plan: Plan, pool: Executor) -> None:
        self._place, self._plan = place, plan
        self._kept: dict[str, Kept] = {}
        self._made: dict[str, Future[Chapter]] = {}
        # Each process that evaluates reads a changed ledger while it is asked what has to run.
        for _ in range(plan.request.jobs):
            pool.submit(_open, place.data)
        # What an unsound ledger leads to is told by its check.
        with suppress(Exception):
            self._begin(pool)
        self._faults = pool.submit(faults, place.data)

    def _begin(self, pool: Executor) -> None:
        memo = Memo(Store(self._place.build / "store"), opened(self._place.data))
        last = self._place.build / self._plan.folder_name / "book" / "notebooks"
        given = self._plan.edition.parameters, self._place.data
        for template in self._plan.longest_first:
            name = template.chapter
            recipe = self._plan.recipes[name]
            if found := memo.get(recipe) or kept_code(memo, recipe, template):
                self._kept[name] = found
            else:
                self._made[name] = pool.submit(_draft, template, last / f"{name}.ipynb", *given)

    def take(self) -> list[Chapter] | None:
        """All chapters.

        None where none has to run, or where one that has to has never run or cannot be evaluated.
        """
        if not self._made:
            return None
        try:
            return [
                chapters_.read(name, self._kept[name].content)
                if name in self._kept
                else self._made[name].result()
                for name in self._plan.templates
            ]
        except (ReportError, OSError, BrokenProcessPool):
            return None

    def refuse_faults(self) -> None:
        """Wait for the check of the ledger.

        Raises
        ------
        Faults
            It is not sound.
        """
        try:
            found = self._faults.result()
        except BrokenProcessPool:
            found = faults(self._place.data)
        if found:
            raise Faults(found)


def _open(folder: Path) -> None:
    opened(folder)


def _draft(template: Template, last: Path, parameters: Parameters, folder: Path) -> Chapter:
    """The ``last`` run of a chapter with new prose and code around it, and what it says now.

    It is written as a run writes it: where the chapter says what it said, its bytes are the same.
    """
    notebook = graft(last.read_bytes(), template)
    now = evaluate(template, parameters, opened(folder))
    for record in _records(notebook):
        if record["kind"] == "record":
            record.update({part: getattr(now, part) for part in SAID})
    return replace(chapters_.read(template.chapter, normalise(notebook)), asked=now.asked)


def _records(notebook: NotebookNode) -> list[dict[str, Any]]:
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return [output["metadata"]["azkz"] for output in outputs if "azkz" in output["metadata"]]
