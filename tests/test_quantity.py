"""Arithmetic that keeps unit, interval and evidence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azkz.ledger import PERCENT, TIMES, Quantity, Unknown, growth, share, total
from azkz.ledger.interval import last_digit
from azkz.ledger.quantity import QuantityError, round_to
from azkz.ledger.units import Unit, UnitError

MILLION = Unit("million USD", "million USD", "USD", Decimal(1_000_000))
BILLION = Unit("billion USD", "billion USD", "USD", Decimal(1_000_000_000))
EURO = Unit("million EUR", "million EUR", "EUR", Decimal(1_000_000))
TONNE = Unit("kt", "thousand tonnes", "mass", Decimal(1000))


def observed(text: str, unit: Unit = MILLION, key: str = "trade-0001", day: int = 1) -> Quantity:
    """A quantity as an observation gives it."""
    value, half = Decimal(text), last_digit(text) / 2
    known = date(2024, 1, day)
    step = Decimal(1).scaleb(int(value.as_tuple().exponent))
    return Quantity(value, value - half, value + half, unit, (key,), known, key, (key,), step)


FIGURES = st.decimals(min_value="0.1", max_value="99999", places=1).map(str)


def test_growth_of_the_stated_levels() -> None:
    """529.4 against 463.3 is 14.3 percent: formula, inputs, evidence and day come along."""
    new, old = observed("529.4", key="trade-0050", day=9), observed("463.3", key="trade-0037")
    change = growth(new.named("trade.turnover-2023"), old.named("trade.turnover-2022"))
    assert isinstance(change, Quantity)
    assert round_to(change.value, 2) == Decimal("14.27")
    assert change.unit == PERCENT
    assert change.decimals == 1
    assert change.formula == "percent((trade.turnover-2023 / trade.turnover-2022) - 1)"
    assert change.inputs == ("trade.turnover-2023", "trade.turnover-2022")
    assert change.observations == ("trade-0037", "trade-0050")
    assert change.known_from == date(2024, 1, 9)


@given(FIGURES, FIGURES)
def test_the_interval_holds_every_value_that_the_digits_allow(left: str, right: str) -> None:
    """Whatever the true values behind two printed figures, the result's interval holds theirs."""
    a, b = observed(left), observed(right, key="trade-0002")
    for x in (a.low, a.value, a.high):
        for y in (b.low, b.value, b.high):
            assert (a + b).low <= x + y <= (a + b).high
            assert (a - b).low <= x - y <= (a - b).high
            assert (a * Decimal(3)).low <= x * 3 <= (a * Decimal(3)).high
            if b.low > 0:
                assert (a / b).low <= x / y <= (a / b).high


@given(FIGURES, FIGURES)
def test_no_digit_is_printed_that_the_evidence_does_not_hold(left: str, right: str) -> None:
    """The last printed digit of a ratio is sure to one unit, or it is the leading one."""
    a, b = observed(left), observed(right, key="trade-0002")
    if b.low <= 0:
        return
    ratio = a / b
    unit = Decimal(1).scaleb(-ratio.decimals)
    leading = Decimal(1).scaleb(max(ratio.value.adjusted(), 0))
    assert (ratio.high - ratio.low) / 2 <= unit or unit == leading
    assert (ratio.high - ratio.low) / 2 > unit / 10


@given(FIGURES)
def test_conversion_there_and_back_changes_nothing(text: str) -> None:
    """Million to billion and back is the same amount, with the same digits printed."""
    start = observed(text)
    back = start.to(BILLION).to(MILLION)
    assert (back.value, back.low, back.high) == (start.value, start.low, start.high)
    assert back.decimals == start.decimals
    assert start.to(BILLION).decimals == start.decimals + 3


def test_units_are_never_mixed() -> None:
    """Dollars and euros, or dollars and tonnes, are not added; scales of dollars are."""
    with pytest.raises(UnitError, match="cannot be converted"):
        observed("1") + observed("1", EURO)
    with pytest.raises(UnitError, match="cannot be converted"):
        observed("1") - observed("1", TONNE)
    assert (observed("1", BILLION) + observed("500")).value == Decimal("1.5")
    price = observed("10") / observed("5", TONNE)
    assert price.unit.symbol == "million USD/kt"
    with pytest.raises(UnitError, match="divide once"):
        observed("1", EURO) / price
    assert (observed("1", BILLION) / observed("500")).unit == TIMES
    assert (observed("1", BILLION) / observed("500")).value == 2


def test_the_leading_digit_is_always_printed() -> None:
    """62 percent from coarse figures prints as 60, never as 100."""
    ratio = share(observed("500", key="a-1"), observed("800", key="a-2"))
    assert isinstance(ratio, Quantity)
    assert ratio.decimals == -1
    assert round_to(ratio.value, ratio.decimals) == 60


