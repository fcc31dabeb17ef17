"""Shows a trace on a terminal: the tree as wide as the terminal is, plain text when piped."""

from __future__ import annotations

from typing import TextIO

from rich.text import Text
from rich.tree import Tree

from azkz.report import describe
from azkz.review.terminal import console, day, head, lines, plain
from azkz.review.trace import Json


def show(record: Json, stream: TextIO) -> None:
    """Print the record of a number or of a row, as ``azkz.review.trace`` makes it."""
    drawn = _Drawing().row(record) if "what" in record else _Drawing().number(record)
    console(stream).print(drawn)


class _Drawing:
    """One tree; what it has shown once in full is afterwards only named."""

    def __init__(self) -> None:
        self._shown: set[str] = set()

    def number(self, record: Json) -> Tree:
        """A number: what it is, how it comes about, and below it what it comes from."""
        if record["id"] in self._shown:
            return Tree(head(record["id"], "as above"))
        self._shown.add(record["id"])
        since = f", known since {day(record['known_from'])}" if record["known_from"] else ""
        said = [head(record["id"], record["text"]), record["label"], f"{record['kind']}{since}"]
        if record["kind"] == "derived":
            said.append(f"= {record['formula']}")
        tree = Tree(lines(said))
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
            return Tree(head(record["id"], "as above"))
        self._shown.add(record["id"])
        since = f"known from {day(record['known_from'])}"
        basis = f"{since} ({describe.BASES[record['known_from_basis']]})"
        tree = Tree(
            lines([head(record["id"], record["text"]), record["what"], _said(record), basis])
        )
        for source in (record["source"], record.get("source2")):
            if source:
                tree.add(_source(source))
        if "numbers" in record:
            _add_numbers(tree, record["numbers"])
        return tree


def _add_numbers(tree: Tree, numbers: list[Json]) -> None:
    below = tree.add("numbers that rest on it" if numbers else "no number rests on it")
    for number in numbers:
        below.add(lines([head(number["id"], number["text"]), number["label"]]))


def _said(record: Json) -> str:
    """Whose count, of what standing, in whose words, with which note; of an event, where."""
    if record["kind"] == "event":
        return str(record["place"])
    said = f"{record['whose']}, {record['status']}"
    by = f" by {record['attributed_to']}" if record["attributed_to"] else ""
    return f"{said}{by}" + (f"; note: {record['note']}" if record["note"] else "")


def _source(source: Json) -> Text:
    since = day(source["published"]) if source["published"] else "undated"
    address = source["url"] or "no address"
    return lines([f"{source['publisher']}: {source['title']}, {since}", Text(address, "dim")])


def _other(other: Json) -> Text:
    about = f"{other['relation']}, {other['whose']}, known from {day(other['known_from'])}"
    return Text.assemble((other["observation"], "bold"), f"  {plain(other['text'])}  {about}")
