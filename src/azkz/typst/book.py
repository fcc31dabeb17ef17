"""The book as the translator sees it: its pages in order, their numbers, what may be linked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from docutils import nodes

from azkz.typst.apart import Apart, Place

Kind = Literal["front", "chapter", "back"]


REFERENCES = frozenset({"reference", "number_reference", "footnote_reference"})
"""Types of nodes that may lead into the book."""

CHAPTERS = "Chapters"
"""Caption of the list of chapters in the table of contents."""


@dataclass(frozen=True, slots=True)
class Toctree:
    """One list of pages as a page of the book holds it."""

    caption: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the web report, a chapter or section of the printed one."""

    name: str
    kind: Kind = "front"
    number: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that translating needs to know beyond the document tree.

    ``numbers`` holds the numbers of figures and tables that Sphinx has given (``numfig``), so that
    page and print agree; ``number_formats`` how they are written. ``images`` leads from the address
    in the tree to the file beside the Typst source, ``files`` from a page to the file that an
    author edits. ``apart`` are the lists that are written apart. ``root_title`` takes the place of
    the root page's own title, which is that of the book and stands on the cover. ``known`` says
    whether a font holds a letter.
    """

    root: str
    pages: Mapping[str, Page]
    root_title: str = ""
    numbers: Mapping[Place, str] = field(default_factory=dict)
    numbered_by_sphinx: bool = False
    number_formats: Mapping[str, str] = field(
        default_factory=lambda: {"figure": "Figure %s", "table": "Table %s"}
    )
    images: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    known: Callable[[str], bool] = lambda _letter: True
    apart: Apart = field(default_factory=Apart)


def plan(
    root: str,
    toctrees: Mapping[str, Sequence[Toctree]],
    numbers: Mapping[str, str],
) -> dict[str, Page]:
    """The pages in reading order with what they are.

    A page is a chapter when Sphinx numbers it (``numbered`` in the table of contents) or when it
    stands under the caption ``CHAPTERS``; such a list is then counted here. Pages before
    the first chapter are front matter, pages after it back matter.
    """
    found: dict[str, Page] = {root: Page(root)}
    for name, caption, depth in _walk(root, toctrees, 0):
        if name in found:
            continue
        number = numbers.get(name, "")
        listed = caption == CHAPTERS and depth == 0
        if listed and not number:
            counted = [page for page in found.values() if page.number and not page.depth]
            number = str(len(counted) + 1)
        earlier: Kind = "back" if any(page.number for page in found.values()) else "front"
        found[name] = Page(name, "chapter" if number else earlier, number, depth)
    return found


def _walk(
    page: str, toctrees: Mapping[str, Sequence[Toctree]], depth: int
) -> Iterator[tuple[str, str, int]]:
    for toctree in toctrees.get(page, ()):
        for name in toctree.pages:
            yield name, toctree.caption, depth
            yield from _walk(name, toctrees, depth + 1)


@dataclass(frozen=True, slots=True)
class Links:
    """Which places are linked to, and the Typst label of each place that exists.

    ``anchors`` are the labels that stand on an anchor, not on a heading, figure or table.
    """

    labels: Mapping[Place, str]
    wanted: frozenset[str]
    anchors: frozenset[str] = frozenset()


def links(tree: nodes.Element, root: str, apart: Apart) -> Links:
    """Collect the targets and the references of the whole book.

    All ids of one element share one label, because Typst attaches one label to an element; only
    labels in ``wanted`` need to be written. Places in lists that are ``apart`` have theirs there.
    """
    labels: dict[Place, str] = {}
    references: list[Place] = []
    anchors: set[str] = set()
    for page, node in _elements(tree, root):
        of_rows: Sequence[str] = node.attributes.get("anchors", ())
        for identity in filter(None, of_rows):
            anchors.add(labels.setdefault((page, identity), f"{page}#{identity}"))
        if isinstance(node, nodes.section) and (page, "") not in labels:
            labels[page, ""] = f"{page}#{_first_id(node)}"
        # Most elements have none, and lead nowhere.
        if node.attributes["ids"]:
            label = f"{page}#{_first_id(node)}"
            for identity in ids(node):
                labels.setdefault((page, identity), label)
            if not isinstance(node, nodes.section | nodes.figure | nodes.table):
                anchors.add(label)
        if place := destination(node, page):
            references.append(place)
    elsewhere = {place: apart.label(place) for place in references if place not in labels}
    labels.update({place: label for place, label in elsewhere.items() if label})
    anchors.update(filter(None, elsewhere.values()))
    wanted = frozenset(labels[place] for place in references if place in labels)
    return Links(labels, wanted, frozenset(anchors))


def destination(node: nodes.Element, page: str) -> Place | None:
    """The place in the book to which ``node`` leads, if it leads into the book."""
    if node.tagname not in REFERENCES:
        return None
    if "refid" in node:
        return page, node["refid"]
    address = str(node.get("refuri", ""))
    if address.startswith("%"):
        name, _, target = address[1:].partition("#")
        return name, target.rpartition("#")[2]
    if address.startswith("#"):
        return page, address[1:]
    return None


def _elements(tree: nodes.Element, root: str) -> Iterator[tuple[str, nodes.Element]]:
    """Every element in its order, those in the cells of long tables too, with its page."""
    todo = [(root, tree)]
    while todo:
        page, node = todo.pop()
        if node.tagname == "start_of_file":
            page = str(node["docname"])
        yield page, node
        inside = [part for part in node.children if isinstance(part, nodes.Element)]
        if rows := node.attributes.get("rows"):
            cells = (part for row in rows for cell in row for part in cell)
            inside.extend(part for part in cells if isinstance(part, nodes.Element))
        todo.extend((page, part) for part in reversed(inside))


def ids(node: nodes.Element) -> list[str]:
    """The ids of an element."""
    return list(map(str, node["ids"]))


def _first_id(node: nodes.Element) -> str:
    return next(iter(ids(node)), "")
