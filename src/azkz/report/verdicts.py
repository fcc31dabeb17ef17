"""Verdicts on the article's claims: what a chapter finds, with the evidence that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from azkz.errors import BadInput
from azkz.ledger import Ledger

VERDICTS = (
    "confirmed",
    "confirmed with limits",
    "not confirmed",
    "contradicted",
    "judgement",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence says of one claim. ``text`` may cite numbers with the ``{num}`` role."""

    claim: str
    verdict: str
    text: str
    numbers: tuple[str, ...]
    events: tuple[str, ...]


def make_verdict(
    ledger: Ledger,
    chapter: str,
    claim: str,
    verdict: str,
    text: str,
    numbers: Iterable[str],
    events: Iterable[str],
) -> Verdict:
    """A verdict that names a claim of the chapter and only events known on the day.

    Raises
    ------
    BadInput
        No such claim or verdict, or neither number nor event to rest on.
    """
    where = f"notebooks/{chapter}.ipynb"
    known = [key for key, row in ledger.claims.items() if row.chapter == chapter]
    if claim not in known:
        raise BadInput(f"no claim {claim!r} in this chapter", where, f"use one of {known}")
    if verdict not in VERDICTS:
        raise BadInput(f"{verdict!r} is no verdict", where, f"use one of {', '.join(VERDICTS)}")
    made = Verdict(claim, verdict, text, tuple(numbers), tuple(events))
    if not made.numbers and not made.events:
        raise BadInput(f"the verdict on {claim} rests on nothing", where, "name numbers or events")
    return made


def as_record(verdict: Verdict, chapter: str) -> dict[str, Any]:
    """The verdict as the build keeps it."""
    made = asdict(verdict)
    return {
        **made,
        "chapter": chapter,
        "numbers": list(made["numbers"]),
        "events": list(made["events"]),
    }
