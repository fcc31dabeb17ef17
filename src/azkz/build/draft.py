"""Chapters as a preview can show them at once: new text and numbers, pictures of the last run.

A chapter is evaluated in a tenth of the time in which it draws. Its words, numbers, verdicts and
what it leaves out are those of the saved files then; figures and tables follow when it has run.
"""

from __future__ import annotations

from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from typing import Any

from nbformat import NotebookNode

from azkz.build import chapter as chapters_
from azkz.build.chapter import Chapter, normalise
from azkz.build.evaluate import SAID
from azkz.build.grafting import graft, kept_code
from azkz.build.memo import Kept, Memo
from azkz.build.plan import Plan
from azkz.build.store import Store
from azkz.build.template import Template
from azkz.build.workers import submit_all
from azkz.errors import ReportError
from azkz.ledger.opened import opened
from azkz.paths import Checkout


class Drafts:
    """The chapters of a plan, those that have to run as drafts, which ``pool`` evaluates."""

    def __init__(self, place: Checkout, pool: Executor) -> None:
        self._place, self._pool = place, pool
        self._kept: dict[str, Kept] = {}
        self._said: dict[str, Future[Chapter]] = {}

    def begin(self, plan: Plan) -> None:
        """Begin to evaluate what has to run; whether the ledger is sound need not be known."""
        # What an unsound ledger leads to is told by its check.
        with suppress(Exception):
            memo = Memo(Store(self._place.build / "store"), opened(self._place.data))
            to_run = {}
            for name, template in plan.templates.items():
                recipe = plan.recipes[name]
                if found := memo.get(recipe) or kept_code(memo, recipe, template):
                    self._kept[name] = found
                else:
                    to_run[name] = template
            parameters = plan.edition.parameters
            self._said = submit_all(self._pool, to_run, parameters, self._place.data)

    def take(self, plan: Plan) -> list[Chapter] | None:
        """All chapters of the plan with which it was begun.

        None where none has to run, or where one that has to has never run or cannot be evaluated.
        """
        if not self._said:
            return None
        try:
            return [
                chapters_.read(name, self._kept[name].content)
                if name in self._kept
                else _draft(self._place, plan, template, self._said[name])
                for name, template in plan.templates.items()
            ]
        except (ReportError, OSError, BrokenProcessPool):
            return None


def _draft(place: Checkout, plan: Plan, template: Template, said: Future[Chapter]) -> Chapter:
    """The last run of a chapter with new prose and code around it, and what it says now.

    It is written as a run writes it: where the chapter says what it said, its bytes are the same.
    """
    name = template.chapter
    last = place.build / plan.folder_name / "book" / "notebooks" / f"{name}.ipynb"
    notebook = graft(last.read_bytes(), template)
    now = said.result()
    for record in _records(notebook):
        if record["kind"] == "record":
            record.update({part: getattr(now, part) for part in SAID})
    return replace(chapters_.read(name, normalise(notebook)), asked=now.asked)


def _records(notebook: NotebookNode) -> list[dict[str, Any]]:
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return [output["metadata"]["azkz"] for output in outputs if "azkz" in output["metadata"]]
