"""Every number of the chapters, recomputed from the CSV files by a second route."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache, reduce
from typing import Any, NamedTuple

import pytest

from azkz.build import CHAPTERS
from azkz.ledger import Unit
from azkz.ledger.formula import Amount, Call, Formula, Name, Operation, names, parse
from azkz.ledger.notes import CEILING, FLOOR, sides
from azkz.ledger.recompute import recompute
from azkz.ledger.units import quotient
from azkz.report.text import FIXED, MINUS, THIN
from chapter_checks import observations, run, table

TOLERANCE = 1e-12
"""Relative: a record's value is the float nearest to a decimal of 28 digits."""

Record = dict[str, Any]


@pytest.fixture(params=CHAPTERS)
def chapter(request: pytest.FixtureRequest) -> dict[str, Record]:
    """The numbers of a chapter by id; it runs once in a test process."""
    name: str = request.param
    return {number["id"]: number for number in run(name).numbers}


@cache
def rows() -> dict[str, Record]:
    """Observations and events by id, as they are written."""
    both = [table("events"), observations()]
    found: list[Record] = [row for frame in both for row in frame.to_dict("records")]  # type: ignore[misc]
    return {row["id"]: row for row in found}


@cache
def unit_of(symbol: str) -> Unit:
    """A unit as ``units.csv`` writes it; of two with a stroke between them, the quotient."""
    listed = {row["unit"]: row for row in table("units").to_dict("records")}
    if symbol not in listed:
        upper, _, lower = symbol.partition("/")
        return quotient(unit_of(upper), unit_of(lower))
    row = listed[symbol]
    factor = Decimal(row["factor"]) if row["factor"] else None
    return Unit(symbol, row["label"], row["dimension"], factor)


def derived(chapter: dict[str, Record]) -> Iterator[Record]:
    """Derived numbers, what they are made from before them."""
    done: dict[str, Record] = {}

    def visit(key: str) -> None:
        if key in done or key not in chapter:
            return
        for name in chapter[key]["inputs"]:
            visit(name)
        done[key] = chapter[key]

    for key in chapter:
        visit(key)
    return (number for number in done.values() if number["kind"] == "derived")


def test_every_derived_number_is_recomputed_from_the_ledger(chapter: dict[str, Record]) -> None:
    """From the figures in the CSV file alone, formula by formula, to the value of the record."""
    units = {symbol: unit_of(symbol) for symbol in table("units")["unit"]}
    known = {
        key: (Decimal(row["obs_value"]), unit_of(row["unit"]))
        for key, row in rows().items()
        if "obs_value" in row
    }
    for number in chapter.values():
        if number["kind"] == "observed":
            (only,), unit = number["inputs"], unit_of(number["unit"])
            value, own = known[only]
            known[number["id"]] = value * own.factor_to(unit), unit
    wrong = {}
    for number in derived(chapter):
        unit = unit_of(number["unit"])
        again = recompute(number["formula"], known, units, unit)
        known[number["id"]] = again, unit
        exact = number["formula"].startswith("count(")
        if not math.isclose(number["value"], again, rel_tol=0 if exact else TOLERANCE):
            wrong[number["id"]] = number["value"], again
    assert not wrong


def test_every_observed_number_is_the_figure_of_its_row(chapter: dict[str, Record]) -> None:
    """One row, its figure as written, converted into the unit in which it is printed."""
    for number in (number for number in chapter.values() if number["kind"] == "observed"):
        assert number["inputs"] == number["observations"] == [number["formula"]]
        row = rows()[number["formula"]]
        factor = unit_of(row["unit"]).factor_to(unit_of(number["unit"]))
        value = float(Decimal(row["obs_value"]) * factor)
        assert math.isclose(number["value"], value, rel_tol=TOLERANCE), number["id"]


def test_every_number_rests_on_rows_and_is_as_young_as_the_youngest(
    chapter: dict[str, Record],
) -> None:
    """Its rows stand in the ledger; it was known from the day from which the last of them was."""
    for number in chapter.values():
        assert number["observations"], number["id"]
        days = [rows()[key]["known_from"] for key in number["observations"]]
        assert number["known_from"] == max(days), number["id"]
        pages = {rows()[key][name] for key in number["observations"] for name in ("source",)}
        assert pages <= set(number["sources"]), number["id"]


def test_every_input_is_named_in_the_formula_and_hands_its_rows_on(
    chapter: dict[str, Record],
) -> None:
    """Inputs are the names in the formula; a derived number rests on their rows and no others."""
    for number in chapter.values():
        if number["kind"] == "text":
            assert (number["formula"], number["inputs"]) == ("", [])
            continue
        assert list(names(parse(number["formula"]))) == number["inputs"], number["id"]
        handed: set[str] = set()
        for name in number["inputs"]:
            assert name in chapter or name in rows(), f"{number['id']} names {name}"
            handed |= set(chapter[name]["observations"]) if name in chapter else {name}
        assert handed == set(number["observations"]), number["id"]


def test_the_report_prints_numbers_enough() -> None:
    """All chapters together name at least 250, and many of either kind."""
    kinds = Counter(number["kind"] for name in CHAPTERS for number in run(name).numbers)
    assert kinds.total() >= 250
    assert kinds["observed"] >= 100
    assert kinds["derived"] >= 100


class Span(NamedTuple):
    """A value with its bounds, in the base unit of its dimension."""

    low: Fraction
    value: Fraction
    high: Fraction
    dimension: str


