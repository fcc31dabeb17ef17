"""Tables as CSV that people open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_RISKY = ("=", "+", "-", "@", "\t", "\r")
_FIGURE = re.compile(r"[+-]?\d+(\.\d+)?")

NUMBERS = (
    "id",
    "chapter",
    "label",
    "kind",
    "value",
    "unit",
    "decimals",
    "text",
    "formula",
    "inputs",
    "observations",
    "sources",
    "known_from",
    "revisions",
    "disagreements",
    "repeats",
)
"""Columns of numbers.csv; several ids in a cell are divided by spaces."""


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table as CSV that no spreadsheet runs.

    Text that begins as a formula does gets an apostrophe in front; figures stay figures.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([_harmless(column) for column in columns])
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return file.getvalue()


def _harmless(cell: Any) -> Any:
    if isinstance(cell, str) and cell.startswith(_RISKY) and not _FIGURE.fullmatch(cell):
        return f"'{cell}"
    return cell


def numbers_csv(numbers: Iterable[Mapping[str, Any]]) -> str:
    """The numbers of an edition as CSV, a row each, with the columns of ``NUMBERS``.

    ``revisions``, ``disagreements`` and ``repeats`` hold the ids of the observations that stand in
    that relation to the one behind the number.
    """
    return as_csv(NUMBERS, [[_cell(number, column) for column in NUMBERS] for number in numbers])


def _cell(number: Mapping[str, Any], column: str) -> Any:
    relation = column.removesuffix("s")
    if column in ("revisions", "disagreements", "repeats"):
        others = number["alternatives"]
        return " ".join(other["observation"] for other in others if other["relation"] == relation)
    value = number[column]
    return " ".join(value) if isinstance(value, list) else value
