"""The corridor chapter's findings, computed anew from the CSV files by plain pandas."""

from __future__ import annotations

from collections.abc import Callable

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
    key_numbers,
    later_years,
    run_on,
    table,
)

CHAPTER = "corridor"

TONNES = {"t": 1e-6, "kt": 1e-3, "Mt": 1.0}
"""Factors to million tonnes."""
MINISTRY, MAY_2023 = "report-2026-03-10-300k", "astanatimes-2023-05-23-2022"
FEBRUARY_2024, BRUSSELS = "astanatimes-2024-02-27-january", "newscentralasia-2024-01-29-10bn"
GUIDANCE = "navis-2025-08-27-transit"


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


def of_ministry(rows: pd.DataFrame, year: int) -> float:
    """A year of the ministry's series of March 2026, in million tonnes."""
    return one(rows, "corridor_cargo", source=MINISTRY, time_period=str(year))


def second_half(rows: pd.DataFrame, year: int) -> float:
    """A year of that series less the one first half that the Kazakh government printed."""
    pages = {2024: "newsaz-2024-07-29-h1", 2025: "lada-2025-08-22-tmtm"}
    first = one(rows, "corridor_cargo", source=pages[year], time_period=f"{year}-01/{year}-06")
    return of_ministry(rows, year) - first


def days(rows: pd.DataFrame, item: str, source: str) -> float:
    """One reading of the transit time."""
    return one(rows, "transit_time", item=item, source=source)


def euros(rows: pd.DataFrame, item: str) -> float:
    """What one item of the announcement of January 2024 has, in billions."""
    return one(rows, "eu_commitment", item=item, source=BRUSSELS)


def reached(rows: pd.DataFrame) -> dict[str, float]:
    """Outcome over target for each target of the corridor that is held against one."""
    boxes, trains = "corridor_containers", "corridor_block_trains"
    early, plan_2025 = "middlecorridor-2022-ankara", "astanatimes-2025-03-06-plan"
    sent = one(rows, trains, item="sent", source="menafn-2025-06-04-ady", time_period="2024")
    ran = one(rows, trains, item="received", time_period="2025")
    plans = rows[
        (rows.indicator == trains) & (rows.time_period == "2025")
        & (rows.item == "plan") & (rows.reporter == "ADY")
    ].value.unique()  # fmt: skip
    aims = {
        year: one(rows, "corridor_cargo", source=page, time_period=str(year))
        for year, page in ((2022, early), (2024, "newsaz-2024-07-29-h1"),
                           (2025, "mailru-2025-09-23-minfin"))
    }  # fmt: skip
    return {
        **{f"cargo-{year}": of_ministry(rows, year) / aim for year, aim in aims.items()},
        "containers-2022": one(rows, boxes, source=MAY_2023)
        / one(rows, boxes, source=early, time_period="2022"),
        "containers-2025": one(rows, boxes, source=MINISTRY, time_period="2025")
        / one(rows, boxes, source=plan_2025, time_period="2025"),
        "sent-2024": sent / one(rows, trains, source="newsaz-2024-09-20-rustamov"),
        **{f"trains-2025-{plan:.0f}": ran / plan for plan in plans},
    }


def exports(rows: pd.DataFrame) -> float:
    """Kazakh exports of 2024 as a share of the ministry's total, in percent."""
    export = one(rows, "corridor_cargo", item="export", time_period="2024")
    return export / of_ministry(rows, 2024) * 100


