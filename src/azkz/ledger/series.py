"""A series: one indicator by one reporter for one pair of areas and one item, over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from azkz.errors import BadInput
from azkz.ledger.periods import Period, parse_period
from azkz.ledger.quantity import Quantity, Unknown, Value
from azkz.ledger.reconcile import Point
from azkz.ledger.records import Observation
from azkz.ledger.units import Unit

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Series:
    """Reconciled readings. ``points`` maps each period to what stands there and its alternatives.

    Values come in ``unit``. Asking for a period that is not known gives an ``Unknown``, so that a
    chapter reads the same in every edition; ``asked`` says in words what the series is of.
    """

    unit: Unit
    points: Mapping[Period, Point]
    asked: str

    def __getitem__(self, period: str | int | Period) -> Value:
        """The value for a period, such as ``2023`` or ``"2024-01/2024-06"``."""
        point = self.points.get(_period(period))
        if point is None:
            return Unknown(f"{self.asked} for {_period(period).label}")
        return point.observation.quantity.to(self.unit)

    def __contains__(self, period: str | int | Period) -> bool:
        return _period(period) in self.points

    def __iter__(self) -> Iterator[Period]:
        return iter(sorted(self.points))

    def __len__(self) -> int:
        return len(self.points)

    def point(self, period: str | int | Period) -> Point:
        """What stands for a period, with its alternatives.

        Raises
        ------
        KeyError
            The series has no reading for it.
        """
        return self.points[_period(period)]

    @property
    def years(self) -> dict[int, Quantity]:
        """The whole calendar years, ascending."""
        return {
            period.year: self.points[period].observation.quantity.to(self.unit)
            for period in self
            if period.is_year
        }

    @property
    def observations(self) -> tuple[Observation, ...]:
        """The rows that stand, by period."""
        return tuple(self.points[period].observation for period in self)

    def frame(self) -> pd.DataFrame:
        """One row a period, ascending.

        Columns: period (str), start, end, middle (datetime64), year (int), value (float, in
        ``unit``), low, high (float), observation, source, status, known_from (str).
        """
        import pandas as pd

        rows = [self._row(period) for period in self]
        frame = pd.DataFrame(rows, columns=_COLUMNS).astype(
            {"year": int, "value": float, "low": float, "high": float}
        )
        for column in ("start", "end", "middle"):
            frame[column] = pd.to_datetime(frame[column])
        return frame

    def _row(self, period: Period) -> tuple[object, ...]:
        observation = self.points[period].observation
        quantity = observation.quantity.to(self.unit)
        return (
            period.text,
            period.start,
            period.end,
            period.middle,
            period.year,
            float(quantity.value),
            float(quantity.low),
            float(quantity.high),
            observation.id,
            observation.source,
            observation.status,
            observation.known_from.isoformat(),
        )


_COLUMNS = [
    "period",
    "start",
    "end",
    "middle",
    "year",
    "value",
    "low",
    "high",
    "observation",
    "source",
    "status",
    "known_from",
]


def _period(period: str | int | Period) -> Period:
    return period if isinstance(period, Period) else parse_period(str(period))


def refuse_several(rows: Sequence[Observation], asked: str) -> None:
    """Raise BadInput where ``rows`` are of several items or areas, which make no series."""
    things = {(row.item, row.ref_area, row.counterpart_area) for row in rows}
    if len(things) > 1:
        shown = "; ".join(" ".join(filter(None, thing)) or "none" for thing in sorted(things))
        raise BadInput(
            f"a series is of one item and one pair of areas; {asked} has {len(things)}: {shown}",
            todo="say item, ref_area and counterpart_area",
        )
