"""What a printed figure stands for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azkz.ledger.interval import INFINITE, last_digit, noted_interval, printed_interval

FIGURES = st.decimals(
    min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=3
).map(lambda value: format(value, "f"))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("460", "455", "465"),
        ("500", "450", "550"),
        ("529.4", "529.35", "529.45"),
        ("5.0", "4.95", "5.05"),
    ],
)
def test_stands_for_half_a_unit_of_the_last_digit(text: str, low: str, high: str) -> None:
    """The examples of the method page hold, and a zero after the point counts as a digit."""
    interval = printed_interval(text)
    assert (interval.low, interval.high) == (Decimal(low), Decimal(high))


@given(FIGURES)
def test_holds_its_own_value_in_the_middle(text: str) -> None:
    """Whatever the figure, its interval holds it, and as much below it as above."""
    interval, value = printed_interval(text), Decimal(text)
    assert value in interval
    assert value - interval.low == interval.high - value == last_digit(text) / 2


@given(FIGURES, st.integers(min_value=0, max_value=3))
def test_rounding_makes_an_interval_that_holds_the_value(text: str, places: int) -> None:
    """A figure rounded by a source still stands for the unrounded one: that is what a repeat is."""
    rounded = round(Decimal(text), places)
    assert Decimal(text) in printed_interval(format(rounded, "f")) or rounded == 0


@pytest.mark.parametrize("note", ["more than", "over", "at least", "exceeded 300", '"more than"'])
def test_a_floor_is_open_above(note: str) -> None:
    """More than 300 may be any amount above it and none below."""
    interval = noted_interval("300", note)
    assert (interval.low, interval.high) == (Decimal(300), INFINITE)


@pytest.mark.parametrize("note", ["almost", "up to", "nearly 1.5"])
def test_a_ceiling_is_never_passed(note: str) -> None:
    """Almost 1.5 lies below 1.5, by less than one unit of the digit that is printed."""
    interval = noted_interval("1.5", note)
    assert (interval.low, interval.high) == (Decimal("1.4"), Decimal("1.5"))


@pytest.mark.parametrize(
    "note", ["over the past three years", "12 percent above plan", "2 t below the other figure"]
)
def test_a_note_on_something_else_changes_nothing(note: str) -> None:
    """Words such as "above" count only when they are said of the figure itself."""
    assert noted_interval("106", note) == printed_interval("106")
