"""Passages that stand only once, or only before, something is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from azkz.build.citations import Cited, Known
from azkz.build.prose import Citation, read, typed_digits
from azkz.errors import Faults
from test_sphinxext import build, make_stage

CHAPTER = """\
# Trade

Kept once number {since}`trade.turnover-2023`. {since}`event-0001` Kept once event.

{since}`turnover-2023` Kept once claim {num}`trade.turnover-2023`.

{until}`trade.gone` Kept until number.

{since}`trade.turnover-2023` {until}`trade.turnover-2023` Lost both.

```{admonition} Lost box
Lost inside. {until}`event-0001`
```

1. Lost item. {until}`trade.turnover-2023`
2. {since}`trade.turnover-2023` Kept item.

## Lost heading {until}`turnover-2023`

Lost text {num}`trade.gone`.

## Kept heading {until}`trade.gone`

Lost since {since}`trade.gone`. Lost row {since}`event-0002`.

Kept end.
"""


def test_passages_stand_by_what_is_known(tmp_path: Path) -> None:
    """Paragraphs, items, boxes and sections go or stay; the roles print nothing, not even a space.

    Only what waits for something not known is listed as left out.
    """
    out = build(make_stage(tmp_path, newest=False, chapter=CHAPTER, missing=["trade.gone"]))
    page = (out / "notebooks" / "trade.html").read_text(encoding="utf-8")
    assert "Lost" not in page
    for kept in (
        "<p>Kept once number. Kept once event.</p>",
        "<p>Kept once claim <a",
        "<p>Kept until number.</p>",
        "<p>Kept item.</p>",
        "<p>Kept end.</p>",
        ">Kept heading<",
    ):
        assert kept in page
    (left_out,) = json.loads((out / "_azkz" / "left-out.json").read_text(encoding="utf-8"))
    assert left_out["missing"] == {
        "event-0002": "event-0002 was not known on the day",
        "trade.gone": "no observation",
    }


def test_the_newest_edition_has_no_until(tmp_path: Path) -> None:
    """It knows everything: what stands until then is gone, what waits for nothing is refused."""
    kept = (
        "# Trade\n\nKept {since}`event-0001`.\n\nLost {until}`event-0001` {num}`trade.unheard`.\n"
    )
    out = build(make_stage(tmp_path / "kept", chapter=kept))
    page = (out / "notebooks" / "trade.html").read_text(encoding="utf-8")
    assert "Kept" in page
    assert "Lost" not in page
    with pytest.raises(Faults, match="no event or claim 'event-0010' — near it: event-0001"):
        build(make_stage(tmp_path / "refused", chapter="# Trade\n\nIt {since}`event-0010`.\n"))


def test_conditions_are_cited_and_print_no_figure() -> None:
    """The check reads them with their lines, and sees words that they part as one passage."""
    text = "One {since}`trade.a-5`\nand {until}`event-0007` 9 percent."
    assert read(text).citations == (
        Citation(1, "since", "trade.a-5"),
        Citation(2, "until", "event-0007"),
    )
    assert [found.text for _, found in typed_digits(text)] == ["9"]


@pytest.mark.parametrize(
    ("key", "says"),
    [("trade.unheard", "no number"), ("event-9", "no event or claim"), ("event-1", "")],
)
def test_the_check_refuses_conditions_on_nothing(key: str, says: str) -> None:
    """A condition names a number, an event or a claim that there is."""
    known = Known([], (), (), {"event-1"})
    problem = known.problem(Cited("book/index.md", 0, Citation(1, "until", key)))
    assert (problem or ("",))[0].startswith(says)
    assert bool(problem) is bool(says)
