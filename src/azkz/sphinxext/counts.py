"""The role ``{count}``: how much the ledger knows, for prose that must not type it by hand."""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from azkz.errors import BadInput
from azkz.ledger import PERCENT
from azkz.report.text import print_whole, with_unit
from azkz.sphinxext.domain import place
from azkz.sphinxext.records import Records, depend


class CountRole(SphinxRole):
    """`` {count}`sources` ``: how many rows of a kind the ledger knows on the as-of day."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The count as text."""
        book, name = depend(self.env), self.text.strip()
        if name not in COUNTS:
            where = place(self.env, self.env.docname, self.get_source_info()[1])
            raise BadInput(f"no count {name!r}", where, f"use one of {', '.join(COUNTS)}")
        return [nodes.inline("", COUNTS[name](book), classes=["count"])], []


def _basis(book: Records, basis: str) -> int:
    rows = book.ledger.observations.values()
    return sum(row.known_from_basis == basis for row in rows)


def _undated(book: Records) -> int:
    return sum(source.published is None for source in book.ledger.sources.values())


def _percent(part: int, whole: int) -> str:
    return with_unit(print_whole(100 * part / whole if whole else 0), PERCENT)


COUNTS: dict[str, Callable[[Records], str]] = {
    "observations": lambda book: print_whole(len(book.ledger.observations)),
    "observations-published": lambda book: print_whole(_basis(book, "published")),
    "observations-release-lag": lambda book: print_whole(_basis(book, "release-lag")),
    "observations-retrieved": lambda book: print_whole(_basis(book, "retrieved")),
    "observations-retrieved-share": lambda book: _percent(
        _basis(book, "retrieved"), len(book.ledger.observations)
    ),
    "sources": lambda book: print_whole(len(book.ledger.sources)),
    "sources-undated": lambda book: print_whole(_undated(book)),
    "sources-undated-share": lambda book: _percent(_undated(book), len(book.ledger.sources)),
    "publishers": lambda book: print_whole(len(book.publishers)),
    "languages": lambda book: print_whole(len({s.lang for s in book.ledger.sources.values()})),
    "rows": lambda book: print_whole(len(book.ledger.observations) + len(book.ledger.events)),
    "rows-used": lambda book: print_whole(len(book.used)),
    "events": lambda book: print_whole(len(book.ledger.events)),
    "claims": lambda book: print_whole(len(book.ledger.claims)),
    "indicators": lambda book: print_whole(len(book.ledger.indicators)),
    "numbers": lambda book: print_whole(len(book.numbers)),
}
"""What the role ``{count}`` can print."""
