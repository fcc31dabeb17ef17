"""Verdicts on the article's claims: what a chapter finds, with the evidence that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from azkz.errors import BadInput
from azkz.ledger import Claim, Ledger
from azkz.report.judging import Judgement, agrees, judge
from azkz.report.numbers import Numbers
from azkz.report.readings import Named, readings

VERDICTS = (
    "confirmed",
    "confirmed with limits",
    "not confirmed",
    "contradicted",
    "judgement",
)


@dataclass(frozen=True, slots=True)
class ShownReading:
    """A reading of a figure as the audit shows it.

    ``value`` is printed with its unit, ``count`` says whose it is, ``stands`` whether it is the one
    that stands in that count; ``known_from`` is an ISO day, ``number`` an id or empty.
    """

    value: str
    count: str
    known_from: str
    agrees: bool
    stands: bool
    observations: tuple[str, ...]
    number: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence says of one claim. ``text`` and ``reasons`` cite numbers with ``{num}``.

    The verdict on a figure is computed from its ``readings``, for the ``reasons``; that on an event
    or a judgement is the analyst's, and has neither.
    """

    claim: str
    verdict: str
    text: str
    numbers: tuple[str, ...]
    events: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    readings: tuple[ShownReading, ...] = ()

    @property
    def evidence(self) -> frozenset[str]:
        """The ids of the observations and events that it names, beside those of its numbers."""
        rows = (key for reading in self.readings for key in reading.observations)
        return frozenset((*rows, *self.events))


def check_verdict(
    whole: Ledger, chapter: str, claim: str, verdict: str, events: Iterable[str]
) -> Claim:
    """The claim; what the ledger does not hold on any day is refused.

    Raises
    ------
    BadInput
        No such claim in the chapter, no such verdict, a verdict on a figure or none on what is no
        figure, or no such event.
    """
    where = f"notebooks/{chapter}.ipynb"
    known = [key for key, row in whole.claims.items() if row.chapter == chapter]
    if claim not in known:
        raise BadInput(f"no claim {claim!r} in this chapter", where, f"use one of {known}")
    found = whole.claims[claim]
    if found.is_figure and verdict:
        what = f"{claim} is a figure: its verdict is computed, not given"
        raise BadInput(what, where, "leave the verdict out, and name further readings")
    if not found.is_figure and verdict not in VERDICTS:
        what = f"{verdict!r} is no verdict on {claim}"
        raise BadInput(what, where, f"use one of {', '.join(VERDICTS)}")
    unheard = [key for key in events if key not in whole.events]
    if unheard:
        raise BadInput(f"the verdict on {claim} cites {unheard}, no events", where, "mend the ids")
    return found


def refuse_readings(claim: Claim, keys: Iterable[str], numbers: Numbers) -> None:
    """Refuse numbers that cannot be readings of a claim.

    Raises
    ------
    BadInput
        The claim states no figure, or a number is a text.
    """
    texts = numbers.records.keys() - numbers.values.keys()
    refused = [key for key in keys if not claim.is_figure or key in texts]
    if refused:
        what = f"{refused} are no readings of {claim.key}"
        todo = "name numbers with a value, for a claim that states a figure"
        raise BadInput(what, f"notebooks/{claim.chapter}.ipynb", todo)


def computed(claim: Claim, keys: Iterable[str], numbers: Numbers) -> Verdict:
    """The verdict on a figure as of the day of the chapter's ledger.

    ``keys`` are the chapter's numbers that are further readings, where they are known. Whichever of
    its numbers prints a row that is a reading is linked with it.
    """
    ledger, printed = numbers.ledger, dict[str, str]()
    for key, record in numbers.records.items():
        if record["kind"] == "observed":
            printed.setdefault(record["observations"][0], key)
    known = [key for key in keys if key in numbers.values]
    named = [Named(key, numbers.records[key]["text"], numbers.values[key]) for key in known]
    made = judge(claim, readings(ledger, claim, named, printed), ledger.sources)
    return Verdict(claim.key, made.verdict, "", (), (), made.reasons, _shown(claim, made))


def as_row(verdict: Verdict, claims: Mapping[str, Claim]) -> tuple[str, str, str]:
    """What the chapter's table of verdicts shows: statement, verdict, and why."""
    why = " ".join(filter(None, (*verdict.reasons, verdict.text)))
    return claims[verdict.claim].statement, verdict.verdict, why


def _shown(claim: Claim, judgement: Judgement) -> tuple[ShownReading, ...]:
    """The readings of a computed verdict, by the day from which they were known."""
    return tuple(
        ShownReading(
            value=reading.text,
            count=reading.count,
            known_from=reading.known_from.isoformat(),
            agrees=agrees(claim, reading),
            stands=judgement.standing[reading.count] is reading,
            observations=reading.observations,
            number=reading.number,
        )
        for reading in judgement.readings
    )


def told(readings: Iterable[ShownReading]) -> list[tuple[ShownReading, int]]:
    """The readings that a reader is shown, each with the number of further ones that it stands for.

    Of those that agree one for each count, that which stands if it agrees; of those that differ
    one for each figure that a count has given. Those that agree come first.
    """
    groups: dict[tuple[str, str], list[ShownReading]] = {}
    for reading in readings:
        key = (reading.count, "" if reading.agrees else reading.value)
        groups.setdefault(key, []).append(reading)
    shown = [
        (next((reading for reading in group if reading.stands), group[0]), len(group) - 1)
        for group in groups.values()
    ]
    return sorted(shown, key=lambda one: (not one[0].agrees, one[0].known_from))


def as_record(verdict: Verdict, chapter: str) -> dict[str, Any]:
    """The verdict as the build keeps it."""
    return {**asdict(verdict), "chapter": chapter}


def from_record(record: Mapping[str, Any]) -> Verdict:
    """The verdict that the build kept."""
    return Verdict(
        claim=record["claim"],
        verdict=record["verdict"],
        text=record["text"],
        numbers=tuple(record["numbers"]),
        events=tuple(record["events"]),
        reasons=tuple(record["reasons"]),
        readings=tuple(
            ShownReading(**{**row, "observations": tuple(row["observations"])})
            for row in record["readings"]
        ),
    )
