"""Promises and what became of them, rule by rule, on small ledgers made for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from azkz.ledger import Event, Ledger, Match, Observation
from azkz.ledger.periods import parse_period
from azkz.ledger.records import HOPES, Indicator
from azkz.ledger.units import Unit
from azkz.report.keeping import (
    COARSE,
    DEPENDS,
    MET,
    MISSED,
    NO_OUTCOME,
    OPEN,
    OTHER,
    Kept,
    kept,
)
from azkz.report.promises import AGAIN, NOT_YET, SET_ASIDE, promises
from chapter_checks import NEWEST_DAY, whole_ledger
from test_reconcile import SOURCES, START, reading

DAYS = Unit("days", "days", "duration", Decimal(1440))
LATER = date(2026, 11, 23)


def hope(text: str, day: int = 0, key: str = "row-hope", **changed: Any) -> Observation:
    """A target for the turnover of 2023, said ``day`` days after the start."""
    made = replace(reading(text, day, key=key), status="target")
    return replace(made, **changed)


def outcome(text: str, key: str = "row-outcome", day: int = 400, **changed: Any) -> Observation:
    """The turnover of 2023 as reported."""
    return replace(reading(text, day, key=key), **changed)


def match(promise: str, relation: str, *rows: str, due: str = "", times: int = 1) -> Match:
    """A row of outcomes.csv."""
    when = parse_period(due) if due else None
    return Match(promise, relation, rows, when, Decimal(times), "why")


def event(key: str, day: str, known: int = 0) -> Event:
    """Something that happened on a day, reported ``known`` days after the start."""
    same = {"chapter": "trade", "end_day": "", "kind": "launch", "place": "", "country": ""}
    told = {"item": "", "summary": "A line opened.", "source": "page", "source2": ""}
    since = START + timedelta(days=known)
    return Event(id=key, day=day, known_from=since, known_from_basis="published", **same, **told)


def ledger(rows: Iterable[Observation | Event], matches: Sequence[Match] = ()) -> Ledger:
    """A ledger of these rows and what they count."""
    rows = list(rows)
    observations = {row.id: row for row in rows if isinstance(row, Observation)}
    counted = {row.indicator: row for row in observations.values()}
    return Ledger(
        sources=SOURCES,
        units={},
        names={},
        indicators={
            key: Indicator(key, row.chapter, key, "", row.unit.dimension, row.unit)
            for key, row in counted.items()
        },
        observations=observations,
        events={row.id: row for row in rows if isinstance(row, Event)},
        claims={},
        places={},
        route=(),
        matches={each.promise: each for each in matches},
    )


def all_kept(
    *rows: Observation | Event, matches: Sequence[Match] = (), day: date = LATER
) -> list[Kept]:
    """What became of the promises among these rows, as known on a day."""
    known = ledger(rows, matches).as_of(day)
    return [kept(promise, known) for promise in promises(known, day).due]


def the_one(*rows: Observation | Event, matches: Sequence[Match] = ()) -> Kept:
    """What became of the only promise among these rows."""
    found = all_kept(*rows, matches=matches)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("promised", "came", "verdict"),
    [
        ("500", "500", MET),
        ("500", "501", MET),
        ("500", "499.96", MISSED),
        ("501", "500", OPEN),  # 450 to 550, a fifth of the promise
        ("1.54", "1.5", MET),  # 1.45 to 1.55
        ("1.56", "1.5", MISSED),
        ("104", "100", OPEN),  # 50 to 150
    ],
)
def test_a_promise_is_a_line_that_the_outcome_reaches(
    promised: str, came: str, verdict: str
) -> None:
    """An outcome is met within the rounding of its last digit, if that is not too coarse."""
    found = the_one(hope(promised), outcome(came))
    assert found.verdict == verdict
    assert found.reason == (COARSE if verdict == OPEN else "")


def test_the_words_of_the_outcome_bound_it() -> None:
    """What came to "almost" the promise did not reach more; "more than" reaches little further."""
    assert the_one(hope("1.52"), outcome("1.5", note="almost 1.5")).verdict == MISSED
    assert the_one(hope("400"), outcome("390", note='"surpassed"')).verdict == MISSED


def test_less_is_better_for_times() -> None:
    """Eighteen days promised are met by seventeen, not by twenty-three."""
    promised = hope("18", unit=DAYS)
    assert the_one(promised, outcome("17", unit=DAYS)).verdict == MET
    missed = the_one(promised, outcome("23", unit=DAYS), outcome("31", "row-b", 9, unit=DAYS))
    assert missed.verdict == MISSED
    assert the_one(promised, outcome("18.4", unit=DAYS)).verdict == MISSED


def test_counts_that_differ_leave_it_to_the_count() -> None:
    """One reporter's outcome meets it and another's does not; the nearer is told first."""
    rows = hope("500"), outcome("512"), outcome("431", "row-b", reporter="AZE")
    found = the_one(*rows)
    assert found.verdict == DEPENDS
    assert [round(float(part), 1) for part in found.reached] == [102.4, 86.2]


def test_of_one_count_the_revision_stands() -> None:
    """What a reporter printed first does not speak against what it prints now."""
    found = the_one(hope("500"), outcome("512", day=1), outcome("431", "row-b", 90))
    assert found.verdict == MISSED
    assert [row.id for row in found.outcomes] == ["row-b"]


def test_a_coarse_count_leaves_the_verdict_to_the_others() -> None:
    """A figure of one digit does not decide beside one of four."""
    rows = hope("1.1"), outcome("1"), outcome("1.057", "row-b", reporter="KMG")
    found = the_one(*rows)
    assert found.verdict == MISSED
    assert len(found.reached) == 1


def test_only_the_thing_promised_judges_it() -> None:
    """A part of the year, another item or other areas are near it; another indicator is not."""
    part = outcome("100", period=parse_period("2023-01/2023-06"))
    for near in (part, outcome("100", item="wheat")):
        found = the_one(hope("90"), near)
        assert (found.verdict, found.reason) == (OPEN, OTHER)
    for far in (outcome("100", counterpart_area="UZB"), outcome("100", indicator="exports")):
        found = the_one(hope("90"), far)
        assert (found.verdict, found.reason) == (OPEN, NO_OUTCOME)


def test_a_repeat_counts_once_where_it_was_said_first() -> None:
    """A rounded repeat is the same plan, whoever says it; a page without a date comes last."""
    first = hope("4.18", 5, "row-first")
    rounded = hope("4.2", 9, "row-rounded", reporter="AZE", status="forecast")
    undated = hope("4.18", 0, "row-undated", known_from_basis="retrieved")
    found = the_one(undated, rounded, first)
    assert found.row.id == "row-first"
    assert found.promise.said == START + timedelta(days=5)
    assert {row.id for row in found.promise.again} == {"row-rounded", "row-undated"}


def test_a_smaller_plan_said_later_is_a_plan_of_its_own() -> None:
    """To expect more than 600 is not to repeat a plan for 1000."""
    found = all_kept(hope("1000", 1, "row-a"), hope("600", 2, "row-b", note='"more than"'))
    assert [each.row.id for each in found] == ["row-a", "row-b"]


def test_what_is_no_promise_for_a_day_is_set_aside() -> None:
    """Said on a day and for none, on offer, not yet due, a capacity: none of them is scored."""
    rows = (
        hope("1", key="row-a", period=parse_period("2023-04-10")),
        hope("2", key="row-b", indicator="offers"),
        hope("3", key="row-c", period=parse_period("2027")),
        hope("4", key="row-d", status="capacity"),
        hope("5", key="row-e"),
        hope("6", key="row-f"),
    )
    matches = (
        match("offers", "no promise"),
        match("row-e", "no day"),
        match("row-f", "repeats", "row-c"),
    )
    found = promises(ledger(rows, matches), LATER)
    assert found.due == ()
    aside = {reason: [row.id for row in found.aside[reason]] for reason in SET_ASIDE}
    assert aside == {
        "no day": ["row-a", "row-e"],
        "no promise": ["row-b"],
        AGAIN: ["row-f"],
        NOT_YET: ["row-c"],
    }


def test_a_promise_falls_due_when_its_period_has_ended() -> None:
    """On the last day of the year the promise for it is due, the day before it is not."""
    row = hope("5", key="row-a", known_from=date(2023, 1, 1))
    assert promises(ledger([row]), date(2023, 12, 30)).due == ()
    assert len(promises(ledger([row]), date(2023, 12, 31)).due) == 1


def test_an_outcome_may_stand_under_another_name() -> None:
    """The table of outcomes names it; figures are added up, or multiplied to the period."""
    other: dict[str, Any] = {"indicator": "exports", "period": parse_period("2024")}
    rows = hope("500"), outcome("400", "row-a", **other), outcome("103", "row-b", **other)
    assert the_one(*rows, matches=[match("row-hope", "judged by", "row-a")]).verdict == MISSED
    assert (
        the_one(*rows, matches=[match("row-hope", "judged by sum", "row-a", "row-b")]).verdict
        == MET
    )
    monthly = hope("10"), outcome("120", "row-a", **other)
    found = the_one(*monthly, matches=[match("row-hope", "judged by", "row-a", times=12)])
    assert [float(part) for part in found.reached] == [100.0]


def test_a_day_is_judged_by_days() -> None:
    """What opened on the day was in time; what came after the last day promised was late."""
    announced = event("event-0001", "2024-05-06")
    judged = [match("event-0001", "judged by", "event-0002", due="2024-05")]
    in_time = the_one(announced, event("event-0002", "2024-05-31"), matches=judged)
    assert (in_time.verdict, in_time.late) == (MET, 0)
    late = the_one(announced, event("event-0002", "2024-06-10"), matches=judged)
    assert (late.verdict, late.late) == (MISSED, 10)


def test_what_was_still_planned_was_missed() -> None:
    """A page after the day that speaks of it as planned shows that it had not come."""
    matches = [match("row-hope", "not by then", "event-0002")]
    found = the_one(hope("50"), event("event-0002", "2025-10-21"), matches=matches)
    assert (found.verdict, found.late, found.reached) == (MISSED, None, ())


def test_a_match_counts_from_the_day_on_which_both_are_known() -> None:
    """Before the outcome was known the promise could not be judged, nor its note be told."""
    rows = hope("500"), outcome("431", day=200, indicator="exports")
    matches = [match("row-hope", "judged by", "row-outcome")]
    early = START + timedelta(days=199)
    [before] = all_kept(*rows, matches=matches, day=early)
    [after] = all_kept(*rows, matches=matches, day=early + timedelta(days=1))
    assert (before.verdict, before.reason) == (OPEN, NO_OUTCOME)
    assert before.promise.match is not None
    assert before.promise.match.note == ""
    assert after.verdict == MISSED


def test_a_repeat_is_a_promise_of_its_own_before_the_other_is_known() -> None:
    """A page that says again what no page known on the day said is the first."""
    rows = hope("500", 0, "row-a", item="other"), hope("500", 300, "row-b")
    matches = [match("row-a", "repeats", "row-b")]
    assert [k.row.id for k in all_kept(*rows, matches=matches, day=START)] == ["row-a"]
    [found] = all_kept(*rows, matches=matches)
    assert [row.id for row in found.promise.again] == ["row-a"]


def test_every_hope_of_the_ledger_is_accounted_for() -> None:
    """Each is due, said again elsewhere, or set aside for one reason; capacities are left out."""
    day = date.fromisoformat(NEWEST_DAY)
    whole = whole_ledger().as_of(day)
    found = promises(whole, day)
    again = [row.id for promise in found.due for row in promise.again]
    assert set(again) <= {row.id for row in found.aside[AGAIN]}
    placed = [promise.row.id for promise in found.due]
    placed += [row.id for rows in found.aside.values() for row in rows]
    hopes = {row.id for row in whole.observations.values() if row.status in HOPES}
    capacities = {row.id for row in whole.observations.values() if row.status == "capacity"}
    assert len(placed) == len(set(placed))
    assert {key for key in placed if key in whole.observations} == hopes - capacities
    assert {key for key in placed if key in whole.events} == whole.matches.keys() & whole.events


def test_verdicts_are_those_of_what_is_named() -> None:
    """Of every promise that outcomes.csv ties to an outcome the verdict rests on rows it names."""
    day = date.fromisoformat(NEWEST_DAY)
    whole = whole_ledger().as_of(day)
    judging = ("judged by", "judged by sum", "not by then")
    made = [kept(each, whole) for each in promises(whole, day).due]
    tied = [k for k in made if k.promise.match and k.promise.match.relation in judging]
    assert len(tied) > 20
    for each in tied:
        assert each.promise.match is not None
        assert {row.id for row in each.outcomes} <= set(each.promise.match.rows), each.row.id
        assert each.judged, each.row.id
