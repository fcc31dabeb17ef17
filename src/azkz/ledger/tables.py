"""Reads the package's CSV files as text, with the line of each row, whatever state they are in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from azkz.errors import Fault

SHOWN = 60
LONGEST = 100_000
"""Characters of a cell: readers of CSV take little more, and no text of the report comes near."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as text. ``line`` is where it starts, counted as an editor counts.

    ``ragged`` rows have too few or too many cells: what stands in which column is a guess.
    """

    line: int
    cells: dict[str, str]
    ragged: bool = False

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file: the columns of its description that it has, and its rows in file order.

    ``complete`` is false where the file or a part of it could not be read, so that what is not
    found in it may well be there.
    """

    name: str
    file: str
    columns: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] = ()
    complete: bool = False


def quoted(text: str) -> str:
    """A cell as messages show it: on one line, in quotation marks, cut where it is long."""
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= SHOWN else f'"{line[: SHOWN - 1]}…"'


def read_raw(folder: Path, name: str, fields: Sequence[str]) -> tuple[Table, list[Fault]]:
    """``name.csv`` as a table of text, and what is wrong with its form."""
    file = f"{folder.name}/{name}.csv"
    text, faults = _text(folder / f"{name}.csv", file)
    if faults:
        return Table(name, file), faults
    lines, faults = _lines(text, file)
    if not lines:
        what, todo = "the file is empty", f"restore it; its header is {','.join(fields)}"
        return Table(name, file), faults or [Fault(file, None, "", what, todo)]
    header_line, header = lines[0]
    faults += _header_faults(file, header_line, header, fields)
    if not set(fields) & set(header):
        return Table(name, file), faults
    broken = any(fault.row and fault.row > header_line and not fault.column for fault in faults)
    places = {field: header.index(field) for field in fields if field in header}
    rows = []
    for line, cells in lines[1:]:
        faults += _row_faults(file, line, cells, header)
        rows.append(_row(line, cells, places, len(header)))
    return Table(name, file, tuple(places), tuple(rows), not broken), faults


def _text(path: Path, file: str) -> tuple[str, list[Fault]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        what = "the file is missing" if missing else f"cannot be read: {error.strerror}"
        return "", [Fault(file, None, "", what, "restore the file")]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"byte {error.start + 1} is not UTF-8 text"
        return "", [Fault(file, line, "", what, "save the file as CSV in UTF-8")]
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return "", [Fault(file, line, "", "holds binary data", "save the file as CSV in UTF-8")]
    return text.removeprefix("\ufeff"), []


def _lines(text: str, file: str) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Rows with the line on which each starts, as far as the text is CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            lines.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        what = f"from here on the file cannot be read as CSV: {error}"
        todo = 'close the quotation mark; write a quotation mark inside a cell as ""'
        return lines, [Fault(file, start, "", what, todo)]
    return lines, []


def _header_faults(
    file: str, line: int, header: Sequence[str], fields: Sequence[str]
) -> Iterator[Fault]:
    expected = ",".join(fields)
    if not set(fields) & set(header):
        what = "the first line is not the header"
        yield Fault(file, line, "", what, f"write the column names {expected}")
        return
    for field in fields:
        if field not in header:
            yield Fault(file, line, field, "the column is missing", "restore it, header and cells")
    for place, name in enumerate(header):
        if name not in fields:
            what, todo = (
                "the column is not described",
                "remove it or describe it in datapackage.json",
            )
            yield Fault(file, line, name[:SHOWN] or f"column {place + 1}", what, todo)
        elif name in header[:place]:
            yield Fault(file, line, name, "the column stands here twice", "remove one of them")


def _row_faults(file: str, line: int, cells: Sequence[str], header: Sequence[str]) -> list[Fault]:
    for name, cell in zip(header, cells, strict=False):
        if len(cell) > LONGEST:
            what = f"the cell holds {len(cell)} characters"
            return [Fault(file, line, name, what, f"shorten it to less than {LONGEST}")]
    if len(cells) == len(header):
        return []
    if not cells:
        return [Fault(file, line, "", "the line is empty", "delete it")]
    what = f"the row has {len(cells)} cells, the header has {len(header)}"
    todo = "add or remove commas; put a cell that holds a comma in quotation marks"
    return [Fault(file, line, "", what, todo)]


def _row(line: int, cells: Sequence[str], places: dict[str, int], width: int) -> TableRow:
    padded = [*cells, *[""] * (width - len(cells))]
    return TableRow(line, {name: padded[i] for name, i in places.items()}, len(cells) != width)
