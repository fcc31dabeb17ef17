"""Values that remember: unit, interval, and the observations that they were computed from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, getcontext
from itertools import product

from azkz.errors import ReportError
from azkz.ledger.formula import as_part
from azkz.ledger.units import TIMES, Unit, UnitError, quotient

Scalar = int | Decimal


class QuantityError(ReportError):
    """Arithmetic that has no meaning, such as a division by zero."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its evidence.

    ``low`` and ``high`` bound it, given the digits that its sources printed; ``observations`` are
    the ids of the ledger's rows behind it; ``formula`` says how it came about, in the names of its
    ``inputs`` (observations, or numbers that the report prints; ``azkz.ledger.formula`` reads it);
    ``known_from`` is the day from which all of its evidence was known. ``step`` is the place value
    of the last digit that one source printed; it is None for what was computed.
    """

    value: Decimal
    low: Decimal
    high: Decimal
    unit: Unit
    observations: tuple[str, ...]
    known_from: date | None
    formula: str
    inputs: tuple[str, ...]
    step: Decimal | None = None

    known = True

    @property
    def derived(self) -> bool:
        """Whether it was computed, not read off one row, or is another number under a new name."""
        return self.inputs != self.observations or self.formula != self.inputs[0]

    @property
    def decimals(self) -> int:
        """How many decimals the evidence holds; negative where even the unit digit is not sure.

        For one observation, the digits that its source printed. For a derived value, the finest
        place whose digit is sure to one unit: what the inputs' digits leave open is at most that
        much to either side. The leading digit of a whole part is always printed. An exact value
        has all its digits; one that never ends (a third of a count) has three of them.
        """
        if self.step is not None:
            return max(0, -self.step.adjusted())
        leading = self.value.adjusted() if self.value else 0
        width = self.high - self.low
        if width:
            return -min(_ceiling_exponent(width / 2), max(leading, 0))
        digits = self.value.normalize().as_tuple()
        ends = len(digits.digits) < getcontext().prec
        return max(0, -int(digits.exponent) if ends else 2 - leading)

    def named(self, name: str) -> Quantity:
        """The same value under a name, which formulas built on it then use."""
        return replace(self, formula=name, inputs=(name,))

    @property
    def exact(self) -> Quantity:
        """The value without the interval of its digits: a target is a line, not a measurement."""
        if self.low == self.high:
            return self
        formula = f"exact({self.formula})"
        return replace(self, low=self.value, high=self.value, formula=formula)

    def to(self, unit: Unit) -> Quantity:
        """The same amount in another unit of its dimension.

        Raises
        ------
        UnitError
            The unit measures something else.
        """
        if unit.symbol == self.unit.symbol:
            return self
        factor = self.unit.factor_to(unit)
        return replace(
            self,
            value=self.value * factor,
            low=self.low * factor,
            high=self.high * factor,
            unit=unit,
            step=None if self.step is None else self.step * factor,
        )

    def __add__(self, other: Quantity | Scalar) -> Quantity:
        right = other.to(self.unit) if isinstance(other, Quantity) else _exact(other, self.unit)
        if not isinstance(right, Quantity):
            return NotImplemented
        bounds = (self.low + right.low, self.high + right.high)
        return _combine(self, right, "+", self.value + right.value, bounds, self.unit)

    def __sub__(self, other: Quantity | Scalar) -> Quantity:
        right = other.to(self.unit) if isinstance(other, Quantity) else _exact(other, self.unit)
        if not isinstance(right, Quantity):
            return NotImplemented
        bounds = (self.low - right.high, self.high - right.low)
        return _combine(self, right, "-", self.value - right.value, bounds, self.unit)

    def __mul__(self, other: Quantity | Scalar) -> Quantity:
        right = other if isinstance(other, Quantity) else _exact(other, TIMES)
        if not isinstance(right, Quantity):
            return NotImplemented
        if right.unit.dimension == "ratio":
            unit, right = self.unit, right.to(TIMES)
        elif self.unit.dimension == "ratio":
            return right * self
        else:
            raise UnitError(f"{self.unit} times {right.unit} is no unit of the ledger")
        corners = [a * b for a, b in product((self.low, self.high), (right.low, right.high))]
        return _combine(self, right, "*", self.value * right.value, _ends(corners), unit)

    __rmul__ = __mul__

    def __truediv__(self, other: Quantity | Scalar) -> Quantity:
        right = other if isinstance(other, Quantity) else _exact(other, TIMES)
        if not isinstance(right, Quantity):
            return NotImplemented
        if right.low <= 0 <= right.high:
            raise QuantityError(f"{self.formula} / {right.formula}: the divisor may be zero")
        if isinstance(other, Quantity) and right.unit.dimension == self.unit.dimension:
            unit, right = TIMES, right.to(self.unit)
        else:
            unit = self.unit if right.unit.dimension == "ratio" else quotient(self.unit, right.unit)
            right = right.to(TIMES) if right.unit.dimension == "ratio" else right
        corners = [a / b for a, b in product((self.low, self.high), (right.low, right.high))]
        return _combine(self, right, "/", self.value / right.value, _ends(corners), unit)

    def __lt__(self, other: Quantity | Scalar) -> bool:
        right = self._counterpart(other)
        return NotImplemented if right is None else self.value < right

    def __gt__(self, other: Quantity | Scalar) -> bool:
        right = self._counterpart(other)
        return NotImplemented if right is None else self.value > right

    def __float__(self) -> float:
        return float(self.value)

    def _counterpart(self, other: Quantity | Scalar) -> Decimal | None:
        """What ``value`` is compared with; None for what cannot be, or is not known."""
        right = other.to(self.unit) if isinstance(other, Quantity) else _exact(other, self.unit)
        return right.value if right else None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known on the as-of day; whatever is computed from it is unknown too.

    It is neither less nor more than anything: what is said of a comparison is then not said.
    A number built on it is left out of the edition, with the prose that cites it.
    """

    reason: str

    known = False

    @property
    def exact(self) -> Unknown:
        """Itself: nothing to make exact."""
        return self

    def named(self, _name: str) -> Unknown:
        """Itself: a name adds nothing."""
        return self

    def to(self, _unit: Unit) -> Unknown:
        """Itself: nothing to convert."""
        return self

    def _unknown(self, _other: object) -> Unknown:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = _unknown
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _unknown

    def __float__(self) -> float:
        return float("nan")

    def __lt__(self, _other: object) -> bool:
        return False

    def __gt__(self, _other: object) -> bool:
        return False


