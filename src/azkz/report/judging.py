"""Verdicts on figures: computed from a claim's readings, with the reasons in words.

The rules are those of the report's method page: a figure is confirmed by a reading within whose
rounding it lies, with limits where the count was revised, another count differs, only one side
counts, or what was stated as an outcome is known as announced alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from azkz.ledger import Claim, Source
from azkz.ledger.reconcile import stand
from azkz.report.readings import Reading
from azkz.report.text import in_words

CONFIRMED = "confirmed"
LIMITED = "confirmed with limits"
NOT_CONFIRMED = "not confirmed"
CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on a figure, its reasons, and the readings it rests on.

    ``standing`` holds for each count the reading that stands in it.
    """

    verdict: str
    reasons: tuple[str, ...]
    readings: tuple[Reading, ...]
    standing: Mapping[str, Reading]


def agrees(claim: Claim, reading: Reading) -> bool:
    """Whether one of the two figures lies within the rounding of the other."""
    stated = claim.stated_value
    return (stated is not None and stated in reading.interval) or reading.value in claim.interval


def comparable(claim: Claim, readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """The readings of the claim's own kind.

    What is said to be an outcome is held against outcomes, and against hopes only while no outcome
    is known; an offer or plan is held against what was offered or planned.
    """
    kept = tuple(readings)
    outcomes = tuple(reading for reading in kept if reading.is_outcome)
    if claim.is_outcome:
        return outcomes or kept
    return tuple(reading for reading in kept if not reading.is_outcome)


def judge(claim: Claim, readings: Iterable[Reading], sources: Mapping[str, Source]) -> Judgement:
    """The verdict that the readings known on a day lead to."""
    known = comparable(claim, readings)
    agreeing = [reading for reading in known if agrees(claim, reading)]
    standing = _standing(known, sources)
    revised = _revised(claim, known, standing.values())
    others = [r for r in standing.values() if not agrees(claim, r) and r not in revised]
    if not known:
        verdict, limits = NOT_CONFIRMED, []
    elif not agreeing:
        verdict, limits = CONTRADICTED, _listed("Known instead", others)
    else:
        limits = [
            *_listed("Revised since", revised),
            *_listed("Other counts differ" if len(others) > 1 else "Another count differs", others),
            *_one_side(claim, known, agreeing),
            *_only_announced(claim, agreeing),
        ]
        verdict = LIMITED if limits else CONFIRMED
    return Judgement(verdict, (_tally(len(agreeing), len(known)), *limits), known, standing)


def _standing(known: Sequence[Reading], sources: Mapping[str, Source]) -> dict[str, Reading]:
    """The reading that stands in each count: the newest that repeats no earlier one."""
    counts: dict[str, list[Reading]] = defaultdict(list)
    for reading in known:
        counts[reading.count].append(reading)
    return {count: _stands(group, sources) for count, group in counts.items()}


def _stands(group: Sequence[Reading], sources: Mapping[str, Source]) -> Reading:
    found = [reading for reading in group if reading.computed]
    rows = {reading.rows[0].id: reading for reading in group if not reading.computed}
    if rows:
        found.append(rows[stand((reading.rows[0] for reading in rows.values()), sources).id])
    return max(found, key=_age)


def _age(reading: Reading) -> tuple[bool, date, tuple[str, ...]]:
    return reading.dated, reading.known_from, reading.observations


def _revised(claim: Claim, known: Sequence[Reading], standing: Iterable[Reading]) -> list[Reading]:
    """For each reporter that gave the stated figure, its newest own count, if that differs."""
    own: dict[tuple[str, ...], list[Reading]] = defaultdict(list)
    for reading in standing:
        if reading.own:
            own[reading.reporters].append(reading)
    found = []
    for reporters, counts in own.items():
        newest = max(counts, key=lambda r: (r.dated, r.known_from, agrees(claim, r)))
        earlier = (
            reading
            for reading in known
            if reading.reporters == reporters and reading.own and agrees(claim, reading)
        )
        if not agrees(claim, newest) and any(r.known_from < newest.known_from for r in earlier):
            found.append(newest)
    return found


def _listed(what: str, readings: Sequence[Reading]) -> list[str]:
    return [f"{what}: {'; '.join(map(_told, readings))}."] if readings else []


def _one_side(claim: Claim, known: Sequence[Reading], agreeing: Sequence[Reading]) -> list[str]:
    """A limit where two countries could count, and one reporter's figures alone agree."""
    sides = {reporter for reading in agreeing for reporter in reading.reporters}
    if not claim.is_between_two or len(sides) != 1:
        return []
    alone = len({reporter for reading in known for reporter in reading.reporters}) == 1
    return [
        f"Only one side's figures {'are known' if alone else 'bear it out'}: {agreeing[0].side}."
    ]


def _only_announced(claim: Claim, agreeing: Sequence[Reading]) -> list[str]:
    if not claim.is_outcome or any(reading.is_outcome for reading in agreeing):
        return []
    return ["It is known as announced, not as an outcome."]


def _told(reading: Reading) -> str:
    """The figure as the report prints it, linked where it is a number, and whose it is."""
    shown = f"{{num}}`{reading.number}`" if reading.number else reading.text
    return f"{shown} ({reading.count})"


def _tally(agreeing: int, known: int) -> str:
    if not known:
        return "No reading of it was known on the day."
    some = in_words(known)
    match agreeing, known:
        case _, 1:
            return f"The one reading known on the day {'agrees' if agreeing else 'differs'}."
        case 0, _:
            return f"None of the {some} readings known on the day agrees."
        case _ if agreeing < known:
            verb = "agrees" if agreeing == 1 else "agree"
            said = in_words(agreeing).capitalize()
            return f"{said} of the {some} readings known on the day {verb}."
    return f"{'Both' if known == 2 else f'All {some}'} readings known on the day agree."
