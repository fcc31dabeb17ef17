"""The card of a number: what a reader is shown of it without leaving the page.

Each page holds one inert ``template`` for each number that it cites. The script ``azkz.js`` shows
it beside the link; without the script the link leads to the number's row in the annex.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes

from azkz.ledger import Source
from azkz.report import describe
from azkz.report.text import long_date, print_quantity, print_value
from azkz.sphinxext.numbers import number_link, source_text
from azkz.sphinxext.records import Number, Records, records
from azkz.sphinxext.tree import count_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SHOWN = 3
"""How many reporters and sources a card names; the annex has all."""


def add_cards(
    app: Sphinx,
    _pagename: str,
    _templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Put the cards of the numbers that a page cites behind its text.

    The annexes name numbers in formulas and have their rows at hand: those links are of another
    class and get no card.
    """
    if app.builder.format != "html" or doctree is None:
        return
    cited: dict[str, str] = {}
    for node in doctree.findall(lambda n: isinstance(n, number_link | nodes.raw)):
        cited.update(_cited(node))
    if cited:
        book = records(app.env)
        found = "\n".join(card(book, book.numbers[key], row) for key, row in cited.items())
        context["body"] += f"{found}\n"


def _cited(node: Any) -> dict[str, str]:
    """The addresses of the numbers that a link, or a table that is written already, leads to."""
    if isinstance(node, nodes.raw):
        return dict(node.get("cited", {}))
    numbered = "number" in node["classes"] and "refuri" in node
    return {node["number"]: node["refuri"]} if numbered else {}


def card(book: Records, number: Number, row: str) -> str:
    """The card as inert HTML; ``row`` is the address of the number's row in the annex.

    It stands in the middle of a sentence, so it holds only what may stand there.
    """
    if number not in book.told:
        book.told[number] = "".join(_told(book, number))
    begin = "How it comes about, and all" if number.kind == "derived" else "All"
    more = _span(_link(row, f"{begin} about this number"), "card-more")
    return f'<template data-card="{escape(number.id)}">{book.told[number]}{more}</template>'


def _told(book: Records, number: Number) -> Iterable[str]:
    """What a card says wherever it stands."""
    yield _span(escape(number.label), "card-label")
    yield _span(escape(number.text), "card-value")
    yield from (_span(line) for line in _facts(book, number))


def _facts(book: Records, number: Number) -> Iterable[str]:
    reporters = _reporters(book, number)
    if reporters:
        yield _fact("Whose count", escape(_some(reporters, "")))
    if number.known_from:
        yield _fact("Known since", escape(long_date(number.known_from)))
    sources = _sources(book, number)
    if sources:
        name = "Source" if len(sources) == 1 else "Sources"
        yield _fact(name, _some(sources, " in the annex", "; "))
    if number.kind == "observed":
        yield escape(other_readings(book, number))


def _reporters(book: Records, number: Number) -> list[str]:
    """Whose counts the number rests on, each once, those with the most rows first."""
    rows = (book.ledger.observations.get(key) for key in number.observations)
    named = Counter(describe.whose(book.ledger, row.reporter) for row in rows if row)
    return [name for name, _ in named.most_common()]


def _sources(book: Records, number: Number) -> list[str]:
    """Links in the order of the annex; parts of one page are one link."""
    pages: dict[tuple[str, str], Source] = {}
    for source in book.sources_behind(number):
        named = source_text(source, book.as_of)
        pages.setdefault((named, source.url.partition("#")[0]), source)
    return [_source(source, named) for (named, _), source in pages.items()]


def other_readings(book: Records, number: Number) -> str:
    """How many other readings an observed number has, from what to what, and how they relate.

    Values are told in the number's own unit, with the decimals of their sources but no more than
    one beyond the number's own.
    """
    if not number.alternatives:
        return "No other reading"
    unit = book.ledger.units[number.unit]
    rows = (book.ledger.observations[other.observation] for other in number.alternatives)
    values = sorted((row.quantity.to(unit) for row in rows), key=lambda quantity: quantity.value)
    least, most = values[0], values[-1]
    finest = 1 + sum(map(str.isdigit, number.text.partition(".")[2]))
    start = print_value(least.value, min(least.decimals, finest))
    end = print_quantity(most, min(most.decimals, finest))
    between = " to " if least.value < 0 else "–"
    span = end if least.value == most.value else f"{start}{between}{end}"
    return f"{count_of(len(values), 'other reading')}, {span} ({_relations(number)})"


def _relations(number: Number) -> str:
    relations = Counter(other.relation for other in number.alternatives)
    if len(number.alternatives) == 1:
        return "".join(relations)
    return ", ".join(count_of(relations[name], name) for name in sorted(relations))


def _some(items: Sequence[str], where: str, between: str = ", ") -> str:
    """The first few items, and how many more there are."""
    more = len(items) - SHOWN
    return between.join(items[:SHOWN]) + (f" and {more} more{where}" if more > 0 else "")


def _source(source: Source, named: str) -> str:
    """Publisher and date, linked to the original page where its address is one of the web."""
    return _link(source.url, named) if source.is_on_web else escape(named)


def _fact(name: str, told: str) -> str:
    return f"<b>{name}:</b> {told}"


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _span(content: str, name: str = "") -> str:
    return f'<span class="{name}">{content}</span>' if name else f"<span>{content}</span>"
