"""Evidence in print: the attached table of rows, links to rows, what is left of the page."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import yaml
from docutils import nodes

from azkz.paths import NUMBERS
from azkz.sphinxext.domain import cross_reference
from azkz.sphinxext.numbers_table import MANY, NAMED
from azkz.sphinxext.printed import ATTACHED, SOURCES, Annexes, file_of, shortened
from azkz.sphinxext.records import Records, made
from azkz.typst import places, press
from test_sphinxext import INDEX, LEDGER, build, make_stage, write_ledger

TITLES = {NUMBERS: "Numbers", SOURCES: "Sources"}

Row = Mapping[str, str]


def source(key: str) -> Row:
    """A page of 15 May 2024."""
    about = {"publisher": f"The {key}", "title": f"Page of {key}", "published": "2024-05-15"}
    return {**LEDGER["sources"][0], **about, "source": key, "url": "https://example.org/"}


def row(key: str, of: str, since: str = "2024-05-15", basis: str = "published") -> Row:
    """An observation that the source ``of`` says."""
    known = {"known_from": since, "known_from_basis": basis}
    return {**LEDGER["observations"][0], **known, "id": key, "source": of, "note": "about"}


def event(key: str, first: str, second: str) -> Row:
    """An event of which two sources tell; it may be one twice."""
    told = {"source": first, "source2": second, "known_from": "2024-05-15"}
    return {**LEDGER["events"][0], **told, "id": key, "place": "Baku"}


def records_of(folder: Path, *rows: Row) -> Records:
    """Those of a build that draws ``rows``, of a ledger with two sources."""
    tables = {
        **LEDGER,
        "sources": [source("bns"), source("trend")],
        "observations": [own for own in rows if "summary" not in own],
        "events": [own for own in rows if "summary" in own],
        "claims": [],
    }
    write_ledger(folder / "data", tables)
    about = {
        "edition": "2026.11",
        "title": "A small book",
        "as_of": "2026-11-23",
        "newest": True,
        "version": "2026.11.0",
        "ledger_sha256": "0" * 64,
        "data": str(folder / "data"),
        "published": True,
    }
    drawn = [own["id"] for own in rows]
    return made(about, {"numbers": (), "missing": (), "left_out": (), "drawn": drawn}, ())


def annexes() -> Annexes:
    """Those of a small book, of which none is written yet."""
    cover = press.Cover("A small book", edition="2026.11", as_of=date(2026, 11, 23))
    return Annexes(cover, TITLES)


def attached(folder: Path, *rows: Row) -> list[dict[str, str]]:
    """The table of rows that the PDF carries."""
    written, book = annexes(), records_of(folder, *rows)
    written.sources(book)
    found = written.write(book, folder)
    assert found.attached == (ATTACHED,)
    assert 'pdf.attach(relationship: "data", mime-type: "text/csv"' in (
        folder / file_of(SOURCES)
    ).read_text(encoding="utf-8")
    with (folder / ATTACHED).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_rows_are_attached(tmp_path: Path) -> None:
    """With id, value, whose count and note, sources, and since when they are known."""
    found = attached(
        tmp_path,
        row("trade-0001", "trend", "2024-12-31", "release-lag"),
        event("event-0001", "bns", "trend"),
    )
    bns, trend = (f"The {key}, 15\u00a0May 2024, https://example.org/" for key in ("bns", "trend"))
    assert found == [
        {
            "row": "trade-0001",
            "subject": "Trade turnover, Kazakhstan–Azerbaijan, 2023",
            "says": "529.4\u00a0million\u00a0USD",
            "whose_count": "Kazakhstan, reported; about",
            "sources": trend,
            "known_from": "31\u00a0December 2024 (assumed release)",
        },
        {
            "row": "event-0001",
            "subject": "The commission met",
            "says": "5 March 2024",
            "whose_count": "meeting, Baku",
            "sources": f"{bns}; {trend}",
            "known_from": "15\u00a0May 2024 (date of the page)",
        },
    ]


def test_the_attached_table_is_run_by_no_spreadsheet(tmp_path: Path) -> None:
    """A cell that begins as a formula does is text."""
    (found,) = attached(tmp_path, {**event("event-0001", "bns", "bns"), "summary": "=1+1"})
    assert found["subject"] == "'=1+1"


def test_a_row_is_where_its_first_source_is(tmp_path: Path) -> None:
    """That is told to who writes the book; a source that the ledger does not know is none."""
    book = records_of(
        tmp_path,
        row("trade-0001", "trend"),
        event("event-0001", "bns", "trend"),
        event("event-0002", "gone", "trend"),
    )
    found = annexes().write(book, tmp_path)
    assert found.joined == {"book/evidence"}
    assert {key: anchor for (_, key), (_, anchor) in found.places.items()} == {
        "trade-0001": "source-trend",
        "event-0001": "source-bns",
        "event-0002": "source-trend",
    }


LINK, COMMA, WORDS = (
    cross_reference("row", "trade-0001", "trade-0001", "trade-0001", "numbers"),
    nodes.Text(", "),
    nodes.Text("count("),
)


@pytest.mark.parametrize(
    ("rows", "words"), [(MANY, ""), (MANY + 1, f" and {MANY + 1 - NAMED} more")]
)
def test_a_long_list_of_rows_is_cut(rows: int, words: str) -> None:
    """Its first rows are named and the others counted; what stands around it stays."""
    listed = [LINK, *[COMMA, LINK] * (rows - 1)]
    found = shortened([WORDS, *listed, nodes.Text(") / "), LINK])
    assert sum(node is LINK for node in found) == (NAMED if words else rows) + 1
    told = "".join(node.astext() for node in found)
    assert told.startswith("count(trade-0001, ")
    assert told.endswith(f"trade-0001{words}) / trade-0001")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The source of a small book, by file, with the page of evidence before that of sources."""
    folder = tmp_path_factory.mktemp("book")
    pages = {
        "book/index": INDEX,
        "book/evidence": "# Evidence\n\nEach row.\n\n```{azkz-evidence}\n```\n",
        "book/sources": "# Sources\n\nEach page.\n\n```{azkz-sources}\n```\n",
    }
    stage = make_stage(folder, pages=pages)
    contents = yaml.safe_load((stage / "_toc.yml").read_text(encoding="utf-8"))
    listed = contents["parts"][1]["chapters"]
    listed.sort(key=lambda entry: (entry["file"] in pages, entry["file"]))
    (stage / "_toc.yml").write_text(yaml.safe_dump(contents), encoding="utf-8")
    return {path.name: path.read_text("utf-8") for path in build(stage, "typst").glob("*.typ")}


def test_links_to_rows_lead_to_their_source(book: dict[str, str]) -> None:
    """Who follows a row's id finds what its source says."""
    address = places.address("book/sources#source-bureau")
    assert f'#link("{address}", "463")' in book[press.SOURCE]
    assert f'#link("{address}", "trade-0002")' in book["book-numbers-trade.typ"]
    assert '#metadata(none)#label("book/sources#source-bureau' in book["book-sources.typ"]
    assert not [name for name, text in book.items() if "book/evidence#trade" in text]


def test_the_page_of_evidence_opens_that_of_the_sources(book: dict[str, str]) -> None:
    """Its title and words stand above those of the next page; the tables are not printed."""
    below = '#import "book-sources.typ": annex\n#annex('
    assert book[press.SOURCE].count(below) == 1
    opening = book[press.SOURCE].partition(below)[2]
    order = ('"Evidence"', "Each row.", '"Sources"', "Each page.")
    assert sorted(map(opening.index, order)) == [opening.index(words) for words in order]
    assert not re.search("evidence-(trade|of-events)", book[press.SOURCE])
    assert "A small book" in book["book-sources.typ"].partition("annex-page(")[0]
    # It has no leaf of its own.
    assert book[press.SOURCE].count('"Evidence"') == 1
