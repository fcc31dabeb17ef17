"""Tables that people read: formatted cells that lead to their evidence, units in the head, a note.

A cell of a record is a string, which may hold the ``{num}`` and ``{source}`` roles, or a list of
parts, divided by commas: objects with ``text`` and, for figures, either ``number`` (the id of a
number of the report) or ``row`` (the id of an observation).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from azkz.ledger import Observation, Quantity, Unknown
from azkz.report.text import print_bare, print_quantity, strip_markup

MISSING = "…"
"""What stands where a value was not found (a dash would read as zero)."""

Figure = dict[str, str]
Cell = str | list[Figure]
NameCell = Callable[[Quantity, str, str, int], str]
"""Gives the id of the number for a computed cell, given row, column and decimals printed."""


@dataclass(frozen=True, slots=True)
class Printing:
    """How the figures of a table are printed, and how computed ones get their numbers.

    ``keys`` is how many of the first columns tell one row from the others. ``with_units`` prints
    units in the cells, but for those that the column's head ends with.
    """

    name_cell: NameCell
    with_units: bool = False
    decimals: Mapping[str, int] | int | None = None
    keys: int = 1

    def cell(self, value: Any, row: str, column: str) -> Cell:
        """A cell as the record has it."""
        if list(_figures(value)):
            parts = value if isinstance(value, list) else [value]
            return [self._part(part, row, column) for part in parts]
        return _text(value)

    def _part(self, value: Any, row: str, column: str) -> Figure:
        if isinstance(value, str):
            return {"text": value}
        return self._figure(next(_figures(value)), row, column)

    def _figure(self, value: Quantity, row: str, column: str) -> Figure:
        most = self.decimals.get(column) if isinstance(self.decimals, Mapping) else self.decimals
        places = value.decimals if most is None else min(value.decimals, most)
        told = not self.with_units or column.endswith(value.unit.label)
        text = (print_bare if told else print_quantity)(value, places)
        if value.derived or value.inputs != value.observations:
            return {"text": text, "number": self.name_cell(value, row, column, places)}
        return {"text": text, "row": value.inputs[0]}


def table_record(
    key: str, frame: pd.DataFrame, title: str, note: str, printing: Printing
) -> dict[str, Any]:
    """The table as the page draws it; see ``Report.table`` for what the cells may be."""
    columns = [
        {"label": str(label), "align": _align(frame[label]), "unit": ""} for label in frame.columns
    ]
    rows = []
    for row in _rows(frame):
        told = ", ".join(map(_text, row[: printing.keys]))
        cells = zip(row, columns, strict=True)
        rows.append([printing.cell(value, told, column["label"]) for value, column in cells])
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
            for figure in _figures(value):
                ids.update(figure.observations)
    return sorted(ids)


def as_html(record: dict[str, Any]) -> str:
    """The table for a notebook that is opened by itself."""
    head = "".join(f"<th>{escape(column['label'])}</th>" for column in record["columns"])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_plain(cell))}</td>" for cell in row) + "</tr>"
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
    return "right" if any(map(_is_figure, column)) else "left"


def _is_figure(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_is_figure, value)) and not any(isinstance(part, str) for part in value)
    return isinstance(value, Quantity | Observation | int | float)


def _figures(value: Any) -> Iterator[Quantity]:
    """The quantities in a cell: none, one, or several given as a list."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Observation):
            yield each.quantity
        elif isinstance(each, Quantity):
            yield each


def _text(value: Any) -> str:
    """A cell as words, its figures with their units."""
    if isinstance(value, Quantity | Observation):
        return print_quantity(next(_figures(value)))
    if isinstance(value, list) and value:
        return ", ".join(map(_text, value))
    missing = value is None or isinstance(value, Unknown | list)
    if missing or (isinstance(value, float) and pd.isna(value)):
        return MISSING
    return str(value)


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return strip_markup(cell)
    return ", ".join(figure["text"] for figure in cell)
