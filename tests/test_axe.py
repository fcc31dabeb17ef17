"""The pages against axe-core's rules for WCAG 2.2 AA and good practice."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from conftest import Visit

pytestmark = pytest.mark.browser

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WITH_CARD = ("notebooks/trade", "book/index")
PAGES = (
    *WITH_CARD,
    "notebooks/agreement",
    "book/numbers-trade",
    "book/numbers",
    "book/evidence",
    "book/audit",
)


def violations(page: Any) -> list[Any]:
    """What axe-core finds on a page, by its rules for WCAG 2.2 AA and good practice."""
    only = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=only).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing(page: str, width: int, scheme: str, address: str, chromium: Any) -> None:
    """No rule is violated, with a card open on pages of the report."""
    url = f"{address}/2026.11/{page}.html"
    with Visit(chromium, url, width, scheme, reduced_motion="reduce") as visit:
        if page in WITH_CARD:
            link = visit.page.locator("article a.number[data-number]").first
            link.hover()
            visit.page.locator(".number-card").wait_for(state="visible")
        assert not violations(visit.page)
