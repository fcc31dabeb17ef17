"""Rows of the ledger in the words that readers are told: what, how much, whose, since when."""

from __future__ import annotations

from azkz.ledger import Event, Ledger, Observation
from azkz.report.text import print_quantity

UNATTRIBUTED = "unattributed"
"""What the ledger writes where a page does not say whose count its figure is."""

BASES = {
    "published": "date of the page",
    "release-lag": "assumed release",
    "retrieved": "undated page, day of reading",
}
"""What the bases of ``known_from`` mean, in a few words."""


def what(ledger: Ledger, row: Observation | Event) -> str:
    """What a row is about: indicator, part, areas and period; of an event, what happened."""
    if isinstance(row, Event):
        return row.summary.rstrip(". ")
    areas = [ledger.name(area) for area in (row.ref_area, row.counterpart_area) if area]
    parts = (ledger.indicators[row.indicator].label, row.item, "–".join(areas), row.period.label)
    return ", ".join(part for part in parts if part)


def how_much(row: Observation | Event) -> str:
    """The figure as its source printed it, with the unit; of an event, the day."""
    return row.period.label if isinstance(row, Event) else print_quantity(row.quantity)


def whose(ledger: Ledger, reporter: str) -> str:
    """Whose count a figure is."""
    return "no side named" if reporter == UNATTRIBUTED else ledger.name(reporter)


def side(ledger: Ledger, reporter: str) -> str:
    """``KAZ`` or ``AZE`` where a reporter is an authority or company of it, else nothing."""
    return ledger.names[reporter].side if reporter in ledger.names else ""
