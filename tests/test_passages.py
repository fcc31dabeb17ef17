"""What goes with what an older edition leaves out: headings, leading lines, references, counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from azkz.errors import Faults
from test_sphinxext import CHAPTER, FIGURE, SVG, _cell, build, make_stage

OLDER = """\
# Trade

Kept before: {numref}`trade.long-view` shows it, [as drawn](#trade.long-view).

Lost {numref}`trade.not-drawn`.

Lost [text](#trade.not-drawn) as well.

Lost line that leads to a list:

- Lost item {num}`trade.gone`.

Kept line that leads to a list:

- Kept item.
- Lost item {num}`trade.gone`.

Lost share: {count}`observations-retrieved-share`.

Kept count: {count}`observations`.
"""


def _silent() -> Any:
    return nbformat.v4.new_code_cell("silent = 1")


def _prose(text: str) -> Any:
    return nbformat.v4.new_markdown_cell(text)


def test_nothing_leads_to_what_was_left_out(tmp_path: Path) -> None:
    """References to figures that are not drawn go with their passage, and lines before lost lists.

    What counts nothing goes, too, and is not reported: there is nothing that is not known.
    """
    figure = _cell(FIGURE, "image/svg+xml", SVG)
    stage = make_stage(
        tmp_path, newest=False, chapter=OLDER, cells=[figure], missing=["trade.gone"]
    )
    out = build(stage)
    page = (out / "notebooks" / "trade.html").read_text(encoding="utf-8")
    assert "Lost" not in page
    assert "trade.not-drawn" not in page
    assert [page.count(f"Kept {word}") for word in ("before", "line", "item", "count")] == [1] * 4
    assert page.count('href="#trade-long-view"') >= 2
    left_out = json.loads((out / "_azkz" / "left-out.json").read_text(encoding="utf-8"))
    assert [list(note["missing"]) for note in left_out] == [
        *[["trade.not-drawn"]] * 2,
        *[["trade.gone"]] * 2,
    ]


SECTIONS = [
    _prose("## Kept section\n\nKept text."),
    _silent(),
    _prose("## Lost section"),
    _silent(),
    _prose("### Lost part"),
    _silent(),
    _prose("## Empty by its author"),
    _prose("## Drawn section"),
    _silent(),
    _cell(FIGURE, "image/svg+xml", SVG),
]


def test_an_older_edition_has_no_sections_of_code_alone(tmp_path: Path) -> None:
    """Their headings leave the page and its table of contents; what an author left empty stays."""
    out = build(make_stage(tmp_path, newest=False, chapter="# Trade\n", cells=SECTIONS))
    page = (out / "notebooks" / "trade.html").read_text(encoding="utf-8")
    assert "Lost" not in page
    for kept in ("Kept section", "Drawn section", "Empty by its author"):
        assert page.count(kept) > 1


def test_the_newest_edition_keeps_its_sections_of_code(tmp_path: Path) -> None:
    """There the code is to be seen."""
    page = build(make_stage(tmp_path, chapter="# Trade\n", cells=SECTIONS)) / "notebooks"
    assert "Lost part" in (page / "trade.html").read_text(encoding="utf-8")


def test_the_newest_edition_refuses_references_to_nothing(tmp_path: Path) -> None:
    """A figure that no chapter draws is named with its place and those that are near."""
    chapter = f"{CHAPTER}\n\nSee {{numref}}`trade.long-vew`.\n"
    with pytest.raises(Faults) as caught:
        build(make_stage(tmp_path, chapter=chapter))
    message = str(caught.value)
    assert "no figure or table 'trade.long-vew' — near it: trade.long-view" in message
    assert "notebooks/trade.ipynb, cell 1" in message
