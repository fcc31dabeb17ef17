"""What new rows of the ledger change in what an edition says."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from azkz.build.authored import Notebook
from azkz.build.chapter import Chapter
from azkz.build.citations import Finding, Known, citations, unknown
from azkz.build.edition import Edition
from azkz.build.progress import Steps
from azkz.build.said import of_chapters
from azkz.build.template import Template
from azkz.build.workers import submit_all, workers
from azkz.errors import ChapterFailed
from azkz.ledger import Ledger
from azkz.paths import Checkout
from azkz.report.changes import compare

Json = dict[str, Any]
Templates = Mapping[str, Template]


@dataclass(frozen=True, slots=True)
class Effects:
    """What changes in an edition.

    ``changes`` is the record of ``azkz.report.changes`` over the chapters that run with the rows,
    ``failed`` says why the others do not, ``unanswered`` are the citations in the prose that would
    have no number.
    """

    changes: Json
    failed: Mapping[str, str] = field(default_factory=dict)
    unanswered: Sequence[Finding] = ()


def effects(
    place: Checkout, templates: Templates, edition: Edition, data: Path, steps: Steps
) -> Effects:
    """What ``edition`` says with the ledger below ``data``, held against what it says now.

    Raises
    ------
    ChapterFailed
        A chapter fails already with the ledger as it is.
    """
    with steps.step("numbers") as step, workers(os.cpu_count() or 2) as pool:
        now = submit_all(pool, templates, edition.parameters, place.data)
        then = submit_all(pool, templates, edition.parameters, data)
        before = [future.result() for future in now.values()]
        after, failed = _told(then)
        step.outcome = f"{sum(len(chapter.numbers) for chapter in after)} with the rows"
    whole = Ledger.load(data)
    missed = set(_unanswered(place, templates, before, (), Ledger.load(place.data)))
    lost = set(_unanswered(place, templates, after, failed, whole)) - missed
    kept = [chapter for chapter in before if chapter.name not in failed]
    old, new = (of_chapters(edition, made, templates) for made in (kept, after))
    return Effects(compare(old, new, whole), failed, sorted(lost))


def _told(futures: Mapping[str, Future[Chapter]]) -> tuple[list[Chapter], dict[str, str]]:
    """The chapters that run, and why the others do not."""
    made, failed = [], {}
    for name, future in futures.items():
        try:
            made.append(future.result())
        except ChapterFailed as error:
            failed[name] = str(error)
    return made, failed


def _unanswered(
    place: Checkout,
    templates: Templates,
    chapters: Sequence[Chapter],
    failed: Sequence[str] | Mapping[str, str],
    ledger: Ledger,
) -> list[Finding]:
    notebooks = {name: Notebook(template) for name, template in templates.items()}
    known = Known(chapters, failed, ledger.sources)
    return list(unknown(citations(place, notebooks, chapters), known))
