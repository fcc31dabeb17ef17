"""How far the sources agree, computed again from the data files by plain pandas."""

from __future__ import annotations

import re
from collections.abc import Hashable
from decimal import Decimal
from itertools import combinations
from typing import Any

import pandas as pd
import pytest

from azkz.build.chapter import Chapter
from chapter_checks import (
    EARLY_DAYS,
    EDITION_DAYS,
    NEWEST_DAY,
    by_name,
    drawn,
    findings,
    key_numbers,
    run_on,
    table,
)

CHAPTER = "agreement"

KEY = ["indicator", "item", "ref_area", "counterpart_area", "time_period"]
SAME = [*KEY, "dimension"]
Row = dict[Hashable, Any]
MORE = re.compile(r"\b(more than|over|at least|exceed\w*|above)\b|\+$|^>", re.IGNORECASE)


def outcomes(day: str) -> pd.DataFrame:
    """The outcomes known on a day, one row a reading, with the figure in the dimension's unit."""
    units = table("units").set_index("unit")
    rows = table("observations")
    rows = rows[rows["status"].isin(["reported", "estimate"]) & (rows["known_from"] <= day)]
    rows = rows.assign(
        dimension=rows["unit"].map(units["dimension"]),
        factor=rows["unit"].map(units["factor"]).replace("", "1").map(Decimal),
    )
    rows = rows.drop_duplicates([*SAME, "source", "reporter", "obs_value", "unit"])
    return rows.assign(
        base=[Decimal(v) * f for v, f in zip(rows["obs_value"], rows["factor"], strict=True)]
    )


def rounded_to(text: str) -> Decimal:
    """The place of the last digit that a printed figure may be exact to."""
    if "." in text:
        return Decimal(1).scaleb(-len(text.partition(".")[2]))
    digits = text.lstrip("-")
    return (
        Decimal(10) ** (len(digits) - len(digits.rstrip("0"))) if digits.strip("0") else Decimal(1)
    )


def only_rounds(coarse: Row, fine: Row) -> bool:
    """Whether a figure says no more than a rounding, or a bound, that the other fits."""
    if coarse["base"] == fine["base"]:
        return True
    half = rounded_to(coarse["obs_value"]) * coarse["factor"] / 2
    low, high = coarse["base"] - half, coarse["base"] + half
    one_sided = False
    if MORE.search(coarse["note"]):
        low, high, one_sided = coarse["base"], Decimal("Infinity"), True
    if not low <= fine["base"] <= high:
        return False
    step = rounded_to(fine["obs_value"]) * fine["factor"]
    return one_sided or 2 * half >= step


def spreads(day: str) -> pd.DataFrame:
    """Each thing with several readings: the ratio of the two furthest apart that do not repeat.

    ``times`` is infinite where their signs differ.
    """
    found = []
    for key, rows in outcomes(day).groupby(SAME):
        if len(rows) < 2:
            continue
        ratios = [Decimal(1)]
        for one, other in combinations(rows.to_dict("records"), 2):
            if only_rounds(one, other) or only_rounds(other, one):
                continue
            product = one["base"] * other["base"]
            ratio = one["base"] / other["base"] if product > 0 else Decimal("Infinity")
            ratios.append(max(ratio, 1 / ratio) if product > 0 else ratio)
        found.append((*key, max(ratios)))
    return pd.DataFrame(found, columns=[*SAME, "times"])


@pytest.mark.parametrize("day", EDITION_DAYS)
def test_the_things_that_differ_are_those_of_the_raw_table(day: str) -> None:
    """How many things have readings more than a tenth apart, and which, follows from the rows."""
    made = by_name(run_on("agreement", day))
    apart = spreads(day).query("times > 1.1")
    assert made["differing"]["value"] == len(apart)
    share = 100 * len(apart) / len(spreads(day))
    assert made["differing-share"]["value"] == pytest.approx(share)


def test_every_thing_that_differs_is_named_with_both_readings(chapter: Chapter) -> None:
    """No disagreement of more than a tenth between outcomes is missing from the chapter's table."""
    apart = spreads(NEWEST_DAY).query("times > 1.1")
    listed = next(one for one in chapter.tables if one["id"] == "agreement.differing")
    assert len(listed["rows"]) == len(apart)
    rows = table("observations").set_index("id")
    named = rows.loc[listed["observations"]]
    keys = set(named[KEY].itertuples(index=False, name=None))
    assert keys == set(apart[KEY].itertuples(index=False, name=None))
    assert len(listed["observations"]) == 2 * len(apart)


