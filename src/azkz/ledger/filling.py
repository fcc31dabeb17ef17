"""Fills in what follows for a new row: its id, and the day from which it is known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from azkz.ledger.incoming import At, NewRow
from azkz.ledger.rulebook import as_day, as_period

WIDTH = 4
"""Digits of an id."""
EVENT = "event"
_ID = re.compile(r"([a-z]+)-(\d+)")

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ids:
    """New rows with their ids.

    ``unassigned`` are those that name no chapter to be counted in, ``own`` the keys that the files
    themselves give.
    """

    rows: list[NewRow]
    unassigned: set[At]
    own: Mapping[At, str]

    def given(self, row: NewRow) -> str:
        """The key that the file itself gave to a row."""
        return self.own.get(row.at, "")


def assigned(
    rows: Sequence[NewRow], existing: Mapping[str, Sequence[Cells]], chapters: Collection[str]
) -> Ids:
    """Give each row without an id the next free one of its chapter, in the order of the files.

    An id is never used again: the next is counted from the last that the ledger has. Ids that the
    files give are passed over.
    """
    own = {row.at: row.cells["source" if _is_source(row) else "id"] for row in rows}
    taken = {cells["id"] for table in ("observations", "events") for cells in existing[table]}
    last: dict[str, int] = defaultdict(int)
    for found in filter(None, map(_ID.fullmatch, taken)):
        last[found[1]] = max(last[found[1]], int(found[2]))
    taken.update(own.values())
    complete, unassigned = [], set()
    for row in rows:
        prefix = EVENT if row.table == "events" else row.cells.get("chapter", "")
        if own[row.at] or _is_source(row):
            complete.append(row)
        elif prefix == EVENT or prefix in chapters:
            key = next(key for key in _following(prefix, last[prefix]) if key not in taken)
            taken.add(key)
            complete.append(replace(row, cells={**row.cells, "id": key}))
        else:
            unassigned.add(row.at)
            complete.append(row)
    return Ids(complete, unassigned, own)


def _following(prefix: str, last: int) -> Iterator[str]:
    while True:
        last += 1
        yield f"{prefix}-{last:0{WIDTH}}"


def _is_source(row: NewRow) -> bool:
    return row.table == "sources"


def known_from(rows: Sequence[NewRow], existing: Sequence[Cells]) -> list[NewRow]:
    """Fill in ``known_from`` and its basis where they are left out and follow from the source.

    By the rules of the ledger: the day of a dated page is that on which it was published, of an
    undated one that on which it was read; of a release lag, the last day of the next year.
    ``existing`` are the sources of the ledger.
    """
    sources = {cells["source"]: cells for cells in existing}
    sources |= {row.cells["source"]: row.cells for row in rows if _is_source(row)}
    return [row if _is_source(row) else _with_day(row, sources) for row in rows]


def _with_day(row: NewRow, sources: Mapping[str, Cells]) -> NewRow:
    source = sources.get(row.cells["source"])
    if source is None:
        return row
    published, retrieved = source["published"], source["retrieved"]
    basis = row.cells["known_from_basis"] or ("published" if published else "retrieved")
    day = row.cells["known_from"] or _day(basis, published, retrieved, row.cells)
    return replace(row, cells={**row.cells, "known_from": day, "known_from_basis": basis})


def _day(basis: str, published: str, retrieved: str, cells: Cells) -> str:
    period, read = as_period(cells.get("time_period", "")), as_day(retrieved)
    if basis == "release-lag" and period and read:
        return min(date(min(period.end.year, 9998) + 1, 12, 31), read).isoformat()
    # What the basis does not bear out is refused by the rules, in their words.
    return (published if basis == "published" else "") or retrieved
