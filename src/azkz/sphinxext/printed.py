"""The annexes of numbers and of sources in print, written straight from the records.

On the web they are pages that Sphinx reads, resolves and writes. In print they are half of all
pages and rest on the records alone, which are there before: ``azkz.build.printing`` has them set
while the last chapter runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.addnodes import pending_xref

from azkz.ledger import Event, Observation
from azkz.paths import NUMBERS, numbers_page
from azkz.report.spreadsheet import as_csv
from azkz.sphinxext.domain import PAGES, page_of
from azkz.sphinxext.evidence_rows import said_by, sources_of, used_events, used_observations
from azkz.sphinxext.numbers import source_anchor, source_text
from azkz.sphinxext.numbers_table import HEAD, MANY, NAMED, numbers_table
from azkz.sphinxext.publishers import by_letter
from azkz.sphinxext.records import Records, records
from azkz.sphinxext.tree import Content, text
from azkz.typst import apart, fonts, markup, places
from azkz.typst.apart import Apart, Place
from azkz.typst.book import Book, Links, Page
from azkz.typst.translator import Translator
from azkz.typst.writer import RENDERERS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from azkz.typst.press import Cover

EVIDENCE, SOURCES = PAGES["row"], PAGES["source"]
ATTACHED = "evidence.csv"


class Annexes:
    """Those of a build, for a book with this ``cover``; ``titles`` are the pages' own.

    A list is written when all that it needs is known: ``numbers`` of a chapter when that has run.
    The rows of evidence are a file that the PDF has attached: printed, they took sixty pages, and a
    sixth of all typesetting.
    """

    def __init__(self, cover: Cover, titles: Mapping[str, str]) -> None:
        self._cover, self._titles = cover, titles
        self._lists: dict[str, str] = {}
        self._attached: dict[str, str] = {}
        self._rows: dict[Place, str] = {}

    def numbers(self, book: Records, chapter: str) -> None:
        """Write the list of a chapter's numbers."""
        page = numbers_page(chapter)
        table = numbers_table(book, chapter, page, link_sources=False)
        if not table["anchors"]:
            return
        own = {(page, anchor): f"{page}#{anchor}" for anchor in table["anchors"]}
        if not self._rows:
            self._rows = {row: "#".join(at) for row, at in _rows(book, _known(book)).items()}
        formula = HEAD.index("How it comes about")
        table["rows"] = table["rows"].value
        for row in table["rows"]:
            row[formula] = shortened(row[formula])
        self._keep(page, NUMBERS, _translator(page, {**self._rows, **own}).render(table))

    def sources(self, book: Records) -> None:
        """Write the list of sources, and the rows of evidence."""
        anchors = (*map(source_anchor, book.ledger.sources), *book.publishers.values())
        labels = {(SOURCES, anchor): f"{SOURCES}#{anchor}" for anchor in anchors}
        translator = _translator(SOURCES, labels)
        with translator.deeper():
            body = "".join(map(translator.render, _sections(book)))
        rows = list(_used(book))
        about = f"The {len(rows)} rows of the ledger on which something in this edition rests"
        self._keep(SOURCES, SOURCES, body, f"{apart.attachment(ATTACHED, about)}\n")
        self._attached[ATTACHED] = evidence_csv(book, rows)

    def write(self, book: Records, folder: Path) -> Apart:
        """Write all lists that there are into ``folder``."""
        files = {page: file_of(page) for page in sorted(self._lists)}
        made = Apart(files, tuple(self._attached), _rows(book, _used(book)), self.digest(book))
        lists = {files[page]: text for page, text in self._lists.items()}
        apart.write(folder, made, {**lists, **self._attached})
        return made

    def digest(self, book: Records, *further: str) -> str:
        """SHA-256 over all that the lists are made from, and which there are.

        ``further`` are pages of which the lists are still to be written.
        """
        rows = [repr(book.numbers[key]) for key in sorted(book.numbers)]
        pages = sorted({*self._lists, *further})
        told = (self._cover, sorted(self._titles.items()), book.ledger_sha256, rows, pages)
        return hashlib.sha256(repr((*told, sorted(book.used))).encode()).hexdigest()

    def _keep(self, page: str, titled: str, body: str, before: str = "") -> None:
        words = (self._cover.title, self._cover.edition, "")
        title = markup.content(markup.text(self._titles[titled]))
        head = markup.apply("page-head", *map(markup.string, words), title)
        self._lists[page] = apart.source(head, body, before)


