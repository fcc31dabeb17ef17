"""Long tables: written straight from their cells, as Sphinx would write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from docutils import nodes

from azkz.build.publish import file_hashes
from azkz.sphinxext import changes_tables, evidence, numbers_annex
from azkz.sphinxext.long_table import _Writing, keep_whole
from azkz.sphinxext.tree import grid
from test_sphinxext import build, make_stage


def test_pages_are_those_of_ordinary_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, the search index included, with markup in the ledger's own strings."""
    long = file_hashes(build(make_stage(tmp_path / "long")))
    for module in (evidence, numbers_annex, changes_tables):
        monkeypatch.setattr(module, "long_grid", grid)
    ordinary = file_hashes(build(make_stage(tmp_path / "ordinary")))
    assert {"book/evidence.html", "book/numbers-trade.html", "searchindex.js"} <= long.keys()
    pages = [name for name in long if name.endswith((".html", ".js"))]
    assert {name: long[name] for name in pages} == {name: ordinary[name] for name in pages}


def test_the_pdf_has_the_same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The source of the PDF, byte for byte."""
    long = typst(build(make_stage(tmp_path / "long"), "typst"))
    for module in (evidence, numbers_annex, changes_tables):
        monkeypatch.setattr(module, "long_grid", grid)
    assert typst(build(make_stage(tmp_path / "ordinary"), "typst")) == long


def typst(folder: Path) -> dict[str, str]:
    """What Typst was given."""
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*.typ")}
    assert any("evidence-record" in text for text in found.values())
    return found


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
