"""The card of a number in a real browser: by pointer, keyboard, finger, and without a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from azkz.ledger import Ledger
from azkz.sphinxext.cards import SHOWN
from conftest import Visit

pytestmark = pytest.mark.browser

OPEN = ".number-card"
LINK = "article a.number[data-number]"
OUTSIDE = {"x": 1270, "y": 880}

Record = dict[str, Any]


@pytest.fixture(scope="module")
def numbers(built: Path) -> dict[str, Record]:
    """The numbers of the built edition by id."""
    rows = json.loads((built / "numbers.json").read_text(encoding="utf-8"))["numbers"]
    return {row["id"]: row for row in rows}


@pytest.fixture
def visit(address: str, chromium: Any) -> Iterator[Visit]:
    """A chapter in a wide window, without animations."""
    url = f"{address}/2026.11/notebooks/trade.html"
    with Visit(chromium, url, 1280, "light", reduced_motion="reduce") as opened:
        yield opened
        assert not opened.errors


def _focus(page: Any, link: Any) -> None:
    """Bring the focus to a link as a key does: to the next one, and back."""
    link.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.locator(OPEN).wait_for(state="visible")


def _is_focused(locator: Any) -> bool:
    return bool(locator.evaluate("node => node === document.activeElement"))


def _inside(page: Any) -> bool:
    """Whether the whole card is in the window."""
    return bool(
        page.locator(OPEN).evaluate(
            "card => { const at = card.getBoundingClientRect(); return at.top >= 0 && at.left >= 0"
            " && at.right <= document.documentElement.clientWidth && at.bottom <= innerHeight; }"
        )
    )


def test_hover_opens_and_the_pointer_may_enter(visit: Visit) -> None:
    """Resting on a number opens its card, which stays under the pointer and moves no text."""
    page = visit.page
    height = page.evaluate("document.querySelector('article').offsetHeight")
    link = page.locator(LINK).first
    link.hover()
    page.locator(OPEN).wait_for(state="visible")
    assert page.evaluate("document.querySelector('article').offsetHeight") == height
    page.locator(f"{OPEN} .card-value").hover()
    page.wait_for_timeout(600)
    assert page.locator(OPEN).is_visible()
    page.mouse.move(**OUTSIDE)
    page.locator(OPEN).wait_for(state="detached")
    assert link.get_attribute("aria-expanded") == "false"


def test_one_card_at_a_time(visit: Visit) -> None:
    """The next number's card takes the place of the one before."""
    for index in range(2):
        link = visit.page.locator(LINK).nth(index)
        link.hover()
        visit.page.locator(f"{LINK} + {OPEN}").wait_for(state="visible")
        visit.page.wait_for_function(
            "link => link.getAttribute('aria-expanded') === 'true'", arg=link.element_handle()
        )
        assert visit.page.locator(OPEN).count() == 1


def test_keyboard_opens_enters_and_leaves(visit: Visit) -> None:
    """Focus opens the card, Tab goes through its links and on, and it closes behind."""
    page = visit.page
    link = page.locator(LINK).first
    _focus(page, link)
    assert link.get_attribute("aria-expanded") == "true"
    assert link.get_attribute("aria-controls") == page.locator(OPEN).get_attribute("id")
    links = page.locator(f"{OPEN} a")
    assert links.count() == 2
    for index in range(links.count()):
        page.keyboard.press("Tab")
        assert _is_focused(links.nth(index))
    page.keyboard.press("Tab")
    assert _is_focused(page.locator(LINK).nth(1))
    assert link.get_attribute("aria-expanded") == "false"
    assert page.locator(OPEN).count() == 1


def test_escape_gives_the_focus_back(visit: Visit) -> None:
    """From within the card Escape closes it and returns to the link, which stays closed."""
    page = visit.page
    link = page.locator(LINK).first
    _focus(page, link)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.wait_for_timeout(400)
    assert page.locator(OPEN).count() == 0
    assert _is_focused(link)


def test_escape_closes_what_the_pointer_opened(visit: Visit) -> None:
    """A card can be dismissed without moving the pointer, and does not come back by itself."""
    visit.page.locator(LINK).first.hover()
    visit.page.locator(OPEN).wait_for(state="visible")
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_timeout(400)
    assert visit.page.locator(OPEN).count() == 0


def test_scrolling_away_and_pressing_elsewhere_close(visit: Visit) -> None:
    """The card goes with its number, and a press outside of both closes it."""
    page = visit.page
    # Over the text: the list of contents at the side scrolls by itself.
    page.locator("article h1").hover()
    _focus(page, page.locator(LINK).first)
    page.mouse.wheel(0, 3000)
    page.locator(OPEN).wait_for(state="detached")
    page.mouse.wheel(0, -3000)
    _focus(page, page.locator(LINK).nth(2))
    page.locator("article h1").click()
    assert page.locator(OPEN).count() == 0


def test_cards_do_not_print(visit: Visit) -> None:
    """Paper shows the text alone."""
    _focus(visit.page, visit.page.locator(LINK).first)
    visit.page.emulate_media(media="print")
    assert not visit.page.locator(OPEN).is_visible()


