"""Tables that sort by their heads, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Visit
from test_axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("site")]

ROWS = """([id, column]) => [...document.querySelectorAll(`#${id} tbody tr`)].map(
  (row) => row.cells[column].innerText.trim())"""
HEADS = """(id) => [...document.querySelectorAll(`#${id} thead th`)].map(
  (cell) => cell.innerText.trim())"""


def column(page: Any, table: str, head: str) -> int:
    """The place of a column by its head."""
    heads: list[str] = page.evaluate(HEADS, table)
    return next(at for at, text in enumerate(heads) if text.startswith(head))


def cells(page: Any, table: str, at: int) -> list[str]:
    """What a column shows, from the top down."""
    found: list[str] = page.evaluate(ROWS, [table, at])
    return found


def press(page: Any, table: str, at: int) -> Any:
    """Press a head; returns its cell."""
    head = page.locator(f"#{table} thead th").nth(at)
    head.locator("button").click()
    return head


def test_a_column_of_figures_sorts_up_down_and_back(address: str, chromium: Any) -> None:
    """The first press puts figures in order, the second turns it, the third gives the own order."""
    with Visit(chromium, f"{address}/2026.11/notebooks/agreement.html", 1280, "light") as visit:
        table = "agreement-index"
        at = column(visit.page, table, "Widest spread")
        own = cells(visit.page, table, at)
        ordered = sorted(own, key=float)
        assert own != ordered
        head = press(visit.page, table, at)
        assert cells(visit.page, table, at) == ordered
        assert head.get_attribute("aria-sort") == "ascending"
        press(visit.page, table, at)
        assert cells(visit.page, table, at) == ordered[::-1]
        assert head.get_attribute("aria-sort") == "descending"
        press(visit.page, table, at)
        assert cells(visit.page, table, at) == own
        assert head.get_attribute("aria-sort") is None
        assert not visit.errors


def test_words_sort_by_keyboard_and_rows_stay_whole(address: str, chromium: Any) -> None:
    """A head takes the focus and Enter; each row keeps its cells; another head takes over."""
    with Visit(chromium, f"{address}/2026.11/notebooks/agreement.html", 390, "dark") as visit:
        table = "agreement-index"
        pairs = list(zip(cells(visit.page, table, 0), cells(visit.page, table, 5), strict=True))
        visit.page.locator(f"#{table} thead th button").first.focus()
        visit.page.keyboard.press("Enter")
        names = cells(visit.page, table, 0)
        assert names == sorted(names, key=str.casefold)
        now = list(zip(names, cells(visit.page, table, 5), strict=True))
        assert now != pairs
        assert sorted(now) == sorted(pairs)
        press(visit.page, table, 5)
        heads = visit.page.locator(f"#{table} thead th[aria-sort]")
        assert heads.count() == 1
        assert not violations(visit.page)


def test_what_was_not_found_stands_last(address: str, chromium: Any) -> None:
    """Empty cells come after all figures, in both directions."""
    with Visit(chromium, f"{address}/2026.11/notebooks/trade.html", 1280, "light") as visit:
        table = "trade-readings"
        at = column(visit.page, table, "UN Comtrade")
        missing = cells(visit.page, table, at).count("…")
        assert missing
        for _ in range(2):
            press(visit.page, table, at)
            found = cells(visit.page, table, at)
            assert found[-missing:] == ["…"] * missing
            assert "…" not in found[:-missing]
