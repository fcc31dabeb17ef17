"""From a docutils tree to Typst: the walk, and what every kind of node shares.

One function per node type makes the Typst source of that node. A node type without a function is
an error, because what is left out in silence is missed by a reader, not by a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from docutils import nodes

from azkz.typst import markup
from azkz.typst.book import Book, Links, Page, destination, ids
from azkz.typst.contents import Contents
from azkz.typst.errors import PdfFailed

Render = Callable[["Translator", nodes.Element], str]
LINES_OF_A_CELL = 10_000

LEFT_OUT = frozenset({"html-only", "cell_input"})
"""Classes of containers that are no part of the printed report."""

ON_COVER = frozenset({"subtitle-line", "edition-line"})
"""Classes of what the root page shows and the book has on its cover."""

LEFT_OUT_OF_ROOT = LEFT_OUT | ON_COVER


class Translator:
    """Holds the place in the book at which the walk stands.

    ``renderers`` are the functions by node type, ``footnotes`` the notes by page and id.
    """

    def __init__(
        self,
        book: Book,
        renderers: Mapping[str, Render],
        known_links: Links,
        footnotes: Mapping[tuple[str, str], nodes.Element],
    ) -> None:
        self.book = book
        self.renderers = renderers
        self.links = known_links
        self.footnotes = footnotes
        self.page = book.pages[book.root]
        self.section_depth = 0
        self.missing_letters: dict[str, set[str]] = {}
        self.written_footnotes: set[str] = set()
        self.illustrated: set[str] = set()
        self.counts: dict[tuple[str, str], int] = {}
        self.listed = Contents()
        self._texts: dict[str, str] = {}
        self._line: int | None = None
        self._written: set[str] = set()
        self._opened: set[str] = set()
        self._later: list[nodes.Element] = []
        self._opening = ""

    def render(self, node: nodes.Node) -> str:
        """The Typst source of one node, preceded by anchors if links lead to it."""
        if isinstance(node, nodes.Text):
            return self.text(node.astext() if "\0" in node else str(node))
        if not isinstance(node, nodes.Element) or not self._hidden.isdisjoint(node["classes"]):
            return ""
        self._line = node.line or self._line
        render = self.renderers.get(node.tagname)
        if render is None:
            raise self.failure(
                f"the PDF does not know the node type {node.tagname!r}",
                "write a function for it in azkz.typst, or take it off the page",
            )
        body = render(self, node)
        name = self.label(node) if node["ids"] else ""
        return markup.anchor(name) + body if name else body

    @property
    def _hidden(self) -> frozenset[str]:
        return LEFT_OUT_OF_ROOT if self.page.name == self.book.root else LEFT_OUT

    def children(self, node: nodes.Element) -> str:
        """The Typst source of everything inside ``node``."""
        return "".join(self.render(child) for child in node.children)

    def content(self, node: nodes.Element) -> str:
        """Everything inside ``node`` as a content block."""
        return markup.content(self.children(node))

    def blocks(self, node: nodes.Element) -> str:
        """The inside of ``node`` as a content block; a lone paragraph is taken as running text."""
        kept = [child for child in node.children if not isinstance(child, nodes.Invisible)]
        if len(kept) == 1 and isinstance(kept[0], nodes.paragraph):
            return markup.content(self.anchors(kept[0]) + self.children(kept[0]))
        return self.content(node)

    def text(self, value: str) -> str:
        """Text as typed; what was written once is known."""
        if value not in self._texts:
            shown = self.printable(value)
            if shown != value:
                return markup.text(shown)
            self._texts[value] = markup.text(value)
        return self._texts[value]

    def printable(self, value: str) -> str:
        """``value`` without letters that no font holds, which are noted."""
        shown, missing = markup.printable(value, self.book.known)
        if missing:
            self.missing_letters.setdefault(self.page.name, set()).update(missing)
        return shown

    def number(self, node: nodes.Element, kind: str) -> tuple[str, str]:
        """What a figure or table is called and its number: that of the web page where it has one.

        Numbers are counted here only when Sphinx gives none at all: by chapter, and through the
        rest of the book.
        """
        supplement = self.book.number_formats.get(kind, "%s").replace("%s", "").strip()
        if self.book.numbered_by_sphinx:
            places = ((self.page.name, name) for name in ids(node))
            given = (self.book.numbers[place] for place in places if place in self.book.numbers)
            return supplement, next(given, "")
        chapter = self.page.number.partition(".")[0]
        self.counts[chapter, kind] = self.counts.get((chapter, kind), 0) + 1
        count = str(self.counts[chapter, kind])
        return supplement, f"{chapter}.{count}" if chapter else count

    def label(self, node: nodes.Element) -> str:
        """The label that ``node`` has to carry, once: empty when nothing leads to it."""
        return self._label(ids(node))

    def _label(self, names: Iterable[str]) -> str:
        for name in names:
            known = self.links.labels.get((self.page.name, name), "")
            if known in self.links.wanted and known not in self._written:
                self._written.add(known)
                return known
        return ""

    def page_label(self) -> str:
        """The label of the page as a whole, if a link leads to it."""
        name = self.links.labels.get((self.page.name, ""), "")
        return name if name in self.links.wanted else ""

    def anchors(self, node: nodes.Element) -> str:
        """The anchor of ``node`` as markup of its own."""
        return self.anchor(ids(node))

    def anchor(self, names: Iterable[str]) -> str:
        """The anchor of what has these ids on the page."""
        name = self._label(names)
        return markup.anchor(name) if name else ""

    def target(self, node: nodes.Element) -> str:
        """The label to which a reference leads; empty when the book holds no such place."""
        place = destination(node, self.page.name)
        return self.links.labels.get(place, "") if place else ""

    def failure(self, what: str, todo: str) -> PdfFailed:
        """An error at the place where the walk stands."""
        file, line = self.book.files.get(self.page.name, self.page.name), self._line
        if line is None:
            return PdfFailed(what, file, todo)
        # MyST-NB counts the lines of a notebook by cell: 30007 is line 7 of the third cell.
        cell = line // LINES_OF_A_CELL
        return PdfFailed(what, f"{file}, cell {cell}" if cell else f"{file}:{line}", todo)

    def opens_page(self) -> bool:
        """Whether the section at hand is the first of its page."""
        first = self.section_depth == 1 and self.page.name not in self._opened
        if first:
            self._opened.add(self.page.name)
        return first

    def join_next(self, opening: str) -> None:
        """Keep what is printed of a page for the head of the next one, with no leaf of its own."""
        self._opening += opening

    def joined(self) -> str:
        """What earlier pages have kept for the head of this one."""
        opening, self._opening = self._opening, ""
        return opening

    def put_off(self, page: nodes.Element) -> str:
        """Keep a page of the table of contents until the page that lists it is done."""
        self._later.append(page)
        return ""

    def render_page(self, tree: nodes.Element, page: Page) -> str:
        """One page and, after it, the pages that it lists."""
        with self._at(page):
            body = self.children(tree)
            later, self._later = self._later, []
            rest = "".join(
                self.render_page(node, self.book.pages[node["docname"]]) for node in later
            )
        # What a page sets for its own pages ends with it.
        return f"#[\n{body}\n]\n{rest}"

    @contextmanager
    def deeper(self) -> Iterator[int]:
        """One section further down; gives the level of its heading."""
        self.section_depth += 1
        try:
            yield self.page.depth + self.section_depth
        finally:
            self.section_depth -= 1

    @contextmanager
    def _at(self, page: Page) -> Iterator[None]:
        before = self.page, self.section_depth, self._later, self._line
        self.page, self.section_depth, self._later, self._line = page, 0, [], None
        try:
            yield
        finally:
            self.page, self.section_depth, self._later, self._line = before
