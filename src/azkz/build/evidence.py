"""When evidence became known: the days that matter to who asked, and what was known by a day."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from azkz.ledger import Ledger
from azkz.ledger.watched import Question

Place = tuple[str, str]
"""A table and the key of a row; the empty key for a table without keys."""


class Evidence:
    """The days on which a ledger's rows became known, or were known otherwise."""

    def __init__(self, whole: Ledger) -> None:
        self.whole = whole
        self._of: dict[Place, set[date]] = defaultdict(set)
        self._known: list[date] = []
        self._states: list[str] = []
        self._rows: dict[int, bytes] = {}
        self._answers: dict[str, frozenset[date]] = {}
        known = {row.known_from for row in whole.observations.values()}
        known |= {event.known_from for event in whole.events.values()}
        known |= {source.known_from for source in whole.sources.values()}
        known |= {leg.known_from for leg in whole.route}
        self._read(sorted(known))

    @cached_property
    def days(self) -> tuple[date, ...]:
        """All days on which what is known changed, in their order."""
        return tuple(sorted({day for days in self._of.values() for day in days}))

    def days_of(self, asked: Iterable[Question]) -> set[date]:
        """The days on which an answer to one of the questions may have become another."""
        return {day for question in asked for day in self._days_of(question)}

    def known(self, day: date) -> str:
        """A hash of all that was known on a day: the same for days with the same evidence."""
        return self._states[bisect_right(self._known, day)]

    def _read(self, days: list[date]) -> None:
        before: dict[Place, Any] = {}
        self._known = days
        for day in (date.min, *days):
            ledger = self.whole.as_of(day)
            now = dict(_rows(ledger))
            self._states.append(self._hash(now))
            if day != date.min:
                for place in _differing(before, now):
                    self._of[place].add(day)
            before = now

    def _hash(self, rows: Mapping[Place, Any]) -> str:
        digest = sha256()
        for place, row in rows.items():
            digest.update(repr(place).encode())
            digest.update(self._row(row))
        return digest.hexdigest()

    def _row(self, row: Any) -> bytes:
        # Rows that a day makes anew are not kept, nor is the place where they lie in memory.
        if id(row) not in self._own:
            return repr(row).encode()
        if id(row) not in self._rows:
            self._rows[id(row)] = sha256(repr(row).encode()).digest()
        return self._rows[id(row)]

    @cached_property
    def _own(self) -> frozenset[int]:
        tables = (getattr(self.whole, each.name) for each in fields(Ledger))
        return frozenset(
            id(row)
            for table in tables
            for row in (table.values() if isinstance(table, Mapping) else table)
        )

    def _days_of(self, question: Question) -> frozenset[date]:
        day, how, given = json.loads(question)
        if not day:
            # Asked of the whole ledger, which is the same on every day.
            return frozenset()
        key = json.dumps([how, given], sort_keys=True)
        if key not in self._answers:
            places = self._places(how, given)
            self._answers[key] = frozenset(day for place in places for day in self._of[place])
        return self._answers[key]

    def _places(self, how: str, given: Mapping[str, Any]) -> Iterable[Place]:
        """The rows that may answer a question, on whatever day."""
        if how == "select":
            return [("observations", row.id) for row in self.whole.select(**given)]
        if how == "happened":
            return [("events", row.id) for row in self.whole.happened(**given)]
        if "key" in given:
            return [(how, given["key"])]
        return [place for place in list(self._of) if place[0] == how]


def _rows(ledger: Ledger) -> Iterator[tuple[Place, Any]]:
    for each in fields(Ledger):
        table = getattr(ledger, each.name)
        if isinstance(table, Mapping):
            yield from (((each.name, key), row) for key, row in table.items())
        else:
            yield (each.name, ""), table


def _differing(before: Mapping[Place, Any], now: Mapping[Place, Any]) -> Iterator[Place]:
    yield from before.keys() - now.keys()
    for place, row in now.items():
        other = before.get(place)
        if other is not row and other != row:
            yield place
