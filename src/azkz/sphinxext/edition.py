"""What every page says of its edition, and where its way to the other editions begins.

A page knows its own edition alone: which others there are, and which is the newest, is read when
the page is shown (``editions.js``), so that an edition stays as it is when another is published.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from azkz.report.text import long_date
from azkz.sphinxext.records import Records, records

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def add_edition(
    app: Sphinx,
    pagename: str,
    _templatename: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Hand the facts of the edition to the templates of a page, as ``about_edition``."""
    if app.builder.format == "html":
        context["about_edition"] = about(records(app.env), f"{pagename}.html")


def about(book: Records, page: str) -> dict[str, Any]:
    """The facts for the page at the path ``page`` of the edition's folder.

    ``name`` and ``known`` make up the line that every page has; ``note`` stands above the text and
    may be empty. Only what is ``published`` has other editions beside it.
    """
    name, known = named(book.edition, book.as_of)
    return {
        "edition": book.edition,
        "page": page,
        "published": book.published,
        "name": name,
        "known": known,
        "note": _note(book),
    }


def named(edition: str, as_of: date) -> tuple[str, str]:
    """An edition by its name, and since when; one that has the name of its day is none."""
    known = f"as known on {long_date(as_of)}"
    if edition == as_of.isoformat():
        return "No edition", f"the report {known}"
    return f"Edition {edition}", known


def _note(book: Records) -> str:
    day = long_date(book.as_of)
    if book.unnamed:
        return f"This is no edition but the report as known on {day}; it is not published."
    if not book.published:
        whole = f"the whole edition {book.edition} with its own parameters"
        return f"This is not {whole}; it is not published."
    return "" if book.newest else f"You read the report as known on {day}."
