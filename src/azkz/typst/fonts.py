"""The fonts of the PDF: those within the Typst wheel and those within matplotlib.

The machine's own fonts are left alone, because two machines would set two books.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_INVISIBLE = frozenset({"Cf", "Zs", "Zl", "Zp"})


@cache
def folder() -> Path:
    """The folder of the fonts that also the figures are drawn with.

    matplotlib itself, which takes a quarter of a second, is not imported for it.
    """
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("matplotlib is not installed")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


@cache
def _letters() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(folder() / "DejaVuSans.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def known(letter: str) -> bool:
    """Whether a letter can be printed: DejaVu Sans is the last resort for every text."""
    if letter.isascii():
        return letter.isprintable() or letter in "\n\t\r"
    return ord(letter) in _letters() or unicodedata.category(letter) in _INVISIBLE
