"""The directive for the evidence: every row of the ledger that the edition rests on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from docutils import nodes

from azkz.ledger import Event, Observation
from azkz.report import describe
from azkz.report.text import long_date
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
        ledger = self.book.ledger
        observations = [row for key, row in ledger.observations.items() if key in self.book.used]
        events = [row for key, row in ledger.events.items() if key in self.book.used]
        sections = [
            self.chapter_section("evidence", chapter, self._table(list(rows), HEAD))
            for chapter, rows in groupby(observations, key=lambda row: row.chapter)
        ]
        if events:
            table = self._table(events, EVENTS_HEAD, "events-table")
            sections.append(self.section("Events", "evidence-of-events", table))
        return [*sections]

    def _table(
        self, rows: Sequence[Observation | Event], head: Sequence[str], *classes: str
    ) -> long_table:
        ordered = sorted(rows, key=lambda row: row.id)
        return long_grid(
            [[text(name)] for name in head],
            [self._row(row) for row in ordered],
            anchors=[row.id for row in ordered],
            classes=["evidence-table", "annex", *classes],
        )

    def _row(self, row: Observation | Event) -> list[Content]:
        since = f"{long_date(row.known_from)} ({describe.BASES[row.known_from_basis]})"
        about = describe.what(self.book.ledger, row)
        name: Content = [text(f"{about} "), nodes.literal("", row.id)]
        said = [text(describe.how_much(row))]
        return [name, said, self._whose(row), self._source(row), [text(since)]]

    def _whose(self, row: Observation | Event) -> Content:
        if isinstance(row, Event):
            return [text(f"{row.kind}{f', {row.place}' if row.place else ''}")]
        note = f"; {row.note}" if row.note else ""
        return [text(f"{describe.whose(self.book.ledger, row.reporter)}, {row.status}{note}")]

    def _source(self, row: Observation | Event) -> Content:
        keys = [row.source, row.source2] if isinstance(row, Event) else [row.source]
        known = [key for key in keys if key in self.book.ledger.sources]
        return joined(map(self._page, known), "; ")

    def _page(self, key: str) -> Content:
        source = self.book.ledger.sources[key]
        named: Content = [source_reference(self.book, key, self.env.docname)]
        if not source.is_on_web:
            return named
        return [*named, text(" ("), outside(source.url, "original page"), text(")")]
