"""An edition knows nothing later than its day, in no published byte; and what each edition says."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import typst

import hindsight
from azkz.errors import BadInput
from azkz.ledger import Ledger
from azkz.paths import Checkout
from conftest import ROOT, Azkz
from hindsight import Leak, Then

Json = dict[str, Any]
OLDER = ("2024.03", "2025.10")


def _numbers(edition: Path) -> Json:
    found: Json = json.loads((edition / "numbers.json").read_text(encoding="utf-8"))
    return found


def _later_numbers(site: Path, name: str) -> set[str]:
    """The ids of numbers that only editions of a later day have."""
    own = _numbers(site / name)
    others = [_numbers(path.parent) for path in site.glob("*/numbers.json")]
    later = {n["id"] for o in others if o["as_of"] > own["as_of"] for n in o["numbers"]}
    return later - {number["id"] for number in own["numbers"]}


@pytest.mark.parametrize("name", OLDER)
def test_no_published_byte_tells_of_a_later_day(name: str, site: Path) -> None:
    """No file of an older edition holds anything that was not known on its day.

    Looked for are rows, numbers, sources with title, publisher and address, days and years, and
    figures; in HTML with attributes and templates, PDF, CSV, JSON, SVG and the search index.
    """
    then, later = Then(_numbers(site / name)["as_of"]), _later_numbers(site, name)
    assert len(then.later) > 1000
    assert len(later) > 100
    assert hindsight.leaks(site / name, then, later) == []


PAGE = "<!DOCTYPE html><html><body><article>{}</article></body></html>"
PLANTED = [
    ("a.html", PAGE.format('<img src="a.svg" alt="Bars, after event-0169">'), "row", "event-0169"),
    ("b.html", PAGE.format('<p id="culture-0132">Text</p>'), "row", "culture-0132"),
    ("c.html", PAGE.format("<template><b>Azturk</b> AzTurkTV</template>"), "publisher", "AzTurkTV"),
    (
        "d.html",
        PAGE.format("<p>Opened on <b>12\u00a0March</b> 2024.</p>"),
        "day",
        "2024-03-12",
    ),
    ("e.html", PAGE.format("<p>It was read in November 2026.</p>"), "day", "2026-11"),
    ("f.html", PAGE.format("<p>By 2031 it will be more.</p>"), "day", "2031"),
    ("g.html", PAGE.format("<p>2024 had 598.47 million.</p>"), "figure", "598.47"),
    (
        "h.html",
        PAGE.format('<a href="sources.html#source-qazmonitor-2024-03-12-14-documents">1</a>'),
        "source",
        "qazmonitor-2024-03-12-14-documents",
    ),
    ("i.html", PAGE.format('<i id="number-trade-later">1</i>'), "number", "number-trade-later"),
    ("data/a.csv", "year,value,observation\n2024,1,culture-0132\n", "row", "culture-0132"),
    ("data/b.csv", "day,value\n2024-03-12,1\n", "day", "2024-03-12"),
    ("numbers.json", '{"id": "trade.later"}', "number", "trade.later"),
    (
        "manifest.json",
        '["https://azturktv.az/index.php?newsid=30969"]',
        "address",
        "https://azturktv.az/index.php?newsid=30969",
    ),
    (
        "a.svg",
        "<svg><text>Kazakhstan, Azerbaijan Sign 14 Cooperation Documents</text></svg>",
        "title",
        "Kazakhstan, Azerbaijan Sign 14 Cooperation Documents",
    ),
    (
        "searchindex.js",
        'Search.setIndex({"terms": {"598.47": 1, "2031": 2}, "titleterms": {}, "titles": []})',
        "figure",
        "598.47",
    ),
]
"""A file, what is written into it, and the leak that it is."""


@pytest.mark.parametrize(("file", "content", "kind", "what"), PLANTED)
def test_a_planted_leak_is_found(
    file: str, content: str, kind: str, what: str, tmp_path: Path
) -> None:
    """Each way in which something later could be told is seen, in each kind of file."""
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    found = hindsight.leaks(tmp_path, Then("2024-03-11"), {"trade.later"})
    assert Leak(file, kind, what) in found


def test_leaks_in_a_pdf_are_found(tmp_path: Path) -> None:
    """In text broken over lines with hyphens, and in the addresses of links."""
    url = "https://azturktv.az/index.php?newsid=30969"
    title = "Kazakhstan, Azerbaijan Sign 14 Cooperation Documents"
    content = f'#set page(width: 4cm)\n#set text(hyphenate: true)\n#link("{url}")[Page]. {title}.'
    content += "\n\nSee event-0169 on 12 March 2024."
    (tmp_path / "a.typ").write_text(content, encoding="utf-8")
    typst.compile(str(tmp_path / "a.typ"), output=str(tmp_path / "a.pdf"))
    told = hindsight.leaks(tmp_path, Then("2024-03-11"), set())
    found = {(leak.kind, leak.what) for leak in told}
    expected = {("row", "event-0169"), ("day", "2024-03-12"), ("address", url), ("title", title)}
    assert expected <= found


def test_what_was_known_is_no_leak(tmp_path: Path) -> None:
    """Rows of the day, hopes for later years and figures known by then are not taken for leaks."""
    told = "event-0165 trade-0050, 529.4 in 2023; to be operational by 2025; 11 March 2024."
    (tmp_path / "a.html").write_text(PAGE.format(f"<p>{told}</p>"), encoding="utf-8")
    assert hindsight.leaks(tmp_path, Then("2024-03-11"), {"trade.later"}) == []
    assert hindsight.leaks(tmp_path, Then("2023-06-30"), set()) != []


def test_rows_tell_no_later_day() -> None:
    """Notes of outcomes and texts of events name no day, month or year after they were known.

    Years of an event's text may lie ahead: a programme runs for years.
    """
    told = [
        (row["id"], text, row["known_from"])
        for row in hindsight.table("observations")
        if row["status"] in ("reported", "estimate")
        for text in (row["note"], row["attributed_to"])
    ]
    late = [each for each in told for day in hindsight.days_in(each[1]) if _after(day, each[2])]
    assert late == []
    events = [(row["id"], row["summary"], row["known_from"]) for row in hindsight.table("events")]
    late = [
        each
        for each in events
        for day in hindsight.days_in(each[1])
        if day[1] and _after(day, each[2])
    ]
    assert late == []


@pytest.mark.parametrize("name", OLDER)
def test_indicators_of_which_nothing_was_known_are_not_listed(name: str, site: Path) -> None:
    """The page of indicators has those with a known observation or claim, no others."""
    then = Then(_numbers(site / name)["as_of"])
    known = {row["indicator"] for row in (*then.rows, *then.claims) if row.get("indicator")}
    page = (site / name / "book" / "indicators.html").read_text(encoding="utf-8")
    listed = set(re.findall(r'id="indicator-([\w-]+)"', page))
    assert listed == {key.replace("_", "-") for key in known}
    assert len(listed) < len(hindsight.table("indicators"))


def test_an_indicator_can_be_asked_for_before_it_is_known(ledger: Ledger) -> None:
    """A chapter asks for it on any day and gets nothing; a misspelt name is refused."""
    then = ledger.as_of(date(2024, 3, 11))
    assert ledger.select("aktau_crash_deaths")
    assert then.select("aktau_crash_deaths") == ()
    with pytest.raises(BadInput, match="no indicator 'aktau_crash_death'"):
        then.select("aktau_crash_death")


def test_statistics_read_later_are_listed_without_a_day(site: Path) -> None:
    """Sources that were read after the day are there, with how many the page says, and no day."""
    page = _text(site / "2024.03" / "book" / "sources.html")
    then = Then("2024-03-11")
    later = [
        row for row in then.sources.values() if (row["published"] or row["retrieved"]) > then.day
    ]
    assert later
    assert page.count("annual statistic, read after the day of this edition") == len(later)
    assert f"{len(later)} of the sources are annual statistics" in page
    newest = _text(site / "2026.11" / "book" / "sources.html")
    assert "annual statistic" not in newest
    assert "read on 23 November 2026" in newest


@pytest.mark.parametrize("name", OLDER)
def test_no_heading_stands_over_nothing(name: str, site: Path) -> None:
    """Every section of every page of an older edition holds more than its heading."""
    pages = [*(site / name).glob("notebooks/*.html"), *(site / name).glob("book/*.html")]
    assert len(pages) > 15
    for page in pages:
        outline = Outline()
        outline.feed(page.read_text(encoding="utf-8"))
        assert outline.bare == [], page.name


def test_the_edition_of_march_2024_has_the_stated_levels(site: Path) -> None:
    """It prints 529.4 and the growth that the stated levels give, and nowhere the revised 556.7."""
    rows = [
        row
        for row in hindsight.table("observations")
        if (row["indicator"], row["reporter"], row["known_from"])
        == ("trade_turnover", "KAZ", "2024-03-05")
        and (row["ref_area"], row["counterpart_area"]) == ("KAZ", "AZE")
    ]
    level = {row["time_period"]: Decimal(row["obs_value"]) for row in rows}
    growth = round(100 * (level["2023"] / level["2022"] - 1), 1)
    edition = site / "2024.03"
    findings = _text(edition / "notebooks" / "trade.html")
    assert f"{level['2023']} million USD, {growth} percent above the {level['2022']}" in findings
    numbers = {number["id"]: number["text"] for number in _numbers(edition)["numbers"]}
    assert numbers["trade.growth-2023-recomputed"].split()[0] == str(growth)
    for path in edition.rglob("*"):
        if path.suffix in hindsight.READ and "_static" not in path.parts:
            assert "556.7" not in hindsight.figures_in(hindsight.texts(path)[0]), path.name


def test_the_newest_edition_says_the_revision(site: Path) -> None:
    """In one passage of the trade chapter stand 529.4, 556.7 and that it was revised."""
    passages = _passages(site / "2026.11" / "notebooks" / "trade.html")
    said = [text for text in passages if {"529.4", "556.7"} <= hindsight.figures_in(text)]
    assert any("revised" in text for text in said)


def test_a_day_before_the_article_knows_nothing_of_it(azkz: Azkz) -> None:
    """The unnamed edition of 30 June 2023 builds, holds no statement, and tells nothing later."""
    done = azkz(Checkout(ROOT), "build", "--as-of", "2023-06-30", "--only", "html")
    assert done.returncode == 0, done.stderr
    (site,) = (ROOT / "_build").glob("2023-06-30*/site")
    then = Then("2023-06-30")
    assert then.claims == []
    assert hindsight.leaks(site, then, set()) == []
    assert "No such statement was known on this day." in _text(site / "book" / "audit.html")
    for page in (*site.glob("book/*.html"), *site.glob("notebooks/*.html")):
        assert not re.search(r"\b[Tt]he article\b", _text(page)), page.name


def _after(day: hindsight.Day, known_from: str) -> bool:
    return hindsight.is_later(day, known_from)


def _passages(page: Path) -> list[str]:
    """What the article of a page says, passage by passage; cards of numbers are none of it."""
    markup = page.read_text(encoding="utf-8")
    body = markup[markup.index("<article") : markup.index("</article>")]
    body = re.sub(r"<template\b.*?</template>", "", body, flags=re.DOTALL)
    seen = hindsight.Seen()
    seen.feed(re.sub(r"</(?:p|li|td|th|dt|h\d)>", "\n\x1e", body))
    return [" ".join(part.split()) for part in "".join(seen.found).split("\x1e")]


def _text(page: Path) -> str:
    return " ".join(_passages(page))


class Outline(HTMLParser):
    """The headings of a page over sections that hold nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.bare: list[str] = []
        self._open: list[list[str]] = []
        self._heading = False

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Open a section, or note what is not text."""
        if tag == "section":
            self._open.append(["", ""])
        self._heading = self._heading or bool(re.fullmatch(r"h\d", tag))
        if tag == "img":
            self._note("picture")

    def handle_endtag(self, tag: str) -> None:
        """Close a heading or a section."""
        if re.fullmatch(r"h\d", tag):
            self._heading = False
        if tag == "section":
            heading, content = self._open.pop()
            self.bare += [] if content.strip() else [heading.strip()]

    def handle_data(self, data: str) -> None:
        """Note the text of a heading, or of all sections that are open."""
        self._note(data)

    def _note(self, text: str) -> None:
        if self._heading and self._open:
            self._open[-1][0] += text
            return
        for section in self._open:
            section[1] += text
