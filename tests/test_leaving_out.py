"""Prose follows the evidence: what a build says when the rows behind a number are not there."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from azkz.paths import Checkout
from conftest import Azkz, copy_checkout

TAKEN_OUT = {
    "trade": "trade.non-oil-2023",
    "energy": "energy.supsa-2020",
    "investment": "investment.georgia-2015",
    "corridor": "corridor.northern-2024",
    "culture": "culture.flights-permitted",
}
"""One observed number of each chapter that nothing else in the ledger can stand for.

No passage takes the place of what cites it. The chapters that look across these count rows and
have no such number.
"""

VOID = ("img", "br", "hr", "input", "path", "source")
OUTSIDE = ("figure", "table", "nav", "aside", "dl", "template", "details", "h1", "h2", "h3")


class Prose(HTMLParser):
    """The paragraphs and list items of a page's own text, each number in them as its id.

    What stands in figures, tables and code, and the lines that belong to them, is no prose.
    """

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[str] = []
        self._number = ""
        self._text: list[str] = []
        text = page.read_text(encoding="utf-8")
        self.feed(text[text.index("<article") : text.index("</article>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; a new passage begins with it."""
        if tag in VOID:
            return
        known = dict(attrs)
        beside = {"figure-source", "table-note", "code-elsewhere"} & set(
            (known.get("class") or "").split()
        )
        self._open.append("figure" if beside else tag)
        if tag in ("p", "li"):
            self._close_passage()
        if number := known.get("data-number"):
            self._number = number
            self._text.append(f"{{{number}}}")

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if tag in VOID:
            return
        if tag in ("p", "li"):
            self._close_passage()
        while self._open and self._open.pop() not in (tag, "figure"):
            pass
        if tag == "a":
            self._number = ""

    def handle_data(self, data: str) -> None:
        """Text of a passage; what a number prints may change, which number it is may not."""
        if not self._number and not set(OUTSIDE) & set(self._open):
            self._text.append(data)

    def _close_passage(self) -> None:
        text = " ".join("".join(self._text).split())
        if text and not set(OUTSIDE) & set(self._open):
            self.found.append(text)
        self._text = []


def passages(site: Path, chapter: str) -> Counter[str]:
    """The passages of a chapter's page."""
    return Counter(Prose(site / "notebooks" / f"{chapter}.html").found)


def take_out(place: Checkout, rows: set[str]) -> None:
    """Remove observations, and the sources that only they had cited."""
    tables = {name: _read(place, name) for name in ("observations", "events", "claims", "route")}
    tables["observations"] = [row for row in tables["observations"] if row["id"] not in rows]
    _write(place, "observations", tables["observations"])
    cited = {row.get(k, "") for table in tables.values() for row in table for k in _CITING}
    cited |= {row["source"] for row in _read(place, "places")}
    _write(place, "sources", [row for row in _read(place, "sources") if row["source"] in cited])


_CITING = ("source", "source2")


def _read(place: Checkout, name: str) -> list[dict[str, str]]:
    with (place.data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(place: Checkout, name: str, rows: list[dict[str, str]]) -> None:
    with (place.data / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def poorer(
    built: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Checkout, dict[str, set[str]]]:
    """A checkout without the rows of one number of each chapter, and those rows by number.

    It has an older edition of the same day beside the newest.
    """
    place = copy_checkout(tmp_path_factory.mktemp("poorer") / "checkout")
    newest = (place.editions / "2026.11.yml").read_text(encoding="utf-8")
    older = newest.replace('edition: "2026.11"', 'edition: "2026.10"')
    (place.editions / "2026.10.yml").write_text(older, encoding="utf-8")
    numbers = json.loads((built / "numbers.json").read_text(encoding="utf-8"))["numbers"]
    rows = {n["id"]: set(n["observations"]) for n in numbers if n["id"] in TAKEN_OUT.values()}
    take_out(place, set.union(*rows.values()))
    return place, rows


def test_an_older_edition_leaves_out_exactly_what_cites_the_number(
    built: Path, poorer: tuple[Checkout, dict[str, set[str]]], azkz: Azkz
) -> None:
    """Every passage that cites a number resting on the rows is gone, every other is there.

    The numbers that are missing are those that rest on the rows, no more; the summary counts what
    was left out, and ``--explain`` names passage, cell and number.
    """
    place, rows = poorer
    done = azkz(place, "build", "2026.10", "--explain")
    assert done.returncode == 0, done.stderr
    site = place.site / "2026.10"
    before, after = (
        {number["id"]: number for number in json.loads(path.read_text(encoding="utf-8"))["numbers"]}
        for path in (built / "numbers.json", site / "numbers.json")
    )
    gone = before.keys() - after.keys()
    taken = set.union(*rows.values())
    assert gone >= rows.keys()
    assert all(taken & set(before[key]["observations"]) for key in gone)
    for chapter, number in TAKEN_OUT.items():
        cited = re.compile("|".join(re.escape(f"{{{key}}}") for key in sorted(gone)))
        whole, part = passages(built, chapter), passages(site, chapter)
        expected = {text: n for text, n in whole.items() if not cited.search(text)}
        assert part == expected
        assert len(expected) < len(whole)
        assert number in done.stdout
    (count,) = re.findall(r"(\d+) passages left out", done.stdout)
    assert int(count) == len(re.findall(r": .* left out: ", done.stdout)) >= len(TAKEN_OUT)
    assert re.search(r"notebooks/trade\.ipynb, cell \d+, line \d+: paragraph left out", done.stdout)


def test_the_newest_edition_stops_and_names_them(
    poorer: tuple[Checkout, dict[str, set[str]]], azkz: Azkz
) -> None:
    """Each missing number is named with the place that cites it, and nothing is published."""
    place, rows = poorer
    done = azkz(place, "build", "2026.11", "--only", "html")
    assert done.returncode == 2
    for key in rows:
        assert f"number {key} is not known: " in done.stderr
    assert re.search(r"notebooks/trade\.ipynb, cell \d+, line \d+: number trade\.", done.stderr)
    assert not (place.site / "2026.11").exists()
