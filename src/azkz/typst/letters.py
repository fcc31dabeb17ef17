"""How wide letters are in print, in units of their size: those that running text is set in.

Tables are planned by it before Typst sees them: a cell of which the width is known need not be set
twice, once to be measured.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_WIDTHS = Path(__file__).with_suffix(".json")
"""Libertinus Serif, regular and bold: the letters of each width in thousandths.

Of Latin, Cyrillic, punctuation, currencies, arrows and signs those that the font has.
"""

WIDEST = 1.0
"""What letters of other fonts count for."""

KERNED = 1.01
"""Pairs of letters may stand apart by so much more than single ones."""


@cache
def _widths(*, bold: bool) -> dict[str, float]:
    told = json.loads(_WIDTHS.read_text(encoding="utf-8"))["bold" if bold else "regular"]
    return {letter: int(width) / 1000 for width, letters in told.items() for letter in letters}


@cache
def width(text: str, *, bold: bool = False) -> float:
    """The width of a line of ``text`` without kerning."""
    known = _widths(bold=bold)
    return sum(known.get(letter, WIDEST) for letter in text)


def all_known(text: str, *, bold: bool = False) -> bool:
    """Whether ``width`` is that of the letters which are printed."""
    return _widths(bold=bold).keys() >= set(text)