def span_of(row: Record) -> Span:
    """What a row's figure stands for: half of its last significant digit to either side.

    A note makes it one-sided; things counted to the last one are exact.
    """
    text, unit = row["obs_value"], unit_of(row["unit"])
    whole, point, decimals = text.partition(".")
    zeros = len(whole) - len(whole.rstrip("0")) if whole.strip("-0") else 0
    digit = Fraction(10) ** (-len(decimals) if point else zeros)
    half = 0 if unit.counts and digit == 1 else digit / 2
    value, said = Fraction(text), sides(row["note"], text)
    low = value if said == {FLOOR} else value - half
    high = value if said == {CEILING} else value + half
    factor = base(row["unit"])
    return Span(low * factor, value * factor, high * factor, unit.dimension)


def base(symbol: str) -> Fraction:
    """The factor of a unit to its dimension's base unit; 1 where nothing converts."""
    factor = unit_of(symbol).factor
    return Fraction(factor) if factor is not None else Fraction(1)


def interval(tree: Formula, known: dict[str, Span]) -> Span:
    """The interval of a formula, by interval arithmetic of its own on exact fractions."""
    match tree:
        case Name(key):
            return known[key]
        case Amount(value, symbol):
            amount = Fraction(value) * base(symbol or "times")
            return Span(amount, amount, amount, unit_of(symbol or "times").dimension)
        case Call("count", arguments):
            count = Fraction(len(arguments))
            return Span(count, count, count, "count")
        case Call("exact", (argument,)):
            made = interval(argument, known)
            return Span(made.value, made.value, made.value, made.dimension)
        case Call(_, arguments):
            parts = [interval(each, known) for each in arguments]
            return reduce(added, parts)
        case Operation(sign, left, right):
            return spanned(sign, interval(left, known), interval(right, known))
    raise TypeError(tree)


def added(left: Span, right: Span) -> Span:
    """The sum of two intervals of one dimension."""
    assert left.dimension == right.dimension
    low, value, high = left.low + right.low, left.value + right.value, left.high + right.high
    return Span(low, value, high, left.dimension)


def spanned(sign: str, left: Span, right: Span) -> Span:
    """Two intervals joined."""
    if sign in "+-":
        turned = Span(-right.high, -right.value, -right.low, right.dimension)
        return added(left, right if sign == "+" else turned)
    pairs = [(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    if sign == "*":
        dimension = left.dimension if right.dimension == "ratio" else right.dimension
        ends, value = [a * b for a, b in pairs], left.value * right.value
    else:
        same = f"{left.dimension}/{right.dimension}"
        dimension = left.dimension if right.dimension == "ratio" else same
        dimension = "ratio" if left.dimension == right.dimension else dimension
        ends, value = [a / b for a, b in pairs], left.value / right.value
    return Span(min(ends), value, max(ends), dimension)


def is_held(decimals: int, low: Fraction, value: Fraction, high: Fraction) -> bool:
    """Whether that many decimals are sure to one unit of the last, or the leading digit alone."""
    leading = math.floor(math.log10(abs(value))) if value else 0
    place = Fraction(10) ** -decimals
    if high > low:
        return (high - low) / 2 <= place or decimals <= -max(leading, 0)
    if 10**28 % value.denominator:
        return decimals <= max(0, 2 - leading)
    # Its decimals come to an end: the last printed one is none that it does not have.
    return decimals <= 0 or (value / place * 10).denominator == 1


def spans(chapter: dict[str, Record]) -> dict[str, Span]:
    """The interval of every number with a value, from the figures in the CSV file."""
    known = {key: span_of(row) for key, row in rows().items() if "obs_value" in row}
    for number in chapter.values():
        if number["kind"] == "observed":
            known[number["id"]] = known[number["formula"]]
    for number in derived(chapter):
        known[number["id"]] = interval(parse(number["formula"]), known)
    return known


def test_no_printed_digit_is_finer_than_the_evidence_holds(chapter: dict[str, Record]) -> None:
    """A derived number's last place is sure to one unit; an observed one's was printed."""
    known, finer = spans(chapter), {}
    for number in chapter.values():
        if number["kind"] == "text":
            continue
        decimals, factor = number["decimals"], base(number["unit"])
        low, value, high = (end / factor for end in known[number["id"]][:3])
        if number["kind"] == "observed":
            row = rows()[number["formula"]]
            digits = len(row["obs_value"].partition(".")[2])
            step = Fraction(1, 10**digits) * base(row["unit"]) / factor
            held = decimals <= 0 or Fraction(10) ** -decimals >= step
        else:
            held = is_held(decimals, low, value, high)
        if not held:
            finer[number["id"]] = number["text"], float(low), float(high)
    assert not finer


def test_the_text_of_a_number_is_its_value_at_its_last_place(chapter: dict[str, Record]) -> None:
    """What is read is the value rounded to the record's decimals, no digit more or less."""
    for number in chapter.values():
        if number["kind"] == "text":
            continue
        printed, _, label = number["text"].partition(FIXED)
        assert label.replace(FIXED, " ") == unit_of(number["unit"]).label
        plain = printed.replace(THIN, "").replace(MINUS, "-")
        decimals = max(number["decimals"], 0)
        assert len(plain.partition(".")[2]) == decimals, number["id"]
        place = Fraction(10) ** -number["decimals"]
        assert (Fraction(plain) / place).denominator == 1, number["id"]
        assert abs(Fraction(plain) - Fraction(number["value"])) <= place / 2 * (
            1 + Fraction(1, 10**9)
        )
