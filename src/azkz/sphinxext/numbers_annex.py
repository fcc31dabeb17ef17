"""Directives for the annex of numbers: what there is by chapter, and a page for each chapter."""

from __future__ import annotations

from collections import Counter

from docutils import nodes

from azkz.paths import numbers_page
from azkz.report.text import print_whole
from azkz.sphinxext.domain import page_reference
from azkz.sphinxext.numbers_table import numbers_table
from azkz.sphinxext.pages import RecordsDirective, by_chapter
from azkz.sphinxext.records import Number
from azkz.sphinxext.tree import Content, grid, joined, paragraph, text

KINDS = ("observed", "derived", "text")
FILES = ("numbers.json", "numbers.csv")
"""All numbers for programs, beside the pages of the edition."""


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
        """The table of ``azkz.sphinxext.numbers_table``."""
        table = numbers_table(self.book, self.arguments[0], self.env.docname)
        return [table] if table["anchors"] else []
