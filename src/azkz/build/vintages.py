"""What was known when: a number as it stood on each day on which its evidence changed.

A chapter's statements for one number are evaluated as of each such day. The days are found from
what these statements ask of the ledger: every row that answers, known whenever, gives its day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from azkz.build.edition import Parameters
from azkz.build.evaluate import Code, run
from azkz.build.template import Template
from azkz.errors import ChapterFailed
from azkz.ledger import Event, Observation
from azkz.ledger.opened import opened
from azkz.ledger.watched import WatchedLedger, rows_for

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A number from one day on: its record, None where it was not known."""

    day: date
    number: Json | None


def vintages(
    template: Template, key: str, parameters: Parameters, folder: Path, expected: Json
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
    whole = WatchedLedger.of(opened(folder))
    for code in (Code.of(template, key), Code.of(template)):
        evaluation = _Evaluation(code, key, parameters, whole)
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
        known: dict[str, Observation | Event] = {**self.whole.observations, **self.whole.events}
        asked = {row for each in list(self.whole.asked) for row in rows_for(self.whole, each)}
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
        last_year = min(self.parameters["last_year"], day.year - 1)
        then = {"as_of": day.isoformat(), "last_year": last_year}
        record = run(self.code, {**self.parameters, **then}, self.whole)
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
