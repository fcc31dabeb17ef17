"""Formulas: read, recomputed from the CSV files, and held against every number of the report."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azkz.errors import ReportError
from azkz.ledger import PERCENT, TIMES, Quantity, Unit, Value, counted, growth, share, total
from azkz.ledger.formula import Amount, Call, FormulaError, Name, Operation, names, parse
from azkz.ledger.quantity import QuantityError
from azkz.ledger.recompute import recompute
from azkz.ledger.units import UnitError, quotient
from azkz.ledger.vintage import Ledger

TOLERANCE = 1e-12
"""Relative: a record's value is the float nearest to a decimal of 28 digits."""

MILLION = Unit("million USD", "million USD", "USD", Decimal(1_000_000))
BILLION = Unit("billion USD", "billion USD", "USD", Decimal(1_000_000_000))
TONNES = Unit("kt", "thousand tonnes", "mass", Decimal(1000))
RANK = Unit("rank", "", "rank", None)
PRICE = Unit("USD/t", "USD per tonne", "USD per tonne", Decimal(1))
UNITS = {unit.symbol: unit for unit in (MILLION, BILLION, TONNES, RANK, PRICE, PERCENT, TIMES)}
KNOWN = {
    "a-1": (Decimal(6), MILLION),
    "a-2": (Decimal("0.002"), BILLION),
    "b.growth": (Decimal(20), PERCENT),
    "b.mass-2023": (Decimal(4), TONNES),
    "b.none": (Decimal(0), TONNES),
    "b.rank": (Decimal(3), RANK),
    "c.price": (Decimal(2), PRICE),
}


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("a-1", MILLION, 6),
        ("a-1", BILLION, "0.006"),
        ("a-1 + a-2", MILLION, 8),
        ("a-2 - a-1 - a-1", MILLION, -10),
        ("a-2 - (a-1 - a-1)", BILLION, "0.002"),
        ("a-1 + a-2 * 3", MILLION, 12),
        ("(a-1 + a-2) * 3", MILLION, 24),
        ("a-1 / a-2 / 3", TIMES, 1),
        ("a-1 / (a-2 / 2)", TIMES, 6),
        ("a-1 + 500 thousand USD", MILLION, "6.5"),
        ("a-1 * -2.5", MILLION, -15),
        ("a-1 / (b.growth + 100 percent)", MILLION, 5),
        ("a-1 * b.growth", MILLION, "1.2"),
        ("b.growth * a-1", MILLION, "1.2"),
        ("b.growth * b.growth", PERCENT, 4),
        ("percent((a-1 / a-2) - 1)", PERCENT, 200),
        ("percent(a-1 / a-2) - 100 percent", PERCENT, 200),
        ("sum(a-1, a-2, a-1 - a-2) - sum(a-2, a-2)", MILLION, 8),
        ("exact(a-1) + exact(a-1 / 2)", MILLION, 9),
        ("count(trade-0001, event-0002)", Unit("count", "", "count", Decimal(1)), 2),
        ("count(percent(trade-0001 / trade-0002))", Unit("count", "", "count", Decimal(1)), 1),
        ("a-1 / b.mass-2023", quotient(MILLION, TONNES), "1.5"),
        ("a-1 / b.mass-2023 + 1 million USD/kt", quotient(MILLION, TONNES), "2.5"),
        ("a-1 / c.price + 2 million USD/USD/t", quotient(MILLION, PRICE), 5),
        ("b.rank - 1 rank", RANK, 2),
    ],
)
def test_a_formula_is_recomputed(text: str, unit: Unit, value: str | int) -> None:
    """Precedence, brackets, calls, units: the first operand's in a sum, the asked one at last."""
    units = {**UNITS, "thousand USD": Unit("thousand USD", "", "USD", Decimal(1000))}
    assert recompute(text, KNOWN, units, unit) == Decimal(value)


def test_a_formula_is_a_tree() -> None:
    """Names come once each, from left to right; the tree says what is joined how."""
    tree = parse("percent((a-1 / (a-2 + 5 million USD)) - 1) * a-1")
    inner = Operation("+", Name("a-2"), Amount(Decimal(5), "million USD"))
    ratio = Operation("-", Operation("/", Name("a-1"), inner), Amount(Decimal(1), ""))
    assert tree == Operation("*", Call("percent", (ratio,)), Name("a-1"))
    assert names(tree) == ("a-1", "a-2")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", 1),
        ("a-1 +", 4),
        ("a-1 + ", 7),
        ("a-1+a-2", 4),
        ("(a-1 + a-2", 11),
        ("a-1)", 4),
        ("a-1 a-2", 4),
        ("mean(a-1, a-2)", 1),
        ("a-1 + percent(a-1, a-2)", 7),
        ("a-1 + A-2", 7),
        ("5x", 1),
        ("sum()", 5),
        ("count(a-1, a-1)", 1),
        ("__import__('os')", 1),
    ],
)
def test_a_malformed_formula_is_refused(text: str, place: int) -> None:
    """The message has the formula and the character that cannot stand there."""
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.where == f"{text!r}, character {place}"


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("a-1 + a-9", FormulaError, r"a-1 \+ a-9: a-9 is not known"),
        ("a-1 + 5 pounds", FormulaError, "'pounds' is no unit"),
        ("a-1 / b.none", FormulaError, "a division by zero"),
        ("b.none / b.none", FormulaError, "a division by zero"),
        ("a-1 + b.mass-2023", UnitError, "kt .* cannot be converted to million USD"),
        ("a-1 * b.mass-2023", UnitError, "million USD .* cannot be converted to times"),
        ("a-1 + 5", UnitError, "times .* cannot be converted to million USD"),
        ("percent(a-1)", UnitError, "million USD .* cannot be converted to percent"),
        ("a-1 / a-2", UnitError, "times .* cannot be converted to million USD"),
    ],
)
def test_what_cannot_be_recomputed_is_refused(
    text: str, error: type[ReportError], says: str
) -> None:
    """Unknown names and units, divisions by zero, and units that have nothing in common."""
    with pytest.raises(error, match=says):
        recompute(text, KNOWN, UNITS, MILLION)


