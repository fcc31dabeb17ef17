"""Evidence in print: every row of the ledger stands under the source that says it.

The page on the web sorts the rows by subject, and repeats with each its source, two links and a
day. In print that was seventy pages and a fifth of all typesetting, for words that stand in the
list of sources.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Protocol

from azkz.typst import markup
from azkz.typst.apart import Place
from azkz.typst.errors import PdfFailed


class Row(Protocol):
    """A row in words: its id, what it is about, what it says, whose count it is, since when."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def about(self) -> str: ...  # noqa: D102
    @property
    def said(self) -> str: ...  # noqa: D102
    @property
    def whose(self) -> str: ...  # noqa: D102
    @property
    def since(self) -> str: ...  # noqa: D102


def refuse_unprinted(left: Mapping[Place, Sequence[Row]]) -> None:
    """Refuse rows that are ``left`` when all sources are printed.

    Raises
    ------
    PdfFailed
        A source has no entry in the book.
    """
    for (page, source), own in left.items():
        names = ", ".join(row.id for row in own)
        raise PdfFailed(f"{page} has no entry {source!r}, under which {names} would stand", page)


def said(own: Iterable[Row], source: str, text: Callable[[str], str]) -> str:
    """What a source says, in Typst; with the day from which it is known, if ``source`` has another.

    ``source`` are the words of the source's entry.
    """
    made = ""
    for since, some in groupby(own, key=lambda row: row.since):
        day = since.partition(" (")[0]
        told = re.search(rf"(?<!\d){re.escape(day)}", source)
        known = None if told else markup.content(text(f"Known from {since}:"))
        lines = (f"{row.id} · {row.about}: {row.said}. {row.whose}" for row in some)
        made += markup.block("said", *(markup.content(text(line)) for line in lines), known=known)
    return made
