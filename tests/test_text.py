"""How values are printed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azkz.ledger import PERCENT
from azkz.ledger.units import COUNT
from azkz.report.text import (
    cited_numbers,
    in_words,
    ordinal,
    print_value,
    print_variant,
    strip_markup,
    with_unit,
)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        ("529.44", 1, "529.4"),
        ("0.5", 0, "1"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "\u22123"),
        ("14.25", 1, "14.3"),
        ("462.5", -1, "460"),
        ("465", -1, "470"),
        ("9999.6", 0, "10\u202f000"),
        ("9999.4", 0, "9999"),
        ("-1234567.8", 0, "\u22121\u202f234\u202f568"),
        ("5", 2, "5.00"),
        ("0", 1, "0.0"),
    ],
)
def test_values_are_rounded_and_grouped(value: str, decimals: int, shown: str) -> None:
    """Halves go away from zero, thousands are grouped from five digits on, a minus is a minus."""
    assert print_value(Decimal(value), decimals) == shown


@given(st.decimals(min_value="-0.049", max_value="0.049", places=3))
def test_nothing_is_printed_as_minus_zero(value: Decimal) -> None:
    """What rounds to nothing has no sign."""
    assert print_value(value, 1) == "0.0"
    assert print_value(value, 0) == "0"


def test_units_stand_beside_their_values() -> None:
    """No line breaks between value and unit, and what is counted has none."""
    assert with_unit("14.3", PERCENT) == "14.3\u00a0percent"
    assert with_unit("29", COUNT) == "29"


@pytest.mark.parametrize(
    ("place", "word"),
    [
        (1, "first"),
        (10, "tenth"),
        (11, "11th"),
        (21, "21st"),
        (22, "22nd"),
        (43, "43rd"),
        (112, "112th"),
    ],
)
def test_places_in_an_order(place: int, word: str) -> None:
    """Words up to the tenth, then digits with their own endings."""
    assert ordinal(place) == word


def test_small_counts_are_words() -> None:
    """Prose has words up to ten, and says of nothing that there is no such thing."""
    assert [in_words(count) for count in (0, 1, 10, 11)] == ["no", "one", "ten", "11"]


def test_markup_gives_its_target_where_no_link_can_stand() -> None:
    """Only the two roles are markup; anything else stays as typed."""
    text = "up {num}`trade.a-1`, says {source}`page`, *more* {other}`b`"
    assert strip_markup(text) == "up trade.a-1, says page, *more* {other}`b`"


@pytest.mark.parametrize(
    ("text", "variant", "shown"),
    [
        ("529.4\u00a0million\u00a0USD", "", "529.4\u00a0million\u00a0USD"),
        ("529.4\u00a0million\u00a0USD", "value", "529.4"),
        ("529.4\u00a0million\u00a0USD", "unit", "million\u00a0USD"),
        ("529.4\u00a0million\u00a0USD", "label", "Turnover"),
        ("529.4\u00a0million\u00a0USD", "signed", "+529.4\u00a0million\u00a0USD"),
        ("\u22128.1\u00a0percent", "signed", "\u22128.1\u00a0percent"),
        ("0.0\u00a0percent", "signed", "0.0\u00a0percent"),
        ("7", "unit", ""),
        ("7", "value", "7"),
    ],
)
def test_a_variant_is_a_part_of_what_is_printed(text: str, variant: str, shown: str) -> None:
    """Value, unit, label and sign are read off the printed number; what is not there is empty."""
    assert print_variant(text, "Turnover", variant) == shown


@pytest.mark.parametrize("text", ["rose", "11\u00a0March 2024"])
def test_a_word_or_day_has_neither_unit_nor_sign(text: str) -> None:
    """What begins with a digit is not for that a figure."""
    parts = [print_variant(text, "Day", v, is_word=True) for v in ("value", "unit", "signed")]
    assert parts == [text, "", ""]


def test_cited_numbers_come_without_their_variants() -> None:
    """The ids of numbers are found in a string, those of sources are not."""
    text = "{num}`trade.aim:value` of {num}`trade.aim`, says {source}`trend-2024`; 5 {num} `x`"
    assert cited_numbers(text) == ["trade.aim", "trade.aim"]
