"""What an analyst says of promises: the rows that they are judged by, or why there are none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from azkz.ledger.periods import Period

JUDGED_BY, BY_SUM, NOT_BY_THEN = "judged by", "judged by sum", "not by then"
OTHER_SCOPE, REPEATS, DUE = "other scope", "repeats", "due"
NO_DAY, NO_PROMISE = "no day", "no promise"


@dataclass(frozen=True, slots=True)
class Match:
    """A row of outcomes.csv: of a promise whose own columns do not lead to its outcome.

    ``promise`` is the id of an observation or event, or an indicator for all its hopes. ``rows``
    are ids of observations and events, ``due`` is for when it was said where the row does not say,
    ``times`` what the promised figure is multiplied by to be of the outcome's period.
    """

    promise: str
    relation: str
    rows: tuple[str, ...]
    due: Period | None
    times: Decimal
    note: str


def known_matches(matches: Mapping[str, Match], rows: Collection[str]) -> dict[str, Match]:
    """Each match with those of its rows that are known, and its note where all of them are.

    A promise repeats no other before the other is known.
    """
    known = {}
    for key, match in matches.items():
        left = tuple(row for row in match.rows if row in rows)
        if left == match.rows:
            known[key] = match
        elif match.relation != REPEATS:
            known[key] = replace(match, rows=left, note="")
    return known
