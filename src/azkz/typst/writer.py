"""Writes the whole book as Typst: the functions for all kinds of nodes, put to one walk."""

from __future__ import annotations

from typing import NamedTuple

from docutils import nodes

from azkz.typst import block, figure, inline, lists, records, section, table
from azkz.typst.book import Book, ids, links
from azkz.typst.translator import Render, Translator

RENDERERS: dict[str, Render] = {
    **inline.RENDERERS,
    **section.RENDERERS,
    **block.RENDERERS,
    **lists.RENDERERS,
    **figure.RENDERERS,
    **table.RENDERERS,
    **records.RENDERERS,
}
"""The function that makes the Typst source of a node, by the node's type."""


class Translated(NamedTuple):
    """The book as Typst source, the letters that no font holds, by page, and leaves of contents."""

    body: str
    missing: dict[str, set[str]]
    leaves: int


def translate(tree: nodes.document, book: Book) -> Translated:
    """The whole book as Typst source."""
    notes = _footnotes(tree, book.root)
    known = links(tree, book.root, book.apart)
    translator = Translator(book, RENDERERS, known, notes)
    body = translator.render_page(tree, book.pages[book.root])
    return Translated(body, translator.missing_letters, translator.listed.leaves)


def _footnotes(tree: nodes.Element, root: str) -> dict[tuple[str, str], nodes.Element]:
    found: dict[tuple[str, str], nodes.Element] = {}

    def collect(node: nodes.Element, page: str) -> None:
        if node.tagname == "start_of_file":
            page = str(node["docname"])
        if isinstance(node, nodes.footnote):
            found.update({(page, name): node for name in ids(node)})
        for child in node.children:
            if isinstance(child, nodes.Element):
                collect(child, page)

    collect(tree, root)
    return found
