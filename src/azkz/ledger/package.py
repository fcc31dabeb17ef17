"""Checks the ledger as a Frictionless Data Package and lists everything that is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azkz.errors import Fault
from azkz.ledger import match_rules, rules, time_rules
from azkz.ledger.read import TABLES
from azkz.ledger.tables import Table, read_raw

if TYPE_CHECKING:
    from frictionless import Error

DESCRIPTION = "datapackage.json"
MAP = ("geo/drawing.geojson", "geo/land.geojson")
ALL_FAULTS = 1_000_000
UNUSABLE = (OSError, ValueError, LookupError, TypeError, AttributeError)

Json = dict[str, Any]


class _Rows(list[list[str]]):
    """Rows that are read only; frictionless copies a description several times, cell by cell."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> _Rows:
        return self


@dataclass(frozen=True, slots=True)
class Description:
    """What ``datapackage.json`` says: the version of the standard, and the schema of each table."""

    profile: str
    schemas: dict[str, Json]

    def columns(self, name: str) -> list[str]:
        """The columns that a table must have, in their order."""
        return [field["name"] for field in self.schemas[name]["fields"]]

    def allowed(self, name: str, column: str) -> list[str]:
        """The texts that a column may hold; none where it may hold any."""
        fields: list[Json] = self.schemas[name]["fields"]
        allowed = (
            each.get("constraints", {}).get("enum", ()) for each in fields if each["name"] == column
        )
        return [str(text) for text in next(allowed, ())]


def check(folder: Path) -> list[Fault]:
    """Everything that is wrong with the package in ``folder``, in the order of its files.

    Types, allowed values, keys and references are checked by frictionless against
    ``datapackage.json``; what a description cannot say is checked by the rules of the evidence.
    Nothing is raised: a file that cannot be read is a fault, and what depends on it is not
    reported a second time.
    """
    description, faults = described(folder)
    tables: dict[str, Table] = {}
    for name in description.schemas:
        tables[name], found = read_raw(folder, name, description.columns(name))
        faults += found
    faults += _cell_faults(folder, description, tables)
    for book in (time_rules.RULES, rules.RULES, match_rules.RULES):
        faults += book.faults(tables, faults.copy())
    faults += _map_faults(folder)
    return _in_file_order(faults, description, tables)


def described(folder: Path) -> tuple[Description, list[Fault]]:
    """The description, and what is wrong with it; a table that it leaves out is not checked."""
    from frictionless import FrictionlessException, Package

    file = f"{folder.name}/{DESCRIPTION}"
    nothing = Description("", {})

    def fault(what: str, row: int | None = None) -> Fault:
        return Fault(file, row, "", what, "restore the file")

    try:
        content = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        report = Package.validate_descriptor(content, basepath=str(folder))
        notes = dict.fromkeys(re.sub(r"\s+", " ", error.note) for error in report.errors)
        schemas = {each["name"]: _schema(each) for each in content["resources"]}
    except (*UNUSABLE, FrictionlessException) as error:
        return nothing, [fault(*_told(error))]
    if not report.valid:
        return nothing, [fault(note) for note in notes]
    usable = {name: schemas[name] for name in TABLES if schemas.get(name)}
    lacking = [f"does not describe {name}.csv" for name in TABLES if name not in usable]
    lacking = lacking or _unknown_targets(usable)
    return Description(str(content.get("$schema", "")), usable), [fault(what) for what in lacking]


def _told(error: Exception) -> tuple[str, int | None]:
    """Why the description cannot be used, and in which line."""
    match error:
        case FileNotFoundError():
            return "the file is missing", None
        case json.JSONDecodeError():
            return f"is not JSON: {error.msg}", error.lineno
        case UnicodeDecodeError():
            return "is not UTF-8 text", None
        case OSError():
            return f"cannot be read: {error.strerror}", None
        case _:
            return f"cannot be used: {error!r}", None


def _schema(resource: Json) -> Json:
    """The schema of a table with keys and references written out as lists; empty if it has none."""
    schema = resource.get("schema") or {}
    if not schema.get("fields") or not schema.get("primaryKey"):
        return {}
    references = schema.get("foreignKeys", [])
    for reference in (*references, *(each["reference"] for each in references)):
        reference["fields"] = _listed(reference["fields"])
    return schema | {"primaryKey": _listed(schema["primaryKey"]), "foreignKeys": references}


def _listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def _unknown_targets(schemas: dict[str, Json]) -> list[str]:
    """What the tables refer to and the description does not hold."""
    return [
        f"{name}.csv refers to {target}.csv, which is not described"
        for name, schema in schemas.items()
        for target in (key["reference"]["resource"] for key in schema["foreignKeys"])
        if target not in schemas
    ]


