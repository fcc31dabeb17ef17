"""The corridor chapter's findings, computed anew from the CSV files by plain pandas."""

from __future__ import annotations

import pandas as pd
import pytest

from azkz.build.chapter import Chapter
from chapter_checks import (
    ARTICLE_DAY,
    EARLY_DAYS,
    EDITION_DAYS,
    Numbers,
    by_name,
    drawn,
    findings,
    later_years,
    observations,
    run,
    run_on,
    table,
)

TONNES = {"t": 1e-6, "kt": 1e-3, "Mt": 1.0}
"""Factors to million tonnes."""


@pytest.fixture(scope="module")
def chapter() -> Chapter:
    """The chapter, run once with the parameters that it declares."""
    return run("corridor")


@pytest.fixture(scope="module")
def chapter_numbers(chapter: Chapter) -> Numbers:
    """The chapter's numbers by name."""
    return by_name(chapter)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """All observations, empty cells as empty text."""
    return observations()


@pytest.fixture(scope="module")
def series(rows: pd.DataFrame) -> pd.Series[float]:
    """The ministry's series of March 2026 by year, in million tonnes."""
    page = rows[(rows.indicator == "corridor_cargo") & (rows.source == "report-2026-03-10-300k")]
    values = page.value * page.unit.map(TONNES)
    return pd.Series(values.to_numpy(), index=page.time_period.astype(int).to_numpy())


def one(rows: pd.DataFrame, indicator: str, **columns: str) -> float:
    """The one value (all rows that match say the same), tonnes in million tonnes."""
    found = rows[rows.indicator == indicator]
    for column, value in columns.items():
        found = found[found[column] == value]
    values = found.value * found.unit.map(TONNES).fillna(1.0)
    assert len(set(values)) == 1, f"{indicator} {columns}: {sorted(values)}"
    return float(values.iloc[0])


def test_the_cargo_of_every_year_is_the_ministrys(
    chapter_numbers: Numbers, series: pd.Series[float]
) -> None:
    """The yearly figures are those of the ministry's one series, not of the association's."""
    for year in (2019, 2021, 2022, 2023, 2024, 2025):
        assert chapter_numbers[f"cargo-{year}"]["value"] == pytest.approx(series[year])


def test_growth_follows_the_series(chapter_numbers: Numbers, series: pd.Series[float]) -> None:
    """Changes, the multiple since 2022 and the word for the direction come from that series."""
    change = series.pct_change() * 100
    for name, year in (
        ("change-2024", 2024),
        ("change-2025", 2025),
        ("growth-from-own-base", 2023),
    ):
        assert chapter_numbers[name]["value"] == pytest.approx(change[year])
    multiple = series[2025] / series[2022]
    assert chapter_numbers["multiple-2022-2025"]["value"] == pytest.approx(multiple)
    assert chapter_numbers["direction-2025"]["text"] == ("rose" if change[2025] > 0 else "fell")


def test_both_growth_rates_of_2023_fit_their_bases(
    chapter_numbers: Numbers, rows: pd.DataFrame, series: pd.Series[float]
) -> None:
    """65 percent is within the rounding of its base, 86 percent is growth on the later base."""
    base = one(rows, "corridor_cargo", source="newscentralasia-2024-03-11-tokayev", item="",
               time_period="2022")  # fmt: skip
    total = one(rows, "corridor_cargo", source="astanatimes-2024-02-27-january", time_period="2023")
    assert chapter_numbers["growth-from-ministry-base"]["value"] == pytest.approx(
        (total / base - 1) * 100
    )
    assert total / (base + 0.05) - 1 < 0.65 < total / (base - 0.05) - 1
    assert round((series[2023] / series[2022] - 1) * 100) == 86
    assert chapter_numbers["stated-by-ministry"]["value"] == 65
    assert chapter_numbers["stated-by-association"]["value"] == 86


def test_second_halves_are_the_year_less_the_first_half(
    chapter_numbers: Numbers, rows: pd.DataFrame, series: pd.Series[float]
) -> None:
    """The fall of 2025 lies in its second half: first halves rise, second halves fall."""
    first = {
        2024: one(rows, "corridor_cargo", time_period="2024-01/2024-06", reporter="KAZ"),
        2025: one(rows, "corridor_cargo", time_period="2025-01/2025-06", reporter="KAZ"),
    }
    for year, half in first.items():
        left = series[year] - half
        assert chapter_numbers[f"second-half-{year}"]["value"] == pytest.approx(left)
    assert first[2025] > first[2024]
    assert series[2025] - first[2025] < series[2024] - first[2024]


