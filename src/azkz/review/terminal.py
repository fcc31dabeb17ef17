"""What commands that show trees share: a console as wide as its reader, days and plain texts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.text import Text

from azkz.ledger.periods import parse_period
from azkz.report.text import FIXED, THIN

UNWRAPPED = 10_000
"""As wide as no line is: what reads a pipe wants addresses whole."""


def console(stream: TextIO) -> Console:
    """A console that prints texts as they are, folded where the terminal says how wide it is."""
    made = Console(file=stream, highlight=False, emoji=False, markup=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = UNWRAPPED
    return made


def head(key: str, text: str) -> Text:
    """The id of a number or row, and what it says."""
    return Text.assemble((key, "bold"), "  ", (plain(text), "cyan"))


def lines(parts: Iterable[Text | str]) -> Text:
    """Several lines of one entry; empty ones are left out."""
    return Text("\n").join(Text(part) if isinstance(part, str) else part for part in parts if part)


def day(text: str) -> str:
    """An ISO day as people write it."""
    return parse_period(text).label


def plain(text: str) -> str:
    """Fixed and thin spaces as ordinary ones, so that what is shown can be searched."""
    return text.replace(FIXED, " ").replace(THIN, " ")
