"""The ledger as it would be with new rows: ids and days filled in, every fault at the new row."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from azkz.errors import Fault, Faults
from azkz.ledger.filling import assigned, known_from
from azkz.ledger.incoming import TAKEN, At, NewRow, read_new
from azkz.ledger.package import Description, check, described
from azkz.ledger.tables import Table, quoted, read_raw

_LINE = re.compile(r"\bline (\d+)\b")
KEYS = {"sources": "source", "observations": "id", "events": "id"}
"""The column by which a row of a table is known."""

Sheet = tuple[Path, str]
"""A file of new rows, and how messages name it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A copy of the ledger with the new rows at the end of its tables, which is sound.

    ``rows`` are the new ones by table, complete, in the order in which they are appended;
    ``before`` and ``after`` the bytes of each table that gets rows.
    """

    folder: Path
    rows: Mapping[str, Sequence[NewRow]]
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]


def make_candidate(data: Path, folder: Path, sheets: Sequence[Sheet]) -> Candidate:
    """Copy the ledger below ``data`` to ``folder`` and append the rows of the files to it.

    Raises
    ------
    Faults
        Everything that is wrong with the files, at file, row and column; or with the ledger.
    """
    description, tables = _existing(data)
    read = [read_new(path, shown, description.schemas) for path, shown in sheets]
    faults = [fault for _, found in read for fault in found]
    rows = [row for found, _ in read for row in found]
    existing = {name: [row.cells for row in table.rows] for name, table in tables.items()}
    ids = assigned(rows, existing, description.allowed("observations", "chapter"))
    complete = known_from(ids.rows, existing["sources"])
    repeated = _repeats(complete, tables)
    further = [row for row in complete if row.at not in repeated]
    faults += [*repeated.values(), *_taken(ids.given, further, tables)]
    own = {name: [row for row in further if row.table == name] for name in TAKEN}
    before = {name: (data / f"{name}.csv").read_bytes() for name in TAKEN if own[name]}
    after = {name: before[name] + _as_csv(before[name], own[name]) for name in before}
    shutil.copytree(data, folder, ignore=shutil.ignore_patterns("releases", ".*"))
    for name, content in after.items():
        (folder / f"{name}.csv").write_bytes(content)
    mapping = _Mapping.of(data, own, before)
    faults += (mapping.fault(fault) for fault in check(folder))
    if kept := _kept(faults, complete, ids.unassigned):
        raise Faults(_in_order(kept, sheets, description))
    return Candidate(folder, {name: own[name] for name in before}, before, after)


def _existing(data: Path) -> tuple[Description, dict[str, Table]]:
    """The tables that take rows; a ledger of which they cannot be read is refused."""
    description, faults = described(data)
    tables: dict[str, Table] = {}
    for name in TAKEN if not faults else ():
        tables[name], found = read_raw(data, name, description.columns(name))
        faults += found
    if faults:
        raise Faults(check(data))
    return description, tables


def _repeats(rows: Sequence[NewRow], tables: Mapping[str, Table]) -> dict[At, Fault]:
    """The new rows that stand in the ledger already, or among the new ones before."""
    faults = {}
    said: dict[tuple[str, ...], str] = {
        _content(name, row.cells): f"in {table.file} already, as {row[KEYS[name]]}"
        for name, table in tables.items()
        for row in table.rows
    }
    for row in rows:
        content = _content(row.table, row.cells)
        if content in said and not row.ragged:
            what = f"the row stands {said[content]}, word for word"
            faults[row.at] = Fault(row.file, row.row, KEYS[row.table], what, "take it out")
        said.setdefault(content, f"in row {row.row} of {row.file} already")
    return faults


def _taken(
    given: Callable[[NewRow], str], rows: Sequence[NewRow], tables: Mapping[str, Table]
) -> Iterator[Fault]:
    """New rows that say something else under a key that the ledger has."""
    lines = {name: {row[KEYS[name]]: row.line for row in t.rows} for name, t in tables.items()}
    for row in rows:
        key = given(row)
        if key in lines[row.table]:
            line = f"{tables[row.table].file}, line {lines[row.table][key]}"
            what = f"{quoted(key)} is taken: it is in {line}"
            yield Fault(row.file, row.row, KEYS[row.table], what, _TODO[row.table])


_TODO = {
    "sources": "cite that source, or give this one a key of its own",
    "observations": "leave the id empty: the next free one is given",
    "events": "leave the id empty: the next free one is given",
}


def _content(table: str, cells: Mapping[str, str]) -> tuple[str, ...]:
    """What a row says; the key of a source is part of it, an id is not."""
    return table, *(text for name, text in cells.items() if table == "sources" or name != "id")


def _as_csv(before: bytes, rows: Sequence[NewRow]) -> bytes:
    """The rows as the ledger's files have them, from a line of their own."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(row.cells.values() for row in rows)
    return (b"" if before.endswith(b"\n") else b"\n") + text.getvalue().encode()


@dataclass(frozen=True, slots=True)
class _Mapping:
    """Which new row stands in which line of the candidate's tables."""

    rows: Mapping[tuple[str, int], NewRow]
    ends: Mapping[str, int]

    @classmethod
    def of(
        cls, data: Path, own: Mapping[str, Sequence[NewRow]], before: Mapping[str, bytes]
    ) -> _Mapping:
        files = {name: f"{data.name}/{name}.csv" for name in before}
        ends = {
            files[name]: content.count(b"\n") + (not content.endswith(b"\n"))
            for name, content in before.items()
        }
        rows = {
            (files[name], ends[files[name]] + number): row
            for name in before
            for number, row in enumerate(own[name], 1)
        }
        return cls(rows, ends)

    def fault(self, fault: Fault) -> Fault:
        """The fault at the new row, if it stands in one; other lines by file and row, too."""
        what = _LINE.sub(lambda found: self._named(fault.file, int(found[1])), fault.what)
        row = self.rows.get((fault.file, fault.row or 0))
        if row is None:
            return replace(fault, what=what)
        return replace(fault, file=row.file, row=row.row, what=what)

    def _named(self, file: str, line: int) -> str:
        row = self.rows.get((file, line))
        return f"row {row.row} of {row.file}" if row else f"line {line} of {file}"


def _kept(faults: Sequence[Fault], rows: Sequence[NewRow], unassigned: set[At]) -> list[Fault]:
    """The faults, each cell once, without those that follow from others.

    A ragged row is named for its form alone; an id that could not be given, and a day that could
    not be filled in, are not missed.
    """
    ragged = {row.at for row in rows if row.ragged}
    uncited = {
        (fault.file, fault.row) for fault in faults if fault.column == "source" and fault.row
    }
    kept: dict[tuple[str, int | None, str], Fault] = {}
    for fault in faults:
        at = (fault.file, fault.row or 0)
        follows = (
            (at in ragged and fault.column)
            or (at in unassigned and fault.column == "id" and fault.what == "is empty")
            or (at in uncited and fault.column.startswith("known_from") and "empty" in fault.what)
        )
        if not follows:
            kept.setdefault((*at, fault.column or fault.what), fault)
    return list(kept.values())


def _in_order(
    faults: Sequence[Fault], sheets: Sequence[Sheet], description: Description
) -> list[Fault]:
    """By file, row and column."""
    files = {shown: rank for rank, (_, shown) in enumerate(sheets)}
    columns = [name for table in reversed(TAKEN) for name in description.columns(table)]

    def rank(fault: Fault) -> tuple[int, str, int, int]:
        column = columns.index(fault.column) if fault.column in columns else -1
        return files.get(fault.file, len(files)), fault.file, fault.row or 0, column

    return sorted(faults, key=rank)
