"""Recomputes a number by its formula, without the arithmetic that wrote it: each checks the other.

Nothing of ``quantity`` or ``arithmetic`` is used, only the tree of the formula and the ledger's
units.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from azkz.ledger.formula import Amount, Call, Formula, FormulaError, Name, Operation, parse
from azkz.ledger.units import COUNT, PERCENT, TIMES, Unit, quotient

Known = Mapping[str, tuple[Decimal, Unit]]
"""What names stand for: a value and its unit."""


def recompute(text: str, known: Known, units: Mapping[str, Unit], unit: Unit) -> Decimal:
    """What a formula makes of ``known``, in ``unit``.

    ``units`` are the ledger's, by symbol: amounts in the formula are written in them.

    Raises
    ------
    FormulaError
        The formula is malformed, or names what is not known, or divides by zero.
    UnitError
        It joins units that have nothing in common, or makes something else than ``unit`` measures.
    """
    try:
        value, made = _Evaluation(known, units).of(parse(text))
    except ArithmeticError as error:
        raise FormulaError("a division by zero", text) from error
    except LookupError as error:
        raise FormulaError(str(error.args[0]), text, "name a row, a number or a unit") from error
    return value * made.factor_to(unit)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """Values with units. A sum has its first part's unit, a ratio is in times."""

    known: Known
    units: Mapping[str, Unit]

    def of(self, tree: Formula) -> tuple[Decimal, Unit]:
        """The value of a part and its unit."""
        match tree:
            case Name(key):
                return self._value(key)
            case Amount(value, symbol):
                return value, self._unit(symbol)
            case Call("count", arguments):
                return Decimal(len(arguments)), COUNT
            case Call("percent", (argument,)):
                value, unit = self.of(argument)
                return value * unit.factor_to(PERCENT), PERCENT
            case Call(_, (first, *others)):
                value, unit = self.of(first)
                return value + sum(_in(unit, *self.of(each)) for each in others), unit
            case Operation(sign, left, right):
                return _joined(sign, *self.of(left), *self.of(right))
        raise TypeError(tree)

    def _value(self, key: str) -> tuple[Decimal, Unit]:
        if key not in self.known:
            raise LookupError(f"{key} is not known")
        return self.known[key]

    def _unit(self, symbol: str) -> Unit:
        if not symbol:
            return TIMES
        if symbol in self.units:
            return self.units[symbol]
        for stroke in re.finditer("/", symbol):
            upper, lower = symbol[: stroke.start()], symbol[stroke.end() :]
            if upper in self.units and lower in self.units:
                return quotient(self.units[upper], self.units[lower])
        raise LookupError(f"{symbol!r} is no unit of the ledger")


def _joined(
    sign: str, left: Decimal, unit: Unit, right: Decimal, other: Unit
) -> tuple[Decimal, Unit]:
    match sign:
        case "+":
            return left + _in(unit, right, other), unit
        case "-":
            return left - _in(unit, right, other), unit
        case "*":
            # Of two things that are multiplied one is a ratio; what is none is refused here.
            if other.dimension == TIMES.dimension:
                return left * _in(TIMES, right, other), unit
            return _in(TIMES, left, unit) * right, other
    return _divided(left, unit, right, other)


def _divided(left: Decimal, unit: Unit, right: Decimal, other: Unit) -> tuple[Decimal, Unit]:
    if other.dimension == unit.dimension:
        return left / _in(unit, right, other), TIMES
    if other.dimension == TIMES.dimension:
        return left / _in(TIMES, right, other), unit
    return left / right, quotient(unit, other)


def _in(unit: Unit, value: Decimal, own: Unit) -> Decimal:
    return value * own.factor_to(unit)
