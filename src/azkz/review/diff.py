"""What changed between two editions: ``azkz.report.changes`` for any two that there are."""

from __future__ import annotations

from datetime import date

from azkz.build import CHAPTERS
from azkz.build import edition as editions
from azkz.build import template as templates
from azkz.build.lock import build_lock
from azkz.build.progress import Steps
from azkz.build.said import said_by
from azkz.build.workers import workers
from azkz.errors import BadInput, Faults
from azkz.ledger.opened import opened
from azkz.ledger.package import check
from azkz.paths import Checkout
from azkz.report.changes import compare
from azkz.report.said import Record


def diff(place: Checkout, old: str, new: str, steps: Steps, today: date, jobs: int = 2) -> Record:
    """The comparison of two editions, each as it was released or else as the checkout has it.

    Raises
    ------
    BadInput
        No such edition, one edition twice, the newer one first, a ledger that cannot be used, or a
        release that is damaged.
    ChapterFailed
        An edition that is not released was evaluated, and a chapter failed.
    """
    _refuse_wrong_order(place, old, new, today)
    faults = check(place.data)
    if faults:
        raise Faults(faults)
    with build_lock(place.build), steps.step("compare"), workers(jobs) as pool:
        then, now = said_by(place, (old, new), pool)
        return compare(then, now, opened(place.data))


def _refuse_wrong_order(place: Checkout, old: str, new: str, today: date) -> None:
    declared = templates.load_all(place)[CHAPTERS[0]].parameters
    for name in (old, new):
        editions.load(place, name, declared, today)
    if old == new:
        raise BadInput(f"edition {old} is given twice", todo="name two editions, the older first")
    known = editions.names(place)
    if known.index(old) > known.index(new):
        what = f"edition {old} is newer than {new}"
        raise BadInput(what, todo=f"give the older first: azkz diff {new} {old}")
