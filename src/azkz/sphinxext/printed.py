"""The annexes of numbers and of sources in print, written straight from the records.

On the web they are pages that Sphinx reads, resolves and writes. In print they are half of all
pages and rest on the records alone, which are there before: ``azkz.build.printing`` has them set
while the last chapter runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from azkz.ledger import Event, Observation
from azkz.paths import NUMBERS, numbers_page
from azkz.sphinxext.domain import PAGES, page_of
from azkz.sphinxext.evidence_rows import Said, said_by, sources_of, used_events, used_observations
from azkz.sphinxext.numbers import source_anchor
from azkz.sphinxext.numbers_table import numbers_table
from azkz.sphinxext.publishers import by_letter
from azkz.sphinxext.records import Records, records
from azkz.typst import apart, evidence, fonts, markup, places
from azkz.typst.apart import Apart, Place
from azkz.typst.book import Book, Links, Page
from azkz.typst.errors import PdfFailed
from azkz.typst.translator import Translator
from azkz.typst.writer import RENDERERS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from azkz.typst.press import Cover

EVIDENCE, SOURCES = PAGES["row"], PAGES["source"]


class Annexes:
    """Those of a build, for a book with this ``cover``; ``titles`` are the pages' own.

    A list is written when all that it needs is known: ``numbers`` of a chapter when that has run.
    """

    def __init__(self, cover: Cover, titles: Mapping[str, str]) -> None:
        self._cover, self._titles = cover, titles
        self._lists: dict[str, str] = {}

    def numbers(self, book: Records, chapter: str) -> None:
        """Write the list of a chapter's numbers."""
        page = numbers_page(chapter)
        table = numbers_table(book, chapter, page)
        labels = {row: "#".join(place) for row, place in _rows(book, _known(book)).items()}
        labels |= {(page, anchor): f"{page}#{anchor}" for anchor in table["anchors"]}
        self._keep(page, NUMBERS, _translator(page, labels).render(table))

    def sources(self, book: Records) -> None:
        """Write the list of sources with what each says.

        Raises
        ------
        PdfFailed
            A row names no source, or one that is not in the list.
        """
        anchors = (*map(source_anchor, book.ledger.sources), *book.publishers.values())
        labels = {(SOURCES, anchor): f"{SOURCES}#{anchor}" for anchor in anchors}
        translator = _translator(SOURCES, labels, _by_source(book))
        with translator.deeper():
            body = "".join(map(translator.render, _sections(book)))
        evidence.refuse_unprinted(translator.said)
        self._keep(SOURCES, SOURCES, body)

    def write(self, book: Records, folder: Path) -> Apart:
        """Write all lists that there are into ``folder``."""
        files = {page: file_of(page) for page in self._lists}
        made = Apart(files, _rows(book, _used(book)), self.digest(book))
        apart.write(folder, made, {files[page]: text for page, text in self._lists.items()})
        return made

    def digest(self, book: Records) -> str:
        """SHA-256 over all that the lists of a whole book are made from."""
        rows = [repr(book.numbers[key]) for key in sorted(book.numbers)]
        told = (self._cover, sorted(self._titles.items()), book.ledger_sha256, rows)
        return hashlib.sha256(repr((*told, sorted(book.used))).encode()).hexdigest()

    def _keep(self, page: str, titled: str, body: str) -> None:
        words = (self._cover.title, self._cover.edition, "")
        title = markup.content(markup.text(self._titles[titled]))
        head = markup.apply("page-head", *map(markup.string, words), title)
        self._lists[page] = apart.source(head, body)


def file_of(page: str) -> str:
    """The file with the list of a page."""
    return f"{page.replace('/', '-')}.typ"


def write_wanted(app: Sphinx, folder: Path, cover: Cover) -> Apart:
    """Write the lists into ``folder``, unless they are there, made from the same."""
    book = records(app.env)
    titles = {page: app.env.titles[page].astext() for page in (NUMBERS, SOURCES)}
    annexes, found = Annexes(cover, titles), apart.read(folder)
    if found.digest == annexes.digest(book):
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


def _by_source(book: Records) -> dict[Place, list[Said]]:
    """The rows by the places of their sources; what two sources say stands under both."""
    found: dict[Place, list[Said]] = {}
    for row in _used(book):
        said = said_by(book, row)
        if not said.sources:
            raise PdfFailed(f"the row {said.id!r} names no source", EVIDENCE)
        for key in dict.fromkeys(said.sources):
            found.setdefault((SOURCES, source_anchor(key)), []).append(said)
    return found


def _sections(book: Records) -> Iterator[nodes.section]:
    for letter, anchor, publishers in by_letter(book):
        title = nodes.title(letter, letter)
        yield nodes.section("", title, publishers, ids=[nodes.make_id(anchor)])


def _translator(
    page: str, labels: Mapping[Place, str], said: dict[Place, list[Said]] | None = None
) -> Translator:
    """One for a page by itself, of which all anchors in ``labels`` are written."""
    wanted = frozenset(labels.values())
    book = Book(page, {page: Page(page, "back")}, known=fonts.known)
    renderers = {**RENDERERS, "pending_xref": _link}
    return Translator(book, renderers, Links(labels, wanted, wanted), {}, said)


def _link(translator: Translator, node: Any) -> str:
    """A link to a record, which Sphinx would resolve."""
    place = page_of(node["reftype"], node["reftarget"]), node["anchor"]
    label = translator.links.labels.get(place)
    body = translator.children(node)
    address = places.address(label) if label else ""
    return markup.call("link", markup.string(address), markup.content(body)) if address else body
