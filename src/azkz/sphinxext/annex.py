"""Directives for the annexes: every source, every indicator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from urllib.parse import unquote

from docutils import nodes

from azkz.ledger import Indicator, Source
from azkz.sphinxext.counts import known_indicators
from azkz.sphinxext.numbers import (
    indicator_anchor,
    source_anchor,
    source_date,
)
from azkz.sphinxext.pages import RecordsDirective
from azkz.sphinxext.sealed import seal, sealed
from azkz.sphinxext.tree import (
    Content,
    bullets,
    count_of,
    foreign,
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


class SourcesAnnex(RecordsDirective):
    """``{azkz-sources}``: every source known on the day, by publisher."""

    def question(self) -> tuple[str, str]:
        """All sources, and how much rests on each."""
        return "sources", ""

    def fill(self) -> list[nodes.Node]:
        """A section for each first letter, a term for each publisher, an item for each source."""
        publishers = sorted(self.book.publishers, key=_reading_order)
        return [
            self.section(letter, f"publishers-{_letter_anchor(letter)}", self._publishers(names))
            for letter, names in groupby(publishers, key=_letter)
        ]

    def _publishers(self, names: Iterable[str]) -> sealed:
        items = [
            term([text(name)], self._sources(name), anchor=self.book.publishers[name])
            for name in names
        ]
        return seal(nodes.definition_list("", *items, classes=["publishers", "annex"]))

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
        day = source_date(source, self.book.as_of)
        about = f" {day}; {source.kind}, {language}; {self._evidence(source)}. "
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
    """``{azkz-indicators}``: what each indicator means, its unit, how often it was observed.

    Those of which nothing was known on the day are not listed: their labels tell later events.
    """

    def question(self) -> tuple[str, str]:
        """All that are known, and how much there is of each."""
        return "indicators", ""

    def fill(self) -> list[nodes.Node]:
        """A section for each chapter."""
        counts = Counter(row.indicator for row in self.book.ledger.observations.values())
        chapters: dict[str, list[Indicator]] = {}
        for indicator in known_indicators(self.book.ledger):
            chapters.setdefault(indicator.chapter, []).append(indicator)
        return [
            self.chapter_section("indicators", chapter, _terms(own, counts))
            for chapter, own in chapters.items()
        ]


def _terms(indicators: list[Indicator], counts: Counter[str]) -> sealed:
    ordered = sorted(indicators, key=lambda row: (row.label.casefold(), row.key))
    items = []
    for row in ordered:
        unit = f"Unit: {row.unit.label or row.unit.symbol}"
        rows = counts[row.key]
        known = count_of(rows, "observation") if rows else "no observation known on this day"
        about: Content = [text(f"{row.definition} "), text(f"{unit}; {known}.", "indicator-about")]
        items.append(term([text(row.label)], paragraph(*about), anchor=indicator_anchor(row.key)))
    return seal(nodes.definition_list("", *items, classes=["indicators", "annex"]))


def _address(source: Source) -> nodes.Node:
    """The address, written as people read it."""
    if not source.is_on_web:
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
