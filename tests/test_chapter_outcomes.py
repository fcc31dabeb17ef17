"""The score of promises, computed anew from the CSV files by plain pandas."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from math import floor, log10
from statistics import median
from typing import Any

import pandas as pd
import pytest

from azkz.build.chapter import Chapter
from chapter_checks import (
    EARLY_DAYS,
    EDITION_DAYS,
    NEWEST_DAY,
    Numbers,
    by_name,
    drawn,
    findings,
    key_numbers,
    later_years,
    observations,
    run,
    run_on,
    table,
)

CHAPTER = "outcomes"

Row = Any
"""A row of a table, as ``itertuples`` gives it."""

Matches = dict[str, Row]

HALF_YEAR = 183
LIMITS = r"over|more than|at least|exceeded|exceeds|surpassed|surpassing|minimum|no less than"
CEILINGS = r"almost|nearly|up to|less than"


@dataclass
class Said:
    """A promise as this module finds it, with what it makes of it."""

    key: str
    due: tuple[str, str]
    on: str
    verdict: str = ""
    reason: str = ""
    reached: list[float] = field(default_factory=list)
    late: int | None = None
    status: str = "announced"
    by_day: bool = False


def named_rows(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame, each with its columns as names."""
    names = {column: column for column in frame.columns if column != "rows"}
    return list(frame.rename(columns=names | {"rows": "named"}).itertuples(index=False))


def span(text: str) -> tuple[str, str]:
    """First and last day of a period as it is written."""
    first, _, last = text.partition("/")
    start = _period(first).start_time
    return str(start.date()), str(_period(last or first).end_time.date())


def _period(text: str) -> pd.Period:
    return pd.Period(text.replace("-Q", "Q"), freq="Q" if "Q" in text else _freq(text))


def _freq(text: str) -> str:
    return {4: "Y", 7: "M", 10: "D"}[len(text)]


def digit(text: str) -> float:
    """The place value of the last significant digit."""
    if "." in text:
        return 10.0 ** -len(text.partition(".")[2])
    bare = text.rstrip("0")
    return 10.0 ** (len(text) - len(bare)) if bare.strip("-") else 1.0


def bounds(text: str, note: str, *, whole: bool = False) -> tuple[float, float]:
    """Lowest and highest value that a printed figure may stand for."""
    value, half = float(text), 0.0 if whole and digit(text) == 1 else digit(text) / 2
    number = re.escape(text.rstrip("0").rstrip(".") or text)
    for side, words in (("low", LIMITS), ("high", CEILINGS)):
        alone = re.search(rf"(^|[;,] )[\"“]?({words})[\"”]?($|[;,])", note)
        quoted = re.search(rf"[\"“]({words})[\"”]", note)
        if alone or quoted or re.search(rf"\b({words}) {number}", note):
            return (value, value + half) if side == "low" else (value - half, value)
    return value - half, value + half


@pytest.fixture(scope="module")
def numbers(chapter: Chapter) -> Numbers:
    """The chapter's numbers by name."""
    return by_name(chapter)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """All observations, with factor and dimension of their unit and whether their page is dated."""
    units = table("units").set_index("unit")
    kinds = table("sources").set_index("source")["kind"]
    frame = observations()
    frame["factor"] = pd.to_numeric(units["factor"].reindex(frame["unit"])).to_numpy()
    frame["dimension"] = units["dimension"].reindex(frame["unit"]).to_numpy()
    dataset = kinds.reindex(frame["source"]).eq("dataset").to_numpy()
    frame["dated"] = frame["known_from_basis"].ne("retrieved") | dataset
    ends = frame["time_period"].map(span)
    return (
        frame.assign(start=ends.str[0], end=ends.str[1])
        .set_index("id", drop=False)
        .rename_axis(None)
    )


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    """All events by id."""
    return table("events").set_index("id", drop=False).rename_axis(None)


@pytest.fixture(scope="module")
def matches() -> Matches:
    """The rows of the table of outcomes by promise."""
    return {row.promise: row for row in named_rows(table("outcomes"))}


def set_aside(row: Row, matches: Matches) -> str:
    """Why an observation is not scored, before its day is asked."""
    if row.id in matches:
        said = str(matches[row.id].relation)
        return said if said in ("no day", "no promise", "repeats") else ""
    if row.indicator in matches:
        return str(matches[row.indicator].relation)
    return "no day" if row.start == row.end else ""


