"""Shows rows that come: what each says, which readings it meets, and what they change."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from azkz.build.edition import described
from azkz.ledger import Ledger, Observation, Source
from azkz.ledger.periods import parse_period
from azkz.ledger.reconcile import DISAGREEMENT, REPEAT, Reading, is_dated
from azkz.report import describe
from azkz.report.text import FIXED, THIN
from azkz.review.adding import Addition, Arrival, later
from azkz.review.effects import Effects

_NOTHING = "no number and no verdict; figures and tables may still draw the rows"
_NAMED = 5
"""As many readings of one thing as are named."""

Json = Mapping[str, Any]


def shown(addition: Addition, files: Sequence[Path]) -> str:
    """All of it as text, a line each; the end says what was written, or how to write."""
    lines = [*_rows(addition), *_effects(addition), "", *_end(addition, files)]
    return "\n".join(lines).replace(FIXED, " ").replace(THIN, " ")


def _rows(addition: Addition) -> Iterator[str]:
    for table, arrivals in groupby(addition.arrivals, key=lambda arrival: arrival.table):
        own = list(arrivals)
        yield f"{len(own)} row{'s' * (len(own) != 1)} for data/{table}.csv"
        for arrival in own:
            yield f"  {arrival.id}  {_said(arrival, addition.ledger)}"
            yield from (f"      {line}" for line in _met(arrival, addition.ledger))


def _said(arrival: Arrival, ledger: Ledger) -> str:
    record = arrival.record
    if isinstance(record, Source):
        day = _day(record.published.isoformat()) if record.published else "undated"
        return f"{record.publisher}: {record.title}, {day}"
    known = f"known from {_day(record.known_from.isoformat())}"
    basis = describe.BASES[record.known_from_basis]
    whose = ""
    if isinstance(record, Observation):
        whose = f"; {describe.whose(ledger, record.reporter)}, {record.status}"
    about = f"{describe.how_much(record)}: {describe.what(ledger, record)}"
    return f"{about}{whose}; {known} ({basis})"


def _met(arrival: Arrival, ledger: Ledger) -> Iterator[str]:
    """The readings that the ledger has of the same thing, the newest first."""
    readings = sorted(arrival.readings, key=lambda r: r.observation.known_from, reverse=True)
    for reading in islice(readings, _NAMED):
        yield _meeting(arrival, reading, ledger)
    if len(readings) > _NAMED:
        yield f"and {len(readings) - _NAMED} more readings of it"


def _meeting(arrival: Arrival, reading: Reading, ledger: Ledger) -> str:
    other = reading.observation
    how = {REPEAT: "repeats", DISAGREEMENT: "disagrees with"}.get(reading.relation)
    how = how or _revising(arrival, other, ledger)
    whose, day = describe.whose(ledger, other.reporter), _day(other.known_from.isoformat())
    return f"{how} {other.id}: {describe.how_much(other)}; {whose}; known from {day}"


def _revising(arrival: Arrival, other: Observation, ledger: Ledger) -> str:
    """Which of two figures of one reporter came later; of an undated page that is not known."""
    mine = arrival.record
    if not isinstance(mine, Observation) or not all(
        is_dated(each, ledger.sources) for each in (mine, other)
    ):
        return "differs from"
    return "revises" if mine.known_from >= other.known_from else "is revised by"


def _effects(addition: Addition) -> Iterator[str]:
    yield ""
    yield f"what they change in {described(addition.edition)}:"
    for arrival in later(addition):
        if not isinstance(arrival.record, Source):
            day = _day(arrival.record.known_from.isoformat())
            after = f"after the day of {addition.edition.name}"
            yield f"  nothing by {arrival.id}: known from {day}, {after}"
    if addition.changed:
        found = list(_changes(addition.changed))
        yield from (f"  {line}" for line in found or [_NOTHING])


def _changes(effects: Effects) -> Iterator[str]:
    numbers = effects.changes["numbers"]
    both = [*numbers["revised"], *numbers["re-read"]]
    moved = [each for each in both if each["old"]["text"] != each["new"]["text"]]
    yield from _group("changed number", map(_moved, moved))
    yield from _group("new number", map(_alone, numbers["appeared"]))
    gone = [each for each in numbers["disappeared"] if each["chapter"] not in effects.failed]
    yield from _group("lost number", map(_alone, gone))
    if same := len(both) - len(moved):
        yield f"{same} number{'s' * (same != 1)} printed as before, from other rows"
    verdicts = effects.changes["verdicts"]
    yield from _group("changed verdict", map(_judged, verdicts["changed"]))
    failed = (f"{name}: {error.splitlines()[0]}" for name, error in effects.failed.items())
    yield from _group("failing chapter", failed)
    yield from _group("passage to mend", (str(each.fault()) for each in effects.unanswered))
    if moved or gone:
        yield "read the prose around these numbers again: words may not fit the new figures"


def _group(name: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        plural = "passages to mend" if name == "passage to mend" else f"{name}s"
        yield f"{len(found)} {name if len(found) == 1 else plural}"
        yield from (f"  {line}" for line in found)


def _moved(number: Json) -> str:
    return f"{number['id']}  {number['old']['text']} -> {number['new']['text']}  {number['label']}"


def _alone(number: Json) -> str:
    return f"{number['id']}  {number['text']}  {number['label']}"


def _judged(verdict: Json) -> str:
    return (
        f"{verdict['claim']}  {verdict['old']['verdict']} -> {verdict['new']['verdict']}  "
        f"{verdict['statement']}"
    )


def _end(addition: Addition, files: Sequence[Path]) -> Iterator[str]:
    if addition.written:
        yield f"written: {', '.join(addition.written)}"
        yield "next: azkz check, then azkz build; git diff data shows what came"
    else:
        named = " ".join(shlex.quote(str(file)) for file in files)
        yield f"nothing is written; to append these rows: azkz add {named} --write"


def _day(text: str) -> str:
    return parse_period(text).label
