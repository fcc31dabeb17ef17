"""What a build tells of earlier editions: which there are, and what changed since them.

The record that pages get (``_azkz/changes.json``) has ``editions``: those known up to the build's
own day, the oldest first (``edition``, ``as_of``, ``own``), and ``steps``: comparisons as
``azkz.report.changes`` makes them, with the edition before first and the first edition last, each
with ``figure``: the id of its chart or nothing. ``whole`` is False where the build is no whole
edition and compares nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from azkz.build import CHAPTERS
from azkz.build import edition as editions
from azkz.build.chapter import Chapter
from azkz.build.edition import Edition
from azkz.build.plan import Plan
from azkz.build.said import of_chapters, said_by
from azkz.ledger import Ledger
from azkz.paths import Checkout
from azkz.report.changes import Said, compare

Record = dict[str, Any]


def changes(place: Checkout, plan: Plan, built: Iterable[Chapter]) -> tuple[Record, list[Record]]:
    """The record for the pages, and the figures that go with it.

    An edition is compared with older ones alone, so that nothing later reaches its pages.
    """
    listed = _known(place, plan)
    whole = set(plan.templates) == set(CHAPTERS) and not (
        plan.edition.changed or plan.edition.unnamed
    )
    record: Record = {"editions": [_entry(e, plan) for e in listed], "whole": whole, "steps": []}
    figures: list[Record] = []
    if whole:
        new = of_chapters(plan.edition, built, plan.templates)
        ledger = Ledger.load(place.data).as_of(plan.edition.as_of)
        earlier = [edition.name for edition in listed if edition.name != new.edition]
        for old in said_by(place, _compared(earlier), plan.request.jobs):
            step, figure = _step(old, new, ledger)
            record["steps"].append(step)
            figures += [figure] if figure else []
    return record, figures


def _step(old: Said, new: Said, ledger: Ledger) -> tuple[Record, Record | None]:
    from azkz.report.changes_chart import chart

    step = compare(old, new, ledger)
    figure = chart(step, ledger)
    return {**step, "figure": figure["id"] if figure else ""}, figure


def _known(place: Checkout, plan: Plan) -> list[Edition]:
    """The editions with a file up to the build's own; for an unnamed one, up to its day."""
    names = editions.names(place)
    own = plan.edition.name
    if own in names:
        names = names[: names.index(own) + 1]
    declared = plan.templates[next(iter(plan.templates))].parameters
    loaded = [editions.load(place, name, declared, date.max) for name in names]
    return [edition for edition in loaded if edition.as_of <= plan.edition.as_of]


def _entry(edition: Edition, plan: Plan) -> Record:
    own = edition.name == plan.edition.name
    return {"edition": edition.name, "as_of": edition.as_of.isoformat(), "own": own}


def _compared(earlier: Sequence[str]) -> list[str]:
    """The edition before, and the first of all, as it was last corrected, if that is another."""
    corrected = {name[: len("2026.11")]: name for name in earlier}
    return list(dict.fromkeys((*earlier[-1:], *list(corrected.values())[:1])))
