"""The fonts of the PDF: those within the Typst wheel and those within matplotlib.

The machine's own fonts are left alone, because two machines would set two books.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

_INVISIBLE = frozenset({"Cf", "Zs", "Zl", "Zp"})


@cache
def folder() -> Path:
    """The folder of the fonts that also the figures are drawn with."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


@cache
def _letters() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(folder() / "DejaVuSans.ttf")).get_charmap())


@cache
def known(letter: str) -> bool:
    """Whether a letter can be printed: DejaVu Sans is the last resort for every text."""
    if letter.isascii():
        return letter.isprintable() or letter in "\n\t\r"
    return ord(letter) in _letters() or unicodedata.category(letter) in _INVISIBLE


def load() -> None:
    """Read which letters there are: for who has to wait anyway."""
    _letters()
