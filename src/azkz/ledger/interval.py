"""What a printed figure stands for: the interval of its last significant digit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

INFINITE = Decimal("Infinity")

_FLOOR = re.compile(
    r"\b(at least|more than|over|above|exceed(?:ed|s|ing)?|upwards of|n(?:o|ot) less than)\b",
    re.IGNORECASE,
)
_CEILING = re.compile(
    r"\b(at most|less than|fewer than|below|under|up to|n(?:o|ot) more than|almost|nearly)\b",
    re.IGNORECASE,
)
_NEGATED_FLOOR = re.compile(r"\bno(?:t)? (?:more than|over|above)\b", re.IGNORECASE)
_NEGATED_CEILING = re.compile(r"\bno(?:t)? (?:less|fewer) than\b", re.IGNORECASE)


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


def side(note: str) -> str:
    """``floor`` ("at least", "more than"), ``ceiling`` ("up to", "less than") or nothing.

    A note that says both, such as one that quotes two figures, says neither of this one.
    """
    floor = bool(_FLOOR.search(_NEGATED_FLOOR.sub("", note)) or _NEGATED_CEILING.search(note))
    ceiling = bool(_CEILING.search(_NEGATED_CEILING.sub("", note)) or _NEGATED_FLOOR.search(note))
    if floor == ceiling:
        return ""
    return "floor" if floor else "ceiling"


def noted_interval(text: str, note: str) -> Interval:
    """The interval of a figure with its note: "more than 460" is 460 and anything above it."""
    value = Decimal(text)
    match side(note):
        case "floor":
            return Interval(value, INFINITE)
        case "ceiling":
            half = last_digit(text) / 2
            return Interval(value - 2 * half, value)
    return printed_interval(text)
