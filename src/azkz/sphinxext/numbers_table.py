"""The table of a chapter's numbers: what each is, how it comes about, what stands behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby

from docutils import nodes

from azkz.ledger import Source
from azkz.report import describe
from azkz.report.text import long_date
from azkz.sphinxext.domain import cross_reference
from azkz.sphinxext.long_table import long_grid, long_table
from azkz.sphinxext.numbers import row_reference, short_date, source_reference
from azkz.sphinxext.records import Alternative, Number, Records
from azkz.sphinxext.tree import Content, count_of, joined, text

HEAD = ("Number", "Value", "How it comes about", "Other readings", "Sources", "Known from")

MANY, NAMED = 15, 12
"""Of a list of more rows or sources than the first, print names as many as the second says."""

_NAME = re.compile(r"[a-z]+(?:\.[a-z0-9]+(?:-[a-z0-9]+)*|-\d+)")


def named_in(formula: str) -> list[str]:
    """What may be ids of numbers and rows in a formula."""
    return _NAME.findall(formula)


def numbers_table(
    book: Records, chapter: str, page: str, *, link_sources: bool = True
) -> long_table:
    """A row for each number of ``chapter``, sorted by id, with its links as ``page`` has them.

    Without ``link_sources``, for print, the dates of sources are words, and the first of many: the
    rows in the formula lead there.
    """
    numbers = sorted((n for n in book.numbers.values() if n.chapter == chapter), key=lambda n: n.id)
    cells = _Cells(book, {number.id: number for number in numbers}, page, link_sources)
    return long_grid(
        [[text(name)] for name in HEAD],
        [cells.row(number) for number in numbers],
        anchors=[number.anchor for number in numbers],
        classes=["numbers-table", "annex"],
    )


class _Cells:
    """What the rows of ``numbers`` hold; a formula names numbers of its own chapter alone."""

    def __init__(
        self,
        book: Records,
        numbers: Mapping[str, Number],
        page: str,
        link_sources: bool,  # noqa: FBT001
    ) -> None:
        self._book, self._numbers, self._page = book, numbers, page
        self._link_sources = link_sources

    def row(self, number: Number) -> list[Content]:
        """Label and id, value, how it comes about, other readings, sources, since when known."""
        known = long_date(number.known_from) if number.known_from else ""
        return [
            [text(f"{number.label} "), nodes.literal("", number.id)],
            [text(number.text)],
            self._formula(number),
            self._others(number),
            self._sources(number),
            [text(known)],
        ]

    def _formula(self, number: Number) -> Content:
        """The formula with what stands in it linked; for a word, its rows."""
        if number.kind == "observed":
            return [text("observed: "), *self._rows(number.observations)]
        if number.formula:
            return list(self._linked(number.formula))
        said = f"follows from {count_of(len(number.observations), 'row')}: "
        return [text(said), *self._rows(number.observations)]

    def _rows(self, keys: Iterable[str]) -> Content:
        return joined(([row_reference(key, self._page)] for key in keys), ", ")

    def _linked(self, formula: str) -> Iterable[nodes.Node]:
        end = 0
        for name in _NAME.finditer(formula):
            link = self._input(name[0])
            if link is not None:
                yield text(formula[end : name.start()])
                yield link
                end = name.end()
        yield text(formula[end:])

    def _input(self, name: str) -> nodes.Node | None:
        page, found = self._page, self._numbers.get(name)
        if found:
            return cross_reference("num", name, found.anchor, name, page, "input")
        known = name in self._book.ledger.observations or name in self._book.ledger.events
        return row_reference(name, page) if known else None

    def _others(self, number: Number) -> Content:
        """How many readings repeat the number, and each that does not."""
        repeats = len(number.alternatives) - len(number.differing)
        parts: list[Content] = [[text(count_of(repeats, "repeat"))]] if repeats else []
        return joined([*parts, *map(self._other, number.differing)], "; ")

    def _other(self, other: Alternative) -> Content:
        link = row_reference(other.observation, self._page, self._printed(other))
        whose = describe.whose(self._book.ledger, other.reporter)
        about = f" ({other.relation}: {whose}, {long_date(other.known_from)})"
        return [link, text(about)]

    def _printed(self, other: Alternative) -> str:
        return describe.how_much(self._book.ledger.observations[other.observation])

    def _sources(self, number: Number) -> Content:
        """Publishers, each with the dates of its pages as links."""
        behind = self._book.sources_behind(number)
        if not self._link_sources:
            return [text(self._named(behind))]
        groups = groupby(behind, key=lambda source: source.publisher)
        return joined((self._dates(name, list(own)) for name, own in groups), "; ")

    def _named(self, behind: Sequence[Source]) -> str:
        shown = behind[:NAMED] if len(behind) > MANY else behind
        groups = groupby(shown, key=lambda source: source.publisher)
        day = partial(short_date, as_of=self._book.as_of)
        named = "; ".join(f"{name}: {', '.join(map(day, own))}" for name, own in groups)
        more = len(behind) - len(shown)
        return f"{named} and {more} more pages" if more else named

    def _dates(self, publisher: str, sources: list[Source]) -> Content:
        page, as_of = self._page, self._book.as_of
        links = [
            [source_reference(self._book, source.key, page, short_date(source, as_of))]
            for source in sources
        ]
        return [text(f"{publisher}: "), *joined(links, ", ")]
