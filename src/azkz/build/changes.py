"""What a build tells of earlier editions: which there are, and what changed since them.

The record that pages get (``_azkz/changes.json``) has ``editions``: those known up to the build's
own day, the oldest first (``edition``, ``as_of``, ``own``), and ``steps``: comparisons as
``azkz.report.changes`` makes them, with the edition before first and the first edition last, each
with ``figure``: the id of its chart or nothing. ``whole`` is False where the build is no whole
edition and compares nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from azkz.build import CHAPTERS
from azkz.build import edition as editions
from azkz.build.chapter import Chapter
from azkz.build.edition import Edition
from azkz.build.environment import environment
from azkz.build.imports import imported_files
from azkz.build.memo import Memo, Recipe
from azkz.build.plan import Plan
from azkz.build.said import of_chapters, said_by
from azkz.build.store import Store
from azkz.ledger.opened import opened
from azkz.ledger.watched import WatchedLedger
from azkz.paths import Checkout
from azkz.report.changes import compare
from azkz.report.said import Said

Record = dict[str, Any]


def earlier(place: Checkout, plan: Plan, pool: Executor) -> list[Said]:
    """What the editions say with which a build is compared: nothing where it is no whole one.

    An edition is compared with older ones alone, so that nothing later reaches its pages.
    ``pool`` evaluates those that are not released.

    Raises
    ------
    BadInput, ChapterFailed
        As ``azkz.build.said.said_by``.
    """
    if not _is_whole(plan):
        return []
    names = [edition.name for edition in _known(place, plan) if edition.name != plan.edition.name]
    return said_by(place, _compared(names), pool)


def changes(
    place: Checkout, plan: Plan, built: Iterable[Chapter], early: Iterable[Said], pool: Executor
) -> tuple[Record, list[Record]]:
    """The record for the pages, and the figures that go with it; ``pool`` draws.

    ``early`` is what the editions say with which the build is compared.
    """
    listed = [_entry(edition, plan) for edition in _known(place, plan)]
    new = of_chapters(plan.edition, built, plan.templates)
    ledger = opened(place.data).as_of(plan.edition.as_of)
    steps = [compare(old, new, ledger) for old in early]
    with ThreadPoolExecutor() as threads:
        drawn = threads.map(lambda step: _chart(place, step, plan.edition.as_of, pool), steps)
        figures = list(drawn)
    told = [
        {**step, "figure": figure["id"] if figure else ""}
        for step, figure in zip(steps, figures, strict=True)
    ]
    record = {"editions": listed, "whole": _is_whole(plan), "steps": told}
    return record, [figure for figure in figures if figure]


def _is_whole(plan: Plan) -> bool:
    own = not (plan.edition.changed or plan.edition.unnamed)
    return own and set(plan.templates) == set(CHAPTERS)


def _chart(place: Checkout, step: Record, as_of: date, pool: Executor) -> Record | None:
    """The chart of a comparison; it is drawn again only if something has changed that is in it."""
    memo = Memo(Store(place.build / "store"), opened(place.data))
    parts = {"step": step, "as_of": as_of.isoformat(), "environment": environment()}
    recipe = Recipe("chart of changes", {**parts, "code": imported_files((), [__name__])})
    kept = memo.get(recipe)
    if kept is None:
        figure, questions = pool.submit(_draw, step, place.data, as_of).result()
        kept = memo.put(recipe, questions, json.dumps(figure, sort_keys=True).encode())
    found: Record | None = json.loads(kept.content)
    return found


def _draw(step: Record, folder: Path, as_of: date) -> tuple[Record | None, set[str]]:
    from azkz.report.changes_chart import chart

    whole = WatchedLedger.of(opened(folder))
    return chart(step, whole.as_of(as_of)), whole.asked


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
