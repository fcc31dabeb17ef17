"""A ledger that notes what is asked of it, and finds again the rows that answer.

Who has run once on a ledger runs the same way on every ledger that gives the same answers. A
question is noted as text (JSON): the day as of which it was asked ("" for the whole ledger), how,
and with what.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache, lru_cache
from typing import Any, TypeVar

from azkz.ledger.quantity import Unknown
from azkz.ledger.records import Event, Observation
from azkz.ledger.vintage import Ledger

Question = str
Row = TypeVar("Row")
Note = Callable[..., None]

_SORTED = json.JSONEncoder(sort_keys=True)


@dataclass(frozen=True, kw_only=True)
class WatchedLedger(Ledger):
    """Answers as the ledger does. ``asked`` is shared with what ``as_of`` makes of it.

    ``raw`` is the ledger that answers; its tables are read through ones that note every look.
    """

    raw: Ledger
    day: str = ""
    asked: set[Question] = field(default_factory=set)

    @classmethod
    def of(cls, ledger: Ledger, day: str = "", asked: set[Question] | None = None) -> WatchedLedger:
        """The same ledger, watched."""
        noted: set[Question] = set() if asked is None else asked

        def note(table: str, key: str | None = None) -> None:
            noted.add(_look(day, table, key))

        tables = {each.name: getattr(ledger, each.name) for each in fields(Ledger)}
        watched = {name: _watched(name, table, note) for name, table in tables.items()}
        return cls(**watched, raw=ledger, day=day, asked=noted)

    def as_of(self, day: date) -> WatchedLedger:
        """As the ledger's own ``as_of``."""
        return WatchedLedger.of(self.raw.as_of(day), day.isoformat(), self.asked)

    def select(self, indicator: str, **asked: Any) -> tuple[Observation, ...]:
        """As the ledger's own ``select``."""
        self._note("select", indicator=indicator, **asked)
        return self.raw.select(indicator, **asked)

    def happened(self, **asked: str | None) -> tuple[Event, ...]:
        """As the ledger's own ``happened``."""
        self._note("happened", **asked)
        return self.raw.happened(**asked)

    def event(self, key: str) -> Event | Unknown:
        """As the ledger's own ``event``."""
        self._note("events", key=key)
        return self.raw.event(key)

    def _note(self, how: str, **asked: Any) -> None:
        given = {k: list(v) if isinstance(v, tuple) else v for k, v in asked.items()}
        wanted = {k: v for k, v in given.items() if v is not None}
        self.asked.add(_SORTED.encode([self.day, how, wanted]))


@lru_cache(maxsize=65536)
def _look(day: str, table: str, key: str | None) -> Question:
    """The look at a row of a table, or at all of it; most rows are looked at again and again."""
    return _SORTED.encode([day, table, {} if key is None else {"key": key}])


def _watched(name: str, table: Any, note: Note) -> Any:
    return _Table(name, table, note) if isinstance(table, Mapping) else _Rows(name, table, note)


class _Table(Mapping[str, Row]):
    """A table by keys; looking at one row is noted as such, anything else as reading all."""

    def __init__(self, name: str, rows: Mapping[str, Row], note: Note) -> None:
        self._name, self._rows, self._note = name, rows, note

    def __getitem__(self, key: str) -> Row:
        self._note(self._name, key)
        return self._rows[key]

    def __iter__(self) -> Iterator[str]:
        self._note(self._name)
        return iter(self._rows)

    def __len__(self) -> int:
        self._note(self._name)
        return len(self._rows)

    def values(self) -> Any:
        """All rows."""
        self._note(self._name)
        return self._rows.values()

    def items(self) -> Any:
        """All rows with their keys."""
        self._note(self._name)
        return self._rows.items()


class _Rows(Sequence[Row]):
    """A table without keys; every look at it is noted as reading all."""

    def __init__(self, name: str, rows: Sequence[Row], note: Note) -> None:
        self._name, self._rows, self._note = name, rows, note

    def __getitem__(self, at: Any) -> Any:
        self._note(self._name)
        return self._rows[at]

    def __len__(self) -> int:
        self._note(self._name)
        return len(self._rows)


class Answers:
    """What a ledger answers to questions: rows by the table and key that they stand under."""

    def __init__(self, ledger: Ledger) -> None:
        self._whole = ledger
        self._as_of = cache(ledger.as_of)
        self._hashes: dict[int, str] = {}
        self._known: dict[Question, dict[str, str]] = {}

    def rows(self, question: Question) -> dict[str, Any]:
        """The rows that answer, by names such as ``observations/trade-0001``, in their order."""
        day, how, given = json.loads(question)
        ledger = self._as_of(date.fromisoformat(day)) if day else self._whole
        if how == "select":
            found = ledger.select(**given)
            return {f"observations/{row.id}": row for row in found}
        if how == "happened":
            return {f"events/{row.id}": row for row in ledger.happened(**given)}
        table = getattr(ledger, how)
        if not isinstance(table, Mapping):
            return {f"{how}/{at}": row for at, row in enumerate(table)}
        if "key" not in given:
            return {f"{how}/{key}": row for key, row in table.items()}
        key = given["key"]
        return {f"{how}/{key}": table[key]} if key in table else {}

    def hashes(self, questions: Iterable[Question]) -> dict[Question, dict[str, str]]:
        """By question, in their order: the rows that answer, each with a hash of what it says."""
        return {each: self._told(each) for each in sorted(questions)}

    def _told(self, question: Question) -> dict[str, str]:
        if question not in self._known:
            rows = self.rows(question).items()
            self._known[question] = {name: self._hash(row) for name, row in rows}
        return self._known[question]

    def _hash(self, row: Any) -> str:
        if id(row) not in self._hashes:
            self._hashes[id(row)] = hashlib.sha256(repr(row).encode()).hexdigest()[:16]
        return self._hashes[id(row)]


def rows_for(whole: Ledger, questions: Iterable[Question]) -> set[Observation | Event]:
    """The observations and events that answer one of the questions on the last day of all."""
    answers = Answers(whole)
    timeless = {json.dumps(["", *json.loads(each)[1:]]) for each in questions}
    found = (row for each in timeless for row in answers.rows(each).values())
    return {row for row in found if isinstance(row, Observation | Event)}