def test_the_key_findings_follow_from_the_raw_table(chapter: Chapter) -> None:
    """Each number of the key findings, by plain pandas."""
    made = by_name(chapter)
    apart = spreads(NEWEST_DAY).query("times > 1.1")
    finite = apart[apart["times"] < Decimal("Infinity")]
    rows = outcomes(NEWEST_DAY)
    names = dict(table("names")[["code", "side"]].itertuples(index=False, name=None))
    label = dict(table("indicators")[["indicator", "label"]].itertuples(index=False, name=None))
    widest = finite.sort_values("times").to_dict("records")[-1]
    computed = {
        "differing": len(apart),
        "differing-share": 100 * len(apart) / len(spreads(NEWEST_DAY)),
        "widest-times": float(widest["times"]),
        "by-several": len(apart) - revisions(apart, rows),
        "by-one": revisions(apart, rows),
    }
    covered = drawn(chapter, "agreement.map")
    years = covered[covered["side"].isin(["Kazakh", "Azerbaijani"])]
    sides_of = years.groupby(["series", "year"])["side"].nunique()
    computed["both-sides"] = sides_of[sides_of == 2].reset_index()["series"].nunique()
    computed["kept"] = covered["series"].nunique()
    twins = statistics_of_one(apart, rows)
    computed["statistics-times"] = float(max(twins.values()))
    furthest = max(twins, key=lambda key: twins[key])
    assert label[str(furthest[0])] in made["statistics-thing"]["text"]
    assert furthest[-2] in made["statistics-thing"]["text"]
    seen = years.groupby("series")["side"].agg(set)
    alone = [name for name, found in seen.items() if len(found) == 1]
    assert set(made["one-side-names"]["text"].strip("“”").split("”, “")) == set(alone)
    words = {"widest-thing", "statistics-thing", "one-side-names"}
    assert key_numbers("agreement") == {*computed, *words}
    for name, value in computed.items():
        assert made[name]["value"] == pytest.approx(value), name
    assert label[widest["indicator"]] in made["widest-thing"]["text"]
    sides = {"Kazakh": "KAZ", "Azerbaijani": "AZE", "other": ""}
    reporter = dict(zip(rows["id"], rows["reporter"], strict=True))
    for row in covered.to_dict("records"):
        found = {names.get(reporter[key], "") for key in row["observation"].split()}
        assert found == {sides[row["side"]]}


def statistics_of_one(apart: pd.DataFrame, rows: pd.DataFrame) -> dict[tuple[str, ...], Decimal]:
    """The things whose two furthest readings are of one reporter and of two datasets."""
    sources = table("sources").set_index("source")
    found = {}
    for thing in apart.to_dict("records"):
        same = rows[(rows[SAME] == [thing[name] for name in SAME]).all(axis=1)]
        ends = same.sort_values("base").iloc[[0, -1]]
        kinds = sources.loc[ends["source"]]
        two = set(kinds["kind"]) == {"dataset"} and len(set(kinds["publisher"])) > 1
        if two and len(set(ends["reporter"])) == 1:
            found[tuple(str(thing[name]) for name in SAME)] = thing["times"]
    return found


def revisions(apart: pd.DataFrame, rows: pd.DataFrame) -> int:
    """The things whose two furthest readings are of one reporter, and not of two datasets."""
    sources = table("sources").set_index("source")
    found = 0
    for thing in apart.to_dict("records"):
        same = rows[(rows[SAME] == [thing[name] for name in SAME]).all(axis=1)]
        ends = same.sort_values("base").iloc[[0, -1]]
        kinds = sources.loc[ends["source"]]
        two = set(kinds["kind"]) == {"dataset"} and len(set(kinds["publisher"])) > 1
        found += len(set(ends["reporter"])) == 1 and not two
    return found


@pytest.mark.parametrize("day", [*EDITION_DAYS, *EARLY_DAYS])
def test_every_day_has_findings(day: str) -> None:
    """On any day the chapter runs and opens with at least two findings."""
    assert run_on("agreement", day).figures
    assert len(findings("agreement", day)) >= 2