def again(later: Row, first: Row) -> bool:
    """Whether a figure says an earlier one again, as it is or rounded."""
    scale = first.factor / later.factor
    value = float(first.obs_value) * scale
    if value == float(later.obs_value):
        return True
    low, high = bounds(later.obs_value, "")
    fits = low <= value <= high
    return bool(fits and digit(later.obs_value) >= digit(first.obs_value) * scale)


@pytest.fixture(scope="module")
def hopes(rows: pd.DataFrame, matches: Matches) -> pd.DataFrame:
    """All hopes but capacities, with why they are set aside and when they fall due."""
    frame = rows[rows["status"].isin(["target", "announced", "forecast"])].copy()
    frame["aside"] = [set_aside(row, matches) for row in named_rows(frame)]
    days = {key: row.due for key, row in matches.items()}
    due = [span(days.get(row.id) or row.time_period) for row in named_rows(frame)]
    return frame.assign(first=[first for first, _ in due], last=[last for _, last in due])


@pytest.fixture(scope="module")
def said(
    hopes: pd.DataFrame, events: pd.DataFrame, matches: Matches, rows: pd.DataFrame
) -> list[Said]:
    """All promises whose day has come by the newest day, each plan once, judged."""
    found = []
    thing = ["indicator", "item", "ref_area", "counterpart_area", "first", "last"]
    standing = hopes[hopes["aside"].eq("") & (hopes["last"] <= NEWEST_DAY)]
    for _, group in standing.groupby(thing):
        ordered = group.assign(
            on=group["known_from"].where(group["dated"], "9999"),
            coarse=group["obs_value"].map(digit),
        ).sort_values(["on", "coarse", "id"])
        firsts: list[Row] = []
        for row in named_rows(ordered):
            if not any(again(row, first) for first in firsts):
                firsts.append(row)
        found += [Said(r.id, (r.first, r.last), r.on, status=r.status) for r in firsts]
    for event in named_rows(events[events["id"].isin(matches)]):
        row = matches[event.id]
        due = span(row.due) if row.due else ("", "9999")
        on = event.known_from if event.known_from_basis == "published" else "9999"
        if row.relation != "repeats" and due[1] <= NEWEST_DAY:
            found.append(Said(event.id, due, on))
    for one in found:
        decide(one, rows, events, matches)
    return found


def decide(one: Said, rows: pd.DataFrame, events: pd.DataFrame, matches: Matches) -> None:
    """What became of a promise."""
    match = matches.get(one.key)
    relation = str(match.relation) if match else ""
    named = str(match.named).split() if match else []
    if relation == "not by then":
        one.verdict, one.by_day = "missed", True
    elif relation == "judged by" and any(key in events.index for key in named):
        came = min(span(str(events["date"][key]))[0] for key in named)
        one.late = (pd.Timestamp(came) - pd.Timestamp(one.due[1])).days
        one.verdict, one.by_day = "missed" if one.late > 0 else "met", True
    elif one.key in events.index or relation == "other scope":
        one.verdict, one.reason = "open", "other" if named else "none"
    else:
        by_figures(one, rows, relation, named, float((match.times if match else "") or 1))


def by_figures(
    one: Said, rows: pd.DataFrame, relation: str, named: list[str], times: float
) -> None:
    """Hold a figure against the outcomes named, or those of the same thing and period."""
    row: Row = rows.loc[one.key]
    same = rows[
        rows["status"].isin(["reported", "estimate"])
        & rows["indicator"].eq(row["indicator"])
        & rows["ref_area"].eq(row["ref_area"])
        & rows["counterpart_area"].eq(row["counterpart_area"])
        & rows["dimension"].eq(row["dimension"])
    ]
    period = same["start"].eq(one.due[0]) & same["end"].eq(one.due[1])
    exact = rows.loc[named] if named else same[same["item"].eq(row["item"]) & period]
    if exact.empty:
        near = same[(same["start"] <= one.due[1]) & (same["end"] >= one.due[0])]
        one.verdict, one.reason = "open", "other" if len(near) else "none"
        return
    promised = float(row["value"]) * float(row["factor"]) * times
    counts = [spread(count, rows) for count in standing_of(exact)]
    if relation == "judged by sum":
        values, lows, highs = zip(*counts, strict=True)
        counts = [(sum(values), sum(lows), sum(highs))]
    told = []
    for value, low, high in counts:
        met = value >= promised or high >= promised
        if value < promised <= high and high - low > promised / 10:
            continue
        told.append(met)
        one.reached.append(value / promised * 100)
    one.reached.sort(reverse=True)
    one.verdict = (
        "depends"
        if len(set(told)) > 1
        else "open"
        if not told
        else ("met" if told[0] else "missed")
    )
    one.reason = "" if told else "coarse"


