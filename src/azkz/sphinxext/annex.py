"""Directives for the annexes: every source, every indicator."""

from __future__ import annotations

from collections import Counter

from docutils import nodes

from azkz.ledger import Indicator
from azkz.sphinxext.counts import known_indicators
from azkz.sphinxext.numbers import indicator_anchor
from azkz.sphinxext.pages import RecordsDirective
from azkz.sphinxext.publishers import by_letter
from azkz.sphinxext.sealed import seal, sealed
from azkz.sphinxext.tree import Content, count_of, paragraph, term, text


class SourcesAnnex(RecordsDirective):
    """``{azkz-sources}``: every source known on the day, by publisher."""

    def question(self) -> tuple[str, str]:
        """All sources, and how much rests on each."""
        return "sources", ""

    def fill(self) -> list[nodes.Node]:
        """A section for each first letter, a term for each publisher, an item for each source."""
        return [
            self.section(letter, anchor, seal(publishers))
            for letter, anchor, publishers in by_letter(self.book)
        ]


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
