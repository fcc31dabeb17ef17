"""The report of one chapter: what a notebook calls to print numbers, figures, tables, verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
from IPython.display import display
from matplotlib.figure import Figure

from azkz.errors import BadInput
from azkz.ledger import Ledger
from azkz.ledger.opened import opened
from azkz.ledger.watched import WatchedLedger
from azkz.paths import checkout
from azkz.report.figures import figure_record, source_line, svg_bytes
from azkz.report.holding import check_holding
from azkz.report.naming import Naming
from azkz.report.numbers import sources_of
from azkz.report.tables import Printing, as_html, table_record
from azkz.report.verdicts import (
    Verdict,
    as_record,
    as_row,
    check_verdict,
    computed,
    refuse_readings,
)

given_ledger: ContextVar[Ledger | None] = ContextVar("given_ledger", default=None)
"""The ledger that reports are made from where it is not that of the checkout."""


class Report(Naming):
    """One chapter in one edition.

    >>> report = Report("trade", as_of)
    >>> ledger = report.ledger
    >>> turnover = ledger.series("trade_turnover", reporter="KAZ", ref_area="KAZ",
    ...                          counterpart_area="AZE")
    >>> report.number("turnover-2023", turnover[2023], "Turnover in 2023, Kazakh count")

    ``ledger`` holds only what was known on the as-of day. The last cell calls ``finish``.
    """

    def __init__(self, chapter: str, as_of: str, ledger: Ledger | None = None) -> None:
        self.as_of = date.fromisoformat(as_of)
        whole = ledger or given_ledger.get() or opened(checkout().data)
        self._whole = whole if isinstance(whole, WatchedLedger) else WatchedLedger.of(whole)
        super().__init__(chapter, self._whole.as_of(self.as_of))
        self.verdicts: list[Verdict] = []
        self._drawn: set[str] = set()

    def figure(
        self,
        name: str,
        drawing: Figure,
        *,
        title: str,
        holds: Mapping[str, object],
        subtitle: str,
        caption: str,
        alt: str,
        data: pd.DataFrame,
        unit: str,
        observations: Iterable[str] = (),
    ) -> None:
        """Show a drawing with what belongs to it. One call a cell, the cell's only output.

        Parameters
        ----------
        title
            The finding, a sentence that the drawn data bear out.
        holds
            What the title asserts beyond the figures printed in it: each statement in words with a
            condition. One that is false stops the chapter. Empty where every word is computed.
        subtitle
            What is measured, in which unit, by whose count.
        caption
            What it means; may cite numbers with the ``{num}`` role.
        alt
            What is drawn, for who cannot see it, made from the same data.
        data
            What is drawn, one row a mark; a column ``observation`` holds ids (several divided by
            spaces), unless they are given as ``observations``.
        """
        key = self._key(name)
        check_holding(f"figure {key}, “{title}”", holds, self._notebook)
        svg = svg_bytes(drawing)
        record = figure_record(
            key,
            self.ledger,
            svg,
            data,
            observations,
            title=title,
            subtitle=subtitle,
            caption=caption,
            alt=alt,
            unit=unit,
        )
        bundle = {"image/svg+xml": svg, "text/plain": f"Figure {key}: {title}"}
        _show(bundle, record)

    def holds(self, statements: Mapping[str, object]) -> None:
        """Hold what prose asserts in typed words against the evidence; see ``figure``.

        Raises
        ------
        BadInput
            A statement does not hold, or is neither true nor false.
        """
        check_holding("the prose", statements, self._notebook)

    def table(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        title: str,
        note: str = "",
        with_units: bool = False,
        decimals: Mapping[str, int] | int | None = None,
        keys: int = 1,
        observations: Iterable[str] = (),
    ) -> None:
        """Show a table. Column names are its head and say the unit.

        Cells are quantities or observations or a list of them (printed as precisely as they are
        known, with the unit where ``with_units``), text (which may hold the ``{num}`` and
        ``{source}`` roles), whole numbers such as years, or None and ``Unknown`` for what was not
        found. ``decimals`` is the most that is printed, for all columns or by column; never more
        than the evidence holds. A figure leads to its row of the ledger; one that was computed
        becomes a number, named by the table, the first ``keys`` cells of the row and the column.
        """
        key = self._key(name)
        printing = Printing(partial(self.numbers.of_cell, name, title), with_units, decimals, keys)
        record = table_record(key, frame, title, note, printing)
        record["observations"] = ids = sorted({*record["observations"], *observations})
        record["sources"] = sources_of(self.ledger, ids)
        record["source_line"] = source_line(self.ledger, record["sources"]) if ids else ""
        bundle = {"text/html": as_html(record), "text/plain": f"Table {key}: {title}"}
        _show(bundle, record)

    def verdict(
        self,
        claim: str,
        text: str,
        *,
        verdict: str = "",
        readings: Iterable[str] = (),
        numbers: Iterable[str] = (),
        events: Sequence[str] = (),
    ) -> None:
        """Judge one of the article's claims: why, and what it rests on.

        The verdict on a figure is computed from the observations that measure it, and from
        ``readings``: numbers of this chapter that count the same thing but stand in no single row.
        On an event or a judgement ``verdict`` is the analyst's; on a day on which nothing of its
        evidence was known it is left out. ``numbers`` are further numbers of this chapter,
        ``events`` ids of the ledger's events.

        Raises
        ------
        BadInput
            Claim, verdict or event are not in the ledger, no cell has named the number, a figure is
            given a verdict, or something else than a figure is given none, or readings.
        """
        stated = check_verdict(self._whole, self.chapter, claim, verdict, events)
        known = tuple(k for k in self._named_before(claim, numbers) if k in self.numbers.records)
        counting = self._named_before(claim, readings)
        refuse_readings(stated, counting, self.numbers)
        happened = tuple(key for key in events if key in self.ledger.events)
        if claim not in self.ledger.claims:
            return
        if stated.is_figure:
            judged = computed(stated, counting, self.numbers)
            self.verdicts.append(replace(judged, text=text, numbers=known, events=happened))
        elif known or happened:
            self.verdicts.append(Verdict(claim, verdict, text, known, happened))

    def _named_before(self, claim: str, names: Iterable[str]) -> tuple[str, ...]:
        """The ids of numbers, all of which a cell has named, whether they are known or not."""
        asked = tuple(f"{self.chapter}.{name}" for name in names)
        self.refuse_unheard(asked, f"the verdict on {claim}")
        return asked

    def verdict_table(self) -> None:
        """Show the chapter's claims with their verdicts; nothing before the article was known."""
        if not self.verdicts:
            return
        rows = [as_row(made, self.ledger.claims) for made in self.verdicts]
        head = ["The article says", "Verdict", "What the evidence says"]
        ids = {i for v in self.verdicts for i in v.evidence}
        ids |= {i for v in self.verdicts for n in v.numbers for i in self._evidence(n)}
        self.table(
            "verdicts",
            pd.DataFrame(rows, columns=head),
            title="The article's statements and the evidence",
            observations=ids,
        )

    def finish(self) -> None:
        """Hand the numbers and verdicts to the build. The last cell of every chapter."""
        record = self.record()
        count = len(record["numbers"])
        _show({"text/plain": f"{count} numbers, {len(self._drawn)} figures and tables"}, record)

    def record(self) -> dict[str, Any]:
        """What the chapter hands over: its numbers, known and missing, sentences, verdicts.

        ``asked`` are its questions to the ledger: with the same answers it says the same.
        """
        return {
            "kind": "record",
            "chapter": self.chapter,
            "numbers": [self.numbers.records[key] for key in sorted(self.numbers.records)],
            "missing": [{"id": k, "reason": v} for k, v in sorted(self.numbers.missing.items())],
            "left_out": self.left_out,
            "verdicts": [as_record(verdict, self.chapter) for verdict in self.verdicts],
            "asked": sorted(self._whole.asked),
        }

    def _evidence(self, number: str) -> list[str]:
        return list(self.numbers.records[number]["observations"])

    def _key(self, name: str) -> str:
        key = f"{self.chapter}.{name}"
        if key in self._drawn:
            raise BadInput(f"{key} is drawn twice", self._notebook)
        self._drawn.add(key)
        return key


def _show(bundle: dict[str, str], record: dict[str, Any]) -> None:
    display(bundle, raw=True, metadata={"azkz": record})
