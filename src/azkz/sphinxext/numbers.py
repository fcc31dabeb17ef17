"""The roles ``{num}`` and ``{source}``, in Markdown and in the plain strings of figures."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from azkz.errors import BadInput
from azkz.report.text import MARKUP, VARIANTS, long_date, print_variant, split_variant
from azkz.sphinxext.asking import ask
from azkz.sphinxext.domain import cross_reference, place
from azkz.sphinxext.records import Number, Records

if TYPE_CHECKING:
    from datetime import date

    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

    from azkz.ledger import Source


STATISTIC = "annual statistic"
"""What an older edition says of a source instead of a day that lies after its own."""


class unknown_record(nodes.inline):  # noqa: N801  docutils names nodes in lower case
    """A citation that no record answers; whatever cites it is an error or left out."""


class number_link(nodes.reference):  # noqa: N801
    """A resolved link to a number, in HTML alone: it carries ``data-number``."""


class RecordRole(SphinxRole):
    """`` {num}`trade.turnover-2023` `` prints the number, `` {source}`key` `` names the source.

    A number's id may have a variant behind a colon: ``:value``, ``:unit``, ``:label``, ``:signed``.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """A link, or a mark for what is not known."""
        _, line = self.get_source_info()
        return [citation(self.env, self.name.lower(), self.text.strip(), line)], []


def citation(env: BuildEnvironment, kind: str, key: str, line: int | None) -> nodes.Node:
    """What the role ``kind`` (``num`` or ``source``) puts on the page for ``key``."""
    variant = ""
    if kind == "num":
        key, variant = split_variant(key)
    book = ask(env, kind, key)
    if kind == "num" and key in book.numbers:
        return _variant(env, book.numbers[key], variant, line)
    if kind == "source" and key in book.ledger.sources:
        return source_reference(book, key, env.docname)
    return unknown_record(key, key, kind=kind, key=key, cited_at=line or 0)


def _variant(env: BuildEnvironment, number: Number, variant: str, line: int | None) -> nodes.Node:
    shown = print_variant(number.text, number.label, variant, is_word=number.kind == "text")
    if not shown:
        known = variant in VARIANTS
        what = f"{number.id} has no {variant}" if known else f"{variant!r} is no variant"
        todo = "print the number itself" if known else f"use one of {', '.join(VARIANTS)}"
        raise BadInput(what, place(env, env.docname, line or 0), todo)
    return number_reference(number, env.docname, shown)


def parse(env: BuildEnvironment, text: str, line: int | None = None) -> list[nodes.Node]:
    """A plain string as nodes: its roles become links, everything else stays as typed."""
    found: list[nodes.Node] = []
    end = 0
    for role in MARKUP.finditer(text):
        found.append(nodes.Text(text[end : role.start()]))
        found.append(citation(env, role[1], role[2].strip(), line))
        end = role.end()
    found.append(nodes.Text(text[end:]))
    return [node for node in found if node.astext()]


def number_reference(number: Number, page: str, text: str = "") -> nodes.Node:
    """A number as prose prints it, linked to its row in the annex."""
    return cross_reference("num", number.id, number.anchor, text or number.text, page, "number")


def row_reference(key: str, page: str, text: str = "") -> nodes.Node:
    """A row of the ledger by its id, linked to the page of evidence."""
    return cross_reference("row", key, key, text or key, page, "ledger-row")


def source_reference(book: Records, key: str, page: str, text: str = "") -> nodes.Node:
    """A source by publisher and date, linked to its entry on the page of sources."""
    shown = text or source_text(book.ledger.sources[key], book.as_of)
    return cross_reference("source", key, source_anchor(key), shown, page, "source")


@cache
def source_anchor(key: str) -> str:
    """The anchor of a source's entry."""
    return nodes.make_id(f"source-{key}")


def indicator_anchor(key: str) -> str:
    """The anchor of an indicator's entry."""
    return nodes.make_id(f"indicator-{key}")


def source_text(source: Source, as_of: date) -> str:
    """Publisher and date of a source."""
    return f"{source.publisher}, {short_date(source, as_of)}"


def short_date(source: Source, as_of: date) -> str:
    """The day of publication; when an undated page was read is said in the list of sources.

    An older edition has annual statistics that are assumed to have been out by its day and were
    read later: it gives no day for them.
    """
    if source.known_from > as_of:
        return STATISTIC
    return long_date(source.published) if source.published else "undated"


def source_date(source: Source, as_of: date) -> str:
    """The day of publication, or the day on which an undated page was read, as far as known."""
    if source.known_from > as_of:
        return f"{STATISTIC}, read after the day of this edition"
    if source.published:
        return long_date(source.published)
    return f"undated, read on {long_date(source.retrieved)}"


def mark_numbers(document: nodes.document) -> None:
    """Give resolved links to numbers their HTML form."""
    for link in list(document.findall(nodes.reference)):
        if "number" in link and not isinstance(link, number_link):
            link.replace_self(number_link("", "", *link.children, **link.attributes))


def visit_number_link(translator: HTML5Translator, node: number_link) -> None:
    """An ``a`` element with the number's id."""
    address = node.get("refuri") or f"#{node['refid']}"
    link = translator.starttag(node, "a", "", href=address, CLASS="reference internal")
    marked = link.replace("<a ", f'<a data-number="{translator.attval(node["number"])}" ', 1)
    translator.body.append(marked)


def depart_number_link(translator: HTML5Translator, _node: number_link) -> None:
    """The end of the link."""
    translator.body.append("</a>")
