"""How long the table of contents of the printed book will be, about.

Typst sets a book until nothing moves any more. Where the contents grow from nothing to some leaves
between two times, all that follows moves once more, and is set once more.
"""

from __future__ import annotations

import math

from azkz.typst.columns import TEXT_WIDTH
from azkz.typst.letters import width

HEIGHT = 680.0
"""Height of the printed text in points; the template's margins leave this."""

LISTED = 2
"""So many levels of headings are listed."""

_HEADING, _NEXT = (11.0, 15.5), (9.5, 12.5)
"""Letter size and height of a line, in points, of a heading and of a figure or table."""


class Contents:
    """Adds up what is listed."""

    def __init__(self) -> None:
        self._height = 0.0

    def heading(self, title: str) -> None:
        """Add a heading."""
        self._add(title, *_HEADING)

    def figure(self, title: str) -> None:
        """Add a figure or table."""
        self._add(title, *_NEXT)

    def _add(self, title: str, size: float, height: float) -> None:
        self._height += height * max(math.ceil(width(title) * size / TEXT_WIDTH), 1)

    @property
    def leaves(self) -> int:
        """On how many leaves all of it stands."""
        return max(math.ceil(self._height / HEIGHT), 1)
