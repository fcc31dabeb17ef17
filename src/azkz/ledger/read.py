"""Reads the ledger's CSV files into records. What they must be is checked by ``package``."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from azkz.errors import BadInput
from azkz.ledger.periods import parse_period
from azkz.ledger.records import (
    AS_WRITTEN,
    Claim,
    Event,
    Indicator,
    Leg,
    Name,
    Observation,
    Place,
    Source,
)
from azkz.ledger.units import Unit

TABLES = (
    "sources",
    "units",
    "names",
    "indicators",
    "observations",
    "events",
    "claims",
    "places",
    "route",
)

LABELLED_MISSING = ("no-address", "not-listed")
"""What stands where a source has no address, or a leg's source is not among the sources."""

Row = dict[str, str]
Record = TypeVar("Record")


def read_table(folder: Path, name: str, record: Callable[[Row], Record]) -> list[Record]:
    """The rows of ``name.csv``, each turned into a record.

    Raises
    ------
    BadInput
        The file is missing, or a row cannot be turned; it names file and line.
    """
    path = folder / f"{name}.csv"
    shown = f"{folder.name}/{path.name}"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            return [_turn(record, row, f"{shown}:{rows.line_num}") for row in rows]
    except (OSError, UnicodeError, csv.Error) as error:
        raise BadInput(f"cannot be read: {error}", shown, "restore the file") from error


def ledger_hash(folder: Path) -> str:
    """SHA-256 over the names and bytes of the tables, the package's description and the map."""
    digest = hashlib.sha256()
    drawn = sorted(f"geo/{path.name}" for path in (folder / "geo").glob("*.geojson"))
    for name in ("datapackage.json", *(f"{table}.csv" for table in TABLES), *drawn):
        content = (folder / name).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def source(row: Row) -> Source:
    """A row of sources.csv."""
    return Source(
        key=row["source"],
        publisher=row["publisher"],
        title=row["title"],
        published=_day(row["published"]),
        retrieved=date.fromisoformat(row["retrieved"]),
        url=_named(row["url"]),
        lang=row["lang"],
        kind=row["kind"],
    )


def unit(row: Row) -> Unit:
    """A row of units.csv."""
    return Unit(row["unit"], row["label"], row["dimension"], _decimal(row["factor"]))


def name(row: Row) -> tuple[str, Name]:
    """A row of names.csv: the code and what it stands for."""
    return row["code"], Name(row["name"], row["side"])


def indicator(units: dict[str, Unit]) -> Callable[[Row], Indicator]:
    """A row of indicators.csv, given the units."""
    return lambda row: Indicator(
        key=row["indicator"],
        chapter=row["chapter"],
        label=row["label"],
        definition=row["definition"],
        dimension=row["dimension"],
        unit=units[row["unit"]],
    )


def observation(units: dict[str, Unit]) -> Callable[[Row], Observation]:
    """A row of observations.csv, given the units."""
    return lambda row: Observation(
        period=parse_period(row["time_period"]),
        text=_figure(row["obs_value"]),
        unit=units[row["unit"]],
        known_from=date.fromisoformat(row["known_from"]),
        **{name: row[name] for name in AS_WRITTEN},
    )


def event(row: Row) -> Event:
    """A row of events.csv."""
    same = [
        "id",
        "chapter",
        "kind",
        "place",
        "country",
        "item",
        "summary",
        "source",
        "source2",
        "known_from_basis",
    ]
    return Event(
        day=row["date"],
        end_day=row["end_date"],
        known_from=date.fromisoformat(row["known_from"]),
        **{name: row[name] for name in same},
    )


def claim(row: Row) -> Claim:
    """A row of claims.csv."""
    same = [
        "chapter",
        "kind",
        "statement",
        "wording",
        "unit",
        "status",
        "indicator",
        "item",
        "ref_area",
        "counterpart_area",
        "how_to_check",
        "source",
    ]
    return Claim(
        key=row["claim"],
        paragraph=int(row["paragraph"]),
        stated_value=_decimal(row["stated_value"]),
        period=parse_period(row["time_period"]) if row["time_period"] else None,
        **{name: row[name] for name in same},
    )


def place(row: Row) -> Place:
    """A row of places.csv."""
    return Place(row["place"], row["country"], row["kind"], float(row["lat"]), float(row["lon"]))


def leg(row: Row) -> Leg:
    """A row of route.csv; a distance whose source is not listed is none that can be cited."""
    return Leg(
        leg=row["leg"],
        start=row["from"],
        start_country=row["from_country"],
        end=row["to"],
        end_country=row["to_country"],
        mode=row["mode"],
        distance_km=_decimal(row["distance_km"]) if _named(row["source"]) else None,
        source=_named(row["source"]),
        known_from=date.fromisoformat(row["known_from"]),
        note=row["note"],
    )


def keyed(records: Iterable[Record], key: Callable[[Record], str]) -> dict[str, Record]:
    """Records by their key, in the order of the file."""
    return {key(record): record for record in records}


def _turn(record: Callable[[Row], Record], row: Row, place: str) -> Record:
    try:
        return record(row)
    except (KeyError, ValueError, TypeError, ArithmeticError) as error:
        raise BadInput(f"cannot be read: {error!r}", place, "run azkz check") from error


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _figure(text: str) -> str:
    Decimal(text)
    return text


def _named(text: str) -> str:
    return "" if text in LABELLED_MISSING else text


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