def standing_of(frame: pd.DataFrame) -> list[Row]:
    """Of each reporter's readings the newest that repeats no earlier one."""
    stands = []
    for _, group in frame.groupby(["reporter", "indicator", "item", "time_period", "ref_area"]):
        dated = group[group["dated"]]
        ordered = (dated if len(dated) else group).assign(
            coarse=lambda part: [coarseness(row) for row in named_rows(part)]
        )
        original: list[Row] = []
        for row in named_rows(ordered.sort_values(["known_from", "coarse", "id"])):
            if not any(is_rounding(row, earlier) for earlier in original):
                original.append(row)
        stands.append(original[-1])
    return stands


def coarseness(row: Row) -> float:
    """The last digit; of what is said to be more than a figure, no limit."""
    low, high = bounds(row.obs_value, row.note)
    one_sided = bool(low == float(row.obs_value) and high > low)
    return float("inf") if one_sided else digit(row.obs_value)


def is_rounding(later: Row, earlier: Row) -> bool:
    """Whether a later reading says no more than an earlier one."""
    scale = earlier.factor / later.factor
    value = float(earlier.obs_value) * scale
    if value == float(later.obs_value):
        return True
    low, high = bounds(later.obs_value, later.note)
    high = float("inf") if coarseness(later) == float("inf") else high
    return bool(low <= value <= high and coarseness(later) >= coarseness(earlier) * scale)


def spread(row: Row, rows: pd.DataFrame) -> tuple[float, float, float]:
    """Value, lowest and highest in the base unit; what is counted to the last one is exact."""
    whole = rows["dimension"][row.id] in ("count", "people", "places", "containers")
    low, high = bounds(row.obs_value, row.note, whole=whole)
    return float(row.obs_value) * row.factor, low * row.factor, high * row.factor


def having(said: list[Said], verdict: str) -> list[Said]:
    """The promises with that verdict."""
    return [one for one in said if one.verdict == verdict]


def figures_missed(said: list[Said]) -> list[float]:
    """What the missed figures reached, by the count that comes nearest, from the lowest up."""
    return sorted(one.reached[0] for one in having(said, "missed") if one.reached)


def ahead(said: list[Said], *, late: bool) -> list[Said]:
    """Judged figures on dated pages, said in the last half-year before their day or earlier."""
    found = []
    for one in said:
        if one.reached and one.verdict in ("met", "missed", "depends") and one.on < "9999":
            days = (pd.Timestamp(one.due[1]) - pd.Timestamp(one.on)).days
            if days >= 0 and (days <= HALF_YEAR) == late:
                found.append(one)
    return found


def dated(said: list[Said]) -> list[Said]:
    """Things named for a day: events, and those judged by their day or by no figure."""
    named = {"investment-0213", "investment-0217"}
    return [o for o in said if o.key.startswith("event") or o.by_day or o.key in named]


Recomputed = dict[str, Callable[[list[Said], pd.DataFrame], float]]

KEYS: Recomputed = {
    "due": lambda said, _: len(said),
    "met": lambda said, _: len(having(said, "met")),
    "missed": lambda said, _: len(having(said, "missed")),
    "depends": lambda said, _: len(having(said, "depends")),
    "open": lambda said, _: len(having(said, "open")),
    "lowest-missed": lambda said, _: figures_missed(said)[0],
    "highest-missed": lambda said, _: figures_missed(said)[-1],
    "middle-missed": lambda said, _: median(figures_missed(said)),
    "near-misses": lambda said, _: sum(part >= 90 for part in figures_missed(said)),
    "said-late": lambda said, _: len(ahead(said, late=True)),
    "said-late-met": lambda said, _: len(having(ahead(said, late=True), "met")),
    "said-early": lambda said, _: len(ahead(said, late=False)),
    "said-early-met": lambda said, _: len(having(ahead(said, late=False), "met")),
    "middle-late": lambda said, _: median(figures_missed(ahead(said, late=True))),
    "middle-early": lambda said, _: median(figures_missed(ahead(said, late=False))),
    "dated": lambda said, _: len(dated(said)),
    "dated-in-time": lambda said, _: len(having(dated(said), "met")),
    "dated-late": lambda said, _: len(having(dated(said), "missed")),
    "dated-open": lambda said, _: len(having(dated(said), "open")),
    "no-outcome": lambda said, _: sum(one.reason == "none" for one in said),
    "other-scope": lambda said, _: sum(one.reason == "other" for one in said),
    "no-day": lambda _, hopes: int(hopes["aside"].eq("no day").sum()),
    "aims": lambda _, hopes: int(
        (hopes["aside"].eq("no day") & hopes["indicator"].eq("trade_target")).sum()
    ),
}


