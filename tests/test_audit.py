"""The audit of the real article: its verdicts anew by plain pandas, and its page."""

from __future__ import annotations

import json
import re
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from azkz.build import CHAPTERS
from chapter_checks import ARTICLE_DAY, observations, run, table
from test_site import Page

DAYS = ("2026-11-23", ARTICLE_DAY)
OUTCOMES = ("reported", "estimate")
MILLION = {"thousand USD": 1e-3, "million USD": 1.0}
ARTICLE, PUBLISHER = "trend-2024-03-11-article", "Trend"
"""The article as a source, and its publisher as a reporter."""
EVIDENCE = re.compile(r"(?:evidence|sources|numbers-[a-z]+)\.html#")


def figures() -> pd.DataFrame:
    """The claims that state a figure."""
    claims = table("claims")
    return claims[claims["kind"].eq("figure")].set_index("claim")


@cache
def verdicts(day: str) -> dict[str, dict[str, Any]]:
    """What the chapters find of each claim as of a day."""
    return {made["claim"]: made for name in CHAPTERS for made in run(name, as_of=day).verdicts}


def bounds(text: str, words: str) -> tuple[float, float]:
    """What a printed figure may stand for, by the words beside it."""
    value, digits = float(text), text.rstrip("0") if "." not in text else text
    places = len(text.partition(".")[2])
    unit = 10.0**-places if places else 10.0 ** (len(text) - len(digits))
    if re.match(r"(exceeded|more than|over)(?=$|[;,])", words):
        return value, float("inf")
    if re.match(r"(up to|almost)(?=$|[;,])", words):
        return value - unit, value
    return value - unit / 2, value + unit / 2


def agrees(claim: pd.Series, value: float, low: float, high: float) -> bool:
    """Whether one of the two figures lies within the rounding of the other."""
    first, last = bounds(claim["stated_value"], claim["wording"])
    if claim["wording"] == "among the first":
        first, last = 1, float(claim["stated_value"])
    return low - 1e-9 <= float(claim["stated_value"]) <= high + 1e-9 or first <= value <= last


def rows_of(claim: pd.Series, day: str) -> pd.DataFrame:
    """The rows that measure a claim, known on the day, without the article's own word."""
    rows = observations()
    for column in ("indicator", "item", "ref_area", "counterpart_area"):
        rows = rows[rows[column].eq(claim[column])]
    period, when = claim["time_period"], rows["time_period"]
    is_day = when.str.fullmatch(r"\d{4}-\d{2}-\d{2}") & when.str.startswith(period)
    rows = rows[when.eq(period) | is_day]
    rows = rows[rows["known_from"].le(day) & rows["source"].ne(ARTICLE)]
    return rows[rows["reporter"].ne(PUBLISHER)].drop_duplicates(
        ["source", "reporter", "obs_value", "unit"]
    )


def turnover(prefix: str, year: int, day: str) -> float:
    """Exports and imports of a year in one dataset, million USD; NaN where it is not known."""
    rows = observations()
    rows = rows[rows["indicator"].eq("exports") & rows["source"].str.startswith(prefix)]
    rows = rows[rows["time_period"].eq(str(year)) & rows["known_from"].le(day)]
    pair = rows[["ref_area", "counterpart_area"]].isin(["KAZ", "AZE"]).all(axis=1)
    return float((rows["value"] * rows["unit"].map(MILLION))[pair].sum()) or float("nan")


def computed(claim: str, day: str) -> list[tuple[float, str]]:
    """Readings that no row holds: value and reporter, by the files alone."""
    rows = observations().set_index("id")
    known = rows[rows["known_from"].le(day)]["value"]
    found: list[tuple[float, str]] = []
    for prefix in ("bns-", "wits-"):
        level = {year: turnover(prefix, year, day) for year in (2020, 2022, 2023)}
        value = {
            "turnover-2023": level[2023],
            "turnover-2022": level[2022],
            "turnover-2020": level[2020],
            "growth-2023": 100 * (level[2023] / level[2022] - 1),
            "fivefold-since-2020": level[2023] / level[2020],
        }.get(claim, float("nan"))
        found.append((value, "KAZ"))
    stated = {key: known.get(key, float("nan")) for key in ("trade-0019", "trade-0037")}
    if claim == "growth-2023":
        found.append((100 * (known["trade-0050"] / stated["trade-0037"] - 1), "KAZ"))
    if claim == "fivefold-since-2020":
        found.append((known["trade-0050"] / stated["trade-0019"], "KAZ"))
    if claim == "turnover-2023" and {"trade-0081", "trade-0082"} <= set(known.index):
        found.append((100 * known["trade-0081"] / (100 + known["trade-0082"]), "AZE"))
    return [(value, reporter) for value, reporter in found if not isnan(value)]


