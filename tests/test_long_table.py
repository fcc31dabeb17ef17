"""Long tables: written straight from their cells, as Sphinx would write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes

from azkz.build.publish import file_hashes
from azkz.sphinxext import changes_tables, evidence, numbers_table
from azkz.sphinxext.long_table import _Writing, keep_whole
from azkz.sphinxext.tree import Content, grid
from azkz.typst.places import SCHEME
from test_sphinxext import build, make_stage


def test_pages_are_those_of_ordinary_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, the search index included, with markup in the ledger's own strings."""
    long = file_hashes(build(make_stage(tmp_path / "long")))
    for module in (evidence, numbers_table, changes_tables):
        monkeypatch.setattr(module, "long_grid", ordinary_table)
    ordinary = file_hashes(build(make_stage(tmp_path / "ordinary")))
    assert {"book/evidence.html", "book/numbers-trade.html", "searchindex.js"} <= long.keys()
    pages = [name for name in long if name.endswith((".html", ".js"))]
    assert {name: long[name] for name in pages} == {name: ordinary[name] for name in pages}


def test_links_in_the_pdf_are_those_of_the_page(tmp_path: Path) -> None:
    """Links of the annex of numbers lead where those of the web page lead; to a row: to its source.

    The sources of a number are no links in print: the rows in its formula lead there.
    """
    stage = make_stage(tmp_path)
    book = build(stage) / "book"
    [web] = cells(book / "numbers-trade.html", "numbers-table")
    source_of = {
        row: source
        for table in cells(book / "evidence.html", "evidence-table")
        for row, source in re.findall(r'<p id="([^"]+)".*?href="(sources[^"]*)"', table, re.DOTALL)
    }
    led = [place_of(address, source_of) for address in re.findall(r'href="([^"]*)"', web)]
    source = (build(stage, "typst") / "book-numbers-trade.typ").read_text(encoding="utf-8")
    records = re.findall(r"#number-record\((.*)\n", source)
    printed = [name for line in records for name in re.findall(r'#link\("([^"]*)"', line)]
    assert len(printed) > len(records) > 1
    assert printed == [place for place in led if place]


def ordinary_table(
    head: Sequence[Content], rows: Sequence[Sequence[Content]], **options: Any
) -> nodes.table:
    """A table with a node for each cell; like a long one it says what its anchors are."""
    table = grid(head, rows, anchors=options.get("anchors", ()), classes=options["classes"])
    table["anchors"] = options.get("anchors", ())
    return table


def cells(page: Path, name: str) -> list[str]:
    """The rows of the tables with a class on a page."""
    text = page.read_text(encoding="utf-8")
    return re.findall(f"<table[^>]*{name}.*?<tbody>(.*?)</tbody>", text, re.DOTALL)


def place_of(address: str, source_of: Mapping[str, str]) -> str:
    """Where a link of the annex of numbers leads, as the PDF's source says it; not to a source."""
    page, _, anchor = unescape(address).partition("#")
    if page == "sources.html":
        return ""
    if page == "evidence.html":
        page, _, anchor = source_of[anchor].partition("#")
    return f"{SCHEME}book/{page.removesuffix('.html') or 'numbers-trade'}#{anchor}"


def test_what_no_cell_may_hold_is_an_error() -> None:
    """Nothing is dropped in silence."""
    writing = object.__new__(_Writing)
    with pytest.raises(KeyError):
        writing._line([nodes.image()])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("5 million USD", "5\u00a0million USD"),
        ("on 11 March 2024", "on 11\u00a0March 2024"),
        ("5 millions", "5 millions"),
        ("a million", "a million"),
    ],
)
def test_a_number_stays_with_what_it_counts(text: str, kept: str) -> None:
    """No line ends between them."""
    assert keep_whole(text) == kept