def test_every_number_of_the_key_findings_is_recomputed() -> None:
    """No number that the findings cite is left out below."""
    assert key_numbers("outcomes") <= KEYS.keys()


@pytest.mark.parametrize("name", KEYS)
def test_the_key_findings_follow_from_the_tables(
    name: str, numbers: Numbers, said: list[Said], hopes: pd.DataFrame
) -> None:
    """Counts and shares of the findings are those of another reading of the same rules."""
    assert numbers[name]["value"] == pytest.approx(KEYS[name](said, hopes)), name


def test_each_verdict_is_the_same_by_the_other_route(chapter: Chapter, said: list[Said]) -> None:
    """Not only the sums agree: in each chapter as many were met, missed, dependent and open."""
    made = drawn(chapter, "outcomes.score").set_index("chapter")
    words = {
        "met": "met",
        "missed": "missed",
        "depends on the count": "depends",
        "cannot be judged": "open",
    }
    by_id = table("events").set_index("id")["chapter"]
    for name in made.index.drop("all"):
        mine = [o for o in said if (by_id.get(o.key) or o.key.rpartition("-")[0]) == name]
        for column, verdict in words.items():
            assert int(made.loc[name, column]) == len(having(mine, verdict)), (name, column)


def test_the_lateness_of_days_is_the_difference_of_days(numbers: Numbers, said: list[Said]) -> None:
    """The days between the last day promised and the day of the event."""
    late = {one.key: one.late for one in said}
    assert numbers["late-locomotives"]["text"] == f"{late['trade-0140']} days"
    assert numbers["late-oil"]["text"] == f"{late['energy-0253']} days"


def test_the_corridor_chapter_has_the_same_verdicts(said: list[Said]) -> None:
    """The targets that it holds against outcomes are met and missed here as they are there."""
    score = drawn(run("corridor"), "corridor.reached")
    verdicts = {one.key: one.verdict for one in said}
    for row in named_rows(score):
        [key] = set(str(row.observation).split()) & verdicts.keys()
        assert verdicts[key] == ("met" if float(row.reached) >= 100 else "missed"), key
    assert len(score) > 5


def test_hopes_are_divided_without_rest(numbers: Numbers, said: list[Said]) -> None:
    """Those set aside and those due are all hopes and all events that announce something."""
    promising = table("observations")["status"].isin(["target", "announced", "forecast"]).sum()
    matched = table("outcomes")["promise"].str.startswith("event").sum()
    parts = ("no-day", "no-promise", "said-before", "not-yet-due")
    aside = sum(numbers[name]["value"] for name in parts)
    assert aside + len(said) == promising + matched


def test_what_is_drawn_hollow_or_late_is_in_the_data(chapter: Chapter) -> None:
    """One dot a judged figure, none for what is judged by its day or cannot be."""
    dots = drawn(chapter, "outcomes.reached")
    assert set(dots["verdict"]) <= {"met", "missed", "depends on the count"}
    missed = dots[dots["verdict"].eq("missed")]["value"].astype(float)
    assert (missed < 100).all()
    assert (dots[dots["verdict"].eq("met")]["value"].astype(float) >= 95).all()


@pytest.mark.parametrize("day", [*EARLY_DAYS, *EDITION_DAYS])
def test_the_chapter_runs_on_every_day(day: str) -> None:
    """It has findings, and neither words nor rows of a later year."""
    assert len(findings("outcomes", day)) >= 3
    assert run_on("outcomes", day).figures
    assert later_years("outcomes", day) == set()


def test_a_promise_is_not_judged_before_its_outcome_was_known() -> None:
    """On the day of the article the cargo of 2024 was not due, and that of 2022 not yet known."""
    early = by_name(run_on("outcomes", "2024-03-11"))
    late = by_name(run("outcomes"))
    for name in ("due", "met", "missed", "open"):
        assert early[name]["value"] < late[name]["value"]
    assert floor(log10(late["due"]["value"])) == 2
