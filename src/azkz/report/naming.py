"""What prose prints: numbers, words, counts and days by name, and the sentences that cite them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from azkz.errors import BadInput
from azkz.ledger import Claim, Event, Ledger, Observation, Unknown, Value, counted
from azkz.ledger.units import Unit
from azkz.report.numbers import Numbers
from azkz.report.text import cited_numbers, print_value, strip_markup, with_unit

Row = Observation | Event
DAYS = Unit("days", "days", "time", Decimal(1))
MONTHS_OF_A_YEAR = 12


class Naming:
    """The numbers of one chapter, named cell by cell; prose prints them by their ids."""

    def __init__(self, chapter: str, ledger: Ledger) -> None:
        self.chapter = chapter
        self.ledger = ledger
        self.numbers = Numbers(chapter, ledger)
        self.left_out: list[dict[str, Any]] = []

    def number(self, name: str, value: Value, label: str, decimals: int | None = None) -> Value:
        """Name a value so that prose can print it as ``{num}`chapter.name` ``.

        Returns the value, named: formulas built on it say the name. ``decimals`` is the most that
        is printed: never more than the evidence holds.
        """
        return self.numbers.add(name, value, label, decimals)

    def text(self, name: str, text: str, label: str, *rests_on: Value | Row) -> str:
        """Name a word that follows from evidence: ``rose``, a rank, a date."""
        return self.numbers.add_text(name, text, label, rests_on)

    def count(self, name: str, things: Iterable[Row | Value], label: str) -> Value:
        """Name the count of some events, observations or quantities; they are its evidence."""
        return self.number(name, counted(things), label)

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

    def months_between(
        self, name: str, first: Event | Claim | Unknown, last: Event | Claim | Unknown, label: str
    ) -> str:
        """Name the months from that of one event, or of what a claim states, to another's."""
        ends = (first, last)
        known = [end.period for end in ends if not isinstance(end, Unknown) and end.period]
        rests_on = [end for end in ends if not isinstance(end, Claim)]
        if len(known) < len(ends):
            return self.text(name, "", label, *rests_on, Unknown("no month to count from"))
        start, end = (period.start for period in known)
        passed = (end.year - start.year) * MONTHS_OF_A_YEAR + end.month - start.month
        return self.text(name, f"{passed} months", label, *rests_on)

    def sentences(self, *texts: str | int) -> str:
        """Those sentences whose numbers were all known on the day; the others are left out.

        What depends on other things than numbers is given as ``condition and sentence``: a false
        condition (``False``, a count of none) is passed over.

        Raises
        ------
        BadInput
            No cell has named a number that a sentence cites.
        """
        kept = []
        for sentence in texts:
            if not isinstance(sentence, str):
                continue
            cited = cited_numbers(sentence)
            self.refuse_unheard(cited, "a sentence")
            missing = sorted({key for key in cited if key in self.numbers.missing})
            if missing:
                self.left_out.append({"text": strip_markup(sentence), "missing": missing})
            else:
                kept.append(sentence)
        return " ".join(kept)

    def refuse_unheard(self, keys: Iterable[str], citing: str) -> None:
        """Raise BadInput for ids that no cell so far has named, known or not."""
        named = {*self.numbers.records, *self.numbers.missing}
        unheard = [key for key in keys if key not in named]
        if unheard:
            todo = "name them in a cell above"
            what = f"{citing} cites {unheard}, which no cell has named"
            raise BadInput(what, self._notebook, todo)

    @property
    def _notebook(self) -> str:
        """What messages name as the place."""
        return f"notebooks/{self.chapter}.ipynb"
