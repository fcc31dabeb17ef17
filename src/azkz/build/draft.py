"""Chapters as a preview can show them at once: new text and numbers, pictures of the last run.

A chapter is evaluated in a tenth of the time in which it draws. Its words, numbers, verdicts and
what it leaves out are those of the saved files then; figures and tables follow when it has run.
"""

from __future__ import annotations

from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import Any

from nbformat import NotebookNode

from azkz.build import chapter as chapters_
from azkz.build.chapter import Chapter, normalise
from azkz.build.evaluate import SAID
from azkz.build.grafting import graft, kept_code
from azkz.build.memo import Memo
from azkz.build.plan import Plan
from azkz.build.store import Store
from azkz.build.template import Template
from azkz.build.workers import submit_all
from azkz.errors import ChapterFailed
from azkz.ledger.opened import opened
from azkz.paths import Checkout


def drafts(place: Checkout, plan: Plan, pool: Executor) -> list[Chapter] | None:
    """All chapters of a plan, those that have to run as drafts, which ``pool`` evaluates.

    None where none has to run, or where one that has to has never run or cannot be evaluated.
    """
    memo = Memo(Store(place.build / "store"), opened(place.data))
    kept = {
        name: memo.get(plan.recipes[name]) or kept_code(memo, plan.recipes[name], template)
        for name, template in plan.templates.items()
    }
    to_run = {name: plan.templates[name] for name, found in kept.items() if found is None}
    said = submit_all(pool, to_run, plan.edition.parameters, place.data)
    try:
        made = [
            chapters_.read(name, found.content)
            if found
            else _draft(place, plan, plan.templates[name], said[name])
            for name, found in kept.items()
        ]
    except (ChapterFailed, OSError):
        return None
    return made if to_run else None


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
