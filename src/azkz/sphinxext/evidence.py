"""The directive for the evidence: every row of the ledger that the edition rests on."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes

from azkz.ledger import Event, Observation
from azkz.sphinxext.evidence_rows import Said, said_by, used_events, used_observations
from azkz.sphinxext.long_table import long_grid, long_table
from azkz.sphinxext.numbers import source_reference
from azkz.sphinxext.pages import RecordsDirective
from azkz.sphinxext.tree import Content, joined, outside, text

HEAD = ("Row", "What it says", "Whose count", "Source", "Known from")
EVENTS_HEAD = ("Event", "When", "Kind and place", "Sources", "Known from")


class Evidence(RecordsDirective):
    """``{azkz-evidence}``: a row for each observation and event used, its id as the anchor."""

    def fill(self) -> list[nodes.Node]:
        """A section for each chapter in which rows were collected, then one for the events."""
        sections = [
            self.chapter_section("evidence", chapter, self._table(rows, HEAD))
            for chapter, rows in used_observations(self.book).items()
        ]
        if events := used_events(self.book):
            table = self._table(events, EVENTS_HEAD, "events-table")
            sections.append(self.section("Events", "evidence-of-events", table))
        return [*sections]

    def _table(
        self, rows: Sequence[Observation | Event], head: Sequence[str], *classes: str
    ) -> long_table:
        return long_grid(
            [[text(name)] for name in head],
            [self._row(said_by(self.book, row)) for row in rows],
            anchors=[row.id for row in rows],
            classes=["evidence-table", "annex", *classes],
        )

    def _row(self, row: Said) -> list[Content]:
        name: Content = [text(f"{row.about} "), nodes.literal("", row.id)]
        sources = joined(map(self._page, row.sources), "; ")
        return [name, [text(row.said)], [text(row.whose)], sources, [text(row.since)]]

    def _page(self, key: str) -> Content:
        source = self.book.ledger.sources[key]
        named: Content = [source_reference(self.book, key, self.env.docname)]
        if not source.is_on_web:
            return named
        return [*named, text(" ("), outside(source.url, "original page"), text(")")]
