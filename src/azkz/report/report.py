"""The report of one chapter: what a notebook calls to print numbers, figures, tables, verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd
from IPython.display import display
from matplotlib.figure import Figure

from azkz.errors import BadInput
from azkz.ledger import Event, Ledger, Observation, Unknown, Value, counted
from azkz.ledger.units import Unit
from azkz.paths import checkout
from azkz.report.figures import figure_record, source_line, svg_bytes
from azkz.report.numbers import Numbers, sources_of
from azkz.report.tables import Printing, as_html, table_record
from azkz.report.text import cited_numbers, print_value, strip_markup, with_unit
from azkz.report.verdicts import Verdict, as_record, check_verdict

Row = Observation | Event
DAYS = Unit("days", "days", "time", Decimal(1))


class Report:
    """One chapter in one edition.

    >>> report = Report("trade", as_of)
    >>> ledger = report.ledger
    >>> turnover = ledger.series("trade_turnover", reporter="KAZ", ref_area="KAZ",
    ...                          counterpart_area="AZE")
    >>> report.number("turnover-2023", turnover[2023], "Turnover in 2023, Kazakh count")

    ``ledger`` holds only what was known on the as-of day. The last cell calls ``finish``.
    """

    def __init__(self, chapter: str, as_of: str, ledger: Ledger | None = None) -> None:
        self.chapter = chapter
        self.as_of = date.fromisoformat(as_of)
        self._whole = ledger or Ledger.load(checkout().data)
        self.ledger = self._whole.as_of(self.as_of)
        self.numbers = Numbers(chapter, self.ledger)
        self.verdicts: list[Verdict] = []
        self._drawn: set[str] = set()
        self._left_out: list[dict[str, Any]] = []

    def number(self, name: str, value: Value, label: str, decimals: int | None = None) -> Value:
        """Name a value so that prose can print it as ``{num}`chapter.name` ``.

        Returns the value, named: formulas built on it say the name. ``decimals`` is the most that
        is printed: never more than the evidence holds.
        """
        return self.numbers.add(name, value, label, decimals)

    def text(self, name: str, text: str, label: str, *rests_on: Value | Row) -> str:
        """Name a word that follows from evidence: ``rose``, a rank, a date."""
        return self.numbers.add_text(name, text, label, rests_on)

    def count(self, name: str, rows: Iterable[Row], label: str) -> Value:
        """Name the count of some events or observations; they are its evidence."""
        value = counted(rows)
        if isinstance(value, Unknown):
            return self.number(name, Unknown(f"no row to count for {label}"), label)
        return self.number(name, value, label)

    def day(self, name: str, event: Event | Unknown, label: str) -> str:
        """Name the day of an event, so that prose about it stands only where it was known."""
        text = "" if isinstance(event, Unknown) else event.period.label
        return self.text(name, text, label, event)

    def days_between(
        self, name: str, first: Event | Unknown, last: Event | Unknown, label: str
    ) -> str:
        """Name the days that passed from the first day of one event to that of another."""
        if isinstance(first, Unknown) or isinstance(last, Unknown):
            return self.text(name, "", label, first, last)
        passed = (last.period.start - first.period.start).days
        return self.text(name, with_unit(print_value(Decimal(passed), 0), DAYS), label, first, last)

    def sentences(self, *texts: str) -> str:
        """Those sentences whose numbers were all known on the day; the others are left out.

        Raises
        ------
        BadInput
            No cell has named a number that a sentence cites.
        """
        kept = []
        for sentence in texts:
            cited = cited_numbers(sentence)
            self._refuse_unheard(cited, "a sentence")
            missing = sorted({key for key in cited if key in self.numbers.missing})
            if missing:
                self._left_out.append({"text": strip_markup(sentence), "missing": missing})
            else:
                kept.append(sentence)
        return " ".join(kept)

    def figure(
        self,
        name: str,
        drawing: Figure,
        *,
        title: str,
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
        record = figure_record(
            key,
            self.ledger,
            data,
            observations,
            title=title,
            subtitle=subtitle,
            caption=caption,
            alt=alt,
            unit=unit,
        )
        bundle = {"image/svg+xml": svg_bytes(drawing), "text/plain": f"Figure {key}: {title}"}
        _show(bundle, record)

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
        verdict: str,
        text: str,
        numbers: Iterable[str] = (),
        events: Sequence[str] = (),
    ) -> None:
        """Judge one of the article's claims: which verdict, why, and what it rests on.

        ``numbers`` are names of this chapter's numbers, ``events`` ids of the ledger's events. On a
        day on which the claim or all of them were not known the verdict is left out.

        Raises
        ------
        BadInput
            Claim, verdict or event are not in the ledger, or no cell has named the number.
        """
        check_verdict(self._whole, self.chapter, claim, verdict, events)
        asked = [f"{self.chapter}.{name}" for name in numbers]
        self._refuse_unheard(asked, f"the verdict on {claim}")
        known = [key for key in asked if key in self.numbers.records]
        happened = [key for key in events if key in self.ledger.events]
        if claim in self.ledger.claims and (known or happened):
            self.verdicts.append(Verdict(claim, verdict, text, tuple(known), tuple(happened)))

    def verdict_table(self) -> None:
        """Show the chapter's claims with their verdicts."""
        rows = [
            (
                self.ledger.claims[made.claim].statement,
                made.verdict,
                made.text,
            )
            for made in self.verdicts
        ]
        frame = pd.DataFrame(
            rows, columns=["The article says", "Verdict", "What the evidence says"]
        )
        ids = {i for v in self.verdicts for i in v.events}
        ids |= {i for v in self.verdicts for n in v.numbers for i in self._evidence(n)}
        self.table(
            "verdicts", frame, title="The article's statements and the evidence", observations=ids
        )

    def finish(self) -> None:
        """Hand the numbers and verdicts to the build. The last cell of every chapter."""
        record = {
            "kind": "record",
            "chapter": self.chapter,
            "numbers": [self.numbers.records[key] for key in sorted(self.numbers.records)],
            "missing": [{"id": k, "reason": v} for k, v in sorted(self.numbers.missing.items())],
            "left_out": self._left_out,
            "verdicts": [as_record(verdict, self.chapter) for verdict in self.verdicts],
        }
        count = len(record["numbers"])
        _show({"text/plain": f"{count} numbers, {len(self._drawn)} figures and tables"}, record)

    def _refuse_unheard(self, keys: Iterable[str], citing: str) -> None:
        named = {*self.numbers.records, *self.numbers.missing}
        unheard = [key for key in keys if key not in named]
        if unheard:
            todo = "name them in a cell above"
            where = f"notebooks/{self.chapter}.ipynb"
            raise BadInput(f"{citing} cites {unheard}, which no cell has named", where, todo)

    def _evidence(self, number: str) -> list[str]:
        return list(self.numbers.records[number]["observations"])

    def _key(self, name: str) -> str:
        key = f"{self.chapter}.{name}"
        if key in self._drawn:
            raise BadInput(f"{key} is drawn twice", f"notebooks/{self.chapter}.ipynb")
        self._drawn.add(key)
        return key


def _show(bundle: dict[str, str], record: dict[str, Any]) -> None:
    display(bundle, raw=True, metadata={"azkz": record})
