"""What the pages of a build tell of other days: changes since earlier editions, and vintages.

Most of it is found while chapters still run: earlier editions need none of them, and the vintages
of a number no more than its own chapter.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from azkz.build import CHAPTERS
from azkz.build.changes import changes, earlier
from azkz.build.chapter import Chapter
from azkz.build.plan import Plan
from azkz.build.progress import Steps
from azkz.build.vintages import Vintages
from azkz.paths import Checkout

Told = tuple[dict[str, Any], list[dict[str, Any]] | None]
"""The record of changes, and the figures that the build draws; None in a part of the report."""


class Teller:
    """Finds it for a ``plan``, in ``pool``; begins at once, and takes each chapter that is done."""

    def __init__(self, place: Checkout, plan: Plan, pool: Executor) -> None:
        self._place, self._plan, self._pool = place, plan, pool
        thread = ThreadPoolExecutor(max_workers=1)
        self._earlier = thread.submit(earlier, place, plan, pool)
        thread.shutdown(wait=False)
        whole = set(plan.templates) == set(CHAPTERS)
        self._vintages = Vintages(place, plan, pool) if whole else None

    def take(self, chapter: Chapter) -> None:
        """Begin with what needs no other chapter than this one."""
        if self._vintages is not None:
            self._vintages.take(chapter)

    def tell(self, built: Sequence[Chapter], steps: Steps) -> Told:
        """All of it, when every chapter was taken.

        Raises
        ------
        BadInput, ChapterFailed
            As ``azkz.build.changes.earlier`` and ``azkz.build.vintages.Vintages.figures``.
        """
        with steps.step("compare") as step:
            early = self._earlier.result()
            record, figures = changes(self._place, self._plan, built, early, self._pool)
            step.outcome = (
                f"with {', '.join(s['old']['edition'] for s in record['steps']) or 'none'}"
            )
        if self._vintages is None:
            return record, None
        with steps.step("vintages") as step:
            drawn = self._vintages.figures()
            step.outcome = f"{len(drawn)} figures"
        return record, [*figures, *drawn]
