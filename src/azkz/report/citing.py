"""What is said of a citation that no record answers, by the check and by the build alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

ANOTHER = "take it from the evidence that is there"


def not_known(key: str, missing: Mapping[str, str]) -> tuple[str, str]:
    """What is wrong with citing a number that is not known on the day, and what to do."""
    return f"number {key} is not known: {missing[key]}", ANOTHER


def unanswered(
    kind: str, key: str, known: Collection[str], missing: Mapping[str, str]
) -> tuple[str, str]:
    """What is wrong with a citation that ``known`` lacks, by its kind.

    Kinds are ``num``, ``source``, ``row`` (an event or a claim) and ``figure``.

    ``missing`` are the numbers that chapters name and the day does not know, with the reasons.
    """
    if key in missing:
        return not_known(key, missing)
    what, todo = "number", "name it in a chapter"
    if kind == "source":
        what, todo = "source", "add it to data/sources.csv"
    elif kind == "row":
        what, todo = "event or claim", "name a number, an event or a claim"
    elif kind == "figure":
        what, todo = "figure or table", "draw it in its chapter"
    near = get_close_matches(key, known, n=3, cutoff=0.6)
    return f"no {what} {key!r}", f"near it: {', '.join(near)}" if near else todo
