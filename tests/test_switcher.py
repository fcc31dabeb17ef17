"""The way from edition to edition, in a real browser."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from azkz.build.publish import file_hashes, list_editions
from azkz.paths import Checkout
from conftest import Azkz, Visit, copy_checkout, served
from test_axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("site")]

SUMMARY = "nav.edition-switch summary"
NOTE = ".edition-note"


def switch(page: Any, name: str) -> Any:
    """The link to an edition in the opened switcher."""
    page.locator(SUMMARY).click()
    return page.locator(".edition-list a", has_text=name).first


def test_the_same_page_and_back(address: str, chromium: Any) -> None:
    """The switcher leads from a figure to the same one in an older edition, its note leads back."""
    here, there = (f"{address}/{name}/notebooks/trade.html" for name in ("2026.11", "2024.03"))
    with Visit(chromium, here, 1280, "light") as visit:
        assert not visit.page.locator(NOTE).is_visible()
        # The place is that of the moment at which the link is followed.
        visit.page.evaluate("location.hash = 'trade-long-view'")
        switch(visit.page, "2024.03").click()
        visit.page.wait_for_url(f"{there}#trade-long-view")
        note = visit.page.locator(NOTE)
        note.locator("a", has_text="Same page in the newest edition, 2026.11").click()
        visit.page.wait_for_url(f"{here}#trade-long-view")
        assert not visit.errors


def test_the_switcher_says_which_is_the_newest(address: str, chromium: Any) -> None:
    """Editions stand with their days, the newest first and marked, the own one without a link."""
    with Visit(chromium, f"{address}/2025.10/book/evidence.html", 1280, "light") as visit:
        visit.page.locator(SUMMARY).click()
        items = visit.page.locator(".edition-list li")
        assert [" ".join(text.split()) for text in items.all_inner_texts()] == [
            "2026.11, newest as known on 23 November 2026",
            "2025.10 as known on 22 October 2025",
            "2024.03 as known on 11 March 2024",
        ]
        own = visit.page.locator(".edition-list [aria-current='true']")
        assert own.inner_text().startswith("2025.10")
        assert not own.locator("a").count()
        said = visit.page.locator(NOTE).inner_text()
        assert said.startswith("You read the report as known on 22\u00a0October 2025. Same page")


def test_a_search_stays_the_same_search(address: str, chromium: Any) -> None:
    """From the results of a search to those of another edition; a counted id is left behind."""
    url = f"{address}/2026.11/search.html?q=uranium#id3"
    with Visit(chromium, url, 1280, "light") as visit:
        target = switch(visit.page, "2024.03").get_attribute("href")
        assert target == f"{address}/2024.03/search.html?q=uranium"


@pytest.fixture
def other_site(site: Path, tmp_path: Path) -> Checkout:
    """A copy of what is published, which a test may change."""
    shutil.copytree(site, tmp_path / "_site")
    return Checkout(tmp_path)


def test_an_edition_without_the_page(other_site: Checkout, chromium: Any) -> None:
    """Where an edition lacks the page, the way leads to its index; so does that to the newest."""
    for lacking in ("2024.03/book/audit.html", "2026.11/notebooks/culture.html"):
        (other_site.site / lacking).unlink()
    list_editions(other_site)
    with served(other_site.site) as address:
        with Visit(chromium, f"{address}/2026.11/book/audit.html#x", 1280, "light") as visit:
            assert switch(visit.page, "2025.10").get_attribute("href", timeout=5000) == (
                f"{address}/2025.10/book/audit.html#x"
            )
            visit.page.locator(".edition-list a", has_text="2024.03").click()
            visit.page.wait_for_url(f"{address}/2024.03/book/index.html")
        url = f"{address}/2025.10/notebooks/culture.html"
        with Visit(chromium, url, 1280, "light") as visit:
            note = visit.page.locator(NOTE)
            assert "The newest edition, 2026.11, has no such page." in note.inner_text()
            note.locator("a").click()
            visit.page.wait_for_url(f"{address}/2026.11/book/index.html")
            assert not visit.errors


def test_an_older_edition_says_so_in_the_middle_of_a_page(address: str, chromium: Any) -> None:
    """Where the note above the text is out of sight, the header has a word."""
    for edition, word in (
        ("2024.03", "Edition 2024.03, older, "),
        ("2026.11", "Edition 2026.11, "),
    ):
        url = f"{address}/{edition}/notebooks/trade.html#whose-count"
        with Visit(chromium, url, 1280, "light") as visit:
            text = visit.page.locator(SUMMARY).inner_text()
            assert text.startswith(f"{word}as known on"), text


def test_without_scripts(address: str, chromium: Any) -> None:
    """Each page says its edition and leads to the list, whose links lead on."""
    url = f"{address}/2024.03/notebooks/trade.html"
    with Visit(chromium, url, 390, "light", java_script_enabled=False) as visit:
        page = visit.page
        line = "Edition 2024.03, as known on 11\u00a0March 2024"
        assert page.locator(f"{SUMMARY} >> text={line.partition(',')[0]}").is_visible()
        assert page.locator(".edition-foot").inner_text() == f"{line}. All editions"
        page.locator(SUMMARY).click()
        page.locator(".edition-list a", has_text="All editions").click()
        page.wait_for_url(f"{address}/editions.html")
        links = [link.get_attribute("href") for link in page.locator("main a").all()]
        for link in links:
            assert page.request.get(f"{address}/{link}").ok, link
        page.get_by_role("link", name="Web pages of 2025.10").click()
        page.wait_for_url(f"{address}/2025.10/book/index.html")
        assert "as known on 22" in page.locator(".edition-foot").inner_text()


def test_from_disk(site: Path, chromium: Any) -> None:
    """A page opened as a file asks for nothing that it may not read, and links to the list."""
    url = (site / "2024.03" / "notebooks" / "trade.html").as_uri()
    with Visit(chromium, url, 1280, "light") as visit:
        assert not visit.errors
        assert "as known on 11" in visit.page.locator(NOTE).inner_text()
        visit.page.locator(NOTE).locator("a", has_text="All editions").click()
        visit.page.wait_for_url(f"{site.as_uri()}/editions.html")
        assert "2026.11, newest" in visit.page.inner_text("main")


def test_by_keyboard_alone(address: str, chromium: Any) -> None:
    """Tab reaches the switcher and its links, Escape closes it, Enter follows a link."""
    focus = "document.activeElement.closest('.edition-switch') && document.activeElement.innerText"
    with Visit(chromium, f"{address}/2026.11/book/method.html", 1280, "light") as visit:
        page = visit.page
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(focus):
                break
        assert page.evaluate(focus).startswith("Edition 2026.11")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(focus).startswith("2025.10")
        page.keyboard.press("Escape")
        assert not page.locator(".edition-list").is_visible()
        assert page.evaluate(focus).startswith("Edition 2026.11")
        page.keyboard.press("Enter")
        for _ in range(2):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/2024.03/book/method.html")


def test_a_press_elsewhere_closes_it(address: str, chromium: Any) -> None:
    """The list goes when the reader turns to the text."""
    with Visit(chromium, f"{address}/2026.11/book/method.html", 1280, "light") as visit:
        visit.page.locator(SUMMARY).click()
        assert visit.page.locator(".edition-list").is_visible()
        visit.page.locator("h1").last.click()
        assert not visit.page.locator(".edition-list").is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
@pytest.mark.parametrize("page", ["2024.03/notebooks/trade.html", "2024.03/search.html"])
def test_axe_finds_nothing_with_note_and_switcher(
    page: str, width: int, scheme: str, address: str, chromium: Any
) -> None:
    """No rule is violated and nothing is cut off with the list open, on a phone as well."""
    url = f"{address}/{page}"
    with Visit(chromium, url, width, scheme, reduced_motion="reduce") as visit:
        assert visit.page.locator(NOTE).is_visible()
        visit.page.locator(SUMMARY).click()
        box = visit.page.locator(".edition-list").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        room = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        scroll, client = visit.page.evaluate(room)
        assert scroll <= client
        assert not violations(visit.page)


SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(e => { window.shifted += e.value; }))
  .observe({ type: 'layout-shift', buffered: true });
"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_note_has_its_room(width: int, address: str, chromium: Any) -> None:
    """The text of an older edition stays where it is when the script fills the note."""
    url = f"{address}/2024.03/notebooks/trade.html"
    with Visit(chromium, url, width, "light", script=SHIFTS) as visit:
        visit.page.locator(f"{NOTE} a", has_text="Same page").wait_for()
        visit.page.wait_for_timeout(300)
        with Visit(chromium, url, width, "light", java_script_enabled=False) as plain:
            heights = [v.page.locator(NOTE).bounding_box() for v in (visit, plain)]
        assert heights[0] == heights[1]
        assert visit.page.evaluate("window.shifted") < 0.02


EDITIONS = ("2024.03", "2025.10", "2026.11")

Corrected = tuple[Checkout, dict[str, str]]


@pytest.fixture(scope="module")
def corrected(site: Path, tmp_path_factory: pytest.TempPathFactory, azkz: Azkz) -> Corrected:
    """A checkout that has published a correction beside the editions, and their hashes before."""
    where = copy_checkout(tmp_path_factory.mktemp("corrected") / "checkout")
    shutil.copytree(site, where.site)
    before = _of_editions(file_hashes(where.site))
    text = (where.editions / "2026.11.yml").read_text(encoding="utf-8")
    named = text.replace('"2026.11"', '"2026.11.1"')
    (where.editions / "2026.11.1.yml").write_text(named, encoding="utf-8")
    done = azkz(where, "build", "2026.11.1")
    assert done.returncode == 0, done.stderr
    return where, before


def _of_editions(hashes: dict[str, str]) -> dict[str, str]:
    return {k: digest for k, digest in hashes.items() if k.partition("/")[0] in EDITIONS}


def test_publishing_writes_to_no_older_edition(
    corrected: Corrected,
) -> None:
    """Each byte of the editions that were there is as it was; the list has them all."""
    where, before = corrected
    assert len(before) > 300
    assert _of_editions(file_hashes(where.site)) == before
    listed = json.loads((where.site / "editions.json").read_text(encoding="utf-8"))
    assert [(e["edition"], e["newest"], e["corrects"], e["corrected_by"]) for e in listed] == [
        ("2024.03", False, None, None),
        ("2025.10", False, None, None),
        ("2026.11", False, None, "2026.11.1"),
        ("2026.11.1", True, "2026.11", None),
    ]


READ = "You read the report as known on 11\u00a0March 2024."
SAID = [
    ("2024.03", f"{READ} Same page in the newest edition, 2026.11.1."),
    ("2026.11", "This edition was corrected. Same page in the correction, 2026.11.1."),
    ("2026.11.1", "This edition corrects 2026.11."),
]


@pytest.mark.parametrize(("edition", "said"), SAID)
def test_pages_of_before_know_the_correction(
    edition: str, said: str, corrected: Corrected, chromium: Any
) -> None:
    """Older pages show it in their switcher and say what it is to them; it says what it corrects.

    The list for readers says both, too.
    """
    where, _ = corrected
    with served(where.site) as address:
        url = f"{address}/{edition}/notebooks/trade.html#trade-long-view"
        with Visit(chromium, url, 1280, "light") as visit:
            note = visit.page.locator(NOTE)
            assert note.inner_text().strip() == said
            visit.page.locator(SUMMARY).click()
            first = visit.page.locator(".edition-list li").first
            assert first.inner_text().startswith("2026.11.1, newest")
            target = note.locator("a").get_attribute("href")
            other = "2026.11" if edition == "2026.11.1" else "2026.11.1"
            assert target == f"{address}/{other}/notebooks/trade.html#trade-long-view"
            visit.page.goto(f"{address}/editions.html")
            told = visit.page.inner_text("main")
            assert "Corrected by 2026.11.1." in told
            assert "Corrects 2026.11." in told


def test_a_build_that_is_not_published(tmp_path: Path, azkz: Azkz, chromium: Any) -> None:
    """It says that it is no edition, asks for no list and links to none."""
    where = copy_checkout(tmp_path / "checkout")
    day = ("--as-of", "2023-06-30", "--chapter", "culture", "--only", "html")
    done = azkz(where, "build", *day)
    assert done.returncode == 0, done.stderr
    folder = where.build / "2023-06-30+culture" / "site"
    assert not where.site.exists()
    with (
        served(folder) as address,
        Visit(chromium, f"{address}/notebooks/culture.html", 390, "light") as visit,
    ):
        assert not visit.errors
        assert not [url for url in visit.asked if "editions.json" in url]
        assert visit.page.locator(NOTE).inner_text().strip() == (
            "This is no edition but the report as known on 30\u00a0June 2023; it is not published."
        )
        head = visit.page.locator(".edition-switch").inner_text()
        assert " ".join(head.split()) == "No edition, the report as known on 30 June 2023"
        assert not visit.page.locator("a[href*='editions.html']").count()
        assert not violations(visit.page)
