"""Evidence in print: rows under their sources, links to rows, what is left of the page."""

from __future__ import annotations

import re

import pytest
from docutils import nodes
from sphinx import addnodes

from azkz.sphinxext.long_table import long_table
from azkz.typst import places
from azkz.typst.book import Book, Page
from azkz.typst.errors import PdfFailed
from azkz.typst.writer import translate

SAID = re.compile(r"#said\((?:known: \[#\"([^\"]*)\"\], )?(.*?)\)\n")


def row(key: str, since: str, *sources: str) -> list[list[nodes.Node]]:
    """A row of evidence as the page on the web holds it."""
    named: list[nodes.Node] = [
        nodes.reference("", source, refuri=f"%sources#source-{source}") for source in sources
    ]
    page = nodes.reference("", "original page", refuri="https://example.org/")
    cells = ("5 million USD", "Kazakhstan, reported; about")
    name = [nodes.Text("Turnover, 2023 "), nodes.literal("", key)]
    words: list[list[nodes.Node]] = [[nodes.Text(cell)] for cell in cells]
    return [name, *words, [*named, page], [nodes.Text(since)]]


def book_of(*rows: list[list[nodes.Node]]) -> str:
    """A page that cites a row, the page of evidence with ``rows``, and two sources."""
    table = long_table(
        head=[],
        rows=rows,
        right=[],
        anchors=[cells[0][1].astext() for cells in rows],
        classes=["evidence-table", "annex"],
    )
    subject = nodes.section("", nodes.title("", "Trade"), table, ids=["evidence-trade"])
    cited = nodes.reference("", "cited", refuri="%evidence#trade-0001")
    listed = nodes.bullet_list(
        "",
        *(
            nodes.list_item(
                "", nodes.paragraph("", f"Page of 15 May 2024. {key}"), ids=[f"source-{key}"]
            )
            for key in ("bns", "trend")
        ),
        classes=["annex"],
    )
    pages = {
        "first": nodes.section("", nodes.title("", "First"), nodes.paragraph("", "", cited)),
        "evidence": nodes.section(
            "", nodes.title("", "Evidence"), nodes.paragraph("", "Each row."), subject
        ),
        "sources": nodes.section("", nodes.title("", "Sources"), listed),
    }
    tree = nodes.document(None, None)  # type: ignore[arg-type]
    for name, section in pages.items():
        tree += nodes.compound("", addnodes.start_of_file("", section, docname=name))
    book = Book("index", {name: Page(name, "back") for name in ("index", *pages)})
    return translate(tree, book)[0]


def test_rows_stand_under_their_source() -> None:
    """With id, value, whose count and note, once below each of their sources."""
    rows = (
        row("trade-0001", "15 May 2024 (date of the page)", "trend", "trend"),
        row("trade-0002", "15 May 2024 (date of the page)", "bns", "trend"),
    )
    before, bns, trend = re.split(r"(?=Page of 15 May 2024\. )", book_of(*rows))
    assert "said" not in before
    line = "trade-0002 · Turnover, 2023: 5 million USD. Kazakhstan, reported; about"
    assert SAID.findall(bns) == [("", f'[#"{line}"]')]
    assert SAID.findall(trend) == [("", f'[#"{line.replace("2 ·", "1 ·", 1)}"], [#"{line}"]')]


def test_another_day_than_the_source_s_is_told() -> None:
    """The day from which rows are known is printed where the source's entry has another one."""
    rows = (
        row("trade-0001", "31 December 2024 (assumed release)", "bns"),
        row("trade-0002", "15 May 2024 (date of the page)", "bns"),
        row("trade-0003", "5 May 2024 (day of reading)", "bns"),
    )
    days = [known for known, _ in SAID.findall(book_of(*rows))]
    assert days == [
        "Known from 31 December 2024 (assumed release):",
        "",
        "Known from 5 May 2024 (day of reading):",
    ]


def test_links_to_rows_lead_to_their_source() -> None:
    """Who follows a row's id finds what its source says."""
    found = book_of(row("trade-0001", "15 May 2024 (date of the page)", "trend", "bns"))
    assert f'#link("{places.address("sources#source-trend")}", [#"cited"])' in found
    assert '#metadata(none)#label("sources#source-trend")' in found
    assert "evidence#trade-0001" not in found


def test_the_page_of_evidence_opens_that_of_the_sources() -> None:
    """Its title and words stand above those of the next page; the tables are not printed."""
    found = book_of(row("trade-0001", "15 May 2024 (date of the page)", "trend"))
    opening = found.partition("#annex-page(")[2]
    assert opening.index('[#"Evidence"]') < opening.index("Each row.") < opening.index('"Sources"')
    assert '"Trade"' not in found
    assert found.count("#annex-page(") == 1


def test_a_row_whose_source_is_not_printed_is_refused() -> None:
    """The list of sources lacks it, and nothing else would show the row."""
    with pytest.raises(PdfFailed, match="no entry 'source-gone', under which trade-0009"):
        book_of(row("trade-0009", "15 May 2024 (date of the page)", "gone"))


def test_a_row_without_a_source_is_refused() -> None:
    """It would vanish from print without a word."""
    with pytest.raises(PdfFailed, match="'trade-0009' names no source"):
        book_of(row("trade-0009", "15 May 2024 (date of the page)"))
