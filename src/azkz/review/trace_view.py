"""Shows a trace on a terminal: the tree as wide as the terminal is, plain text when piped."""

from __future__ import annotations

import os
from typing import TextIO

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from azkz.ledger.periods import parse_period
from azkz.report import describe
from azkz.report.text import FIXED, THIN
from azkz.review.trace import Json

UNWRAPPED = 10_000
"""As wide as no line is: what reads a pipe wants addresses whole."""


def show(record: Json, stream: TextIO) -> None:
    """Print the record of a number or of a row, as ``azkz.review.trace`` makes it."""
    console = Console(file=stream, highlight=False, emoji=False, markup=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = UNWRAPPED
    console.print(_Drawing().row(record) if "what" in record else _Drawing().number(record))


class _Drawing:
    """One tree; what it has shown once in full is afterwards only named."""

    def __init__(self) -> None:
        self._shown: set[str] = set()

    def number(self, record: Json) -> Tree:
        """A number: what it is, how it comes about, and below it what it comes from."""
        if record["id"] in self._shown:
            return Tree(_head(record, "as above"))
        self._shown.add(record["id"])
        since = f", known since {_day(record['known_from'])}" if record["known_from"] else ""
        lines = [_head(record, record["text"]), record["label"], f"{record['kind']}{since}"]
        if record["kind"] == "derived":
            lines.append(f"= {record['formula']}")
        tree = Tree(_lines(lines))
        for each in record["inputs"]:
            tree.children.append(self.number(each))
        for each in record["observations"]:
            tree.children.append(self.row(each))
        if record["alternatives"]:
            others = tree.add("other readings")
            for each in record["alternatives"]:
                others.add(_other(each))
        return tree

    def row(self, record: Json) -> Tree:
        """A row: what it says and whose count it is, since when it is known, and its sources."""
        if record["id"] in self._shown:
            return Tree(_head(record, "as above"))
        self._shown.add(record["id"])
        since = f"known from {_day(record['known_from'])}"
        basis = f"{since} ({describe.BASES[record['known_from_basis']]})"
        tree = Tree(_lines([_head(record, record["text"]), record["what"], _said(record), basis]))
        for source in (record["source"], record.get("source2")):
            if source:
                tree.add(_source(source))
        if "numbers" in record:
            _add_numbers(tree, record["numbers"])
        return tree


def _add_numbers(tree: Tree, numbers: list[Json]) -> None:
    below = tree.add("numbers that rest on it" if numbers else "no number rests on it")
    for number in numbers:
        below.add(_lines([_head(number, number["text"]), number["label"]]))


def _head(record: Json, text: str) -> Text:
    return Text.assemble((record["id"], "bold"), "  ", (_plain(text), "cyan"))


def _said(record: Json) -> str:
    """Whose count, of what standing, in whose words, with which note; of an event, where."""
    if record["kind"] == "event":
        return str(record["place"])
    said = f"{record['whose']}, {record['status']}"
    by = f" by {record['attributed_to']}" if record["attributed_to"] else ""
    return f"{said}{by}" + (f"; note: {record['note']}" if record["note"] else "")


def _source(source: Json) -> Text:
    day = _day(source["published"]) if source["published"] else "undated"
    address = source["url"] or "no address"
    return _lines([f"{source['publisher']}: {source['title']}, {day}", Text(address, "dim")])


def _other(other: Json) -> Text:
    about = f"{other['relation']}, {other['whose']}, known from {_day(other['known_from'])}"
    return Text.assemble((other["observation"], "bold"), f"  {_plain(other['text'])}  {about}")


def _lines(lines: list[Text | str]) -> Text:
    return Text("\n").join(Text(line) if isinstance(line, str) else line for line in lines if line)


def _day(text: str) -> str:
    return parse_period(text).label


def _plain(text: str) -> str:
    """Fixed and thin spaces as ordinary ones, so that what is shown can be searched."""
    return text.replace(FIXED, " ").replace(THIN, " ")