def _map_faults(folder: Path) -> list[Fault]:
    """The files of the map that are missing or hold no features."""
    faults = []
    for name in MAP:
        try:
            features = json.loads((folder / name).read_text(encoding="utf-8"))["features"]
            kinds = [feature["properties"]["kind"] for feature in features]
        except UNUSABLE:
            kinds = []
        if not kinds:
            file = f"{folder.name}/{name}"
            faults.append(Fault(file, None, "", "is missing or no map data", "restore the file"))
    return faults


def _cell_faults(folder: Path, description: Description, tables: dict[str, Table]) -> list[Fault]:
    """What frictionless finds in the cells, told in our words."""
    from frictionless import FrictionlessException

    from azkz.ledger.wording import Teller

    teller = Teller(description.schemas, tables)
    faults: list[Fault] = []
    for name in (name for name, table in tables.items() if table.rows):
        own = _resource(name, description, tables)
        resources = [own, *_referred_to(own, description, tables)]
        package = {"$schema": description.profile, "resources": resources}
        try:
            errors = _errors(name, json.dumps(package))
        except FrictionlessException as error:
            file = f"{folder.name}/{DESCRIPTION}"
            return [Fault(file, None, "", f"cannot be used: {error}", "restore the file")]
        faults += (teller.fault(error, name) for error in errors)
    return faults


@lru_cache(maxsize=2 * len(TABLES))
def _errors(name: str, package: str) -> tuple[Error, ...]:
    """The errors of a table in a package; found once for the same texts in a process."""
    from frictionless import Package

    described: Json = json.loads(package)
    for resource in described["resources"]:
        resource["data"] = _Rows(resource["data"])
    report = Package.from_descriptor(described).validate(name=name, limit_errors=ALL_FAULTS)
    return tuple(error for task in report.tasks for error in task.errors)


def _resource(name: str, description: Description, tables: dict[str, Table]) -> Json:
    """A table with its rows inside and its description cut to the columns that could be read."""
    table, schema = tables[name], description.schemas[name]
    made = _columns(name, table.columns, description, tables)
    made["schema"] |= {
        "primaryKey": [key for key in schema["primaryKey"] if key in table.columns],
        "foreignKeys": [key for key in schema["foreignKeys"] if _resolves(key, table, tables)],
    }
    return made


def _referred_to(own: Json, description: Description, tables: dict[str, Table]) -> list[Json]:
    """Of the other tables that one refers to, the columns that it refers to."""
    columns: dict[str, list[str]] = {}
    for key in own["schema"]["foreignKeys"]:
        columns.setdefault(key["reference"]["resource"], []).extend(key["reference"]["fields"])
    columns.pop(own["name"], None)
    return [_columns(name, names, description, tables) for name, names in columns.items()]


def _columns(
    name: str, columns: Sequence[str], description: Description, tables: dict[str, Table]
) -> Json:
    """A table with some of its columns and nothing said of its keys."""
    fields = [field for field in description.schemas[name]["fields"] if field["name"] in columns]
    names = [field["name"] for field in fields]
    rows = [names, *([row[name] for name in names] for row in tables[name].rows)]
    return {"name": name, "type": "table", "data": rows, "schema": {"fields": fields}}


def _resolves(key: Json, table: Table, tables: dict[str, Table]) -> bool:
    """Whether a reference can be followed: what could not be read is not missed again."""
    target = tables.get(key["reference"]["resource"])
    return (
        target is not None
        and target.complete
        and bool(target.rows)
        and set(key["fields"]) <= set(table.columns)
        and set(key["reference"]["fields"]) <= set(target.columns)
    )


def _in_file_order(
    faults: Sequence[Fault], description: Description, tables: dict[str, Table]
) -> list[Fault]:
    """By file, line and column; a cell is named once, a ragged row for its form alone."""
    files = {table.file: rank for rank, table in enumerate(tables.values(), start=1)}
    columns = {table.file: description.columns(name) for name, table in tables.items()}
    ragged = {(t.file, row.line) for t in tables.values() for row in t.rows if row.ragged}
    kept: dict[tuple[str, int | None, str], Fault] = {}
    for fault in faults:
        if not (fault.column and (fault.file, fault.row) in ragged):
            kept.setdefault((fault.file, fault.row, fault.column or fault.what), fault)

    def rank(fault: Fault) -> tuple[int, int, int]:
        names = columns.get(fault.file, [])
        column = names.index(fault.column) if fault.column in names else -1
        return files.get(fault.file, 0), fault.row or 0, column

    return sorted(kept.values(), key=rank)
