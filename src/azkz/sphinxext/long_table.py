"""Tables with a row for each record, written without a docutils node for each of their cells.

The annexes hold four fifths of all nodes of the report, and Sphinx goes through every node dozens
of times. A long table is one node; HTML is written straight from its cells here, and the PDF's
source in ``azkz.typst.records``.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from azkz.sphinxext.domain import ReportDomain, page_of
from azkz.sphinxext.packed import Packed
from azkz.sphinxext.tree import Content, paragraph

if TYPE_CHECKING:
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

MANY, PRINTED = 12, 10

_UNITS = ("thousand", "million", "billion", "percent", "times", "tonnes", "days", "Mt", "km", "m²")
_WITHIN_NUMBER = re.compile(rf" (?<=\d )(?=(?:{'|'.join((*month_name[1:], *_UNITS))})\b)")
"""The space comes first: it is found at once, where a digit before it would be looked for."""

_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", ">": "&gt;", "@": "&#64;"})


class long_table(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """A table, its head and its rows as ``tree.grid`` takes them; ``anchors`` are of all rows.

    The rows are packed until they are resolved for the PDF.

    Of one of more than ``MANY`` rows print has the first ``PRINTED``, where it is to be ``brief``.
    """


def long_grid(
    head: Sequence[Content],
    rows: Sequence[Sequence[Content]],
    *,
    right: Collection[int] = (),
    anchors: Sequence[str] = (),
    classes: Sequence[str] = (),
    brief: bool = False,
) -> long_table:
    """As ``tree.grid``, for many rows; cells hold text, codes and links."""
    names = list(anchors) or [""] * len(rows)
    return long_table(
        head=head,
        rows=Packed(rows),
        right=list(right),
        anchors=names,
        classes=list(classes),
        brief=brief,
    )


def keep_whole(text: str) -> str:
    """``text`` with no line end between a number and what it counts, or a day and its month."""
    return _WITHIN_NUMBER.sub("\u00a0", text)


class ResolveRecords(SphinxPostTransform):
    """Makes links to records, those in the cells of long tables too, for the PDF.

    Sphinx would ask thirty times as much of each.
    """

    # Sealed lists are open, and what is left is Sphinx's to resolve.
    default_priority = 5
    formats = ("typst",)

    def run(self, **_kwargs: Any) -> None:
        """Go through the whole book."""
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node.get("refdomain") == ReportDomain.name:
                node.parent.replace(node, self._link(node))
        for table in list(self.document.findall(long_table)):
            table["rows"] = table["rows"].value
            if table["brief"] and len(table["rows"]) > MANY:
                _shorten(table)
            table["rows"] = [[self._resolved(cell) for cell in row] for row in table["rows"]]

    def _resolved(self, content: Content) -> Content:
        return [self._link(n) if isinstance(n, addnodes.pending_xref) else n for n in content]

    def _link(self, node: Any) -> nodes.Node:
        words, page = node.astext(), page_of(node["reftype"], node["reftarget"])
        if page not in self.env.all_docs:
            _warn_of(node, node["refdoc"])
            return nodes.Text(words)
        address = f"{self.app.builder.get_target_uri(page)}#{node['anchor']}"
        return nodes.reference("", words, refuri=address, classes=node["classes"])


def _shorten(table: long_table) -> None:
    left = len(table["rows"]) - PRINTED
    for part in ("rows", "anchors"):
        table[part] = table[part][:PRINTED]
    words = f"These are the first {PRINTED}; {left} more stand on the web page."
    table.parent.insert(table.parent.index(table) + 1, paragraph(nodes.Text(words)))


class WriteTables(SphinxPostTransform):
    """Writes the long tables of a page as HTML.

    The node that takes a table's place has the numbers that it cites (``cited``, their addresses by
    id), for the cards.
    """

    default_priority = 290
    formats = ("html",)

    def run(self, **_kwargs: Any) -> None:
        """Go through one page."""
        for node in list(self.document.findall(long_table)):
            written = _Writing(self.env, self.app.builder)
            html = "".join(written.table(node))
            # Not ``replace_self``, which would hand on the table's classes.
            node.parent.replace(node, nodes.raw("", html, format="html", cited=written.cited))


class _Writing:
    """Writes one table as Sphinx and the theme would."""

    def __init__(self, env: BuildEnvironment, builder: Builder) -> None:
        self._page, self._pages, self._builder = env.docname, env.all_docs, builder
        self._addresses: dict[str, str] = {self._page: ""}
        self.cited: dict[str, str] = {}

    def table(self, node: long_table) -> Iterator[str]:
        names = " ".join(("report-table", *node["classes"], "table"))
        yield '<div class="table-frame" role="group" tabindex="0" aria-label="Table">\n'
        yield '<div class="pst-scrollable-table-container">'
        yield f'<table class="{names}">\n<thead>\n<tr class="row-odd">'
        for at, cell in enumerate(node["head"]):
            kind = "head right" if at in node["right"] else "head"
            yield f'<th class="{kind}"><p>{self._line(cell)}</p></th>\n'
        yield "</tr>\n</thead>\n<tbody>\n"
        for at, (row, anchor) in enumerate(zip(node["rows"].value, node["anchors"], strict=True)):
            yield f'<tr class="row-{"odd" if at % 2 else "even"}">'
            for column, cell in enumerate(row):
                kind = ' class="right"' if column in node["right"] else ""
                name = f' id="{anchor}"' if anchor and not column else ""
                yield f"<td{kind}><p{name}>{self._line(cell)}</p></td>\n"
            yield "</tr>\n"
        yield "</tbody>\n</table>\n</div>\n</div>\n"

    def _line(self, content: Content) -> str:
        return "".join(_WRITERS[type(node)](self, node) for node in content)

    def text(self, node: nodes.Node) -> str:
        return keep_whole(node.astext()).translate(_ESCAPED)

    def span(self, node: Any) -> str:
        return f'<span class="{" ".join(node["classes"])}">{self._line(node.children)}</span>'

    def strong(self, node: nodes.Element) -> str:
        return f"<strong>{self._line(node.children)}</strong>"

    def code(self, node: nodes.Node) -> str:
        words = (f'<span class="pre">{w.translate(_ESCAPED)}</span>' for w in node.astext().split())
        return f'<code class="docutils literal notranslate">{" ".join(words)}</code>'

    def outside(self, node: Any) -> str:
        names = " ".join((*node["classes"], "reference", "external"))
        address = node["refuri"].translate(_ESCAPED)
        return f'<a class="{names}" href="{address}">{self._line(node.children)}</a>'

    def record(self, node: Any) -> str:
        kind, target = node["reftype"], node["reftarget"]
        page = page_of(kind, target)
        if page not in self._pages:
            _warn_of(node, self._page)
            return self.text(node)
        up = self._address(page)
        address = f"{up}#{node['anchor']}".translate(_ESCAPED)
        names = f'class="{" ".join((*node["classes"], "reference", "internal"))}"'
        words, marked = node.astext(), ""
        if kind == "num":
            marked = f'data-number="{target}" '
            if up and "number" in node["classes"]:
                self.cited.setdefault(target, address)
        else:
            words = keep_whole(words)
        return f'<a {marked}{names} href="{address}">{words.translate(_ESCAPED)}</a>'

    def _address(self, page: str) -> str:
        if page not in self._addresses:
            self._addresses[page] = self._builder.get_relative_uri(self._page, page)
        return self._addresses[page]


def _warn_of(node: Any, page: str) -> None:
    logger.warning("no page for %s %s", node["reftype"], node["reftarget"], location=page)


_WRITERS: dict[type[nodes.Node], Callable[[_Writing, Any], str]] = {
    nodes.Text: _Writing.text,
    nodes.inline: _Writing.span,
    nodes.strong: _Writing.strong,
    nodes.literal: _Writing.code,
    nodes.reference: _Writing.outside,
    addnodes.pending_xref: _Writing.record,
}
"""What may stand in a cell. Anything else is an error, as in the PDF."""
