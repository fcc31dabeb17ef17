"""How far readings of one thing agree: the spread of what sources report for it.

One thing is an indicator, part and pair of areas in one period. Its readings are outcomes; plans
and hopes differ for reasons of their own. A reading that only rounds another is no disagreement
(see ``azkz.ledger.reconcile``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from azkz.ledger import Ledger, Observation
from azkz.ledger.reconcile import REPEAT, relation

MARKED = Decimal("1.1")
"""Readings differ markedly where the higher is more than a tenth above the lower."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What was counted in one period, with all its readings.

    ``low`` and ``high`` are the two of them that lie furthest apart without one repeating the
    other, ``relation`` what they are to each other; a single reading, or readings that all repeat
    one, have none.
    """

    readings: tuple[Observation, ...]
    low: Observation | None = None
    high: Observation | None = None
    relation: str = ""

    @property
    def any(self) -> Observation:
        """One of the readings, for what they have in common."""
        return self.readings[0]

    @property
    def times(self) -> Decimal | None:
        """Highest over lowest; nothing where they have different signs or one is zero."""
        if self.low is None or self.high is None:
            return Decimal(1)
        return _ratio(self.low, self.high)

    @property
    def differs(self) -> bool:
        """Whether its readings differ by more than a tenth, or in their sign."""
        return self.times is None or self.times > MARKED


def things(ledger: Ledger) -> list[Thing]:
    """Everything of which the ledger holds an outcome, in the order of its first row."""
    return [_thing(ledger, rows) for rows in readings(ledger)]


def readings(ledger: Ledger) -> list[list[Observation]]:
    """The readings alone of each of these things."""
    found: dict[object, dict[object, Observation]] = defaultdict(dict)
    for row in ledger.observations.values():
        if row.is_outcome:
            areas = (row.ref_area, row.counterpart_area)
            same = (row.indicator, row.item, areas, row.period, row.unit.dimension)
            # Two chapters may have collected one figure from one page.
            found[same].setdefault((row.source, row.reporter, row.value, row.unit), row)
    return [list(rows.values()) for rows in found.values()]


def _thing(ledger: Ledger, rows: Iterable[Observation]) -> Thing:
    readings = tuple(sorted(rows, key=lambda row: row.id))
    pairs = [
        (low, high, kind)
        for one, other in combinations(readings, 2)
        for low, high in [sorted((one, other), key=_in_base)]
        if (kind := relation(low, high, ledger.sources)) != REPEAT
    ]
    if not pairs:
        return Thing(readings)
    return Thing(readings, *max(pairs, key=lambda pair: _apart(pair[0], pair[1])))


def _apart(low: Observation, high: Observation) -> tuple[bool, Decimal]:
    """How far two readings lie apart: by their sign before all else, then by their ratio."""
    ratio = _ratio(low, high)
    if ratio is None:
        return True, _in_base(high) - _in_base(low)
    return False, ratio


def _ratio(low: Observation, high: Observation) -> Decimal | None:
    first, last = _in_base(low), _in_base(high)
    # Of two negative figures the lower is the larger in size.
    return max(last / first, first / last) if first * last > 0 else None


def _in_base(row: Observation) -> Decimal:
    return row.value * (row.unit.factor or 1)
