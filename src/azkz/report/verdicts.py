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


def check_verdict(
    whole: Ledger, chapter: str, claim: str, verdict: str, events: Iterable[str]
) -> None:
    """Refuse a verdict on what the ledger does not hold on any day.

    Raises
    ------
    BadInput
        No such claim in the chapter, no such verdict, or no such event.
    """
    where = f"notebooks/{chapter}.ipynb"
    known = [key for key, row in whole.claims.items() if row.chapter == chapter]
    if claim not in known:
        raise BadInput(f"no claim {claim!r} in this chapter", where, f"use one of {known}")
    if verdict not in VERDICTS:
        raise BadInput(f"{verdict!r} is no verdict", where, f"use one of {', '.join(VERDICTS)}")
    unheard = [key for key in events if key not in whole.events]
    if unheard:
        raise BadInput(f"the verdict on {claim} cites {unheard}, no events", where, "mend the ids")


def as_record(verdict: Verdict, chapter: str) -> dict[str, Any]:
    """The verdict as the build keeps it."""
    made = asdict(verdict)
    return {
        **made,
        "chapter": chapter,
        "numbers": list(made["numbers"]),
        "events": list(made["events"]),
    }