Value = Quantity | Unknown


def round_to(value: Decimal, decimals: int) -> Decimal:
    """``value`` rounded at ``decimals`` places (negative: tens, hundreds).

    A half goes away from zero, as the sources round and as a reader does who checks by hand.
    """
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return rounded if decimals > 0 else Decimal(int(rounded))


def _combine(
    left: Quantity,
    right: Quantity,
    sign: str,
    value: Decimal,
    bounds: tuple[Decimal, Decimal],
    unit: Unit,
) -> Quantity:
    days = [day for day in (left.known_from, right.known_from) if day]
    return Quantity(
        value=value,
        low=bounds[0],
        high=bounds[1],
        unit=unit,
        observations=tuple(sorted({*left.observations, *right.observations})),
        known_from=max(days, default=None),
        formula=f"{as_part(left.formula)} {sign} {as_part(right.formula)}",
        inputs=tuple(dict.fromkeys((*left.inputs, *right.inputs))),
    )


def _exact(number: Scalar, unit: Unit) -> Quantity | None:
    """A figure of the formula's own, with the unit that it is taken in: ``100 percent``."""
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return None
    value = Decimal(number)
    formula = f"{value:f}" if unit == TIMES else f"{value:f} {unit.symbol}"
    return Quantity(value, value, value, unit, (), None, formula, ())


def _ends(corners: list[Decimal]) -> tuple[Decimal, Decimal]:
    return min(corners), max(corners)


def _ceiling_exponent(width: Decimal) -> int:
    """The smallest n with 10**n not below ``width``."""
    exponent = width.adjusted()
    return exponent if width <= Decimal(1).scaleb(exponent) else exponent + 1
