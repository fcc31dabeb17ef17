"""What new rows of the ledger change in what an edition says."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from azkz.build.authored import Notebook
from azkz.build.chapter import Chapter
from azkz.build.citations import Finding, Known, citations, unknown
from azkz.build.edition import Edition
from azkz.build.plan import Plan, Request, make_plan
from azkz.build.progress import Steps
from azkz.build.run import ChaptersFailed, run_chapters
from azkz.build.said import of_chapters
from azkz.build.template import Template
from azkz.errors import ChapterFailed
from azkz.ledger import Ledger
from azkz.paths import Checkout
from azkz.report.changes import compare

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Effects:
    """What changes in an edition.

    ``changes`` is the record of ``azkz.report.changes`` over the chapters that run with the rows,
    ``failed`` says why the others do not, ``unanswered`` are the citations in the prose that would
    have no number.
    """

    edition: Edition
    changes: Json
    failed: Mapping[str, str] = field(default_factory=dict)
    unanswered: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class _Ran:
    chapters: list[Chapter]
    failed: dict[str, str]


def effects(place: Checkout, edition: str, data: Path, steps: Steps, today: date) -> Effects:
    """What ``edition`` says with the ledger below ``data``, held against what it says now.

    Raises
    ------
    ChapterFailed
        A chapter fails already with the ledger as it is.
    """
    plan = make_plan(place, Request(edition), steps, today)
    before = _Ran(run_chapters(place, plan, steps), {})
    after = _with(place, data, edition, steps, today)
    kept = [chapter for chapter in before.chapters if chapter.name not in after.failed]
    old, new = (of_chapters(plan.edition, made, plan.templates) for made in (kept, after.chapters))
    whole = Ledger.load(data)
    lost = _unanswered(place, plan.templates, after, whole)
    told = set(_unanswered(place, plan.templates, before, Ledger.load(place.data)))
    found = [finding for finding in lost if finding not in told]
    return Effects(plan.edition, compare(old, new, whole), after.failed, found)


def _unanswered(
    place: Checkout, templates: Mapping[str, Template], ran: _Ran, ledger: Ledger
) -> list[Finding]:
    notebooks = {name: Notebook(template) for name, template in templates.items()}
    known = Known(ran.chapters, ran.failed, ledger.sources)
    return sorted(unknown(citations(place, notebooks, ran.chapters), known))


def _with(place: Checkout, data: Path, edition: str, steps: Steps, today: date) -> _Ran:
    """What the chapters say with another ledger: they run in a copy of the checkout around it."""
    where = Checkout(data.parent)
    for part in (place.notebooks, place.book):
        shutil.copytree(part, where.root / part.name)
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(place.root / name, where.root)
    where.build.mkdir()
    (where.build / "store").symlink_to(place.build / "store", target_is_directory=True)
    return _ran(where, make_plan(where, Request(edition), Steps(StringIO()), today), steps)


def _ran(place: Checkout, plan: Plan, steps: Steps) -> _Ran:
    """The chapters that run, and why the others do not."""
    try:
        return _Ran(run_chapters(place, plan, steps), {})
    except (ChapterFailed, ChaptersFailed) as error:
        stopped = error.errors if isinstance(error, ChaptersFailed) else (error,)
    failed = {each.chapter: str(each) for each in stopped if isinstance(each, ChapterFailed)}
    rest = {name: plan.templates[name] for name in plan.templates if name not in failed}
    # These have been told already; they come from the store.
    return _Ran(run_chapters(place, replace(plan, templates=rest), Steps(StringIO())), failed)
