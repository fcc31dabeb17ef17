"""Reads files of new rows, as an editor or a spreadsheet leaves them, for a table of the ledger.

The table is known by the columns. A file may have a byte order mark, any line ends, and semicolons
or tabs in place of commas; columns that a row may leave empty may be missing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from azkz.errors import Fault
from azkz.ledger.tables import SHOWN, quoted

Json = dict[str, Any]
At = tuple[str, int]

TAKEN = ("sources", "observations", "events")
"""The tables that take new rows, those that others refer to first."""
FILLED = ("id", "known_from", "known_from_basis")
"""Columns that are filled where they are left out."""
_DELIMITERS = (",", ";", "\t")
_SAVE = "save it as CSV in UTF-8"


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row of a file of new rows: ``row`` as a spreadsheet counts (the header is 1).

    ``cells`` has every column of the table; what the file does not give is empty. Of ``ragged``
    rows it is a guess what stands in which column.
    """

    file: str
    row: int
    table: str
    cells: dict[str, str]
    ragged: bool = False

    @property
    def at(self) -> At:
        """Where it stands: file and row."""
        return self.file, self.row


def read_new(
    path: Path, shown: str, schemas: Mapping[str, Json]
) -> tuple[list[NewRow], list[Fault]]:
    """The rows of a file, and what is wrong with its form. ``schemas`` describe the tables."""
    text, why = _text(path)
    if why:
        return [], [Fault(shown, None, "", why, _SAVE)]
    delimiter = _delimiter(text, schemas)
    lines, faults = _lines(text, shown, delimiter)
    if not lines:
        todo = "write the names of the columns in its first row"
        return [], faults or [Fault(shown, None, "", "the file is empty", todo)]
    row, header = lines[0]
    table = _table(header, schemas)
    if table is None:
        return [], [_unrecognised(shown, row, schemas)]
    faults += _header_faults(shown, row, header, table, schemas[table])
    if len(lines) == 1 and not faults:
        faults.append(Fault(shown, None, "", "holds no row below its header", "add rows"))
    names = _columns(schemas[table])
    rows = []
    for number, cells in lines[1:]:
        faults += _row_faults(shown, number, cells, header)
        rows.append(_new(shown, number, table, cells, header, names))
    return rows, faults


def _text(path: Path) -> tuple[str, str]:
    """The text of a file, or why it has none."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "", "there is no such file"
    except OSError as error:
        return "", f"cannot be read: {error.strerror}"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", "is UTF-16 text"
    if content.startswith(b"PK\x03\x04"):
        return "", "is a workbook or an archive, not CSV"
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return "", f"byte {error.start + 1}, in line {line}, is not UTF-8 text"


def _delimiter(text: str, schemas: Mapping[str, Json]) -> str:
    """The delimiter with which most names of columns stand in the first line."""
    known = {name for table in TAKEN for name in _columns(schemas[table])}
    header = text.lstrip("\r\n").splitlines()[:1]

    def found(delimiter: str) -> int:
        names = next(csv.reader(header, delimiter=delimiter), [])
        return len(known.intersection(map(str.strip, names)))

    return max(_DELIMITERS, key=found)


def _lines(
    text: str, shown: str, delimiter: str
) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Rows that hold something, by their number, as far as the text is CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if any(map(str.strip, cells)):
                lines.append((number, cells))
    except csv.Error as error:
        what = f"from here on the file cannot be read as CSV: {error}"
        todo = 'close the quotation mark; write a quotation mark inside a cell as ""'
        return lines, [Fault(shown, number + 1, "", what, todo)]
    return lines, []


def _columns(schema: Json) -> list[str]:
    return [str(field["name"]) for field in schema["fields"]]


def _table(header: Sequence[str], schemas: Mapping[str, Json]) -> str | None:
    """The table of which the header has the largest part of the columns; none below a half."""

    def share(table: str) -> float:
        wanted = [name for name in _needed(schemas[table]) if name not in FILLED]
        return sum(name in header for name in wanted) / len(wanted)

    best = max(TAKEN, key=share)
    return best if share(best) >= 0.5 else None


def _needed(schema: Json) -> list[str]:
    """Columns that no row may leave empty."""
    return [str(field["name"]) for field in schema["fields"] if not _may_be_empty(field)]


def _may_be_empty(field: Json) -> bool:
    return any(missing["value"] == "" for missing in field.get("missingValues", ()))


def _unrecognised(shown: str, row: int, schemas: Mapping[str, Json]) -> Fault:
    tables = "; ".join(f"{table}: {','.join(_columns(schemas[table]))}" for table in TAKEN)
    what = "these are the columns of no table that takes rows"
    return Fault(shown, row, "", what, f"write the columns of one of {tables}")


def _header_faults(
    shown: str, row: int, header: Sequence[str], table: str, schema: Json
) -> Iterator[Fault]:
    names = _columns(schema)
    for name in _needed(schema):
        if name not in header and name not in FILLED:
            todo = f"add it: {table}.csv needs it in every row"
            yield Fault(shown, row, name, "the column is missing", todo)
    for place, name in enumerate(header):
        if name in header[:place]:
            yield Fault(shown, row, name, "the column stands here twice", "remove one of them")
        elif name not in names:
            near = get_close_matches(name.strip().casefold(), names, 1)
            todo = f"did you mean {near[0]}?" if near else f"{table}.csv has {', '.join(names)}"
            where = name[:SHOWN] if name.strip() else f"column {place + 1}"
            yield Fault(shown, row, where, f"{table}.csv has no such column", todo)


def _row_faults(
    shown: str, number: int, cells: Sequence[str], header: Sequence[str]
) -> Iterator[Fault]:
    if len(cells) != len(header):
        what = f"the row has {len(cells)} cells, the header has {len(header)}"
        todo = "add or remove delimiters; put a cell that holds one in quotation marks"
        yield Fault(shown, number, "", what, todo)
        return
    for name, cell in zip(header, cells, strict=True):
        if not cell.isprintable() and (found := _unprintable(cell)):
            what = f"{quoted(cell)} holds {found}"
            yield Fault(shown, number, name, what, "write the cell on one line, as plain text")


def _unprintable(cell: str) -> str:
    if any(break_ in cell for break_ in "\r\n\x85\u2028\u2029\v\f"):
        return "a line break"
    control = next((sign for sign in cell if ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0), "")
    return f"the control character U+{ord(control):04X}" if control else ""


def _new(
    shown: str,
    number: int,
    table: str,
    cells: Sequence[str],
    header: Sequence[str],
    names: Iterable[str],
) -> NewRow:
    # Where a name stands twice, which is refused, the first is taken.
    given = dict(reversed(list(zip(header, cells, strict=False))))
    plain = {name: _one_line(given.get(name, "")) for name in names}
    return NewRow(shown, number, table, plain, ragged=len(cells) != len(header))


def _one_line(cell: str) -> str:
    """The cell, with what is refused in it made harmless to what checks the rest."""
    return cell if not _unprintable(cell) else " ".join(cell.replace("\0", " ").split())