def test_share_and_total() -> None:
    """A share is in percent; a sum is in the first part's unit and rests on every part."""
    part, rest = observed("25", key="a-1"), observed("75", key="a-2")
    whole = total([part, rest])
    assert isinstance(whole, Quantity)
    assert whole.observations == ("a-1", "a-2")
    assert whole.formula == "sum(a-1, a-2)"
    ratio = share(part, whole)
    assert isinstance(ratio, Quantity)
    assert (ratio.value, ratio.unit) == (Decimal(25), PERCENT)


def test_what_is_observed_is_read_off_one_row() -> None:
    """A sum is derived, and so is a number under a second name: its formula is the first."""
    one, other = observed("25", key="a-1"), observed("75", key="a-2")
    added = total([one, other])
    assert isinstance(added, Quantity)
    assert not one.to(BILLION).derived
    assert all(each.derived for each in (added, added.named("b.sum"), one.named("b.one"), one * 2))


def test_formulas_say_what_a_figure_and_an_exact_value_are() -> None:
    """A figure next to plus or minus has the unit that it is taken in; a target's name, exact()."""
    part, target = observed("20", PERCENT, key="a-1"), observed("300", key="a-2")
    assert (part + 100).formula == "a-1 + 100 percent"
    assert (target / (part + 100)).formula == "a-2 / (a-1 + 100 percent)"
    assert (target.to(BILLION) - Decimal("0.1")).formula == "a-2 - 0.1 billion USD"
    assert (observed("9", key="a-3") / target.exact / 2).formula == "(a-3 / exact(a-2)) / 2"
    assert target.exact.exact == target.exact


def test_a_divisor_that_may_be_zero_is_refused() -> None:
    """A printed 0 may be anything round zero: no ratio is made of it."""
    with pytest.raises(QuantityError, match="may be zero"):
        observed("5") / observed("0")


@pytest.mark.parametrize("operation", ["+", "-", "*", "/"])
def test_the_unknown_stays_unknown(operation: str) -> None:
    """Whatever is computed from what is not known is not known, from either side."""
    known, unknown = observed("2"), Unknown("turnover for 2025")
    results = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
    }
    assert results[operation](known, unknown) is unknown
    assert results[operation](unknown, known) is unknown
    assert growth(known, unknown) is unknown
    assert share(unknown, known) is unknown
    assert total([known, unknown]) is unknown
    assert unknown.to(MILLION) is unknown
    assert not unknown.known


def test_what_is_unknown_is_neither_less_nor_more() -> None:
    """A comparison with the unknown, from either side, is never true; units are converted first."""
    known, unknown = observed("2"), Unknown("turnover for 2025")
    assert not any((known < unknown, known > unknown, unknown < known, unknown > known))
    assert observed("0.5", BILLION) > observed("499")
    assert observed("2") < Decimal("2.1")
    with pytest.raises(UnitError, match="cannot be converted"):
        bool(observed("1") < observed("2", EURO))


def test_a_percentage_stays_one() -> None:
    """Half of 50 percent is 25 percent, 50 percent of 50 percent too; of a whole it is a part."""
    half = observed("50", PERCENT)
    made = [half / 2, half * half, half * observed("500"), half / half]
    assert [float(each) for each in made] == [25, 25, 250, 1]
    assert [each.unit for each in made] == [PERCENT, PERCENT, MILLION, TIMES]


def test_an_exact_value_that_never_ends_has_three_digits() -> None:
    """A third is not printed with all the digits that a computer gives; a quarter keeps its own."""
    one = observed("1").exact
    decimals = [(one / divisor).decimals for divisor in (3, 300, 4)]
    assert decimals == [3, 5, 2]
    assert (one * 100 / 3).decimals == 1
    assert (one * 10_000 / 3).decimals == 0


def test_a_part_of_a_formula_is_in_brackets_unless_it_is_one_call() -> None:
    """A difference of two sums is divided as a whole, and its formula says so."""
    parts = [observed(text, key=f"a-{text}") for text in ("5", "4", "3", "2")]
    more, less = total(parts[:2]), total(parts[2:])
    assert isinstance(more, Quantity)
    assert isinstance(less, Quantity)
    assert (more / less).formula == "sum(a-5, a-4) / sum(a-3, a-2)"
    assert ((more - less) / 2).formula == "(sum(a-5, a-4) - sum(a-3, a-2)) / 2"


@pytest.mark.parametrize(("text", "shown"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("-2.5", -3)])
def test_a_half_goes_away_from_zero(text: str, shown: int) -> None:
    """As the sources round, and as a reader does by hand."""
    assert round_to(Decimal(text), 0) == shown
