"""How values are printed: grouping, signs, units, and the one kind of markup in plain strings."""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date
from decimal import Decimal
from functools import cache

from azkz.ledger.quantity import Quantity, round_to
from azkz.ledger.units import Unit

THIN = "\u202f"
"""A thin space that does not break: between groups of three digits."""
FIXED = "\u00a0"
"""A space that does not break: between a value and its unit."""
MINUS = "\u2212"

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}

MARKUP = re.compile(r"\{(num|source)\}`([^`]+)`")
"""The roles that titles, captions, notes and cells may hold; all else in them is literal."""

VARIANTS = ("value", "unit", "label", "signed")
"""What a citation of a number may ask for behind a colon: `` {num}`trade.aim:value` ``."""


def print_value(value: Decimal, decimals: int) -> str:
    """``value`` rounded to ``decimals`` places with grouped thousands and a true minus."""
    rounded = round_to(value, decimals)
    digits = f"{abs(rounded):,.{max(decimals, 0)}f}"
    if abs(rounded) < 10_000:
        digits = digits.replace(",", "")
    return MINUS * (rounded < 0) + digits.replace(",", THIN)


def print_quantity(quantity: Quantity, decimals: int | None = None) -> str:
    """Value and unit as prose prints them, such as ``529.4 million USD``."""
    return with_unit(print_bare(quantity, decimals), quantity.unit)


def print_bare(quantity: Quantity, decimals: int | None = None) -> str:
    """The value alone, for a table whose head has the unit."""
    return print_value(quantity.value, quantity.decimals if decimals is None else decimals)


def with_unit(text: str, unit: Unit) -> str:
    """A printed value with its unit behind it; a count has none."""
    label = unit.label.replace(" ", FIXED)
    return f"{text}{FIXED}{label}" if label else text


def split_variant(target: str) -> tuple[str, str]:
    """A citation's target as the number's id and the variant asked for, empty for the whole."""
    key, _, variant = target.strip().partition(":")
    return key, variant


def print_variant(text: str, label: str, variant: str, *, is_word: bool = False) -> str:
    """A printed number (``text``: value, fixed space, unit) as a variant has it.

    The whole for none, ``value`` without the unit, ``unit`` alone, the number's ``label``, or
    ``signed`` with a plus before what is above zero. Empty where there is nothing of the kind: a
    count has no unit; a word or a day (``is_word``) has neither unit nor sign.
    """
    value, _, unit = (text, "", "") if is_word else text.partition(FIXED)
    match variant:
        case "":
            return text
        case "value":
            return value
        case "unit":
            return unit
        case "label":
            return label
        case "signed" if not is_word:
            return f"+{text}" if value.strip("0.") and value[0] != MINUS else text
    return ""


def cited_numbers(text: str) -> list[str]:
    """The ids of the numbers that ``text`` cites, in its order."""
    return [split_variant(target)[0] for role, target in MARKUP.findall(text) if role == "num"]


def strip_markup(text: str) -> str:
    """``text`` for where no link can stand: each role gives its bare target."""
    return MARKUP.sub(lambda found: found[2], text)


def in_words(count: int) -> str:
    """A count as prose says it: ``no`` for none, as a word up to ten, then in digits."""
    return _WORDS[count] if count < len(_WORDS) else str(count)


def ordinal(place: int) -> str:
    """A place in an order, the first being 1: as a word up to the tenth, then ``21st``."""
    if place <= len(_ORDINALS):
        return _ORDINALS[place - 1]
    teens = 11 <= place % 100 <= 13
    return f"{place}{'th' if teens else _ENDINGS.get(place % 10, 'th')}"


def print_whole(value: float) -> str:
    """A whole number with grouped thousands, as a label prints what is drawn."""
    return print_value(Decimal(value), 0)


def vintage_figure(number: str) -> str:
    """The id of the chart of a number's vintages."""
    return f"vintages.{number.replace('.', '-')}"


@cache
def long_date(day: date) -> str:
    """``11 March 2024``."""
    return f"{day.day}{FIXED}{month_name[day.month]} {day.year}"
