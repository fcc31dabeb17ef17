"""What was known when: a number as it stood on each day on which its evidence changed.

The page ``book/vintages.md`` names the numbers; the build draws a chart of each. A chapter's
statements for one number are evaluated as of each such day. The days are found from what these
statements ask of the ledger: every row that answers, known whenever, gives its day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from azkz.build.chapter import Chapter
from azkz.build.edition import Edition, Parameters
from azkz.build.evaluate import Code, on_day, run
from azkz.build.memo import Kept, Memo, Recipe
from azkz.build.plan import Plan
from azkz.build.store import Store
from azkz.build.template import Template
from azkz.errors import BadInput, ChapterFailed
from azkz.ledger import Event, Observation
from azkz.ledger.opened import opened
from azkz.ledger.watched import WatchedLedger, rows_for
from azkz.paths import Checkout

Json = dict[str, Any]

_LIST = re.compile(r"^```\{azkz-vintages\}\n(.*?)^```", re.MULTILINE | re.DOTALL)


def named(place: Checkout) -> list[str]:
    """The ids of the numbers whose vintages the pages show, in their order."""
    pages = sorted(place.book.glob("**/*.md"))
    lists = [found for page in pages for found in _LIST.findall(page.read_text(encoding="utf-8"))]
    return [line.strip() for each in lists for line in each.splitlines() if line.strip()]


class Vintages:
    """The charts of the numbers that pages name, known in an edition, and ever changed.

    Each is drawn in ``pool`` as soon as the chapter is taken that has its number; what the store
    has of it is not drawn again.
    """

    def __init__(self, place: Checkout, plan: Plan, pool: Executor) -> None:
        self._place, self._plan, self._pool = place, plan, pool
        self._named = named(place)
        self._memo = Memo(Store(place.build / "store"), opened(place.data))
        self._wanted: dict[str, tuple[Json, Recipe]] = {}
        self._kept: dict[str, Kept] = {}
        self._drawn: dict[str, Future[tuple[Json | None, set[str]]]] = {}

    def take(self, chapter: Chapter) -> None:
        """Begin with the charts of the numbers of a chapter that has run."""
        template, recipe = self._plan.templates[chapter.name], self._plan.recipes[chapter.name]
        for number in chapter.numbers:
            key = number["id"]
            if key not in self._named:
                continue
            own = recipe.to_make(f"vintages of {key}", __name__)
            self._wanted[key] = number, own
            kept = self._memo.get(own)
            if kept is not None:
                self._kept[key] = kept
            elif number["kind"] != "text":
                asked = (template, number, self._plan.edition, self._place.data)
                self._drawn[key] = self._pool.submit(_figure, *asked)

    def figures(self) -> list[Json]:
        """The charts in the order of the pages, when all chapters were taken.

        Raises
        ------
        BadInput
            One of the numbers is a text, which has no chart.
        ChapterFailed
            A chapter fails on an earlier day, though the number was known before.
        """
        asked = [key for key in self._named if key in self._wanted]
        for key in asked:
            if self._wanted[key][0]["kind"] == "text":
                todo = "take it off the page of vintages, or name a figure"
                raise BadInput(f"{key} is no figure", "book/vintages.md", todo)
        for key, future in self._drawn.items():
            figure, questions = future.result()
            content = json.dumps(figure, sort_keys=True).encode()
            self._kept[key] = self._memo.put(self._wanted[key][1], questions, content)
        figures = [json.loads(self._kept[key].content) for key in asked]
        return [figure for figure in figures if figure]


def _figure(
    template: Template, number: Json, edition: Edition, folder: Path
) -> tuple[Json | None, set[str]]:
    """The chart of a number, and the questions to the ledger that it rests on."""
    from azkz.report.vintage_chart import chart

    whole = WatchedLedger.of(opened(folder))
    steps = vintages(template, number["id"], edition.parameters, whole, number)
    ledger = whole.as_of(edition.as_of)
    made = chart(number, [(step.day, step.number) for step in steps], ledger, edition.as_of)
    return made, whole.asked


@dataclass(frozen=True, slots=True)
class Step:
    """A number from one day on: its record, None where it was not known."""

    day: date
    number: Json | None


def vintages(
    template: Template, key: str, parameters: Parameters, whole: WatchedLedger, expected: Json
) -> list[Step]:
    """The number ``key`` on each day on which it changed, up to the day in ``parameters``.

    The first step is the day from which it was known. ``expected`` is its record on the last day,
    from the whole chapter: where the statements found for the number do not give the same, the
    whole chapter is evaluated on each day instead.

    Raises
    ------
    ChapterFailed
        The chapter fails on a day after the number was first known.
    """
    for number in (key, ""):
        evaluation = _Evaluation(Code.of(template, number), key, parameters, whole)
        if evaluation.on_last_day() == expected:
            break
        whole.asked.clear()
    return _changes(evaluation.on_each_day())


@dataclass(frozen=True, slots=True)
class _Evaluation:
    code: Code
    key: str
    parameters: Parameters
    whole: WatchedLedger

    def on_last_day(self) -> Json | None:
        try:
            return self._on(self._last)
        except ChapterFailed:
            return None

    def on_each_day(self) -> list[Step]:
        """On every day on which a row came that may matter, days found on the way included."""
        found: dict[date, Json | ChapterFailed | None] = {}
        while todo := self._days(found.values()) - found.keys():
            for day in todo:
                try:
                    found[day] = self._on(day)
                except ChapterFailed as error:
                    found[day] = error
        steps: list[Step] = []
        for day, number in sorted(found.items(), key=lambda item: item[0]):
            if isinstance(number, ChapterFailed):
                # Before anything was known a chapter need not run; later it has to.
                if steps:
                    raise number
            elif number or steps:
                steps.append(Step(day, number))
        return steps

    def _days(self, found: Iterable[Json | ChapterFailed | None]) -> set[date]:
        """The days on which rows came that answer a question, or that a number rests on."""
        raw = self.whole.raw
        known: dict[str, Observation | Event] = {**raw.observations, **raw.events}
        asked = rows_for(raw, self.whole.asked)
        behind = {
            known[key]
            for number in found
            if isinstance(number, dict)
            for key in number["observations"]
        }
        return {row.known_from for row in asked | behind if row.known_from <= self._last}

    @property
    def _last(self) -> date:
        return date.fromisoformat(self.parameters["as_of"])

    def _on(self, day: date) -> Json | None:
        record = run(self.code, on_day(self.parameters, day), self.whole)
        return next((number for number in record["numbers"] if number["id"] == self.key), None)


def _changes(steps: list[Step]) -> list[Step]:
    """Without the days on which the number stayed as it was."""
    kept: list[Step] = []
    for step in steps:
        if not kept or _said(kept[-1].number) != _said(step.number):
            kept.append(step)
    return kept


def _said(number: Json | None) -> tuple[Any, ...]:
    kept = ("text", "value", "unit", "observations")
    return tuple(number[name] for name in kept) if number else ()
