"""What a printed figure stands for: the interval of its last significant digit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from azkz.ledger.notes import CEILING, FLOOR, sides

INFINITE = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Interval:
    """All values that a printed figure may stand for, both ends included."""

    low: Decimal
    high: Decimal

    def __contains__(self, value: Decimal) -> bool:
        return self.low <= value <= self.high

    @property
    def width(self) -> Decimal:
        """``high - low``; infinite when one-sided."""
        return self.high - self.low


@lru_cache(maxsize=16384)
def last_digit(text: str) -> Decimal:
    """The place value of the last significant digit of a figure as printed.

    ``529.4`` gives 0.1, ``460`` gives 10, ``500`` gives 100. Zeros after a decimal point count
    (``5.0`` gives 0.1); zeros that close a whole number do not. Zero itself gives 1.
    """
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(f"{text} is not a figure")
    exponent = int(value.as_tuple().exponent)
    if exponent >= 0 and value:
        exponent = int(value.normalize().as_tuple().exponent)
    return Decimal(1).scaleb(exponent)


def printed_interval(text: str) -> Interval:
    """Half a unit of the last significant digit to either side: ``460`` is 455–465."""
    value, half = Decimal(text), last_digit(text) / 2
    return Interval(value - half, value + half)


@lru_cache(maxsize=16384)
def noted_interval(text: str, note: str) -> Interval:
    """The interval of a figure with its note: "more than 460" is 460 and anything above it.

    A figure that is nearly reached ("almost", "up to") lies within one unit of its last digit
    below it. A note that says both sides of one figure is a fault, and says neither here.
    """
    value = Decimal(text)
    said = sides(note, text) if note else frozenset()
    if said == {FLOOR}:
        return Interval(value, INFINITE)
    if said == {CEILING}:
        return Interval(value - last_digit(text), value)
    return printed_interval(text)
