"""Observations as a table of pandas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from azkz.ledger.records import AS_WRITTEN, Observation

_COLUMNS = (
    *AS_WRITTEN,
    *("time_period", "value", "unit", "year", "start", "middle", "end", "known_from"),
)


def frame(observations: Iterable[Observation]) -> pd.DataFrame:
    """One row an observation.

    Columns: the ledger's own, with ``time_period`` as text, ``value`` as float in the row's
    ``unit``, and ``year`` (int), ``start``, ``middle``, ``end``, ``known_from`` as datetime64.
    """
    made = pd.DataFrame([_row(row) for row in observations], columns=list(_COLUMNS))
    made = made.astype({"year": int, "value": float})
    for column in ("start", "middle", "end", "known_from"):
        made[column] = pd.to_datetime(made[column])
    return made


def _row(row: Observation) -> dict[str, Any]:
    period = row.period
    return {
        **{name: getattr(row, name) for name in AS_WRITTEN},
        "time_period": period.text,
        "value": float(row.value),
        "unit": row.unit.symbol,
        "year": period.year,
        "start": period.start,
        "middle": period.middle,
        "end": period.end,
        "known_from": row.known_from,
    }
