"""The published pages in a real browser."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pytest

from azkz.build import CHAPTERS

pytestmark = pytest.mark.browser

PAGES = [
    *(f"notebooks/{chapter}.html" for chapter in CHAPTERS),
    *(
        f"book/{name}.html"
        for name in (
            "index",
            "audit",
            "method",
            "numbers",
            "sources",
            "indicators",
            "glossary",
            "cite",
            "changes",
        )
    ),
]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    """The site as a server gives it out."""
    handler = functools.partial(_Quiet, directory=str(built.parent))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


class Visit:
    """A page opened in a window of its own, with what it asked for and complained of."""

    def __init__(self, browser: Any, url: str, width: int, scheme: str) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", lambda request: self.errors.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._listen)
        self.page.goto(url)
        self.page.wait_for_load_state("networkidle")

    def _listen(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


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
    """A click on a figure in prose reaches its row, and from there the page that printed it."""
    with Visit(chromium, f"{address}/2026.11/notebooks/trade.html", 1280, "light") as visit:
        link = visit.page.locator("article [data-number='trade.turnover-2023-stated']").first
        assert "529.4" in link.inner_text()
        link.click()
        visit.page.wait_for_url("**/book/numbers.html#number-trade-turnover-2023-stated")
        row = visit.page.locator("#number-trade-turnover-2023-stated")
        row.wait_for(state="visible")
        visit.page.goto(visit.page.url)
        source = visit.page.locator("a[href*='sources.html#source-trend-2024-03-05']").first
        source.click()
        visit.page.wait_for_url("**/book/sources.html#source-trend-2024-03-05*")
        anchor = visit.page.url.partition("#")[2]
        original = visit.page.locator(f"[id='{anchor}'] a[href^='https://']").first
        assert "trend.az" in (original.get_attribute("href") or "")


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
