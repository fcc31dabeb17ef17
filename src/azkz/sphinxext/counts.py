"""The role ``{count}``: how much the ledger knows, for prose that must not type it by hand."""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from azkz.errors import BadInput
from azkz.ledger import PERCENT, Indicator, Ledger
from azkz.report.text import print_whole, with_unit
from azkz.sphinxext.asking import ask
from azkz.sphinxext.domain import place
from azkz.sphinxext.numbers import unknown_record
from azkz.sphinxext.records import Records


class CountRole(SphinxRole):
    """`` {count}`sources` ``: how many rows of a kind the ledger knows on the as-of day.

    A passage that counts what there is none of is left out of the edition, of the newest as well.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The count as text, or a mark where it is none."""
        name = self.text.strip()
        line = self.get_source_info()[1]
        if name not in COUNTS:
            where = place(self.env, self.env.docname, line)
            raise BadInput(f"no count {name!r}", where, f"use one of {', '.join(COUNTS)}")
        counted = COUNTS[name](ask(self.env, "count", name))
        if counted in NONE:
            return [unknown_record("", counted, kind="count", key=name, cited_at=line)], []
        return [nodes.inline("", counted, classes=["count"])], []


def known_indicators(ledger: Ledger) -> list[Indicator]:
    """The indicators of which something was known on the day: an observation or a claim.

    The ledger has the others as well, so that a chapter may ask for what is not known yet.
    """
    known = {row.indicator for row in ledger.observations.values()}
    known |= {row.indicator for row in ledger.claims.values()}
    return [row for key, row in ledger.indicators.items() if key in known]


def _basis(book: Records, basis: str) -> int:
    rows = book.ledger.observations.values()
    return sum(row.known_from_basis == basis for row in rows)


def _undated(book: Records) -> int:
    """Pages without a date that were read by the day of the edition."""
    sources = book.ledger.sources.values()
    return sum(source.published is None and source.known_from <= book.as_of for source in sources)


def _later(book: Records) -> int:
    """Annual statistics that were assumed to be out by the day of the edition and read later."""
    return sum(source.known_from > book.as_of for source in book.ledger.sources.values())


def _percent(part: int, whole: int) -> str:
    return with_unit(print_whole(100 * part / whole if whole else 0), PERCENT)


NONE = ("0", _percent(0, 1))
"""How a count or a share of nothing is printed."""

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
    "sources-later": lambda book: print_whole(_later(book)),
    "publishers": lambda book: print_whole(len(book.publishers)),
    "languages": lambda book: print_whole(len({s.lang for s in book.ledger.sources.values()})),
    "rows": lambda book: print_whole(len(book.ledger.observations) + len(book.ledger.events)),
    "rows-used": lambda book: print_whole(len(book.used)),
    "events": lambda book: print_whole(len(book.ledger.events)),
    "claims": lambda book: print_whole(len(book.ledger.claims)),
    "indicators": lambda book: print_whole(len(known_indicators(book.ledger))),
    "numbers": lambda book: print_whole(len(book.numbers)),
    "things": lambda book: print_whole(len(book.readings)),
    "things-several": lambda book: print_whole(
        sum(len(readings) > 1 for readings in book.readings)
    ),
}
"""What the role ``{count}`` can print."""
