"""What stands beside the editions, and what their pages must not hold."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest

from azkz.build import CHAPTERS
from azkz.build.listing import published
from azkz.build.publish import list_editions
from azkz.paths import Checkout
from conftest import Azkz, Visit
from test_axe import violations

DAYS = {"2024.03": "11\u00a0March 2024", "2025.10": "22\u00a0October 2025"}


def publish(place: Checkout, name: str, day: str, *pages: str) -> None:
    """Put the folder of an edition into the site, as a build would."""
    folder = place.site / name
    for page in ("index.html", *pages):
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        (folder / page).write_text(name, encoding="utf-8")
    manifest = {"edition": name, "as_of": day, "parameters": {"title": "A <small> report"}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_the_list_is_of_what_is_published(tmp_path: Path) -> None:
    """Oldest first; a correction corrects the one before it by number; no copy is listed."""
    place = Checkout(tmp_path)
    list_editions(place)
    assert not place.site.exists()
    day = "2026-11-23"
    for name in ("2026.11.2", "2026.11.10", "2026.11", "2026.11.1"):
        publish(place, name, day, "notebooks/trade.html", "_static/theme.html")
    publish(place, "2024.03", "2024-03-11", "book/index.html")
    (place.site / "2024.03").rename(place.site / "kept")
    publish(place, "2025.10", "2025-10-22", "book/index.html")
    list_editions(place)
    text = (place.site / "editions.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert [(e["edition"], e["corrects"], e["corrected_by"]) for e in found] == [
        ("2025.10", None, None),
        ("2026.11", None, "2026.11.1"),
        ("2026.11.1", "2026.11", "2026.11.2"),
        ("2026.11.2", "2026.11.1", "2026.11.10"),
        ("2026.11.10", "2026.11.2", None),
    ]
    assert [e["edition"] for e in found if e["newest"]] == ["2026.11.10"]
    assert found[-1]["pages"] == ["index.html", "notebooks/trade.html"]
    assert found[0].keys() == {
        *("edition", "title", "as_of", "newest", "corrects", "corrected_by", "pages")
    }
    assert "A &lt;small&gt; report" in (place.site / "editions.html").read_text(encoding="utf-8")


def test_latest_follows_the_newest(tmp_path: Path) -> None:
    """It has a page for each of the newest edition, and none that only an older one had."""
    place = Checkout(tmp_path)
    publish(place, "2024.03", "2024-03-11", "book/old.html")
    list_editions(place)
    assert (place.site / "latest" / "book" / "old.html").is_file()
    publish(place, "2026.11", "2026-11-23", "book/new.html")
    list_editions(place)
    latest = place.site / "latest"
    pages = {page.relative_to(latest).as_posix() for page in latest.rglob("*") if page.is_file()}
    assert pages == {"index.html", "book/new.html", "pdf.html"}
    for page in pages:
        text = (latest / page).read_text(encoding="utf-8")
        targets = set(re.findall(r'href="(?!data:)([^"]+)"', text))
        wanted = "azkz-2026.11.pdf" if page == "pdf.html" else page
        (target,) = targets
        assert (latest / page).parent.joinpath(target).resolve() == (
            place.site / "2026.11" / wanted
        )


def test_each_page_of_each_edition_says_which_it_is(site: Path) -> None:
    """The line and the way to the list stand in the page itself, in every folder."""
    days = {**DAYS, "2026.11": "23\u00a0November 2026"}
    listed = published(site)
    assert [entry.edition for entry in listed] == sorted(days)
    for entry in listed:
        line = f"Edition {entry.edition}, as known on {days[entry.edition]}."
        for page in entry.pages:
            if page == "index.html":
                continue
            path = site / entry.edition / page
            text = path.read_text(encoding="utf-8")
            assert line in text, path
            assert f'data-edition="{entry.edition}" data-page="{page}"' in text
            links = set(re.findall(r'href="([^"]*editions\.html)"', text))
            assert {path.parent.joinpath(link).resolve() for link in links} == {
                site / "editions.html"
            }
            note = f"You read the report as known on {days[entry.edition]}."
            assert (note in text) == (not entry.newest)


class Text(HTMLParser):
    """The text of a page without its markup."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_data(self, data: str) -> None:
        """Collect."""
        self.parts.append(data)

    def __str__(self) -> str:
        return "".join(self.parts)