KEY: dict[str, Callable[[pd.DataFrame], float | str]] = {
    "cargo-2025": lambda rows: of_ministry(rows, 2025),
    "multiple-2022-2025": lambda rows: of_ministry(rows, 2025) / of_ministry(rows, 2022),
    "change-2025": lambda rows: (of_ministry(rows, 2025) / of_ministry(rows, 2024) - 1) * 100,
    "direction-2025": lambda rows: (
        "rose" if of_ministry(rows, 2025) > of_ministry(rows, 2024) else "fell"
    ),
    "second-half-2024": lambda rows: second_half(rows, 2024),
    "second-half-2025": lambda rows: second_half(rows, 2025),
    "now-low-2026": lambda rows: days(rows, "now, low", MINISTRY),
    "now-high-2026": lambda rows: days(rows, "now, high", MINISTRY),
    "before-low-2026": lambda rows: days(rows, "before, low", MINISTRY),
    "before-high-2026": lambda rows: days(rows, "before, high", MINISTRY),
    "before-2025": lambda rows: days(rows, "before", "report-2025-08-19-sauranbayev"),
    "guidance-low": lambda rows: days(rows, "China-Constanta, low", GUIDANCE),
    "guidance-high": lambda rows: days(rows, "China-Constanta, high", GUIDANCE),
    "eu-total": lambda rows: euros(rows, "total"),
    "eu-named": lambda rows: euros(rows, "EIB") + euros(rows, "EBRD"),
    "eu-named-share": lambda rows: (
        (euros(rows, "EIB") + euros(rows, "EBRD")) / euros(rows, "total") * 100
    ),
    "need-central-asia": lambda rows: one(
        rows, "infrastructure_need", item="Central Asia", reporter="EBRD"
    ),
    "export-share-2024": exports,
    "targets-judged": lambda rows: float(len(reached(rows))),
    "targets-met": lambda rows: float(sum(part >= 1 for part in reached(rows).values())),
    "reached-cargo-2025": lambda rows: reached(rows)["cargo-2025"] * 100,
    "reached-containers-2025": lambda rows: reached(rows)["containers-2025"] * 100,
    "stated-by-ministry": lambda rows: one(
        rows, "corridor_cargo_growth", source=FEBRUARY_2024, time_period="2023"
    ),
    "stated-by-association": lambda rows: one(
        rows, "corridor_cargo_growth", source="trend-2024-01-27-ankara", time_period="2023"
    ),
    "base-ministry": lambda rows: one(
        rows, "corridor_cargo", source="newscentralasia-2024-03-11-tokayev", time_period="2022"
    ),
    "base-lower": lambda rows: of_ministry(rows, 2022),
}
"""Each number of the key findings of the newest edition, computed from the raw tables."""


def test_the_key_findings_cite_what_is_computed_here() -> None:
    """No number of the key findings is without a second route, none here is without a finding."""
    assert key_numbers("corridor") == KEY.keys()


@pytest.mark.parametrize("name", KEY)
def test_key_findings_follow_from_the_raw_tables(
    chapter_numbers: Numbers, rows: pd.DataFrame, name: str
) -> None:
    """Values and words of the key findings are those of the CSV files, in million tonnes."""
    record, again = chapter_numbers[name], KEY[name](rows)
    if isinstance(again, str):
        assert record["text"] == again
    else:
        assert record["value"] * TONNES.get(record["unit"], 1.0) == pytest.approx(again)


def test_targets_are_held_against_outcomes(chapter: Chapter, rows: pd.DataFrame) -> None:
    """The figure's shares are outcome over target, one a target; trains against their plans too."""
    frame = drawn(chapter, "corridor.reached")
    parts = reached(rows)
    assert sorted(frame.reached) == pytest.approx(sorted(part * 100 for part in parts.values()))
    first = next(number for number in chapter.numbers if "trains-reached-first" in number["id"])
    assert first["value"] == pytest.approx(parts["trains-2025-1000"] * 100)


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


def test_money_and_needs_are_two_pictures(chapter: Chapter, rows: pd.DataFrame) -> None:
    """One itemises the sum to its last part; the other sets sums beside needs in one currency."""
    items = drawn(chapter, "corridor.money").set_index("row").value
    assert items.filter(like="of which").sum() == pytest.approx(euros(rows, "total"))
    sums = drawn(chapter, "corridor.needs").set_index("row").value
    needs = rows[(rows.indicator == "infrastructure_need") & (rows.reporter == "EBRD")]
    assert set(sums.filter(like="needed")) == set(needs.value)
    assert sums["itemised Jan 2024"] == pytest.approx(euros(rows, "EIB") + euros(rows, "EBRD"))


