"""Directives for the annexes: every number, every source, every indicator."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from urllib.parse import unquote

from docutils import nodes

from azkz.ledger import Indicator, Source
from azkz.sphinxext.domain import cross_reference
from azkz.sphinxext.numbers import (
    indicator_anchor,
    long_date,
    number_anchor,
    short_date,
    source_anchor,
    source_date,
    source_reference,
)
from azkz.sphinxext.pages import RecordsDirective, by_chapter
from azkz.sphinxext.records import Number
from azkz.sphinxext.tree import (
    Content,
    bullets,
    count_of,
    foreign,
    grid,
    joined,
    outside,
    paragraph,
    term,
    text,
)

LANGUAGES = {
    "az": "Azerbaijani", "de": "German", "en": "English", "es": "Spanish", "fr": "French",
    "hy": "Armenian", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh",
    "ny": "Chichewa", "pl": "Polish", "ru": "Russian", "tr": "Turkish", "uk": "Ukrainian",
    "uz": "Uzbek", "zh": "Chinese",
}  # fmt: skip
"""Languages of the sources, by ISO 639-1 code."""

_NAME = re.compile(r"[a-z]+\.[a-z0-9]+(?:-[a-z0-9]+)*")


class NumbersAnnex(RecordsDirective):
    """``{azkz-numbers}``: a table of each chapter's numbers with value, formula and sources."""

    def fill(self) -> list[nodes.Node]:
        """A section for each chapter."""
        chapters = by_chapter(self.book, list(self.book.numbers.values()))
        return [
            self.chapter_section("numbers", chapter, self._table(rows))
            for chapter, rows in chapters.items()
        ]

    def _table(self, numbers: list[Number]) -> nodes.table:
        head = ["Number", "Value", "How it comes about", "Sources", "Known from"]
        return grid(
            [[text(name)] for name in head],
            [self._row(number) for number in numbers],
            anchors=[number_anchor(number.id) for number in numbers],
            classes=["numbers-table", "annex"],
        )

    def _row(self, number: Number) -> list[Content]:
        known = long_date(number.known_from) if number.known_from else ""
        name: Content = [text(f"{number.label} "), nodes.literal("", number.id)]
        return [
            name,
            [text(number.text)],
            self._formula(number),
            self._sources(number),
            [text(known)],
        ]

    def _formula(self, number: Number) -> Content:
        if number.kind == "observed":
            return [text("observed: "), nodes.literal("", ", ".join(number.observations))]
        if not number.formula:
            rows = count_of(len(number.observations), "row")
            return [text(f"follows from {rows} of the ledger")]
        return self._linked(number.formula)

    def _linked(self, formula: str) -> Content:
        """The formula with the numbers in it linked to their own rows."""
        found: list[nodes.Node] = []
        end = 0
        for name in _NAME.finditer(formula):
            if name[0] in self.book.numbers:
                found.append(text(formula[end : name.start()]))
                anchor = number_anchor(name[0])
                found.append(
                    cross_reference("num", name[0], anchor, name[0], self.env.docname, "input")
                )
                end = name.end()
        return [*found, text(formula[end:])]

    def _sources(self, number: Number) -> Content:
        """Publishers, each with the dates of its pages as links."""
        sources = self.book.ledger.sources
        known = [sources[key] for key in number.sources if key in sources]
        known.sort(key=lambda source: (source.publisher.casefold(), source.known_from, source.key))
        groups = groupby(known, key=lambda source: source.publisher)
        return joined((self._dates(name, list(own)) for name, own in groups), "; ")

    def _dates(self, publisher: str, sources: list[Source]) -> Content:
        links = [
            [source_reference(self.book, source.key, self.env.docname, short_date(source))]
            for source in sources
        ]
        return [text(f"{publisher}: "), *joined(links, ", ")]


class SourcesAnnex(RecordsDirective):
    """``{azkz-sources}``: every source known on the day, by publisher."""

    def fill(self) -> list[nodes.Node]:
        """A section for each first letter, a term for each publisher, an item for each source."""
        publishers = sorted(self.book.publishers, key=_reading_order)
        return [
            self.section(letter, f"publishers-{_letter_anchor(letter)}", self._publishers(names))
            for letter, names in groupby(publishers, key=_letter)
        ]

    def _publishers(self, names: Iterable[str]) -> nodes.definition_list:
        items = [
            term([text(name)], self._sources(name), anchor=self.book.publishers[name])
            for name in names
        ]
        return nodes.definition_list("", *items, classes=["publishers", "annex"])

    def _sources(self, publisher: str) -> nodes.bullet_list:
        sources = self.book.sources_of(publisher)
        anchors = [source_anchor(source.key) for source in sources]
        return bullets([self._entry(source) for source in sources], anchors)

    def _entry(self, source: Source) -> Content:
        language = LANGUAGES.get(source.lang, source.lang)
        title = (
            foreign(source.title, source.lang, "source-title")
            if source.lang != "en" and not source.title.startswith("[")
            else text(source.title, "source-title")
        )
        about = f" {source_date(source)}; {source.kind}, {language}; {self._evidence(source)}. "
        return [title, text("."), text(about, "source-about"), _address(source)]

    def _evidence(self, source: Source) -> str:
        observations = self.book.observations_by_source[source.key]
        events = self.book.events_by_source[source.key]
        parts = []
        if observations:
            parts.append(count_of(observations, "observation"))
        if events:
            parts.append(count_of(events, "event"))
        return " and ".join(parts) or "cited for other rows"


class IndicatorsAnnex(RecordsDirective):
    """``{azkz-indicators}``: what each indicator means, its unit, how often it was observed."""

    def fill(self) -> list[nodes.Node]:
        """A section for each chapter."""
        counts = Counter(row.indicator for row in self.book.ledger.observations.values())
        chapters: dict[str, list[Indicator]] = {}
        for indicator in self.book.ledger.indicators.values():
            chapters.setdefault(indicator.chapter, []).append(indicator)
        return [
            self.chapter_section("indicators", chapter, _terms(own, counts))
            for chapter, own in chapters.items()
        ]


def _terms(indicators: list[Indicator], counts: Counter[str]) -> nodes.definition_list:
    ordered = sorted(indicators, key=lambda row: (row.label.casefold(), row.key))
    items = []
    for row in ordered:
        unit = f"Unit: {row.unit.label or row.unit.symbol}"
        rows = counts[row.key]
        known = count_of(rows, "observation") if rows else "no observation known on this day"
        about: Content = [text(f"{row.definition} "), text(f"{unit}; {known}.", "indicator-about")]
        items.append(term([text(row.label)], paragraph(*about), anchor=indicator_anchor(row.key)))
    return nodes.definition_list("", *items, classes=["indicators", "annex"])


def _address(source: Source) -> nodes.Node:
    """The address, written as people read it."""
    if not source.url.startswith(("https://", "http://")):
        return text("No address.", "source-about")
    return outside(source.url, unquote(source.url).partition("://")[2].rstrip("/"))


def _reading_order(name: str) -> tuple[str, str, str]:
    return _letter(name), name.casefold(), name


def _letter(name: str) -> str:
    """The first letter, or one group for what begins with a figure or sign."""
    first = name[:1].upper()
    return first if first.isalpha() else "0–9"


def _letter_anchor(letter: str) -> str:
    return letter.lower() if letter.isascii() and letter.isalpha() else f"{ord(letter[0]):x}"
