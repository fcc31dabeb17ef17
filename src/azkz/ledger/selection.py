"""Rows of the ledger by what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from azkz.ledger.periods import parse_period
from azkz.ledger.records import Observation

_WILD = frozenset("*?[")
"""What a pattern has that is more than a text."""


def selected(
    rows: Iterable[Observation],
    *,
    same: Mapping[str, str | None],
    like: Mapping[str, str | None],
    period: str | None,
    status: str | Sequence[str] | None,
) -> tuple[Observation, ...]:
    """The rows with the ``same`` texts and with those that are ``like`` a pattern, in their order.

    What is None is not asked for. One question after the other is asked, of ever fewer rows: it is
    done thousands of times for a report.
    """
    for name, value in same.items():
        if value is not None:
            rows = [row for row in rows if getattr(row, name) == value]
    for name, pattern in like.items():
        if pattern is not None:
            rows = _like(rows, name, pattern)
    if period:
        when = parse_period(period)
        rows = [row for row in rows if row.period == when]
    if status is not None:
        states = (status,) if isinstance(status, str) else status
        rows = [row for row in rows if row.status in states]
    return tuple(rows)


def _like(rows: Iterable[Observation], name: str, pattern: str) -> list[Observation]:
    if _WILD.isdisjoint(pattern):
        return [row for row in rows if getattr(row, name) == pattern]
    return [row for row in rows if fnmatchcase(getattr(row, name), pattern)]
