"""By how much a figure differs from an earlier one, in decimal arithmetic, and how that is said."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from azkz.ledger import PERCENT, Unit
from azkz.ledger.quantity import round_to
from azkz.report.text import FIXED, MINUS, print_value, with_unit

Record = dict[str, Any]

SAME_DIGITS = "below the last digit printed"

NONE: Record = {
    "difference": None, "difference_text": "", "relative": None, "relative_text": ""
}  # fmt: skip
"""What is said where two figures cannot be subtracted."""


def printed(number: Mapping[str, Any]) -> Decimal:
    """The value of a number's record as it is printed: digits beyond those are not claimed."""
    return round_to(Decimal(str(number["value"])), number["decimals"])


def between(then: Mapping[str, Any], now: Mapping[str, Any], unit: Unit | None) -> Record:
    """What is said of two numbers: the difference of what both print; nothing if units differ.

    A reader who subtracts gets the same. ``unit`` is that of both, as the ledger defines it.
    """
    if then["value"] is None or now["value"] is None or then["unit"] != now["unit"]:
        return NONE
    decimals = max(then["decimals"], now["decimals"])
    return said(printed(then), printed(now) - printed(then), decimals, unit)


def said(then: Decimal, gap: Decimal, decimals: int, unit: Unit | None) -> Record:
    """A difference, and its part of the earlier figure, as numbers and in words."""
    relative = _relative(then, gap, unit)
    return {
        "difference": float(gap),
        "difference_text": _text(gap, decimals, unit),
        "relative": None if relative is None else float(relative),
        "relative_text": _percent(relative) if relative else "",
    }


def _relative(then: Decimal, gap: Decimal, unit: Unit | None) -> Decimal | None:
    """None where the earlier figure is zero, or its unit has no zero: a year, a rank."""
    if not then or unit is None or unit.factor is None:
        return None
    return round_to(gap / abs(then), 6)


def _text(gap: Decimal, decimals: int, unit: Unit | None) -> str:
    """``+27.3 million USD``; between two percentages in percentage points."""
    if not gap:
        return SAME_DIGITS
    shown = _signed(gap, decimals)
    if unit == PERCENT:
        return f"{shown}{FIXED}percentage{FIXED}points"
    return with_unit(shown, unit) if unit else shown


def _percent(relative: Decimal) -> str:
    """``+5.2 percent``: one decimal below ten percent, none from there on."""
    percent = relative * 100
    return f"{_signed(percent, 1 if abs(percent) < 10 else 0)}{FIXED}{PERCENT.label}"


def _signed(value: Decimal, decimals: int) -> str:
    shown = print_value(value, decimals)
    return shown if shown.startswith(MINUS) or not shown.strip("0.") else f"+{shown}"
