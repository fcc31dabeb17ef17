"""Numbers that stay as they were stated, and what later evidence gives for the same thing.

A number that prints what one page said does not change when a later page says something else; the
reader of a change log still looks for it there. Later readings of an unchanged number are the
revisions and disagreements among its alternatives that were not known on the older day, and a
number that appeared with a difference from it named beside it (``new - old``), where both are
counts of one side for one period.

A record has ``id``, ``label``, ``text``, ``unit`` and ``later``: a list of ``number`` (an id or
nothing), ``rows``, ``text`` (as stated), ``shown`` (in the unit of the number, where that can be),
``relation``, ``whose``, ``known_from`` and ``dated`` (whether that day tells its age), and what
``azkz.report.difference`` says in that unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from azkz.ledger import Ledger, Observation
from azkz.ledger.quantity import round_to
from azkz.ledger.reconcile import REPEAT, REVISION, is_dated
from azkz.report import describe
from azkz.report.difference import NONE, between, printed, said
from azkz.report.text import print_value, with_unit

Record = dict[str, Any]

_DIFFERENCE = re.compile(r"(?P<new>[a-z]+\.[a-z0-9-]+) - (?P<old>[a-z]+\.[a-z0-9-]+)")


def restated(
    old: Mapping[str, Record],
    new: Mapping[str, Record],
    unchanged: Iterable[str],
    known: Ledger,
    day: date,
) -> list[Record]:
    """The unchanged numbers for which evidence later than ``day`` gives another figure, by id."""
    named = _named_differences(old, new, known)
    found = []
    for key in sorted(unchanged):
        later = [*named.get(key, ()), *_alternatives(new[key], known, day)]
        if later:
            found.append({**{part: new[key][part] for part in ("id", "label", "text", "unit")},
                          "later": later})  # fmt: skip
    return found


def _alternatives(number: Record, known: Ledger, day: date) -> list[Record]:
    """Readings that are no repeats and came later; a figure that a side gave twice, once."""
    found: dict[tuple[object, ...], Record] = {}
    since = day.isoformat()
    for other in sorted(number["alternatives"], key=lambda o: (o["known_from"], o["observation"])):
        row = known.observations.get(other["observation"])
        if row is None or other["relation"] == REPEAT or other["known_from"] <= since:
            continue
        same = (other["value"], other["unit"], other["reporter"])
        found.setdefault(same, _reading(other, number, known))
    return list(found.values())


def _reading(other: Record, number: Record, known: Ledger) -> Record:
    row = known.observations[other["observation"]]
    return {
        "number": "",
        "rows": [row.id],
        "text": describe.how_much(row),
        "shown": describe.how_much(row),
        "relation": other["relation"],
        "whose": describe.whose(known, row.reporter),
        "known_from": other["known_from"],
        "dated": is_dated(row, known.sources),
        **_from_number(number, row, known),
    }


def _from_number(number: Record, row: Observation, known: Ledger) -> Record:
    """How far a row is from a number; in another unit, with no more digits than the number has."""
    unit, stated = known.units[number["unit"]], printed(number)
    if row.unit == unit:
        decimals = max(number["decimals"], row.quantity.decimals)
        return said(stated, row.value - stated, decimals, unit)
    if row.unit.dimension != unit.dimension or unit.factor is None or row.unit.factor is None:
        return NONE
    converted = round_to(row.value * row.unit.factor_to(unit), number["decimals"])
    shown = with_unit(print_value(converted, number["decimals"]), unit)
    return {"shown": shown, **said(stated, converted - stated, number["decimals"], unit)}


def _named_differences(
    old: Mapping[str, Record], new: Mapping[str, Record], known: Ledger
) -> dict[str, list[Record]]:
    """By the old number: the numbers that appeared with their difference from it."""
    found: dict[str, list[Record]] = {}
    for key, number in new.items():
        named = _DIFFERENCE.fullmatch(number["formula"])
        if key in old or not named:
            continue
        later, before = new.get(named["new"]), new.get(named["old"])
        if not later or not before or later["id"] in old or before["id"] not in old:
            continue
        if _same_count(later, before, known):
            found.setdefault(before["id"], []).append(_named(before, later, known))
    return found


def _same_count(one: Record, other: Record, known: Ledger) -> bool:
    """Whether all rows behind both are counts of one side for one period, in one unit."""
    keys = [*one["observations"], *other["observations"]]
    rows = [known.observations[key] for key in keys if key in known.observations]
    alike = {(row.reporter, row.period) for row in rows}
    return len(rows) == len(keys) and len(alike) == 1 and one["unit"] == other["unit"]


def _named(before: Record, later: Record, known: Ledger) -> Record:
    reporter = known.observations[later["observations"][0]].reporter
    return {
        "number": later["id"],
        "rows": list(later["observations"]),
        "text": later["text"],
        "shown": later["text"],
        "relation": REVISION,
        "whose": describe.whose(known, reporter),
        "known_from": later["known_from"],
        "dated": all(is_dated(known.observations[k], known.sources) for k in later["observations"]),
        **between(before, later, known.units[before["unit"]]),
    }
