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


def counted(things: Iterable[Observation | Event | Value]) -> Value:
    """How many things there are, each counted once; what they rest on is the evidence.

    Things are rows, or quantities that tell which are counted (the shares of targets that were
    met). Unknown if one of them is, or there is none: that there was none would be said of what
    nobody has looked for.
    """
    parts: dict[str, Quantity | Observation | Event] = {}
    for thing in things:
        if isinstance(thing, Unknown):
            return thing
        parts[thing.formula if isinstance(thing, Quantity) else thing.id] = thing
    if not parts:
        return Unknown("nothing to count")
    names = sorted(parts)
    days = [parts[name].known_from for name in names]
    value = Decimal(len(names))
    return Quantity(
        value=value,
        low=value,
        high=value,
        unit=COUNT,
        observations=tuple(sorted({row for name in names for row in _rows(parts[name])})),
        known_from=max((day for day in days if day), default=None),
        formula=f"count({', '.join(names)})",
        inputs=tuple(dict.fromkeys(key for name in names for key in _inputs(parts[name]))),
    )


def _rows(thing: Observation | Event | Quantity) -> tuple[str, ...]:
    return thing.observations if isinstance(thing, Quantity) else (thing.id,)


def _inputs(thing: Observation | Event | Quantity) -> tuple[str, ...]:
    return thing.inputs if isinstance(thing, Quantity) else (thing.id,)
