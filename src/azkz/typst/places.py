"""Links to places in the book, put into the finished PDF.

Typst knows where a label stands once all pages are set, and then sets each paragraph that links to
one again. Most paragraphs of the report hold such a link, to a number or a record. So these links
are written as addresses, which cost nothing, and led to their places in the file that is printed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from azkz.typst.errors import PdfFailed

if TYPE_CHECKING:
    from typst import Compiler

SCHEME = "report-place-of-the-book:"
"""Long enough for the destination and the words that take the place of the address."""

ABOVE = 10
"""Points that a reader sees above the place, as with links that Typst makes itself."""

_PLAIN = re.compile(r"[\w/.#-]+", re.ASCII)
_PAGES = re.compile(rb"/Type/Pages/Count \d+/Kids\[([^\]]*)\]")
_HEIGHT = re.compile(rb"/MediaBox\[0 0 [\d.]+ ([\d.]+)\]")
_LINK = re.compile(
    rb"/A<</Type/Action/S/URI/URI\(%(scheme)s([^()]+)\)>>"
    rb"(/F \d+(?:/StructParent \d+)?)/Contents\(%(scheme)s[^()]+\)" % {b"scheme": SCHEME.encode()}
)
_QUERY = """query(metadata).filter(it => it.has("label")).map(it => {
  let place = it.location().position()
  (str(it.label), (place.page, place.x.pt(), place.y.pt()))
})"""


def address(name: str) -> str:
    """The address that stands for the anchor ``name``; empty where the PDF would not hold it so."""
    return SCHEME + name if _PLAIN.fullmatch(name) else ""


def positions(compiler: Compiler) -> dict[str, tuple[int, float, float]]:
    """Page, distance from the left and from the top in points of every anchor, by its name.

    What was compiled just before is not set again for it.
    """
    found: list[tuple[str, tuple[int, float, float]]] = json.loads(compiler.eval(_QUERY))
    return dict(found)


def led(data: bytes, places: Mapping[str, tuple[int, float, float]]) -> bytes:
    """The PDF ``data`` with its addresses of anchors led to their places.

    Nothing in it is moved, so that its table of objects stays right.

    Raises
    ------
    PdfFailed
        A link leads to no anchor, or Typst writes links in another form.
    """
    kids, height = _PAGES.search(data), _HEIGHT.search(data)
    pages = kids[1].split(b" R")[:-1] if kids else []

    def lead(link: re.Match[bytes]) -> bytes:
        page, left, top = places[link[1].decode()]
        up = float(height[1]) - max(top - ABOVE, 0) if height else 0
        goal = f"/Dest[{pages[page - 1].decode().strip()} R/XYZ {left:.8g} {up:.8g} 0]"
        made = goal.encode() + link[2] + f"/Contents(page {page})".encode()
        return made.ljust(len(link[0]))

    try:
        data = _LINK.sub(lead, data)
    except (KeyError, IndexError) as error:
        raise PdfFailed(f"a link leads to no place: {error}", "azkz.typ") from error
    if SCHEME.encode() in data:
        raise PdfFailed("Typst writes links in an unknown form", "azkz.typst.places")
    return data