def test_scopes_are_not_mixed(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The association's count stays apart; its growth leads back to the common total of 2023."""
    count = one(rows, "corridor_cargo", reporter="TITR", time_period="2024", status="reported")
    growth = one(rows, "corridor_cargo_growth", reporter="TITR", time_period="2024")
    assert chapter_numbers["association-2024"]["value"] == pytest.approx(count)
    assert chapter_numbers["association-base"]["value"] == pytest.approx(count / (1 + growth / 100))
    for name in ("cargo-2024", "association-2024"):
        reporters = set(rows[rows.id.isin(chapter_numbers[name]["observations"])].reporter)
        assert len(reporters) == 1


def test_targets_are_held_against_outcomes(
    chapter_numbers: Numbers, rows: pd.DataFrame, series: pd.Series[float]
) -> None:
    """Shares of targets are outcome over target, and the score counts those at or above it."""
    cargo = series[2025] / one(rows, "corridor_cargo", source="mailru-2025-09-23-minfin",
                               time_period="2025")  # fmt: skip
    boxes_2025 = one(rows, "corridor_containers", time_period="2025", reporter="KAZ")
    boxes = boxes_2025 / one(rows, "corridor_containers", time_period="2025", status="target")
    ran = one(rows, "corridor_block_trains", time_period="2025", item="received")
    plans = rows[
        (rows.indicator == "corridor_block_trains") & (rows.time_period == "2025")
        & (rows.item == "plan") & (rows.reporter == "ADY")
    ].value  # fmt: skip
    early = [
        series[2022] / one(rows, "corridor_cargo", source="middlecorridor-2022-ankara"),
        one(rows, "corridor_containers", source="astanatimes-2023-05-23-2022")
        / one(rows, "corridor_containers", source="middlecorridor-2022-ankara",
              time_period="2022"),
        series[2024] / one(rows, "corridor_cargo", source="newsaz-2024-07-29-h1",
                           time_period="2024"),
        one(rows, "corridor_block_trains", item="sent", source="menafn-2025-06-04-ady")
        / one(rows, "corridor_block_trains", source="newsaz-2024-09-20-rustamov"),
    ]  # fmt: skip
    shares = [*early, cargo, boxes, *(ran / plan for plan in plans.unique())]
    assert chapter_numbers["reached-cargo-2025"]["value"] == pytest.approx(cargo * 100)
    assert chapter_numbers["reached-containers-2025"]["value"] == pytest.approx(boxes * 100)
    assert chapter_numbers["trains-reached-first"]["value"] == pytest.approx(
        ran / plans.max() * 100
    )
    assert chapter_numbers["targets-judged"]["value"] == len(shares)
    assert chapter_numbers["targets-met"]["value"] == sum(part >= 1 for part in shares)


def test_containers_of_2023_are_implied(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The gap of 2023 is filled by division, to the same thousand by either of two statements."""
    count = one(rows, "corridor_containers", reporter="TITR", time_period="2024")
    multiple = one(rows, "corridor_containers_multiple", reporter="KAZ", time_period="2024")
    implied = chapter_numbers["containers-2023"]
    assert implied["value"] == pytest.approx(count / multiple)
    by_growth = count / (1 + 176 / 100)
    assert abs(implied["value"] - by_growth) < 1000
    assert implied["kind"] == "derived"


def test_the_ten_billion_are_added_up_from_their_items(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """The items named on the day make 2.97 of 10 billion; the sum's rows are announcements."""
    day = rows[(rows.indicator == "eu_commitment") & rows.time_period.str.startswith("2024-01-29")]
    items = day[day["item"].isin(["EIB", "EBRD"])].groupby("item").obs_value.first().astype(float)
    whole = one(day, "eu_commitment", item="total")
    assert items.sum() == pytest.approx(2.97)
    assert chapter_numbers["eu-named"]["value"] == pytest.approx(items.sum())
    share = items.sum() / whole * 100
    assert chapter_numbers["eu-named-share"]["value"] == pytest.approx(share)
    assert chapter_numbers["eu-rest"]["value"] == pytest.approx(whole - items.sum())
    assert set(day.status) == {"announced"}


def test_needs_are_those_of_central_asia(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The need beside the ten billion is in the same currency, and larger."""
    need = one(rows, "infrastructure_need", item="Central Asia", reporter="EBRD")
    assert chapter_numbers["need-central-asia"]["value"] == pytest.approx(need)
    assert chapter_numbers["need-covered"]["value"] == pytest.approx(10 / need * 100)
    assert chapter_numbers["need-central-asia"]["unit"] == chapter_numbers["eu-total"]["unit"]


def test_exports_are_the_bulk(
    chapter_numbers: Numbers, rows: pd.DataFrame, series: pd.Series[float]
) -> None:
    """Kazakh exports of 2024 are more than half of the ministry's total of that year."""
    export = one(rows, "corridor_cargo", item="export", time_period="2024")
    share = export / series[2024] * 100
    assert chapter_numbers["export-share-2024"]["value"] == pytest.approx(share)
    assert share > 50


def test_a_leg_without_listed_source_has_no_length(chapter: Chapter) -> None:
    """The length of a leg whose page is not among the sources is printed nowhere."""
    route = table("route")
    hidden = route[(route.source == "not-listed") & (route.distance_km != "")]
    assert len(hidden)
    legs = next(each for each in chapter.tables if each["id"] == "corridor.legs")
    lengths = {row[0]: row[4] for row in legs["rows"]}
    on_map = next(figure for figure in chapter.figures if figure["id"] == "corridor.map")
    for leg in hidden.itertuples():
        assert lengths[str(leg.leg)] == "…"
        assert f"{leg.distance_km} km" not in on_map["alt"]


def test_no_line_joins_hopes_and_outcomes(chapter: Chapter, rows: pd.DataFrame) -> None:
    """The figure of the ministry's cargo holds outcomes only, apart from the marked capacity."""
    frame = drawn(chapter, "corridor.cargo")
    status = dict(zip(rows.id, rows.status, strict=True))
    assert {status[key] for key in frame[frame.measure == "cargo"].observation} == {"reported"}
    assert {status[key] for key in frame[frame.measure == "capacity"].observation} == {"capacity"}


def test_the_chapter_runs_as_on_the_articles_day() -> None:
    """An earlier edition has fewer numbers, none of them from later evidence, and all verdicts."""
    early = run_on("corridor", ARTICLE_DAY)
    assert all(number["known_from"] <= ARTICLE_DAY for number in early.numbers)
    assert "corridor.cargo-2025" in {missing["id"] for missing in early.missing}
    assert len(early.verdicts) == 4


@pytest.mark.parametrize("day", EDITION_DAYS)
def test_every_edition_answers_first(day: str) -> None:
    """The box at the head has at least five findings, and not two on one thing."""
    found = findings("corridor", day)
    assert 5 <= len(found) <= 6


@pytest.mark.parametrize("day", EDITION_DAYS[:2])
def test_an_edition_tells_no_later_year(day: str) -> None:
    """No word is of a year that no row known on the day is about."""
    assert later_years("corridor", day) == set()


@pytest.mark.parametrize("day", EARLY_DAYS)
def test_the_chapter_runs_before_the_article(day: str) -> None:
    """Little is known, nothing is judged, and nothing is refused."""
    early = run_on("corridor", day)
    assert {"corridor.map", "corridor.transit-times"} <= {each["id"] for each in early.figures}
    assert not early.verdicts
    assert max(number["known_from"] for number in early.numbers) <= day


def test_growth_of_2024_as_known_in_2025(rows: pd.DataFrame) -> None:
    """Before the ministry's own series the most precise total of 2023 is the base."""
    numbers = by_name(run_on("corridor", EDITION_DAYS[1]))
    known = rows[rows.known_from <= EDITION_DAYS[1]]
    base = one(known, "corridor_cargo", source="astanatimes-2024-02-27-january", time_period="2023")
    total = one(known, "corridor_cargo", time_period="2024", reporter="KAZ", status="reported")
    assert numbers["change-2024"]["value"] == pytest.approx((total / base - 1) * 100)
    assert numbers["cargo-2024"]["value"] == pytest.approx(total)
    assert numbers["cargo-2023"]["value"] < base


def test_targets_as_known_in_2025() -> None:
    """Two targets could be judged, both were met; the plan for 2025 was still running."""
    chapter = run_on("corridor", EDITION_DAYS[1])
    numbers = by_name(chapter)
    assert numbers["targets-judged"]["value"] == numbers["targets-met"]["value"] == 2
    trains = next(each for each in chapter.figures if each["id"] == "corridor.block-trains")
    last = max(row[0] for row in trains["rows"] if row[1] == "run so far")
    assert last < EDITION_DAYS[1]
    assert f"{int(last[8:])} September 2025" in trains["title"]
    assert "total of the year" not in trains["caption"]