@pytest.mark.parametrize("script", ["", "delete HTMLElement.prototype.showPopover"])
def test_a_card_in_a_frame_that_scrolls_is_whole(script: str, address: str, chromium: Any) -> None:
    """In a table on a phone the card is in the window, in browsers without popovers as well."""
    url = f"{address}/2026.11/notebooks/trade.html"
    with Visit(chromium, url, 390, "dark", script, reduced_motion="reduce") as visit:
        link = visit.page.locator(".table-frame a.number[data-number]").last
        link.scroll_into_view_if_needed()
        _focus(visit.page, link)
        assert _inside(visit.page)
        assert visit.page.evaluate(
            "() => { const at = document.querySelector('.number-card .card-more a')"
            ".getBoundingClientRect(); return document.elementFromPoint(at.x + 2, at.y + 12)"
            ".closest('.number-card') !== null; }"
        )
        assert not visit.errors


def test_a_tap_opens_and_leads_on(address: str, chromium: Any) -> None:
    """The first tap shows the card within the window, a tap on its link reaches the annex."""
    url = f"{address}/2026.11/notebooks/trade.html"
    with Visit(chromium, url, 390, "light", has_touch=True, is_mobile=True) as visit:
        page = visit.page
        for link in (page.locator(LINK).nth(1), page.locator(LINK).nth(40)):
            link.scroll_into_view_if_needed()
            link.tap()
            page.locator(OPEN).wait_for(state="visible")
            assert page.url == url
            assert _inside(page)
            heights = page.locator(f"{OPEN} a").evaluate_all(
                "links => links.map(link => link.getBoundingClientRect().height)"
            )
            assert min(heights) >= 24
        page.locator(f"{OPEN} .card-value").tap()
        assert page.locator(OPEN).is_visible()
        page.locator("article h1").scroll_into_view_if_needed()
        page.locator("article h1").tap()
        assert page.locator(OPEN).count() == 0
        page.locator(LINK).nth(1).tap()
        target = page.locator(f"{OPEN} .card-more a").get_attribute("href")
        page.locator(f"{OPEN} .card-more a").tap()
        page.wait_for_url(f"**/{(target or '').removeprefix('../')}")


def test_without_script_the_link_leads_to_the_row(address: str, chromium: Any) -> None:
    """No part of a card shows, and the number is a link like any other."""
    url = f"{address}/2026.11/notebooks/trade.html"
    with Visit(chromium, url, 1280, "light", java_script_enabled=False) as visit:
        link = visit.page.locator(LINK).first
        assert link.get_attribute("aria-expanded") is None
        shown = visit.page.inner_text("body")
        assert "All about this number" not in shown
        assert "Whose count:" not in shown
        key = (link.get_attribute("data-number") or "").replace(".", "-")
        link.click()
        visit.page.wait_for_url(f"**/book/numbers-trade.html#number-{key}")
        assert visit.page.locator(f"#number-{key}").is_visible()


def test_cards_open_from_files(built: Path, chromium: Any) -> None:
    """A page opened from the disk has its cards, for nothing is fetched."""
    url = (built / "book" / "index.html").as_uri()
    with Visit(chromium, url, 1280, "dark") as visit:
        before = len(visit.asked)
        _focus(visit.page, visit.page.locator(LINK).first)
        assert visit.page.locator(f"{OPEN} .card-more").is_visible()
        assert len(visit.asked) == before


def _day(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {found:%B} {found.year}"


def _told_range(number: Record, ledger: Ledger) -> list[Decimal]:
    """Least and most of the other readings in the number's unit, each once."""
    own = ledger.units[number["unit"]]
    values = []
    for other in number["alternatives"]:
        unit = ledger.units[other["unit"]]
        factor = unit.factor / own.factor if unit.factor and own.factor else Decimal(1)
        values.append(Decimal(str(other["value"])) * factor)
    return sorted({min(values), max(values)})


@pytest.mark.parametrize("kind", ["observed", "derived", "text"])
def test_a_card_says_what_the_records_say(
    kind: str, visit: Visit, numbers: dict[str, Record], ledger: Ledger
) -> None:
    """Label, value, reporters, day, addresses and other readings are those of numbers.json."""
    page = visit.page
    cited = page.locator(LINK).evaluate_all("links => links.map(link => link.dataset.number)")
    fitting = [numbers[key] for key in dict.fromkeys(cited) if numbers[key]["kind"] == kind]
    assert fitting
    number = max(fitting, key=lambda row: len(row["alternatives"]))
    _focus(page, page.locator(f"article [data-number='{number['id']}']").first)
    shown = " ".join(page.inner_text(OPEN).split())
    assert page.inner_text(f"{OPEN} .card-label") == number["label"]
    assert page.inner_text(f"{OPEN} .card-value") == number["text"]
    rows = [ledger.observations[k] for k in number["observations"] if k in ledger.observations]
    whose = {ledger.name(row.reporter) for row in rows if row.reporter != "unattributed"}
    assert sum(name in shown for name in whose) == min(len(whose), SHOWN)
    assert f"Known since: {_day(number['known_from'])}" in shown
    links = page.locator(f"{OPEN} > span:not(.card-more) a")
    addresses = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert addresses
    assert set(addresses) <= {ledger.sources[key].url for key in number["sources"]}
    if kind == "observed":
        readings = re.search(r"(\d+) other readings?, (\S+) ", shown)
        assert readings is not None
        assert int(readings[1]) == len(number["alternatives"]) > 1
        told = [Decimal(figure) for figure in readings[2].split("–")]
        assert told == _told_range(number, ledger)
