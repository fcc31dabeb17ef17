"""What changed between two editions, number by number.

A comparison is a plain record: ``old`` and ``new`` (``edition``, ``as_of``, ``released``,
``numbers``), ``unequal`` (what of code, notebooks and packages was not the same), ``numbers`` (a
list for each class; ``counts`` has their lengths), ``restated`` (see ``azkz.report.restated``),
``verdicts`` (see ``azkz.report.verdict_changes``) and ``rows``: by id the rows of the ledger that
the changes name.

A number of both editions that is not unchanged has ``id``, ``chapter``, ``label``, ``old`` and
``new`` (``text``, ``value``, ``unit``, ``decimals``, ``label``), what ``azkz.report.difference``
says of them, ``periods`` (``old``, ``new``; only where they differ) and the ids of rows: ``came``
(behind the new value, not known on the older day), ``taken`` (known then, but not behind the old
value) and ``went`` (behind the old value alone). One that is in one edition alone, or unchanged,
has ``id``, ``chapter``, ``label``, ``text``, ``value`` and ``unit``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from azkz.ledger import Ledger
from azkz.report import describe
from azkz.report.difference import between
from azkz.report.restated import restated
from azkz.report.said import Record, Said
from azkz.report.verdict_changes import verdict_changes

REVISED = "revised"
RE_READ = "re-read"
APPEARED = "appeared"
DISAPPEARED = "disappeared"
UNCHANGED = "unchanged"
CLASSES = (REVISED, RE_READ, APPEARED, DISAPPEARED, UNCHANGED)
"""Each number of two editions is in exactly one of them."""

_FIGURE = ("text", "value", "unit", "decimals", "label")
_NAMED = 6
_LISTED = ("id", "chapter", "label", "text", "value", "unit")


def compare(old: Said, new: Said, ledger: Ledger) -> Record:
    """The record of what changed; of ``ledger`` nothing later than the newer edition is taken."""
    known = ledger.as_of(new.as_of)
    numbers: dict[str, list[Record]] = {name: [] for name in CLASSES}
    for key in sorted({*old.numbers, *new.numbers}):
        then, now = old.numbers.get(key), new.numbers.get(key)
        name = class_of(then, now, known, old.as_of)
        if then and now and name != UNCHANGED:
            numbers[name].append(_change(then, now, known, old.as_of))
        else:
            numbers[name].append({part: (now or then or {})[part] for part in _LISTED})
    for name in (REVISED, RE_READ):
        numbers[name].sort(key=_largest_first)
    unchanged = [number["id"] for number in numbers[UNCHANGED]]
    anew = restated(old.numbers, new.numbers, unchanged, known, old.as_of)
    return {
        "old": _edition(old),
        "new": _edition(new),
        "unequal": _unequal(old, new),
        "counts": {name: len(found) for name, found in numbers.items()},
        "numbers": numbers,
        "restated": anew,
        "verdicts": verdict_changes(old, new, known),
        "rows": _rows(known, _named_rows([*numbers[REVISED], *numbers[RE_READ]], anew)),
    }


def class_of(then: Record | None, now: Record | None, known: Ledger, day: date) -> str:
    """The class of a number, given its records in both editions; ``day`` is the older one's."""
    if now is None:
        return DISAPPEARED
    if then is None:
        return APPEARED
    same = ("text", "value", "unit")
    if all(then[part] == now[part] for part in same):
        return UNCHANGED if set(then["observations"]) == set(now["observations"]) else RE_READ
    return REVISED if _came(now, known, day) else RE_READ


def counted(comparison: Mapping[str, Any]) -> list[tuple[str, int]]:
    """How many numbers are in each class, in the order of the classes."""
    return [(name, comparison["counts"][name]) for name in CLASSES]


def made_otherwise(comparison: Mapping[str, Any]) -> str:
    """A sentence for what of code, notebooks, packages and parameters was not the same, if any."""
    named = [each["what"] for each in comparison["unequal"]]
    if not named:
        return ""
    some = ", ".join(named[:_NAMED]) + (", and more" if len(named) > _NAMED else "")
    return f"The two were not made with the same: {some}. Differences may come from that, too."


def _change(then: Record, now: Record, known: Ledger, day: date) -> Record:
    came = _came(now, known, day)
    before, behind = set(then["observations"]), set(now["observations"])
    return {
        "id": now["id"],
        "chapter": now["chapter"],
        "label": now["label"],
        "old": {part: then[part] for part in _FIGURE},
        "new": {part: now[part] for part in _FIGURE},
        **between(then, now, known.units.get(now["unit"])),
        "periods": _periods(then, now, known),
        "came": [row for row in came if row not in before],
        "taken": sorted(behind - before - set(came)),
        "went": sorted(before - behind),
    }


def _came(now: Record, known: Ledger, day: date) -> list[str]:
    """The rows behind a number that were not known on ``day``."""
    return [row for row in sorted(now["observations"]) if _known_from(known, row) > day]


def _known_from(known: Ledger, row: str) -> date:
    found = known.observations.get(row) or known.events.get(row)
    # A row that has since left the ledger was known when the release that names it was made.
    return found.known_from if found else date.min


def _periods(then: Record, now: Record, known: Ledger) -> Record | None:
    """The periods that a figure covers in each edition, where they are not the same."""
    covered = [_covered(number, known) for number in (then, now)]
    return None if covered[0] == covered[1] else {"old": covered[0], "new": covered[1]}


def _covered(number: Record, known: Ledger) -> list[str]:
    rows = (known.observations.get(row) for row in number["observations"])
    periods = {row.period for row in rows if row}
    return [period.label for period in sorted(periods, key=lambda p: (p.start, p.end))]


def _largest_first(change: Record) -> tuple[int, float, str]:
    """By relative size; differences that have none come after, then texts and other units."""
    if change["relative"] is not None:
        return 0, -abs(change["relative"]), change["id"]
    return 1 if change["difference"] is not None else 2, 0.0, change["id"]


def _edition(said: Said) -> Record:
    return {
        "edition": said.edition,
        "as_of": said.as_of.isoformat(),
        "released": said.released,
        "numbers": len(said.numbers),
    }


def _unequal(old: Said, new: Said) -> list[Record]:
    names = sorted({*old.made_with, *new.made_with})
    found = [(name, old.made_with.get(name, ""), new.made_with.get(name, "")) for name in names]
    return [{"what": name, "old": was, "new": is_} for name, was, is_ in found if was != is_]


def _named_rows(changes: Iterable[Record], anew: Iterable[Record]) -> set[str]:
    parts = ("came", "taken", "went")
    rows = {row for change in changes for part in parts for row in change[part]}
    return rows | {row for each in anew for later in each["later"] for row in later["rows"]}


def _rows(known: Ledger, keys: Iterable[str]) -> dict[str, Record]:
    return {key: _row(known, key) for key in sorted(keys)}


def _row(known: Ledger, key: str) -> Record:
    row = known.observations.get(key) or known.events.get(key)
    if row is None:
        return {"what": "no longer in the ledger", "text": "", "whose": "", "known_from": None}
    event = key in known.events
    return {
        "what": describe.what(known, row),
        "text": describe.how_much(row),
        "whose": "" if event else describe.whose(known, known.observations[key].reporter),
        "known_from": row.known_from.isoformat(),
    }
