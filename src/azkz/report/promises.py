"""Promises: what the ledger's hopes say for a day, which of them count, and when they fall due.

A promise is a target, an announcement or a forecast, or an event that announces something for a
day. A capacity says what is possible and is none. What names no day, and what is an offer, a price
or a need, is set aside; a plan that is said again counts once, where it was said first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from azkz.ledger import Event, Ledger, Match, Observation, Source
from azkz.ledger.interval import INFINITE, last_digit
from azkz.ledger.matches import NO_DAY, NO_PROMISE, REPEATS
from azkz.ledger.periods import Period
from azkz.ledger.reconcile import is_dated, repeats

PROMISING = ("target", "announced", "forecast")
"""The statuses of observations that promise something."""
NOT_YET, AGAIN = "not yet due", "said before"
SET_ASIDE = (NO_DAY, NO_PROMISE, AGAIN, NOT_YET)
"""Why a hope is not scored."""

Row = Observation | Event


@dataclass(frozen=True, slots=True)
class Promise:
    """Something said for a day that has come.

    ``row`` is where it was said first, ``again`` where it was repeated; ``match`` is what
    outcomes.csv says of it. ``said`` is None where the page has no date.
    """

    row: Row
    due: Period
    said: date | None
    match: Match | None
    again: tuple[Row, ...] = ()

    @property
    def kind(self) -> str:
        """Its status; an event announces."""
        return self.row.status if isinstance(self.row, Observation) else "announced"


@dataclass(frozen=True, slots=True)
class Promises:
    """The promises whose day has come, in the order of the ledger, and what is set aside."""

    due: tuple[Promise, ...]
    aside: Mapping[str, tuple[Row, ...]]


def promises(ledger: Ledger, day: date) -> Promises:
    """All hopes of the ledger, sorted into promises that have fallen due and the rest."""
    aside: dict[str, list[Row]] = {reason: [] for reason in SET_ASIDE}
    said: list[Promise] = []
    again: dict[str, list[Row]] = defaultdict(list)
    for row in _hopes(ledger):
        match = ledger.matches.get(row.id)
        reason = _set_aside(row, match, ledger)
        if reason:
            aside[reason].append(row)
            if reason == AGAIN and match:
                again[match.rows[0]].append(row)
        else:
            said.append(_promise(row, match, ledger.sources))
    first = _firsts(said)
    for promise in first:
        aside[AGAIN] += promise.again
    aside[NOT_YET] = [promise.row for promise in first if promise.due.end > day]
    due = (promise for promise in first if promise.due.end <= day)
    return Promises(
        tuple(_with(promise, again[promise.row.id]) for promise in due),
        {reason: tuple(rows) for reason, rows in aside.items()},
    )


def _hopes(ledger: Ledger) -> Iterable[Row]:
    """Observations that promise, and the events of which outcomes.csv says that they do."""
    for row in ledger.observations.values():
        if row.status in PROMISING:
            yield row
    yield from (event for key, event in ledger.events.items() if key in ledger.matches)


def _set_aside(row: Row, match: Match | None, ledger: Ledger) -> str:
    """Why a hope is no promise for a day; empty where it is one.

    What is dated by a single day says when it was said, and not for when, unless outcomes.csv
    says otherwise.
    """
    if match:
        return AGAIN if match.relation == REPEATS else _reason(match)
    if isinstance(row, Event):
        return NO_DAY
    if general := ledger.matches.get(row.indicator):
        return _reason(general)
    return NO_DAY if row.period.start == row.period.end else ""


def _reason(match: Match) -> str:
    return match.relation if match.relation in (NO_DAY, NO_PROMISE) else ""


def _promise(row: Row, match: Match | None, sources: Mapping[str, Source]) -> Promise:
    dated = (
        row.known_from_basis == "published" if isinstance(row, Event) else is_dated(row, sources)
    )
    due = match.due if match and match.due else row.period
    return Promise(row, due, row.known_from if dated else None, match)


def _firsts(said: Sequence[Promise]) -> list[Promise]:
    """Each plan where it was said first, with where it was said again, whoever said it.

    A page without a date comes after all that have one.
    """
    plans: dict[object, list[Promise]] = defaultdict(list)
    for promise in said:
        row = promise.row
        if isinstance(row, Event):
            plans[row.id].append(promise)
        else:
            thing = (row.indicator, row.item, row.ref_area, row.counterpart_area)
            plans[(*thing, promise.due)].append(promise)
    found: list[Promise] = []
    for group in plans.values():
        firsts: list[tuple[Promise, list[Row]]] = []
        for promise in sorted(group, key=_age):
            same = next((rows for first, rows in firsts if _repeats(promise, first)), None)
            if same is None:
                firsts.append((promise, []))
            else:
                same.append(promise.row)
        found += [_with(promise, rows) for promise, rows in firsts]
    return found


def _age(promise: Promise) -> tuple[date, object, str]:
    row = promise.row
    coarse = last_digit(row.text) if isinstance(row, Observation) else INFINITE
    return promise.said or date.max, coarse, row.id


def _repeats(later: Promise, first: Promise) -> bool:
    one, other = later.row, first.row
    return (
        isinstance(one, Observation)
        and isinstance(other, Observation)
        and one.unit.dimension == other.unit.dimension
        and repeats(_bare(one), _bare(other))
    )


def _bare(row: Observation) -> Observation:
    """The figure alone: to plan for more than 600 trains is not to repeat a plan for 1000."""
    return replace(row, note="")


def _with(promise: Promise, rows: Sequence[Row]) -> Promise:
    return replace(promise, again=(*promise.again, *rows))