def file_of(page: str) -> str:
    """The file with the list of a page."""
    return f"{page.replace('/', '-')}.typ"


def write_wanted(app: Sphinx, folder: Path, cover: Cover) -> Apart:
    """Write the lists into ``folder``, unless they are there, made from the same."""
    book = records(app.env)
    titles = {page: app.env.titles[page].astext() for page in (NUMBERS, SOURCES)}
    annexes, found = Annexes(cover, titles), apart.read(folder)
    numbered = {number.chapter for number in book.numbers.values()}
    if found.digest == annexes.digest(book, SOURCES, *map(numbers_page, numbered)):
        return found
    for chapter in book.chapters:
        annexes.numbers(book, chapter)
    annexes.sources(book)
    return annexes.write(book, folder)


Rows = Iterable[Observation | Event]


def _known(book: Records) -> Rows:
    yield from book.ledger.observations.values()
    yield from book.ledger.events.values()


def _used(book: Records) -> Rows:
    yield from chain.from_iterable(used_observations(book).values())
    yield from used_events(book)


def _rows(book: Records, rows: Rows) -> dict[Place, Place]:
    """Where rows are printed: under their first source."""
    named = ((row.id, sources_of(book, row)) for row in rows)
    return {(EVIDENCE, row): (SOURCES, source_anchor(keys[0])) for row, keys in named if keys}


def evidence_csv(book: Records, rows: Rows) -> str:
    """Rows of evidence as a table: id, subject, what it says, whose count, sources, since when."""
    said = (said_by(book, row) for row in rows)
    return as_csv(
        ("row", "subject", "says", "whose_count", "sources", "known_from"),
        [(r.id, r.about, r.said, r.whose, _named(book, r.sources), r.since) for r in said],
    )


def _named(book: Records, keys: Iterable[str]) -> str:
    sources = (book.ledger.sources[key] for key in keys)
    return "; ".join(f"{source_text(s, book.as_of)}, {s.url}".rstrip(", ") for s in sources)


def shortened(formula: Content) -> Content:
    """A formula in which a list of many rows names the first of them and counts the others."""
    found: list[nodes.Node] = []
    for is_list, part in _lists(formula):
        links = part[::2]
        if is_list and len(links) > MANY:
            found += [*part[: 2 * NAMED - 1], text(f" and {len(links) - NAMED} more")]
        else:
            found += part
    return found


def _lists(formula: Content) -> Iterator[tuple[bool, Sequence[nodes.Node]]]:
    """Parts of a formula, and whether each is a list: links with commas between them."""
    begin = 0
    for at, node in enumerate(formula):
        goes_on = isinstance(node, pending_xref) or node.astext() == ", "
        if not goes_on:
            yield from ((True, formula[begin:at]), (False, [node]))
            begin = at + 1
    yield True, formula[begin:]


def _sections(book: Records) -> Iterator[nodes.section]:
    for letter, anchor, publishers in by_letter(book):
        title = nodes.title(letter, letter)
        yield nodes.section("", title, publishers, ids=[nodes.make_id(anchor)])


def _translator(page: str, labels: Mapping[Place, str]) -> Translator:
    """One for a page by itself, of which all anchors in ``labels`` are written."""
    wanted = frozenset(labels.values())
    book = Book(page, {page: Page(page, "back")}, known=fonts.known)
    renderers = {**RENDERERS, "pending_xref": _link}
    return Translator(book, renderers, Links(labels, wanted, wanted), {})


def _link(translator: Translator, node: Any) -> str:
    """A link to a record, which Sphinx would resolve."""
    place = page_of(node["reftype"], node["reftarget"]), node["anchor"]
    label = translator.links.labels.get(place)
    body = translator.children(node)
    address = places.address(label) if label else ""
    return markup.call("link", markup.string(address), markup.content(body)) if address else body
