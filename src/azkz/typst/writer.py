"""Writes the whole book as Typst: the functions for all kinds of nodes, put to one walk."""

from __future__ import annotations

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


def translate(tree: nodes.document, book: Book) -> tuple[str, dict[str, set[str]]]:
    """The whole book as Typst source, and the letters that no font holds, by page."""
    notes = _footnotes(tree, book.root)
    known = links(tree, book.root, book.apart)
    translator = Translator(book, RENDERERS, known, notes)
    return translator.render_page(tree, book.pages[book.root]), translator.missing_letters


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
