"""How readings of one thing relate: repeat, revision or disagreement; and which of them stands.

The rules are those of the report's method page: a rounded repeat is not a revision, a series has
one reporter, and the newest vintage that is not a repeat stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from azkz.ledger.interval import INFINITE, last_digit
from azkz.ledger.records import Observation, Source

REPEAT, REVISION, DISAGREEMENT = "repeat", "revision", "disagreement"


@dataclass(frozen=True, slots=True)
class Reading:
    """Another reading of the same thing, and how it relates to the one that stands."""

    observation: Observation
    relation: str


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a series: the observation that stands, and its alternatives."""

    observation: Observation
    alternatives: tuple[Reading, ...]


def repeats(coarse: Observation, fine: Observation) -> bool:
    """Whether ``coarse`` says no more than a rounding of ``fine``.

    It does when its printed interval holds the other value and it is not the more precise one.
    """
    factor = fine.unit.factor_to(coarse.unit)
    value = fine.value * factor
    if value == coarse.value:
        return True
    return value in coarse.interval and _coarseness(coarse) >= _coarseness(fine) * factor


def relation(reading: Observation, standing: Observation, sources: Mapping[str, Source]) -> str:
    """What ``reading`` is to the observation that stands for the same period."""
    if repeats(reading, standing) or repeats(standing, reading):
        return REPEAT
    if reading.reporter != standing.reporter:
        return DISAGREEMENT
    return DISAGREEMENT if _two_datasets(reading, standing, sources) else REVISION


def stand(readings: Iterable[Observation], sources: Mapping[str, Source]) -> Observation:
    """The newest reading that repeats no earlier one.

    A page without a date is known only from the day it was read, which says nothing of its age:
    it never displaces a reading with a date of its own. A dataset read on a day is what that
    dataset says on that day, and does.
    """
    readings = tuple(readings)
    dated = [reading for reading in readings if is_dated(reading, sources)]
    # Of two readings of one day the more precise comes first, so that the other repeats it.
    ordered = sorted(dated or readings, key=lambda r: (r.known_from, _coarseness(r), r.id))
    original: list[Observation] = []
    for reading in ordered:
        if not any(repeats(reading, earlier) for earlier in original):
            original.append(reading)
    return original[-1]


def reconcile(readings: Iterable[Observation], sources: Mapping[str, Source]) -> Point:
    """The point that these readings of one period by one reporter make."""
    readings = tuple(readings)
    standing = stand(readings, sources)
    others = sorted((r for r in readings if r.id != standing.id), key=lambda r: r.id)
    return Point(
        standing, tuple(Reading(other, relation(other, standing, sources)) for other in others)
    )


def is_dated(reading: Observation, sources: Mapping[str, Source]) -> bool:
    """Whether its day tells its age: an undated page's does not, a dataset's does."""
    return reading.known_from_basis != "retrieved" or sources[reading.source].kind == "dataset"


def _coarseness(reading: Observation) -> Decimal:
    return INFINITE if reading.interval.high == INFINITE else last_digit(reading.text)


def _two_datasets(one: Observation, other: Observation, sources: Mapping[str, Source]) -> bool:
    first, second = sources[one.source], sources[other.source]
    return first.kind == second.kind == "dataset" and first.publisher != second.publisher
