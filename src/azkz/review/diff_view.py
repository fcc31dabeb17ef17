"""Shows on a terminal what changed between two editions, the largest changes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from rich.text import Text
from rich.tree import Tree

from azkz.report.changes import (
    APPEARED,
    DISAPPEARED,
    RE_READ,
    REVISED,
    counted,
    made_otherwise,
)
from azkz.report.said import Record
from azkz.review.terminal import console, day, head, lines, plain

NAMED = 3
"""As many rows as are named for a change; the rest are counted, and are in the JSON."""


def show(comparison: Record, stream: TextIO) -> None:
    """Print a comparison, as ``azkz.report.changes`` makes it."""
    shown = console(stream)
    for part in _parts(comparison):
        shown.print(part)


def _parts(comparison: Record) -> Iterator[Text | Tree]:
    yield _summary(comparison)
    numbers, rows = comparison["numbers"], comparison["rows"]
    changed = [
        (name, [_change(each, rows) for each in numbers[name]]) for name in (REVISED, RE_READ)
    ]
    listed = [(name, [_listed(each) for each in numbers[name]]) for name in (APPEARED, DISAPPEARED)]
    stated = [_stated(each) for each in comparison["restated"]]
    name = "unchanged, with another figure beside them since"
    yield from _trees([*changed, (name, stated), *_verdicts(comparison["verdicts"]), *listed])


def _trees(parts: Iterable[tuple[str, Sequence[Tree | Text]]]) -> Iterator[Tree]:
    for name, entries in parts:
        if entries:
            tree = Tree(Text(f"{name} ({len(entries)})", "bold underline"))
            for entry in entries:
                tree.add(entry)
            yield tree


def _summary(comparison: Record) -> Text:
    old, new = (comparison[which] for which in ("old", "new"))
    counts = [f"  {name:<12} {count:>5}" for name, count in counted(comparison)]
    return lines(
        [_edition("from", old), _edition("to  ", new), *counts, made_otherwise(comparison)]
    )


def _edition(word: str, edition: Record) -> str:
    kept = "as released" if edition["released"] else "from this checkout"
    known = f"as known on {day(edition['as_of'])}"
    return f"{word} {edition['edition']}, {known}: {edition['numbers']} numbers, {kept}"


def _change(change: Record, rows: Record) -> Tree:
    gap = ", ".join(filter(None, (change["difference_text"], change["relative_text"])))
    title = head(change["id"], f"{change['old']['text']} → {change['new']['text']}")
    title.append(f"  {plain(gap)}" if gap else "")
    tree = Tree(lines([title, change["label"], *_otherwise(change)]))
    for what, names in (("came", "came"), ("now also", "taken"), ("gone", "went")):
        for line in _rows(what, change[names], rows):
            tree.add(line)
    return tree


def _otherwise(change: Record) -> list[str]:
    """Whether the number had another name, or covered other periods."""
    said = []
    if change["old"]["label"] != change["new"]["label"]:
        said.append(f"then called: {change['old']['label']}")
    if change["periods"]:
        then, now = (_some(change["periods"][which]) for which in ("old", "new"))
        said.append(f"covers {now}; then {then}")
    return said


def _some(names: Sequence[str]) -> str:
    if len(names) <= NAMED + 1:
        return ", ".join(names)
    return f"{names[0]} to {names[-1]} ({len(names)} periods)"


def _rows(what: str, keys: Sequence[str], rows: Record) -> Iterator[Text]:
    for key in keys[:NAMED]:
        row = rows[key]
        since = f"known from {day(row['known_from'])}" if row["known_from"] else ""
        about = ", ".join(filter(None, (plain(row["text"]), row["what"], row["whose"], since)))
        yield Text.assemble(f"{what}: ", (key, "bold"), f"  {about}")
    if len(keys) > NAMED:
        yield Text(f"{what}: {len(keys) - NAMED} more")


def _listed(number: Record) -> Text:
    return head(number["id"], number["text"]).append(f"  {number['label']}")


def _stated(number: Record) -> Tree:
    tree = Tree(lines([head(number["id"], number["text"]), number["label"]]))
    for later in number["later"]:
        name = later["number"] or ", ".join(later["rows"])
        since = f"known from {day(later['known_from'])}{'' if later['dated'] else ', undated page'}"
        about = f"{later['relation']}, {later['whose']}, {since}"
        gap = f", {plain(later['difference_text'])}" if later["difference_text"] else ""
        tree.add(head(name, later["shown"]).append(f"{gap}  {about}"))
    return tree


def _verdicts(verdicts: Record) -> Iterator[tuple[str, list[Tree]]]:
    yield "verdicts that changed", [_verdict(each) for each in verdicts["changed"]]
    for name in (APPEARED, DISAPPEARED):
        yield f"verdicts that {name}", [_one_sided(each) for each in verdicts[name]]


def _verdict(change: Record) -> Tree:
    then, now = change["old"], change["new"]
    title = head(change["claim"], f"{then['verdict']} → {now['verdict']}")
    tree = Tree(lines([title, change["statement"]]))
    tree.add(f"then: {plain(then['reasons'])}")
    tree.add(f"now: {plain(now['reasons'])}")
    return tree


def _one_sided(verdict: Record) -> Tree:
    said = [head(verdict["claim"], verdict["verdict"]), verdict["statement"]]
    return Tree(lines([*said, plain(verdict["reasons"])]))