@pytest.mark.parametrize("day", DAYS)
def test_the_files_alone_lead_to_the_same_verdicts(day: str) -> None:
    """Fourteen verdicts: readings, how many agree, and what limits them, by plain pandas."""
    for key, claim in figures().iterrows():
        rows = rows_of(claim, day)
        outcome = rows["status"].isin(OUTCOMES)
        if claim["status"] == "announced":
            rows = rows[~outcome]
        elif outcome.any():
            rows = rows[outcome]
        agreeing = [
            agrees(claim, row["value"], *bounds(row["obs_value"], row["note"]))
            for _, row in rows.iterrows()
        ]
        made = computed(str(key), day)
        also = [agrees(claim, value, value, value) for value, _ in made]
        flags = agreeing + also
        sides = {r for r, ok in zip(rows["reporter"], agreeing, strict=True) if ok}
        sides |= {side for (_, side), ok in zip(made, also, strict=True) if ok}
        limited = (bool(claim["counterpart_area"]) and len(sides) == 1) or (
            claim["status"] == "reported" and not rows["status"].isin(OUTCOMES).any()
        )
        wanted = "not confirmed" if not flags else "contradicted"
        if any(flags):
            wanted = "confirmed with limits" if limited or not all(flags) else "confirmed"
        found = verdicts(day)[str(key)]
        assert found["verdict"] == wanted, key
        assert [one["agrees"] for one in found["readings"]].count(True) == sum(flags), key
        assert len(found["readings"]) == len(flags), key
        read = {one for reading in found["readings"] for one in reading["observations"]}
        collected = observations().set_index("id").loc[sorted(read), "source"]
        assert set(rows["source"]) <= set(collected), key


def test_the_verdicts_change_with_the_day() -> None:
    """What the Bureau revised and published later is no part of the verdict of March 2024."""
    later, earlier = (verdicts(day) for day in DAYS)
    assert earlier["turnover-2020"]["verdict"] == "contradicted"
    assert later["turnover-2020"]["verdict"] == "confirmed with limits"
    revised = [
        "Revised since" in " ".join(day["turnover-2023"]["reasons"]) for day in (later, earlier)
    ]
    assert revised == [True, False]
    for made in earlier.values():
        assert all(reading["known_from"] <= ARTICLE_DAY for reading in made["readings"])


def test_every_reading_of_a_number_prints_that_number() -> None:
    """Where a reading leads to a number, the number rests on the reading's rows."""
    for name in CHAPTERS:
        chapter = run(name)
        numbers = {number["id"]: number for number in chapter.numbers}
        for made in chapter.verdicts:
            for reading in made["readings"]:
                if reading["number"]:
                    number = numbers[reading["number"]]
                    assert number["observations"] == sorted(reading["observations"])


def test_each_of_the_29_verdicts_has_a_link_to_its_evidence(built: Path) -> None:
    """On the audit page every claim is judged, and leads to a row, a number or a source."""
    path = built / "book" / "audit.html"
    claims = re.split(r'id="claim-(?=[a-z0-9-]+")', path.read_text(encoding="utf-8"))[1:]
    assert len(claims) == len(table("claims")) == 29
    pages: dict[str, Page] = {}
    for claim in claims:
        name = claim.partition('"')[0]
        assert 'class="verdict verdict-' in claim, name
        assert "verdict-not-yet-judged" not in claim, name
        links = [link for link in re.findall(r'href="([^"]+)"', claim) if EVIDENCE.match(link)]
        assert links, name
        for link in links:
            file, _, anchor = link.partition("#")
            page = pages.setdefault(file, Page(path.parent / file))
            assert anchor in page.ids, (name, link)


def test_the_page_has_every_reason_and_reading(built: Path) -> None:
    """Each figure's reasons, and a link to each row that is shown, stand on the page."""
    page = Page(built / "book" / "audit.html")
    shown = {link.partition("#")[2] for link in page.links if "evidence.html#" in link}
    build = built.parents[1] / "_build" / built.name / "book" / "_azkz" / "verdicts.json"
    for made in json.loads(build.read_text(encoding="utf-8")):
        for reading in made["readings"]:
            if not reading["agrees"] and reading["stands"]:
                assert set(reading["observations"]) <= shown
