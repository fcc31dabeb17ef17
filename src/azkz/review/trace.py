"""The way from a number to its sources, as a tree of plain records.

A number's record: ``id``, ``label``, ``kind`` (observed, derived, text), ``text`` (as printed),
``value`` and ``unit`` (symbol; of a text none), ``formula``, ``known_from``, ``inputs`` (records of
the numbers in the formula), ``observations`` (records of the rows that it names itself) and
``alternatives`` (other readings of an observed number: ``observation``, ``value``, ``unit``,
``reporter``, ``known_from``, ``relation``, as in numbers.json, and ``text`` and ``whose``).

A row's record: ``id``, ``kind`` (observation, event), ``what`` (in words), ``known_from``,
``known_from_basis`` and ``source`` (``key``, ``publisher``, ``title``, ``published``, ``url``). An
observation has ``text`` (as printed), ``value`` (as written in the ledger), ``unit``, ``reporter``,
``whose`` (its name), ``status``, ``attributed_to`` and ``note``; an event has ``text`` (the day),
``place`` and ``source2``. The record of a row that was asked for has ``numbers``, too: ``id``,
``label`` and ``text`` of those that rest on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import chain
from typing import Any

from azkz.build import CHAPTERS
from azkz.build.chapter import Chapter
from azkz.build.lock import build_lock
from azkz.build.plan import Request, described, make_plan
from azkz.build.progress import Steps
from azkz.build.running import run_chapters
from azkz.errors import BadInput, CheckFailed
from azkz.ledger import Event, Ledger, Observation
from azkz.paths import Checkout
from azkz.report import describe

Json = dict[str, Any]

_ROW = re.compile(r"[a-z]+-\d+")
_FORMS = "write a number as trade.turnover-2024, a row as trade-0043 or event-0165"


def trace(place: Checkout, key: str, edition: str, steps: Steps, today: date) -> Json:
    """The tree of a number, or the record of a row with the numbers that rest on it.

    The chapter runs, unless its result is in the store; for a row all chapters do.

    Raises
    ------
    BadInput
        There is no such number, row, chapter or edition.
    CheckFailed
        The number or the row was not known on the edition's day.
    """
    whole = Ledger.load(place.data)
    is_row = _ROW.fullmatch(key) is not None
    if is_row:
        _refuse_unknown(key, [*whole.observations, *whole.events], "data/", "row")
    chapters = CHAPTERS if is_row else (_chapter_of(key),)
    with build_lock(place.build):
        plan = make_plan(place, Request(edition, chapters), steps, today)
        known_on = described(plan.edition)
        if is_row:
            _refuse_later(key, whole, plan.edition.as_of, known_on)
        built = run_chapters(place, plan, steps)
    numbers = {number["id"]: number for chapter in built for number in chapter.numbers}
    traced = Trace(numbers, whole.as_of(plan.edition.as_of))
    if is_row:
        return {**traced.row(key), "numbers": traced.resting_on(key)}
    _refuse_missing(key, built[0], known_on)
    return traced.number(key)


@dataclass(frozen=True, slots=True)
class Trace:
    """Records of numbers by id, and the ledger as known on the day of their edition."""

    numbers: Mapping[str, Json]
    ledger: Ledger

    def number(self, key: str) -> Json:
        """A number with all that it is made from."""
        found = self.numbers[key]
        named = found["inputs"] or found["observations"]
        kept = ("id", "label", "kind", "text", "value", "unit", "formula", "known_from")
        return {
            **{name: found[name] for name in kept},
            "inputs": [self.number(name) for name in named if name in self.numbers],
            "observations": [self.row(name) for name in named if name not in self.numbers],
            "alternatives": [self._other(other) for other in found["alternatives"]],
        }

    def row(self, key: str) -> Json:
        """A row of the ledger with its source."""
        if key in self.ledger.events:
            return self._event(self.ledger.events[key])
        return self._observation(self.ledger.observations[key])

    def resting_on(self, key: str) -> list[Json]:
        """The numbers that rest on a row, by id."""
        kept = ("id", "label", "text")
        found = (number for number in self.numbers.values() if key in number["observations"])
        return [{name: n[name] for name in kept} for n in sorted(found, key=lambda n: n["id"])]

    def _observation(self, row: Observation) -> Json:
        return {
            **self._any("observation", row),
            "value": row.text,
            "unit": row.unit.symbol,
            "reporter": row.reporter,
            "whose": describe.whose(self.ledger, row.reporter),
            "status": row.status,
            "attributed_to": row.attributed_to,
            "note": row.note,
        }

    def _event(self, row: Event) -> Json:
        second = row.source2 if row.source2 in self.ledger.sources else ""
        return {
            **self._any("event", row),
            "place": row.place,
            "source2": self._source(second) if second else None,
        }

    def _any(self, kind: str, row: Observation | Event) -> Json:
        return {
            "id": row.id,
            "kind": kind,
            "what": describe.what(self.ledger, row),
            "text": describe.how_much(row),
            "known_from": row.known_from.isoformat(),
            "known_from_basis": row.known_from_basis,
            "source": self._source(row.source),
        }

    def _source(self, key: str) -> Json:
        source = self.ledger.sources[key]
        return {
            "key": key,
            "publisher": source.publisher,
            "title": source.title,
            "published": source.published.isoformat() if source.published else None,
            "url": source.url,
        }

    def _other(self, other: Json) -> Json:
        row = self.ledger.observations[other["observation"]]
        whose = describe.whose(self.ledger, row.reporter)
        return {**other, "text": describe.how_much(row), "whose": whose}


def _chapter_of(key: str) -> str:
    chapter, dot, _ = key.partition(".")
    if not dot:
        raise BadInput(f"{key!r} names neither a number nor a row", todo=_FORMS)
    if chapter not in CHAPTERS:
        raise BadInput(f"no chapter {chapter!r}", key, f"the chapters are {', '.join(CHAPTERS)}")
    return chapter


def _refuse_later(key: str, whole: Ledger, day: date, known_on: str) -> None:
    row = whole.observations.get(key) or whole.events[key]
    if row.known_from > day:
        raise CheckFailed(f"{key} was known from {row.known_from} only", known_on)


def _refuse_missing(key: str, chapter: Chapter, known_on: str) -> None:
    reasons = {each["id"]: each["reason"] for each in chapter.missing}
    if key in reasons:
        raise CheckFailed(f"{key} is not known: {reasons[key]}", known_on)
    named = chain((number["id"] for number in chapter.numbers), reasons)
    _refuse_unknown(key, named, f"notebooks/{chapter.name}.ipynb", "number")


def _refuse_unknown(key: str, known: Iterable[str], where: str, what: str) -> None:
    named = set(known)
    if key in named:
        return
    near = get_close_matches(key, sorted(named), 5)
    todo = f"near it: {', '.join(near)}" if near else _FORMS
    raise BadInput(f"no {what} {key!r}", where, todo)
