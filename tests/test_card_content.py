"""What is written into the card of a number, and how little it weighs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from azkz.ledger import Ledger
from azkz.sphinxext.cards import SHOWN, card
from azkz.sphinxext.records import Alternative, Number, Records
from conftest import ROOT

NASTY = '<script>alert(1)</script>"><b>'


def _records(ledger: Ledger) -> Records:
    return Records(
        edition="2026.11",
        title="A small book",
        as_of=date(2026, 11, 23),
        newest=True,
        version="2026.11.0",
        ledger_sha256="0" * 64,
        chapters={},
        numbers={},
        missing={},
        verdicts={},
        drawn=frozenset(),
        left_out=(),
        ledger=ledger,
    )


def _number(**changes: Any) -> Number:
    number = Number(
        id="trade.turnover-2023",
        chapter="trade",
        label="Turnover",
        kind="observed",
        text="529.4\u00a0million\u00a0USD",
        formula="trade-0050",
        observations=("trade-0050",),
        sources=("trend-2024-03-05-igc-joint-production",),
        known_from=date(2024, 3, 5),
        unit="million USD",
    )
    return replace(number, **changes)


def test_markup_in_the_ledger_stays_text(ledger: Ledger) -> None:
    """Labels, values, publishers and addresses that hold markup are shown as typed."""
    key = "trend-2024-03-05-igc-joint-production"
    nasty = replace(ledger.sources[key], publisher=NASTY, url=f"https://example.org/{NASTY}")
    book = _records(replace(ledger, sources={key: nasty}))
    made = card(book, _number(label=NASTY, text=NASTY), f"../book/numbers.html#{NASTY}")
    assert "<script" not in made
    assert made.count("&lt;script&gt;") == 5
    assert set(re.findall(r"<(\w+)", made)) == {"template", "span", "b", "a"}
    assert not re.search(r'=[^"]', re.sub(r'"[^"]*"', '""', made))


def test_only_addresses_of_the_web_are_links(ledger: Ledger) -> None:
    """A source whose address a browser would run is named without a link."""
    key = "trend-2024-03-05-igc-joint-production"
    source = replace(ledger.sources[key], url="javascript:alert(1)")
    made = card(_records(replace(ledger, sources={key: source})), _number(), "#row")
    assert "javascript" not in made
    assert "Source:</b> Trend, 5\u00a0March 2024</span>" in made


def test_readings_are_told_in_the_unit_of_the_number(ledger: Ledger) -> None:
    """A reading in another unit is converted before the range is told, and relations counted."""
    row = ledger.observations["trade-0050"]
    billion = replace(row, id="x-1", text="0.46", unit=ledger.units["billion USD"])
    exact = replace(row, id="x-2", text="500.25")
    changed = replace(ledger, observations={"x-1": billion, "x-2": exact})
    day = date(2024, 3, 5)
    others = (
        Alternative("x-1", 0.46, "billion USD", "KAZ", day, "repeat"),
        Alternative("x-2", 500.25, "million USD", "KAZ", day, "revision"),
    )
    made = card(_records(changed), _number(alternatives=others), "#row")
    assert "2\u00a0other readings, 460–500.25\u00a0million\u00a0USD (1\u00a0repeat, " in made
    made = card(_records(changed), _number(alternatives=others[:1]), "#row")
    assert "1\u00a0other reading, 460\u00a0million\u00a0USD (repeat)" in made
    assert "No other reading" in card(_records(ledger), _number(), "#row")


def test_a_card_names_a_few_sources_and_counts_the_rest(ledger: Ledger) -> None:
    """Of many sources the first are linked, and the annex is said to have the others."""
    keys = tuple(sorted(ledger.sources))[:40:8]
    made = card(_records(ledger), _number(kind="derived", sources=keys), "#row")
    assert made.count('<a href="http') == SHOWN
    assert f" and {len(keys) - SHOWN} more in the annex" in made


def test_cards_weigh_little(built: Path) -> None:
    """The cards of a chapter have less than a kilobyte each on average, the script under six."""
    many = 0
    for page in sorted((built / "notebooks").glob("*.html")):
        text = page.read_text(encoding="utf-8")
        cards = re.findall(r"<template data-card.*?</template>", text, re.DOTALL)
        assert cards
        many += len(cards)
        assert sum(len(found.encode()) for found in cards) / len(cards) < 1000
    assert many > 500
    assert (ROOT / "book" / "_static" / "azkz.js").stat().st_size < 6000


def test_each_number_cited_has_one_card_on_its_page(built: Path) -> None:
    """Chapters, cover and audit have a card for each number they print, the annexes have none."""
    counts = {}
    for page in sorted(built.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        cited = re.findall(r'<a data-number="([^"]+)" class="number reference', text)
        cards = re.findall(r'<template data-card="([^"]+)">', text)
        assert cards == list(dict.fromkeys(cited)), page
        counts[page.relative_to(built).as_posix()] = len(cards)
    assert counts["notebooks/trade.html"] > 50
    assert counts["book/index.html"] == 3
    assert counts["book/summary.html"] > 25
    assert counts["book/numbers-trade.html"] == counts["book/evidence.html"] == 0
