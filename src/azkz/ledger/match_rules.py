"""Rules of the evidence about outcomes.csv: promises, and the rows that they are judged by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from azkz.errors import Fault
from azkz.ledger.matches import (
    BY_SUM,
    DUE,
    JUDGED_BY,
    NO_DAY,
    NO_PROMISE,
    NOT_BY_THEN,
    OTHER_SCOPE,
    REPEATS,
)
from azkz.ledger.records import HOPES, OUTCOMES
from azkz.ledger.rulebook import Rulebook, Tables, as_period, by_key
from azkz.ledger.tables import TableRow, quoted

RULES = Rulebook()

CAPACITY = "capacity"
WITH_ROWS = (JUDGED_BY, BY_SUM, NOT_BY_THEN, OTHER_SCOPE, REPEATS)
OF_INDICATORS = (NO_DAY, NO_PROMISE)
"""What may be said of all hopes of an indicator at once."""
_FORMS = "write YYYY, YYYY-Qn, YYYY-MM or YYYY-MM-DD"

Found = tuple[str, str, str]
"""Column, what is wrong, what to do."""


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The rows that a match may name, by their ids, and what each unit measures."""

    observations: Mapping[str, TableRow]
    events: Mapping[str, TableRow]
    indicators: Mapping[str, TableRow]
    dimensions: Mapping[str, str]

    def is_promise(self, key: str) -> bool:
        """Whether a row may be a promise: a hope that is no capacity, or an event."""
        row = self.observations.get(key)
        hoped = row is not None and row["status"] in HOPES and row["status"] != CAPACITY
        return hoped or key in self.events

    def is_outcome(self, key: str) -> bool:
        """Whether a row may be an outcome: a capacity is one of what was to be built."""
        row = self.observations.get(key)
        return key in self.events or (row is not None and row["status"] in (*OUTCOMES, CAPACITY))

    def measures(self, key: str) -> str:
        """The dimension of an observation; of an event none."""
        row = self.observations.get(key)
        return self.dimensions.get(row["unit"], "") if row else ""


@RULES.rule(
    outcomes=("promise", "relation", "rows", "due"),
    observations=("id", "status", "unit"),
    events=("id",),
    indicators=("indicator",),
    units=("unit", "dimension"),
)
def promises_are_tied_to_rows(tables: Tables) -> Iterator[Fault]:
    """A promise, what it is judged by and when it falls due are rows and days of the ledger."""
    ledger = _Ledger(
        by_key(tables["observations"], "id"),
        by_key(tables["events"], "id"),
        by_key(tables["indicators"], "indicator"),
        {row["unit"]: row["dimension"] for row in tables["units"].rows},
    )
    table = tables["outcomes"]
    for row in table.rows:
        for column, what, todo in (
            *_of_promise(row, ledger),
            *_of_rows(row, ledger),
            *_of_due(row, ledger),
        ):
            yield Fault(table.file, row.line, column, what, todo)


def _of_promise(row: TableRow, ledger: _Ledger) -> Iterator[Found]:
    key = row["promise"]
    if key in ledger.indicators:
        if row["relation"] not in OF_INDICATORS:
            what = f"{quoted(key)} is an indicator: its hopes have no outcome in common"
            yield "promise", what, f"name one hope, or write one of {', '.join(OF_INDICATORS)}"
    elif key and not (key in ledger.observations or key in ledger.events):
        what = f"{quoted(key)} is no observation, event or indicator"
        yield "promise", what, "write the id of a row of observations.csv or events.csv"
    elif key and not ledger.is_promise(key):
        status = ledger.observations[key]["status"]
        todo = "name a target, an announcement or a forecast"
        yield "promise", f"{quoted(key)} is {status}, which promises nothing", todo


def _of_rows(row: TableRow, ledger: _Ledger) -> Iterator[Found]:
    relation, named = row["relation"], row["rows"].split()
    if relation not in (*WITH_ROWS, DUE, *OF_INDICATORS):
        return
    if bool(named) != (relation in WITH_ROWS):
        what = f"a promise that is {quoted(relation)} names {'no rows' if named else 'its rows'}"
        yield "rows", what, "mend the rows or the relation"
        return
    for key in named:
        if key not in ledger.observations and key not in ledger.events:
            what = f"{quoted(key)} is no observation or event"
            yield "rows", what, "write ids of observations.csv or events.csv, divided by spaces"
        elif key == row["promise"] or not _fits(key, relation, ledger):
            asked = "another promise" if relation == REPEATS else "an outcome"
            yield "rows", f"{quoted(key)} is not {asked}", f"name {asked}"
        elif relation in (JUDGED_BY, BY_SUM) and _differ(row["promise"], key, ledger):
            what = f"{quoted(key)} measures something else than {row['promise']}"
            todo = f"name a row of the same dimension, or write {OTHER_SCOPE}"
            yield "rows", what, todo


def _fits(key: str, relation: str, ledger: _Ledger) -> bool:
    return ledger.is_promise(key) if relation == REPEATS else ledger.is_outcome(key)


def _differ(promise: str, outcome: str, ledger: _Ledger) -> bool:
    wanted, found = ledger.measures(promise), ledger.measures(outcome)
    return bool(wanted and found) and wanted != found


def _of_due(row: TableRow, ledger: _Ledger) -> Iterator[Found]:
    text, relation = row["due"], row["relation"]
    needed = relation == DUE or (
        row["promise"] in ledger.events and relation not in (REPEATS, *OF_INDICATORS)
    )
    if needed and not text:
        yield "due", "is empty, and no other column says when it falls due", _FORMS
    elif text and relation in (REPEATS, *OF_INDICATORS):
        yield "due", f"what is {quoted(relation)} has no day of its own", "empty the cell"
    elif text and as_period(text) is None:
        yield "due", f"{quoted(text)} is not a period", _FORMS