def test_exports_are_more_than_half_in_every_reading(chapter: Chapter, rows: pd.DataFrame) -> None:
    """Each share of exports is stated, or a page's exports over a total of the same months."""
    stated = rows[(rows.indicator == "corridor_cargo_share") & (rows["item"] == "export")].value
    page = {"source": "portnews-2023-09-07-7m", "time_period": "2023-01/2023-07"}
    export, whole = (one(rows, "corridor_cargo", item=item, **page) for item in ("export", ""))
    again = [*stated, exports(rows), export / whole * 100]
    frame = drawn(chapter, "corridor.direction")
    assert sorted(frame[frame.kind == "export"].value) == pytest.approx(sorted(again))
    assert min(again) > 50


def test_ports_show_the_longest_part_of_each_year(chapter: Chapter, rows: pd.DataFrame) -> None:
    """Bars are of whole years where there is one, and span the readings of one year."""
    frame = drawn(chapter, "corridor.ports")
    done = frame[frame.outcome].set_index(["port", "year"])
    kuryk = rows[(rows.indicator == "kuryk_port_throughput") & (rows["item"] == "total")]
    of_2018 = kuryk[kuryk.time_period == "2018"]
    values = of_2018.value * of_2018.unit.map(TONNES)
    assert tuple(done.loc[("Kuryk", 2018), ["low", "high"]]) == (values.min(), values.max())
    assert values.max() / values.min() > 1.1
    ten = one(rows, "aktau_port_throughput", item="total", time_period="2023-01/2023-10",
              source="trend-2023-12-12-aktau-10m")  # fmt: skip
    assert done.loc[("Aktau", 2023), "low"] == pytest.approx(ten)
    assert done.loc[("Aktau", 2023), "months"] == 10
    assert done.loc[("Baku", 2024), "high"] == one(
        rows, "baku_port_throughput", item="total", time_period="2024"
    )


def test_what_stands_in_print_twice_is_measured(chapter: Chapter, rows: pd.DataFrame) -> None:
    """Gaps are the higher over the lower reading; the slip of 2022 is more than its year."""
    frame = drawn(chapter, "corridor.twice")
    pairs = frame.pivot_table(index="name", columns="count", values="value")
    apart = (pairs.higher / pairs.lower - 1) * 100
    assert frame.groupby("name").apart.first().to_dict() == pytest.approx(apart.to_dict())
    assert (apart > 0).all()
    slip = one(rows, "corridor_cargo", source="trend-2022-10-22-9m")
    assert pairs.higher["Corridor, Jan–Sep 2022"] == slip
    assert slip > of_ministry(rows, 2022)


def test_the_line_to_kars_carried_less_than_it_can(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """A mean year is the cumulated cargo over its months; it is below any capacity in print."""
    carried = one(rows, "btk_railway_cargo", reporter="ADY", item="cumulative")
    months = len(pd.period_range("2017-10", "2022-12", freq="M"))
    mean = carried / months * 12
    assert chapter_numbers["btk-yearly"]["value"] * 1e-3 == pytest.approx(mean)
    assert mean < rows[rows.indicator == "btk_railway_capacity"].value.min()


def test_a_leg_without_listed_source_has_no_length(chapter: Chapter) -> None:
    """The length of a leg whose page is not among the sources is printed nowhere."""
    route = table("route")
    hidden = route[(route.source == "not-listed") & (route.distance_km != "")]
    assert len(hidden)
    legs = next(each for each in chapter.tables if each["id"] == "corridor.legs")
    lengths = {row[0] for row in legs["rows"]}
    on_map = next(figure for figure in chapter.figures if figure["id"] == "corridor.map")
    for leg in hidden.itertuples():
        assert str(leg.leg) not in lengths
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
