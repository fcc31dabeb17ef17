"""Directives for the cover, the citation and the build; what all generated pages share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from azkz.report.text import long_date
from azkz.sphinxext.asking import EDITION, WHOLE, ask
from azkz.sphinxext.chapters import ChapterPage
from azkz.sphinxext.counts import COUNTS
from azkz.sphinxext.domain import page_reference
from azkz.sphinxext.edition import named
from azkz.sphinxext.numbers import number_reference, parse, unknown_record
from azkz.sphinxext.records import Number, Records
from azkz.sphinxext.standing import first_standing
from azkz.sphinxext.tree import Content, paragraph, section, term, text


class RecordsDirective(SphinxDirective):
    """A directive that fills a page from the records of the build."""

    def run(self) -> list[nodes.Node]:
        """The nodes, on a page that is read again when what it asks is answered otherwise."""
        self.book = ask(self.env, *self.question())
        return self.fill()

    def question(self) -> tuple[str, str]:
        """What the page asks of the records (``azkz.sphinxext.asking``): everything.

        One that asks for the edition alone asks for what it shows of them where it shows it.
        """
        return WHOLE, ""

    def fill(self) -> list[nodes.Node]:
        """What the page shows."""
        raise NotImplementedError

    def section(self, title: str, anchor: str, *content: nodes.Node) -> nodes.section:
        """A section of the page."""
        return section(self.state.document, title, anchor, *content)

    def chapter_title(self, chapter: str) -> str:
        """How a chapter is called."""
        return ask(self.env, "chapter", chapter).chapter_title(chapter)

    def chapter_section(self, kind: str, chapter: str, *content: nodes.Node) -> nodes.section:
        """The section of a chapter on a page of ``kind``."""
        return self.section(self.chapter_title(chapter), f"{kind}-of-{chapter}", *content)


class Division(SphinxDirective):
    """``{div}`` with classes: a part of a page with a look of its own."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """A container around the content."""
        found = nodes.container(classes=directives.class_option(self.arguments[0]))
        self.state.nested_parse(self.content, self.content_offset, found)
        return [found]


class KeyNumbers(RecordsDirective):
    """``{azkz-key-numbers}``: the numbers whose ids stand in the body, one a line, as cards.

    An older edition leaves out those that it does not know.
    """

    has_content = True

    def question(self) -> tuple[str, str]:
        """The numbers are asked for one by one."""
        return EDITION, ""

    def fill(self) -> list[nodes.Node]:
        """A container of cards."""
        lines = enumerate(map(str.strip, self.content), self.lineno + 1)
        cards = [self._card(key, line) for line, key in lines if key]
        return [nodes.container("", *cards, classes=["cards", "key-numbers"])]

    def _card(self, key: str, line: int) -> nodes.Node:
        number = ask(self.env, "num", key).numbers.get(key)
        if number is None:
            return paragraph(unknown_record(key, key, kind="num", key=key, cited_at=line))
        # A card is narrow: here the unit may go to the next line, as a whole.
        words = number.text.replace("\u00a0", " ", 1)
        value = number_reference(number, self.env.docname, words)
        parts = [
            paragraph(value, classes=["key-number-value"]),
            paragraph(text(number.label), classes=["key-number-label"]),
        ]
        return nodes.container("", *parts, classes=["key-number"])


class Chapters(RecordsDirective):
    """``{azkz-chapters}``: the chapters of the build as links, each with its question."""

    def question(self) -> tuple[str, str]:
        """The chapters are asked for one by one."""
        return EDITION, ""

    def fill(self) -> list[nodes.Node]:
        """A list of terms: chapter and question."""
        items = [
            about(self, chapter, first_standing(ask(self.env, "chapter", name), chapter.questions))
            for name, chapter in self.book.chapters.items()
        ]
        return [nodes.definition_list("", *items, classes=["chapters"])] if items else []


class Findings(RecordsDirective):
    """``{azkz-findings}``: the first key finding of each chapter that the body names, one a line.

    It is the finding that answers the chapter's question, as it stands on the day.
    """

    has_content = True

    def question(self) -> tuple[str, str]:
        """The chapters are asked for one by one."""
        return EDITION, ""

    def fill(self) -> list[nodes.Node]:
        """A list of terms: chapter and finding."""
        names = filter(None, map(str.strip, self.content))
        named = [ask(self.env, "chapter", name).chapters.get(name) for name in names]
        found = [
            (chapter, finding)
            for chapter in named
            if chapter and (finding := first_standing(self.book, chapter.findings))
        ]
        items = [about(self, chapter, finding) for chapter, finding in found]
        return (
            [nodes.definition_list("", *items, classes=["chapters", "findings"])] if items else []
        )


class Build(RecordsDirective):
    """``{azkz-build}``: what this edition was made from, as a list; with ``:line:`` in one line."""

    option_spec: ClassVar = {"line": directives.flag}

    def question(self) -> tuple[str, str]:
        """The edition for one line; everything for all facts."""
        return EDITION if "line" in self.options else WHOLE, ""

    def fill(self) -> list[nodes.Node]:
        """One line for the cover, or all facts for the page on the method."""
        if "line" in self.options:
            words = ", ".join(named(self.book.edition, self.book.as_of))
            corrects = f"; corrects edition {self.book.corrects}" if self.book.corrects else ""
            return [paragraph(text(f"{words}{corrects}"), classes=["edition-line"])]
        facts = [
            ("Edition", "none" if self.book.unnamed else self.book.edition),
            ("As known on", long_date(self.book.as_of)),
            ("Package", f"azkz {self.book.version}"),
            ("Observations known", COUNTS["observations"](self.book)),
            ("Sources known", COUNTS["sources"](self.book)),
            ("Events known", COUNTS["events"](self.book)),
            ("Numbers", COUNTS["numbers"](self.book)),
        ]
        if self.book.corrects:
            facts.insert(1, ("Corrects", f"edition {self.book.corrects}"))
        items = [term([text(name)], paragraph(text(fact))) for name, fact in facts]
        digest = nodes.literal("", self.book.ledger_sha256)
        items.append(term([text("SHA-256 of the ledger")], paragraph(digest)))
        return [nodes.definition_list("", *items, classes=["facts"])]


class Cite(RecordsDirective):
    """``{azkz-cite}``: how to cite the edition, as a sentence and for BibTeX."""

    def fill(self) -> list[nodes.Node]:
        """The citation in words and as a BibTeX entry."""
        book = self.book
        by, rest = citation(book.edition, book.as_of, book.version, book.ledger_sha256)
        words: Content = [text(f"{by} "), nodes.emphasis("", book.title), text(f". {rest}")]
        return [paragraph(*words, classes=["citation-line"]), self._bibtex()]

    def _bibtex(self) -> nodes.literal_block:
        known = _known(self.book.edition, self.book.as_of)
        entry = "\n".join(
            (
                f"@techreport{{azkz-{self.book.edition},",
                "  author = {{Across the Caspian contributors}},",
                f"  title = {{{self.book.title}}},",
                f"  year = {{{self.book.as_of.year}}},",
                f"  note = {{{known.replace(chr(160), '~')}. Package azkz {self.book.version}}},",
                "}",
            )
        )
        return nodes.literal_block(entry, entry, language="bibtex")


def about(page: RecordsDirective, chapter: ChapterPage, prose: str) -> nodes.definition_list_item:
    """A chapter as a link, with what is said of it."""
    link = page_reference(f"notebooks/{chapter.name}", page.env.docname, chapter.title)
    # On the chapter's page MyST sets the apostrophes; here the prose is parsed by itself.
    return term([link], paragraph(*parse(page.env, prose.replace("'", "’"), page.lineno)))


def citation(edition: str, as_of: date, version: str, digest: str) -> tuple[str, str]:
    """How to cite an edition: what stands before its title and what after it."""
    rest = f"{_known(edition, as_of)}. Package azkz {version}, ledger {digest[:12]}."
    return f"Across the Caspian contributors ({as_of.year}).", rest


def _known(edition: str, as_of: date) -> str:
    return ", ".join(named(edition, as_of))


def by_chapter(book: Records, numbers: Sequence[Number]) -> dict[str, list[Number]]:
    """Numbers of each chapter, in the order of the chapters, by id."""
    found: dict[str, list[Number]] = {chapter: [] for chapter in book.chapters}
    for number in sorted(numbers, key=lambda number: number.id):
        found.setdefault(number.chapter, []).append(number)
    return {chapter: rows for chapter, rows in found.items() if rows}
