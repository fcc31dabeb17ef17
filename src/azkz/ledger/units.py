"""Units of measure, their dimensions, and conversion inside a dimension."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from azkz.errors import ReportError

_WHOLE = frozenset({"count", "people", "containers", "places", "places a year", "flights a week"})


class UnitError(ReportError):
    """Two units that cannot be added, compared or converted."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the ledger's list of units (``data/units.csv``) defines it.

    ``factor`` turns a value into the base unit of its dimension; it is None where nothing converts
    (a rank, an index). ``label`` is what prose prints.
    """

    symbol: str
    label: str
    dimension: str
    factor: Decimal | None

    def __str__(self) -> str:
        return self.symbol

    @property
    def counts(self) -> bool:
        """Whether its values are whole things, one by one."""
        return self.dimension in _WHOLE and self.factor == 1

    def factor_to(self, other: Unit) -> Decimal:
        """What a value in this unit is multiplied by to be in ``other``.

        Raises
        ------
        UnitError
            The dimensions differ: tonnes do not become dollars, nor euros dollars.
        """
        if self.symbol == other.symbol:
            return Decimal(1)
        if self.dimension != other.dimension or self.factor is None or other.factor is None:
            raise UnitError(
                f"{self.symbol} ({self.dimension}) cannot be converted to "
                f"{other.symbol} ({other.dimension})",
                todo="compare figures of one dimension only",
            )
        return self.factor / other.factor


TIMES = Unit("times", "times", "ratio", Decimal(1))
PERCENT = Unit("percent", "percent", "ratio", Decimal("0.01"))
COUNT = Unit("count", "", "count", Decimal(1))


def quotient(left: Unit, right: Unit) -> Unit:
    """The unit of ``left / right`` where the dimensions differ, such as million USD per kt.

    Raises
    ------
    UnitError
        One of them is such a quotient already: its symbol would no longer say what was divided.
    """
    if "/" in left.dimension + right.dimension:
        raise UnitError(f"{left} by {right} is no unit of the ledger", todo="divide once")
    factor = None
    if left.factor is not None and right.factor is not None:
        factor = left.factor / right.factor
    return Unit(
        f"{left.symbol}/{right.symbol}",
        f"{left.label} per {right.label}",
        f"{left.dimension}/{right.dimension}",
        factor,
    )
