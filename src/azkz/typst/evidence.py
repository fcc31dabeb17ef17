"""Evidence in print: every row of the ledger stands under the source that says it.

The page on the web sorts the rows by subject, and repeats with each its source, two links and a
day. In print that was seventy pages and a fifth of all typesetting, for words that stand in the
list of sources.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from docutils import nodes

from azkz.typst import markup
from azkz.typst.book import Place, destination, words
from azkz.typst.errors import PdfFailed

TABLE = "evidence-table"
"""Class of the tables of evidence: name and id, what is said, whose count, sources, since when."""

HOLDS_TABLES = frozenset({"start_of_file", "section", "compound", "container"})
"""Types of nodes in which such a table may stand."""


class Row(NamedTuple):
    """A row: where it stands on the page of evidence, its cells, and the places of its sources."""

    place: Place
    cells: Sequence[Sequence[nodes.Node]]
    sources: tuple[Place, ...]


def taken(tree: nodes.Element, root: str) -> list[Row]:
    """All rows of the tables of evidence, in the order of the book; the tables lose them.

    Raises
    ------
    PdfFailed
        A row names no source, under which it would stand.
    """
    found = [
        Row((page, anchor), cells, tuple(dict.fromkeys(_sources(cells[3], page))))
        for page, table in _tables(tree, root)
        for cells, anchor in zip(table["rows"], table["anchors"], strict=True)
    ]
    for _page, table in _tables(tree, root):
        table["rows"] = table["anchors"] = ()
    for row in found:
        if not row.sources:
            raise PdfFailed(f"the row {row.place[1]!r} names no source", row.place[0])
    return found


def by_source(found: Iterable[Row]) -> dict[Place, list[Row]]:
    """The rows by the places of their sources; what two sources say stands under both."""
    said: dict[Place, list[Row]] = {}
    for row in found:
        for place in row.sources:
            said.setdefault(place, []).append(row)
    return said


def instead(found: Iterable[Row]) -> Mapping[Place, Place]:
    """Where a link to a row leads in print: to its first source."""
    return {row.place: row.sources[0] for row in found}


def holds_rows(node: nodes.Element) -> bool:
    """Whether a page holds tables of evidence: what stands before these is all of it in print."""
    return any(True for _ in _tables(node, ""))


def refuse_unprinted(left: Mapping[Place, Sequence[Row]]) -> None:
    """Refuse rows that are ``left`` when all sources are printed.

    Raises
    ------
    PdfFailed
        A source has no entry in the book.
    """
    for (page, source), own in left.items():
        names = ", ".join(row.place[1] for row in own)
        raise PdfFailed(f"{page} has no entry {source!r}, under which {names} would stand", page)


def said(own: Iterable[Row], source: str, text: Callable[[str], str]) -> str:
    """What a source says, in Typst; with the day from which it is known, if ``source`` has another.

    ``source`` are the words of the source's entry.
    """
    made = ""
    for since, some in groupby(own, key=lambda row: words(row.cells[4])):
        day = since.partition(" (")[0]
        told = re.search(rf"(?<!\d){re.escape(day)}", source)
        known = None if told else markup.content(text(f"Known from {since}:"))
        made += markup.block(
            "said", *(markup.content(text(_line(row))) for row in some), known=known
        )
    return made


def _tables(node: nodes.Element, page: str) -> Iterator[tuple[str, nodes.Element]]:
    for child in node.children:
        if not isinstance(child, nodes.Element):
            continue
        if child.tagname == "long_table" and TABLE in child["classes"]:
            yield page, child
        elif child.tagname in HOLDS_TABLES:
            yield from _tables(child, child.get("docname", page))


def _sources(cell: Sequence[nodes.Node], page: str) -> Iterator[Place]:
    for part in cell:
        place = destination(part, page) if isinstance(part, nodes.Element) else None
        if place:
            yield place


def _line(row: Row) -> str:
    (key,) = (part.astext() for part in row.cells[0] if isinstance(part, nodes.literal))
    name = words(row.cells[0]).removesuffix(key).strip()
    return f"{key} · {name}: {words(row.cells[1])}. {words(row.cells[2])}"
