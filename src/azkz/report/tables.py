"""Tables that people read: formatted cells, units in the head, a note, and their evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from azkz.ledger import Observation, Quantity, Unknown
from azkz.report.text import print_quantity, print_value, strip_markup

MISSING = "…"
"""What stands where a value was not found (a dash would read as zero)."""


def table_record(
    key: str,
    frame: pd.DataFrame,
    title: str,
    note: str,
    *,
    with_units: bool,
    decimals: Mapping[str, int] | int | None,
) -> dict[str, Any]:
    """The table as the page draws it; see ``Report.table`` for what the cells may be."""
    columns = [
        {"label": str(label), "align": _align(frame[label]), "unit": ""} for label in frame.columns
    ]
    places = [_places(decimals, column["label"]) for column in columns]
    rows = [
        [_cell(value, most, with_units=with_units) for value, most in zip(row, places, strict=True)]
        for row in _rows(frame)
    ]
    return {
        "kind": "table",
        "id": key,
        "title": title,
        "note": note,
        "columns": columns,
        "rows": rows,
        "observations": cell_observations(frame),
    }


def cell_observations(frame: pd.DataFrame) -> list[str]:
    """The observations behind the quantities and observations in the cells, sorted."""
    ids: set[str] = set()
    for row in _rows(frame):
        for value in row:
            if isinstance(value, Quantity):
                ids.update(value.observations)
            elif isinstance(value, Observation):
                ids.add(value.id)
    return sorted(ids)


def as_html(record: dict[str, Any]) -> str:
    """The table for a notebook that is opened by itself."""
    head = "".join(f"<th>{escape(column['label'])}</th>" for column in record["columns"])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(strip_markup(cell))}</td>" for cell in row) + "</tr>"
        for row in record["rows"]
    )
    title = escape(strip_markup(record["title"]))
    note = f"<p>{escape(strip_markup(record['note']))}</p>" if record["note"] else ""
    return (
        f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{note}"
    )


def _rows(frame: pd.DataFrame) -> Sequence[tuple[Any, ...]]:
    return list(frame.astype(object).itertuples(index=False, name=None))


def _align(column: pd.Series) -> str:
    numeric = [v for v in column if isinstance(v, Quantity | Observation | int | float)]
    return "right" if numeric else "left"


def _places(decimals: Mapping[str, int] | int | None, label: str) -> int | None:
    return decimals.get(label) if isinstance(decimals, Mapping) else decimals


def _cell(value: Any, most: int | None, *, with_units: bool) -> str:
    if isinstance(value, Observation):
        value = value.quantity
    if value is None or isinstance(value, Unknown) or (isinstance(value, float) and pd.isna(value)):
        return MISSING
    if isinstance(value, Quantity):
        places = value.decimals if most is None else min(value.decimals, most)
        return print_quantity(value, places) if with_units else print_value(value.value, places)
    return str(value)
