"""The published pages in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import PAGES, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_page_is_whole_and_asks_nobody_else(
    page: str, width: int, scheme: str, address: str, chromium: Any
) -> None:
    """Every picture shows, nothing fails, nothing is asked of another host, nothing is cut off."""
    with Visit(chromium, f"{address}/2026.11/{page}", width, scheme) as visit:
        assert not [url for url in visit.asked if not url.startswith((address, "data:"))]
        assert not visit.errors
        room = visit.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert room[0] <= room[1]
        broken = visit.page.evaluate(
            "[...document.images].filter(i => { i.loading = 'eager'; return i.complete &&"
            " !i.naturalWidth; }).map(i => i.src)"
        )
        assert not broken


def test_the_site_leads_to_the_cover(address: str, chromium: Any) -> None:
    """Who opens the site's root comes to the cover of the newest edition."""
    with Visit(chromium, f"{address}/", 1280, "light") as visit:
        visit.page.wait_for_url("**/2026.11/book/index.html")
        assert "Across the Caspian" in visit.page.inner_text("h1")


def test_a_number_leads_to_its_row_and_its_source(address: str, chromium: Any) -> None:
    """A click on a figure in prose reaches its row, the ledger's row, and the page behind it."""
    with Visit(chromium, f"{address}/2026.11/notebooks/trade.html", 1280, "light") as visit:
        link = visit.page.locator("article [data-number='trade.turnover-2023-stated']").first
        assert "529.4" in link.inner_text()
        link.click()
        visit.page.wait_for_url("**/book/numbers-trade.html#number-trade-turnover-2023-stated")
        row = visit.page.locator("tr:has(#number-trade-turnover-2023-stated)")
        row.wait_for(state="visible")
        row.locator("a[href*='evidence.html#trade-']").first.click()
        visit.page.wait_for_url("**/book/evidence.html#trade-*")
        anchor = visit.page.url.partition("#")[2]
        evidence = visit.page.locator(f"tr:has([id='{anchor}'])")
        assert "529.4" in evidence.inner_text()
        original = evidence.locator("a[href^='https://']").get_attribute("href") or ""
        assert "trend.az" in original
        evidence.locator("a[href*='sources.html#source-trend-2024-03-05']").click()
        visit.page.wait_for_url("**/book/sources.html#source-trend-2024-03-05*")
        anchor = visit.page.url.partition("#")[2]
        assert visit.page.locator(f"[id='{anchor}'] a[href='{original}']").is_visible()


ROWS = [
    ("book/numbers-trade.html", "number-trade-turnover-2022-stated"),
    ("book/evidence.html", "event-0165"),
]


@pytest.mark.parametrize(("page", "anchor"), ROWS)
@pytest.mark.parametrize("width", [1280, 390])
def test_an_anchor_shows_its_row(
    page: str, anchor: str, width: int, address: str, chromium: Any
) -> None:
    """The row that a link leads to stands below the page's header and its table's head."""
    with Visit(chromium, f"{address}/2026.11/{page}#{anchor}", width, "light") as visit:
        target = visit.page.locator(f"[id='{anchor}']")
        target.wait_for(state="visible")
        box = target.bounding_box()
        assert box is not None
        middle = [box["x"] + 5, box["y"] + 5]
        at = "([x, y]) => document.elementFromPoint(x, y)?.closest('[id]')?.id"
        assert visit.page.evaluate(at, middle) == anchor
        assert box["y"] < 450


def test_figures_of_a_table_look_alike(address: str, chromium: Any) -> None:
    """What leads to a row of the ledger is as quiet as what leads to a number."""
    with Visit(chromium, f"{address}/2026.11/notebooks/trade.html", 1280, "light") as visit:
        looks = (
            "e => { const s = getComputedStyle(e);"
            " return [s.color, s.textDecorationStyle, s.textDecorationLine]; }"
        )
        row, number = (
            visit.page.locator(f"article table a.{name}").first.evaluate(looks)
            for name in ("ledger-row", "number")
        )
        assert row == number
        assert row[1:] == ["dotted", "underline"]


def test_code_unfolds(address: str, chromium: Any) -> None:
    """A reviewer opens the code behind a figure, and it is there to read."""
    with Visit(chromium, f"{address}/2026.11/notebooks/trade.html", 1280, "light") as visit:
        fold = visit.page.locator("details:has(.cell_input)").first
        code = fold.locator("pre").first
        assert not code.is_visible()
        fold.locator("summary").click()
        assert code.is_visible()


def test_search_finds_a_chapter(address: str, chromium: Any) -> None:
    """The search of the pages works from the published files alone."""
    with Visit(chromium, f"{address}/2026.11/search.html?q=uranium", 1280, "light") as visit:
        found = visit.page.locator("#search-results a[href*='notebooks/energy.html']").first
        found.wait_for(state="visible", timeout=20_000)
