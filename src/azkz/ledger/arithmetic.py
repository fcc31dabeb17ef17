"""Growth, shares and sums of what may be unknown, and counts of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import reduce
from operator import add

from azkz.ledger.quantity import Quantity, Unknown, Value
from azkz.ledger.records import Event, Observation
from azkz.ledger.units import COUNT, PERCENT


def growth(new: Value, old: Value) -> Value:
    """The change from ``old`` to ``new`` in percent of ``old``; unknown if either is.

    Raises
    ------
    QuantityError
        ``old`` may be zero.
    UnitError
        The two measure different things, which makes no percentage.
    """
    if isinstance(new, Unknown) or isinstance(old, Unknown):
        return new if isinstance(new, Unknown) else old
    ratio = new / old
    change = ratio - 1
    return replace(change.to(PERCENT), formula=f"percent({change.formula})")


def share(part: Value, whole: Value) -> Value:
    """``part`` in percent of ``whole``; unknown if either is.

    Raises
    ------
    QuantityError
        ``whole`` may be zero.
    UnitError
        The two measure different things, which makes no percentage.
    """
    if isinstance(part, Unknown) or isinstance(whole, Unknown):
        return part if isinstance(part, Unknown) else whole
    ratio = part / whole
    return replace(ratio.to(PERCENT), formula=f"percent({ratio.formula})")


def total(parts: Iterable[Value]) -> Value:
    """The sum, in the first part's unit; unknown if any part is or there is none."""
    known: list[Quantity] = []
    for part in parts:
        if isinstance(part, Unknown):
            return part
        known.append(part)
    if not known:
        return Unknown("nothing to add up")
    formula = f"sum({', '.join(part.formula for part in known)})"
    return replace(reduce(add, known), formula=formula) if len(known) > 1 else known[0]


def counted(rows: Iterable[Observation | Event]) -> Value:
    """How many rows there are, each counted once; they are its evidence. Unknown if there is none.

    None found is no count: that there was none would be said of what nobody has looked for.
    """
    known = {row.id: row.known_from for row in rows}
    if not known:
        return Unknown("no row to count")
    ids, value = tuple(sorted(known)), Decimal(len(known))
    formula = f"count({', '.join(ids)})"
    return Quantity(value, value, value, COUNT, ids, max(known.values()), formula, ids)
