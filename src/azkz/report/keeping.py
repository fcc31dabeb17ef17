"""What became of promises: met, missed, dependent on whose count, or beyond judging, and why.

A promised figure is a line: it is met where the outcome reaches it, or would within the rounding of
its last printed digit. For times and prices less is better. Where the digits of an outcome leave
open more than a tenth of what was promised, it cannot tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from azkz.ledger import Event, Ledger, Observation, Quantity, Unknown, Value, share, total
from azkz.ledger.matches import BY_SUM, JUDGED_BY, NOT_BY_THEN, OTHER_SCOPE
from azkz.ledger.reconcile import stand
from azkz.report.promises import Promise, Row

MET, MISSED = "met", "missed"
DEPENDS = "depends on the count"
OPEN = "cannot be judged"
VERDICTS = (MET, MISSED, DEPENDS, OPEN)

NO_OUTCOME = "no outcome published"
OTHER = "outcome of another scope only"
COARSE = "outcome printed too coarsely"
REASONS = (NO_OUTCOME, OTHER, COARSE)

LESS_IS_BETTER = frozenset({"duration", "USD per tonne", "USD per barrel"})
"""Dimensions of which a promise is an upper limit."""
COARSEST = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise with its verdict.

    ``outcomes`` are the rows that it rests on, or that come near; ``reached`` is outcome in percent
    of promise, one for each count, that which comes nearest to the promise first. ``late`` is days
    from the last day promised to the day on which it came, for what is judged by its day.
    ``reason`` says why there is no verdict.
    """

    promise: Promise
    verdict: str
    reason: str = ""
    outcomes: tuple[Row, ...] = ()
    reached: tuple[Value, ...] = ()
    late: int | None = None

    @property
    def row(self) -> Row:
        """Where the promise was said first."""
        return self.promise.row

    @property
    def judged(self) -> bool:
        """Whether there is a verdict."""
        return self.verdict != OPEN


@dataclass(frozen=True, slots=True)
class _Count:
    """An outcome by one count, and the rows that it is of."""

    rows: Sequence[Observation]
    value: Value


def kept(promise: Promise, ledger: Ledger) -> Kept:
    """What became of one promise, by what the ledger holds."""
    match, row = promise.match, promise.row
    relation = match.relation if match else ""
    named = tuple(_row(ledger, key) for key in match.rows) if match else ()
    events = [each for each in named if isinstance(each, Event)]
    figures = [each for each in named if isinstance(each, Observation)]
    if relation == NOT_BY_THEN and named:
        return Kept(promise, MISSED, outcomes=named)
    if relation == JUDGED_BY and events:
        return _by_day(promise, events)
    if isinstance(row, Event):
        return _not_judged(promise, named, ledger)
    if relation == BY_SUM and match and len(named) == len(match.rows) and named:
        return _by_value(promise, row, [_Count(figures, total([f.quantity for f in figures]))])
    if relation not in (JUDGED_BY, BY_SUM, OTHER_SCOPE):
        figures = [
            each
            for each in ledger.observations.values()
            if each.indicator == row.indicator and is_outcome_of(each, promise)
        ]
    if relation == OTHER_SCOPE or not figures:
        return _not_judged(promise, named, ledger)
    counts = _standing(figures, ledger)
    return _by_value(promise, row, [_Count([each], each.quantity) for each in counts])


def is_outcome_of(row: Observation, promise: Promise) -> bool:
    """Whether a row is an outcome of the very thing, areas and period promised."""
    said = promise.row
    return (
        row.is_outcome
        and _same_thing(row, said)
        and row.period == promise.due
        and (isinstance(said, Observation) and row.item == said.item)
    )


def reaches(outcome: Value, promised: Quantity) -> bool | None:
    """Whether an outcome meets what was promised; None where its digits are too coarse to tell."""
    found = outcome.to(promised.unit)
    if isinstance(found, Unknown):
        return None
    line = promised.value
    if promised.unit.dimension in LESS_IS_BETTER:
        done, possible = found.value <= line, found.low <= line
    else:
        done, possible = found.value >= line, found.high >= line
    if done or not possible:
        return done
    return True if found.high - found.low <= COARSEST * abs(line) else None


def _same_thing(row: Observation, said: Row) -> bool:
    return (
        isinstance(said, Observation)
        and row.indicator == said.indicator
        and (row.ref_area, row.counterpart_area) == (said.ref_area, said.counterpart_area)
        and row.unit.dimension == said.unit.dimension
    )


def _row(ledger: Ledger, key: str) -> Row:
    return ledger.observations[key] if key in ledger.observations else ledger.events[key]


def _standing(rows: Iterable[Observation], ledger: Ledger) -> list[Observation]:
    """Of each reporter's readings of one thing and period that which stands, as in a series."""
    counts: dict[object, list[Observation]] = defaultdict(list)
    for row in rows:
        counts[(row.reporter, row.indicator, row.item, row.period)].append(row)
    return [stand(group, ledger.sources) for group in counts.values()]


def _by_value(promise: Promise, row: Observation, counts: Sequence[_Count]) -> Kept:
    promised = row.quantity.exact
    if promise.match and promise.match.times != 1:
        promised = promised * promise.match.times
    told = [(count, reaches(count.value, promised)) for count in counts]
    telling = [count for count, met in told if met is not None]
    less = promised.unit.dimension in LESS_IS_BETTER
    used = telling or list(counts)
    reached = [share(count.value, promised) for count in used]
    nearest = sorted(reached, key=float, reverse=not less)
    outcomes = tuple(each for count in used for each in count.rows)
    verdicts = {met for _, met in told if met is not None}
    if not verdicts:
        return Kept(promise, OPEN, COARSE, outcomes, tuple(nearest))
    verdict = DEPENDS if len(verdicts) > 1 else MET if True in verdicts else MISSED
    return Kept(promise, verdict, "", outcomes, tuple(nearest))


def _by_day(promise: Promise, events: Sequence[Event]) -> Kept:
    came = min(events, key=lambda event: event.period.start)
    late = (came.period.start - promise.due.end).days
    return Kept(promise, MISSED if late > 0 else MET, outcomes=(came,), late=late)


def _not_judged(promise: Promise, named: tuple[Row, ...], ledger: Ledger) -> Kept:
    """Without a verdict: nothing is published, or only something near it."""
    near = named or _near(promise, ledger)
    return Kept(promise, OPEN, OTHER if near else NO_OUTCOME, near)


def _near(promise: Promise, ledger: Ledger) -> tuple[Observation, ...]:
    """Outcomes of the same indicator and areas for some of the time; of the same item, if any."""
    said, due = promise.row, promise.due
    found = [
        row
        for row in ledger.observations.values()
        if isinstance(said, Observation)
        and row.indicator == said.indicator
        and row.is_outcome
        and _same_thing(row, said)
        and row.period.start <= due.end
        and row.period.end >= due.start
    ]
    same = [row for row in found if row.item == said.item]
    return tuple(same or found)