def observed(key: str, text: str, unit: Unit) -> Quantity:
    """A quantity as an observation gives it, its last digit rounded."""
    value, half = Decimal(text), Decimal("0.05")
    day = date(2024, 1, 1)
    return Quantity(value, value - half, value + half, unit, (key,), day, key, (key,))


FIGURES = st.decimals(min_value="0.1", max_value="9999", places=1).map(str)
LEAVES = {"a-1": MILLION, "a-2": BILLION, "b.mass": TONNES, "b.part": PERCENT, "b.ratio": TIMES}
SCALARS = st.one_of(st.integers(-9, 9), st.decimals(-9, 9, places=2))


@st.composite
def expressions(draw: st.DrawFn, leaves: list[Quantity], depth: int = 4) -> Quantity:
    """A quantity computed from ``leaves`` in any way that has a meaning."""
    kinds = ("leaf", "+", "-", "*", "/", "growth", "share", "total", "exact", "to", "scalar")
    kind = draw(st.sampled_from(kinds)) if depth else "leaf"
    if kind == "leaf":
        return draw(st.sampled_from(leaves))
    left = draw(expressions(leaves, depth - 1))
    if kind in ("exact", "to"):
        same = [unit for unit in UNITS.values() if unit.dimension == left.unit.dimension]
        return (
            left.exact if kind == "exact" else left.to(draw(st.sampled_from(same or [left.unit])))
        )
    other: Any = draw(SCALARS) if kind == "scalar" else draw(expressions(leaves, depth - 1))
    if kind == "scalar":
        kind = draw(st.sampled_from("+-*/"))
    try:
        made = joined(kind, left, other)
    except (UnitError, QuantityError):
        return left
    assert isinstance(made, Quantity)
    return made


def joined(kind: str, left: Quantity, right: Any) -> Value:
    """One step of arithmetic, by its sign or the name of its function."""
    steps: dict[str, Any] = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "growth": lambda: growth(left, right),
        "share": lambda: share(left, right),
        "total": lambda: total([left, right, left]),
    }
    made: Value = steps[kind]()
    return made


@given(st.data())
def test_whatever_is_computed_is_recomputed_from_its_formula(data: st.DataObject) -> None:
    """The formula that arithmetic writes makes its value again, and its names are the inputs."""
    leaves = [observed(key, data.draw(FIGURES), unit) for key, unit in LEAVES.items()]
    made = data.draw(expressions(leaves))
    known = {leaf.formula: (leaf.value, leaf.unit) for leaf in leaves}
    again = recompute(made.formula, known, UNITS, made.unit)
    # Steps that cancel out leave what the last of 28 digits was: compare with the largest step.
    largest = max(abs(value * (unit.factor or 1)) for value, unit in known.values())
    assert math.isclose(made.value, again, rel_tol=1e-12, abs_tol=largest * Decimal("1e-12"))
    assert names(parse(made.formula)) == made.inputs
    if made.derived:
        assert set(made.inputs) == set(made.observations)


def test_a_count_names_its_rows(ledger: Ledger) -> None:
    """Each row once, by id; known from the day on which the last of them was; none is no count."""
    rows = list(ledger.happened(kind="visit"))[:3]
    made = counted([*rows, rows[0]])
    assert isinstance(made, Quantity)
    assert made.formula == f"count({', '.join(sorted(row.id for row in rows))})"
    assert (made.value, made.inputs) == (Decimal(3), made.observations)
    assert made.known_from == max(row.known_from for row in rows)
    assert not counted([]).known


def test_a_count_of_quantities_rests_on_all_that_they_rest_on(ledger: Ledger) -> None:
    """What decides which things are counted is evidence of the count as well."""
    first, second, third = (row.quantity for row in ledger.select("exports")[:3])
    made = counted([share(first, second), share(third, second)])
    assert isinstance(made, Quantity)
    assert made.value == 2
    assert set(made.observations) == {
        *first.observations,
        *second.observations,
        *third.observations,
    }
    assert set(names(parse(made.formula))) == set(made.inputs) == set(made.observations)
