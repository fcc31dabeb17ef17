"""The evidence of an edition: what each row of the ledger says that something in it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from azkz.ledger import Event, Observation
from azkz.report import describe
from azkz.report.text import long_date
from azkz.sphinxext.records import Records


@dataclass(frozen=True, slots=True)
class Said:
    """A row in words: what it is about, what it says, whose count it is, since when it is known.

    ``whose`` of an event is its kind and place. ``sources`` are the keys of those that the ledger
    knows.
    """

    id: str
    about: str
    said: str
    whose: str
    sources: tuple[str, ...]
    since: str


def used_observations(book: Records) -> dict[str, list[Observation]]:
    """The observations on which something in the edition rests, by the chapter that has them."""
    found: dict[str, list[Observation]] = {}
    for key, row in book.ledger.observations.items():
        if key in book.used:
            found.setdefault(row.chapter, []).append(row)
    return {chapter: sorted(rows, key=lambda row: row.id) for chapter, rows in found.items()}


def used_events(book: Records) -> list[Event]:
    """The events on which something in the edition rests."""
    used = (row for key, row in book.ledger.events.items() if key in book.used)
    return sorted(used, key=lambda row: row.id)


def sources_of(book: Records, row: Observation | Event) -> tuple[str, ...]:
    """The keys of a row's sources, as far as the ledger knows these."""
    keys = [row.source, row.source2] if isinstance(row, Event) else [row.source]
    return tuple(key for key in keys if key in book.ledger.sources)


def said_by(book: Records, row: Observation | Event) -> Said:
    """A row in words."""
    return Said(
        id=row.id,
        about=describe.what(book.ledger, row),
        said=describe.how_much(row),
        whose=_whose(book, row),
        sources=sources_of(book, row),
        since=f"{long_date(row.known_from)} ({describe.BASES[row.known_from_basis]})",
    )


def _whose(book: Records, row: Observation | Event) -> str:
    if isinstance(row, Event):
        return f"{row.kind}{f', {row.place}' if row.place else ''}"
    note = f"; {row.note}" if row.note else ""
    return f"{describe.whose(book.ledger, row.reporter)}, {row.status}{note}"
