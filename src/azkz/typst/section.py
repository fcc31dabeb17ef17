"""Pages and their sections: headings, the leaf that a page opens, annexes set in columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from azkz.typst import apart, markup
from azkz.typst.contents import LISTED

if TYPE_CHECKING:
    from azkz.typst.translator import Render, Translator

ANNEX = "annex"
"""Class of tables and lists for looking things up; a page that holds one is set in columns."""


_NO_LISTS = (addnodes.start_of_file, nodes.TextElement, nodes.tgroup)
"""What is another page, or holds words alone."""


def section(translator: Translator, node: nodes.Element) -> str:
    """A section; the first of a page opens the page."""
    name = translator.label(node)
    with translator.deeper() as level:
        if not translator.opens_page():
            return "".join(_part(translator, child, level, name) for child in node.children)
        head = "" if translator.page.depth else _running_head(translator, node)
        if translator.page.name in translator.book.apart.joined:
            translator.join_next(_openings(translator, node.children, level, name) + "#v(2em)\n")
            return ""
        if file := translator.book.apart.files.get(translator.page.name):
            opening = translator.joined() + _openings(translator, node.children, level, name)
            return apart.below(opening, file)
        if holds_annex(node):
            return _annex(translator, node, level, name, head)
        opening = markup.block("open-page", markup.string(translator.page.kind))
        parts = (_part(translator, child, level, name, opens=True) for child in node.children)
        opening = "" if translator.page.depth else head + opening
        return opening + translator.joined() + "".join(parts)


def _running_head(translator: Translator, node: nodes.Element) -> str:
    """What stands above every page from here on: number and title of the page of the report."""
    title = next((child for child in node.children if isinstance(child, nodes.title)), None)
    # A place in the title is in its heading; here it would be on every page.
    shown = markup.content("" if title is None else translator.text(_title(translator, title)))
    number = markup.string(translator.page.number)
    return f"#set page(header: {markup.apply('running-head', number, shown)})\n"


def holds_annex(node: nodes.Element) -> bool:
    """Whether the page itself, not one that it lists, holds something to look up."""
    parts = [child for child in node.children if isinstance(child, nodes.Element)]
    return ANNEX in node.get("classes", ()) or any(
        holds_annex(part) for part in parts if not isinstance(part, _NO_LISTS)
    )


def _annex(translator: Translator, node: nodes.Element, level: int, name: str, head: str) -> str:
    """A page in columns; what stands before its first section or list runs over all of them."""
    first = next(at for at, child in enumerate(node.children) if begins_annex(child))
    opening = translator.joined() + _openings(translator, node.children[:first], level, name)
    body = "".join(map(translator.render, node.children[first:]))
    return head + markup.block("annex-page", markup.content(opening), markup.content(body))


def _openings(translator: Translator, children: Sequence[nodes.Node], level: int, name: str) -> str:
    """The title of a page and what stands below it."""
    return "".join(_part(translator, child, level, name, opens=True) for child in children)


def begins_annex(child: nodes.Node) -> bool:
    """Whether with this child of a page's section its annex begins."""
    if isinstance(child, nodes.section):
        return True
    return isinstance(child, nodes.Element) and ANNEX in child.get("classes", ())


def _part(
    translator: Translator, child: nodes.Node, level: int, name: str, *, opens: bool = False
) -> str:
    if not isinstance(child, nodes.title):
        return translator.render(child)
    heading = _opening if opens else _heading
    return heading(translator, child, level, name)


def _opening(translator: Translator, title: nodes.Element, level: int, name: str) -> str:
    """The title of a page; a chapter's has a number."""
    page = translator.page
    number = "" if page.depth else page.number
    words = _title(translator, title)
    translator.listed.heading(words)
    body = translator.children(title) if words == title.astext() else translator.text(words)
    return _head(body, level, name or translator.page_label(), number)


def _title(translator: Translator, title: nodes.Element) -> str:
    """The words of a page's title; the root page has another in print than on the web."""
    book = translator.book
    renamed = translator.page.name == book.root and book.root_title
    return book.root_title if renamed else title.astext()


def _heading(translator: Translator, title: nodes.Element, level: int, name: str) -> str:
    """The title of a section; the contents list those of chapters, the bookmarks all."""
    listed = None if translator.page.kind == "chapter" else "false"
    if listed is None and level <= LISTED:
        translator.listed.heading(title.astext())
    return _head(translator.children(title), level, name, outlined=listed, bookmarked="true")


def _head(body: str, level: int, name: str, number: str = "", **options: str | None) -> str:
    numbering = f"(..) => {markup.string(number)}" if number else "none"
    shown = markup.content(body)
    head = markup.call("heading", shown, level=str(level), numbering=numbering, **options)
    return head + (f"#{markup.label(name)}" if name else "") + "\n"


def start_of_file(translator: Translator, node: nodes.Element) -> str:
    """A page listed by this one; it follows when this one is done."""
    return translator.put_off(node)


RENDERERS: dict[str, Render] = {"section": section, "start_of_file": start_of_file}
