"""Tells what frictionless finds in a table in the words of the report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from frictionless import Error

from azkz.errors import Fault
from azkz.ledger.tables import Table, quoted

Json = dict[str, Any]

_TYPES = {
    "number": ("a number", "write the figure with digits and a point"),
    "integer": ("a whole number", "write it with digits alone"),
    "date": ("a date", "write a day of the calendar as YYYY-MM-DD"),
}


class Teller:
    """Turns errors of frictionless into faults, given all tables and what describes them."""

    def __init__(self, schemas: Mapping[str, Json], tables: Mapping[str, Table]) -> None:
        self._schemas, self._tables = schemas, tables
        self._closest = cache(self._find_closest)

    def fault(self, error: Error, name: str) -> Fault:
        """One error in the rows of a table, with the line of the file and the column."""
        table, schema = self._tables[name], self._schemas[name]
        number = getattr(error, "row_number", None)
        if number is None:
            return Fault(table.file, None, "", error.note, "restore the file")
        row = table.rows[number - 2]
        column = _column(error, schema)
        text = row.cells.get(column, "")
        field: Json = next((each for each in schema["fields"] if each["name"] == column), {})
        match error.type:
            case "type-error":
                what, todo = _type_wording(field.get("type", ""), text)
            case "constraint-error":
                what, todo = _constraint_wording(error.note, field, text)
            case "primary-key" | "unique-error":
                what, todo = _repeat_wording(table, column, text)
            case "foreign-key":
                what, todo = self._reference_wording(schema, column, text)
            case _:
                what, todo = error.note, "correct the row"
        return Fault(table.file, row.line, column, what, todo)

    def _reference_wording(self, schema: Json, column: str, text: str) -> tuple[str, str]:
        targets = {key["fields"][0]: key["reference"]["resource"] for key in schema["foreignKeys"]}
        target = targets[column]
        close = self._closest(target, text)
        todo = f'write "{close}", if that is meant' if close else f"add it to {target}.csv"
        return f"{quoted(text)} is not in {target}.csv", todo

    def _find_closest(self, target: str, text: str) -> str:
        key = self._schemas[target]["primaryKey"][0]
        names = {row[key] for row in self._tables[target].rows}
        return next(iter(get_close_matches(text, names, n=1, cutoff=0.8)), "")


def _column(error: Error, schema: Json) -> str:
    if error.type == "primary-key":
        return str(schema["primaryKey"][0])
    names = getattr(error, "field_names", None) or [getattr(error, "field_name", "")]
    return str(names[0])


def _type_wording(kind: str, text: str) -> tuple[str, str]:
    what, todo = _TYPES.get(kind, (f"of the type {kind}", "see datapackage.json"))
    return f"{quoted(text)} is not {what}", todo


def _repeat_wording(table: Table, column: str, text: str) -> tuple[str, str]:
    todo = "give each row a name of its own"
    if not text:
        return "is empty", todo
    line = next(row.line for row in table.rows if row[column] == text)
    return f"{quoted(text)} stands in line {line} already", todo


def _constraint_wording(note: str, field: Json, text: str) -> tuple[str, str]:
    found = re.search(r'constraint "(\w+)"', note)
    name = found[1] if found else ""
    limit = field.get("constraints", {}).get(name)
    meaning = f"write {field.get('description') or 'what datapackage.json says'}"
    match name:
        case "required":
            return "is empty", meaning
        case "enum":
            return f"{quoted(text)} is not allowed here", f"write one of {', '.join(limit)}"
        case "minimum":
            return f"{quoted(text)} is below {limit}", meaning
        case "maximum":
            return f"{quoted(text)} is above {limit}", meaning
        case _ if not text:
            return "is empty", meaning
        case _:
            return f"{quoted(text)} does not have the form {limit}", meaning