def code_of(place: Checkout, chapter: str) -> str:
    """The code of a chapter's template."""
    notebook = nbformat.read(place.notebooks / f"{chapter}.ipynb", as_version=4)
    return "\n".join(c.source for c in notebook.cells if c.cell_type == "code")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_code_is_in_the_newest_edition_alone(chapter: str, site: Path, place: Checkout) -> None:
    """Older pages keep every figure, have no line of code, and say where it is."""
    lines = {line.strip() for line in code_of(place, chapter).splitlines() if len(line) > 30}
    assert len(lines) > 50
    newest = str(Text(site / "2026.11" / "notebooks" / f"{chapter}.html"))
    assert sum(line in newest for line in lines) > 50
    assert "The code of this chapter is shown in the newest edition only" not in newest
    for name, day in DAYS.items():
        page = str(Text(site / name / "notebooks" / f"{chapter}.html"))
        assert not [line for line in lines if line in page]
        assert page.count("The code of this chapter is shown in the newest edition only") == 1
        assert f"evidence that became known after {day}." in page
        html = (site / name / "notebooks" / f"{chapter}.html").read_text(encoding="utf-8")
        drawn = len(list((site / name / "data").glob(f"{chapter}.*.csv")))
        assert html.count('<figure class="') == drawn >= 4
        assert "Show the code" not in html


def test_the_search_of_an_older_edition_finds_no_code(site: Path, place: Checkout) -> None:
    """Names of the code are words of the newest edition's index, of no older one's."""
    code = "\n".join(code_of(place, chapter) for chapter in CHAPTERS).lower()
    names = set(re.findall(r"\b[a-z]+_[a-z_]+\b", code))
    found = {
        name: names & set(re.findall(r"\w+", (site / name / "searchindex.js").read_text("utf-8")))
        for name in ("2026.11", *DAYS)
    }
    assert len(found["2026.11"]) > 30
    assert not found["2024.03"]
    assert not found["2025.10"]


@pytest.mark.browser
@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}])
def test_latest_leads_to_the_newest(options: dict[str, Any], address: str, chromium: Any) -> None:
    """An address below latest/ keeps its place in the page; without scripts it finds the page."""
    url = f"{address}/latest/notebooks/trade.html#trade-long-view"
    with Visit(chromium, url, 1280, "light", **options) as visit:
        place = "#trade-long-view" if not options else "*"
        visit.page.wait_for_url(f"{address}/2026.11/notebooks/trade.html{place}")
        assert "Trade" in visit.page.inner_text("h1 >> nth=-1")


@pytest.mark.browser
@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_the_list_of_editions_is_accessible(
    width: int, scheme: str, address: str, chromium: Any
) -> None:
    """No rule of axe-core is violated, nothing is cut off, no other host is asked."""
    with Visit(chromium, f"{address}/editions.html", width, scheme) as visit:
        assert not violations(visit.page)
        room = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        scroll, client = visit.page.evaluate(room)
        assert scroll <= client
        assert not visit.errors
        assert not [url for url in visit.asked if not url.startswith(address)]
        heads = visit.page.locator("h2").all_inner_texts()
        assert heads == ["2026.11, newest", "2025.10", "2024.03"]


def test_all_editions_are_built_in_turn(copy: Checkout, azkz: Azkz) -> None:
    """Oldest first, one summary each; a fault stops it, and what was built before stays."""
    wanted = ("build", "--all", "--chapter", "culture", "--only", "html")
    done = azkz(copy, *wanted)
    assert done.returncode == 0, done.stderr
    told = re.findall(r"^edition (\S+), as known on (\S+)$", done.stdout, re.MULTILINE)
    days = [("2024.03", "2024-03-11"), ("2025.10", "2025-10-22"), ("2026.11", "2026-11-23")]
    assert told == days
    file = copy.editions / "2025.10.yml"
    file.write_text(file.read_text("utf-8").replace("base_year: 2020", "base_year: 2024"), "utf-8")
    done = azkz(copy, *wanted)
    assert done.returncode == 2
    assert re.findall(r"^edition (\S+),", done.stdout, re.MULTILINE) == ["2024.03"]
    assert "2025.10.yml" in done.stderr


@pytest.mark.parametrize("more", [("2024.03",), ("--as-of", "2023-06-30")])
def test_all_is_not_one(more: tuple[str, ...], place: Checkout, azkz: Azkz) -> None:
    """One edition or one day cannot be asked for together with all."""
    done = azkz(place, "build", "--all", *more)
    assert done.returncode == 2
    assert "--all builds every edition as it is" in done.stderr


def test_the_editions_are_listed_with_their_state(copy: Checkout, azkz: Azkz) -> None:
    """Which is the newest, which are released, and where they are built."""
    (copy.releases / "2024.03").mkdir(parents=True)
    (copy.releases / "2024.03" / "manifest.json").write_text("{}", encoding="utf-8")
    lines = azkz(copy, "editions").stdout.splitlines()
    states = [(line.split()[0], "newest" in line, "not released" in line) for line in lines]
    assert states == [
        ("2024.03", False, False),
        ("2025.10", False, True),
        ("2026.11", True, True),
    ]
    assert all("not built" in line for line in lines)
