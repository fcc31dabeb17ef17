"""A rule of the evidence, the columns that it reads, and how all rules are applied."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from azkz.errors import Fault
from azkz.ledger.periods import Period, parse_period
from azkz.ledger.tables import Table, TableRow

Tables = dict[str, Table]
Find = Callable[[Tables], Iterator[Fault]]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and the columns that it reads: it is passed over where one of them is not there."""

    needs: dict[str, tuple[str, ...]]
    find: Find

    def applies(self, tables: Tables) -> bool:
        """Whether every column that it reads could be read to the end."""
        return all(
            name in tables and tables[name].complete and set(columns) <= set(tables[name].columns)
            for name, columns in self.needs.items()
        )


class Rulebook:
    """Rules in the order in which they are written."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def rule(self, **needs: tuple[str, ...]) -> Callable[[Find], Find]:
        """Adds a function as a rule that reads these columns of these tables."""

        def add(find: Find) -> Find:
            self.rules.append(Rule(needs, find))
            return find

        return add

    def faults(self, tables: Tables, known: Iterable[Fault]) -> Iterator[Fault]:
        """What the rules find, but for the cells in which ``known`` faults stand already."""
        taken = {(fault.file, fault.row, fault.column) for fault in known}
        for rule in self.rules:
            if rule.applies(tables):
                for fault in rule.find(tables):
                    if (fault.file, fault.row, fault.column) not in taken:
                        yield fault


def by_key(table: Table, column: str) -> dict[str, TableRow]:
    """Rows by the key in ``column``."""
    return {row[column]: row for row in table.rows if row[column]}


def as_day(text: str) -> date | None:
    """A day of the calendar, or nothing: what is no date is reported by its type."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def as_period(text: str) -> Period | None:
    """A period, or nothing where the text is none."""
    try:
        return parse_period(text)
    except ValueError:
        return None
