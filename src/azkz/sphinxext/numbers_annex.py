"""Directives for the annex of numbers: what there is by chapter, and a page for each chapter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from docutils import nodes

from azkz.ledger import Source
from azkz.paths import numbers_page
from azkz.report import describe
from azkz.report.text import long_date, print_whole
from azkz.sphinxext.domain import cross_reference, page_reference
from azkz.sphinxext.long_table import long_grid
from azkz.sphinxext.numbers import row_reference, short_date, source_reference
from azkz.sphinxext.pages import RecordsDirective, by_chapter
from azkz.sphinxext.records import Alternative, Number
from azkz.sphinxext.tree import Content, count_of, grid, joined, paragraph, text

KINDS = ("observed", "derived", "text")
FILES = ("numbers.json", "numbers.csv")
"""All numbers for programs, beside the pages of the edition."""

_NAME = re.compile(r"[a-z]+(?:\.[a-z0-9]+(?:-[a-z0-9]+)*|-\d+)")


def named_in(formula: str) -> list[str]:
    """What may be ids of numbers and rows in a formula."""
    return _NAME.findall(formula)


class NumbersSummary(RecordsDirective):
    """``{azkz-numbers}``: how many numbers of which kind each chapter has, and the files."""

    def question(self) -> tuple[str, str]:
        """How many there are."""
        return "kinds", ""

    def fill(self) -> list[nodes.Node]:
        """A table that leads to the page of each chapter, then links to the files."""
        chapters = by_chapter(self.book, list(self.book.numbers.values()))
        head = [[text(name)] for name in ("Chapter", *map(str.capitalize, KINDS), "All")]
        rows = [self._row(chapter, numbers) for chapter, numbers in chapters.items()]
        right = range(1, len(head))
        table = grid(head, rows, right=right, classes=["number-counts"])
        return [table, self._files()] if rows else [self._files()]

    def _row(self, chapter: str, numbers: list[Number]) -> list[Content]:
        counts = Counter(number.kind for number in numbers)
        shown = (*(counts[kind] for kind in KINDS), len(numbers))
        link = page_reference(numbers_page(chapter), self.env.docname, chapter.capitalize())
        return [[link], *([text(print_whole(count))] for count in shown)]

    def _files(self) -> nodes.container:
        up = "../" * self.env.docname.count("/")
        links = [[nodes.reference("", f, refuri=f"{up}{f}", internal=True)] for f in FILES]
        words: Content = [text("All numbers as files: "), *joined(links, ", "), text(".")]
        return nodes.container("", paragraph(*words), classes=["html-only"])


class NumbersOfChapter(RecordsDirective):
    """``{azkz-numbers-of} CHAPTER``: a row for each number of the chapter."""

    required_arguments = 1

    def question(self) -> tuple[str, str]:
        """What stands behind the numbers of the chapter."""
        return "numbers", self.arguments[0]

    def fill(self) -> list[nodes.Node]:
        """The table: label and id, value, how it comes about, other readings, sources, since."""
        chapter = self.arguments[0]
        numbers = sorted(
            (n for n in self.book.numbers.values() if n.chapter == chapter), key=lambda n: n.id
        )
        head = (
            "Number",
            "Value",
            "How it comes about",
            "Other readings",
            "Sources",
            "Known from",
        )
        table = long_grid(
            [[text(name)] for name in head],
            [self._row(number) for number in numbers],
            anchors=[number.anchor for number in numbers],
            classes=["numbers-table", "annex"],
        )
        return [table] if numbers else []

    def _row(self, number: Number) -> list[Content]:
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
        return joined(([row_reference(key, self.env.docname)] for key in keys), ", ")

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
        page, found = self.env.docname, self.book.numbers.get(name)
        if found:
            return cross_reference("num", name, found.anchor, name, page, "input")
        known = name in self.book.ledger.observations or name in self.book.ledger.events
        return row_reference(name, page) if known else None

    def _others(self, number: Number) -> Content:
        """How many readings repeat the number, and each that does not."""
        repeats = len(number.alternatives) - len(number.differing)
        parts: list[Content] = [[text(count_of(repeats, "repeat"))]] if repeats else []
        return joined([*parts, *map(self._other, number.differing)], "; ")

    def _other(self, other: Alternative) -> Content:
        link = row_reference(other.observation, self.env.docname, self._printed(other))
        whose = describe.whose(self.book.ledger, other.reporter)
        about = f" ({other.relation}: {whose}, {long_date(other.known_from)})"
        return [link, text(about)]

    def _printed(self, other: Alternative) -> str:
        return describe.how_much(self.book.ledger.observations[other.observation])

    def _sources(self, number: Number) -> Content:
        """Publishers, each with the dates of its pages as links."""
        behind = self.book.sources_behind(number)
        groups = groupby(behind, key=lambda source: source.publisher)
        return joined((self._dates(name, list(own)) for name, own in groups), "; ")

    def _dates(self, publisher: str, sources: list[Source]) -> Content:
        page, as_of = self.env.docname, self.book.as_of
        links = [
            [source_reference(self.book, source.key, page, short_date(source, as_of))]
            for source in sources
        ]
        return [text(f"{publisher}: "), *joined(links, ", ")]
