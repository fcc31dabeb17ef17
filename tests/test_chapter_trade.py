"""The trade chapter's numbers, computed again from the data files by plain pandas."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from azkz.build.chapter import Chapter
from chapter_checks import (
    ARTICLE_DAY,
    EARLY_DAYS,
    EDITION_DAYS,
    NEWEST_DAY,
    Numbers,
    by_name,
    drawn,
    findings,
    key_numbers,
    later_years,
    run_on,
    standing,
)

CHAPTER = "trade"

PRESS = "trend-2024-03-05-igc-joint-production"


def datasets(rows: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Exports, imports and turnover in million USD by year, for one Kazakh dataset."""
    found = rows[rows["source"].str.startswith(prefix) & (rows["indicator"] == "exports")]
    found = found.assign(
        flow=found["ref_area"].map({"KAZ": "exports", "AZE": "imports"}),
        year=found["time_period"].astype(int),
        value=found["value"] / 1000,
    )
    table = found.pivot_table(index="year", columns="flow", values="value")
    return table.assign(turnover=table["exports"] + table["imports"])


def one(rows: pd.DataFrame, **wanted: str) -> float:
    """The one value whose row has these cells."""
    found = rows
    for column, cell in wanted.items():
        found = found[found[column] == cell]
    assert len(found) == 1, f"{wanted} has {len(found)} rows"
    return float(found["value"].iloc[0])


def change(new: float, old: float) -> float:
    """Growth in percent."""
    return 100 * (new - old) / old


def aims_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that name 1 billion USD as the aim for trade between the two."""
    found = rows[(rows["indicator"] == "trade_target") & (rows["unit"] == "billion USD")]
    return found[(found["ref_area"] == "KAZ") & (found["counterpart_area"] == "AZE")]


def season(rows: pd.DataFrame, period: str) -> float:
    """Grain and flour of one season in thousand tonnes."""
    return one(rows, indicator="commodity_volume", item="grain", time_period=period)


def balances(rows: pd.DataFrame) -> pd.Series:
    """Exports over imports by year: UN Comtrade to 2019, the Bureau from 2020."""
    older, newer = datasets(rows, "wits-"), datasets(rows, "bns-")
    table = pd.concat([older[older.index < newer.index.min()], newer])
    return pd.Series(table["exports"] / table["imports"])


def key_values(rows: pd.DataFrame) -> dict[str, float | str]:
    """The numbers that the key findings of the newest edition cite, each from the raw rows."""
    bureau, comtrade = (datasets(rows, name)["turnover"] for name in ("bns-", "wits-"))
    stated = {
        year: one(rows, indicator="trade_turnover", source=PRESS, time_period=str(year))
        for year in (2022, 2023)
    }
    wheels = one(rows, indicator="commodity_exports", item="locomotives")
    sent = {"source": "astanatimes-2023-04-11-reiterate", "ref_area": "KAZ"}
    aims = aims_of(rows)
    said = aims["time_period"].str[:4]
    azerbaijani = {"source": "news-az-2025-10-14-igc-baku", "time_period": "2024"}
    ten_months = {"source": "trend-ru-2025-11-29-ots-jan-oct", "counterpart_area": "AZE"}
    return {
        "ratio-2020-revised": bureau[2023] / bureau[2020],
        "ratio-2020-newest": bureau[2025] / bureau[2020],
        "lowest-since": str(comtrade[comtrade < comtrade[2020]].index.max()),
        "ratio-2008-newest": bureau[2025] / comtrade[2008],
        "turnover-2023-stated": stated[2023],
        "growth-2023-recomputed": change(stated[2023], stated[2022]),
        "turnover-2023-revised": bureau[2023],
        "growth-2023-revised": change(bureau[2023], bureau[2022]),
        "direction-2025": "fell" if bureau[2025] < bureau[2023] else "rose",
        "turnover-2025": bureau[2025],
        "growth-2024-kazakh": change(bureau[2024], bureau[2023]),
        "growth-2024-azerbaijani": one(rows, indicator="trade_growth", **azerbaijani),
        "azerbaijani-2025-10m": one(rows, indicator="trade_turnover", **ten_months),
        "surplus-years": float((balances(rows) > 1).sum()),
        "balance-years": float(len(balances(rows))),
        "balance-2025": balances(rows)[2025],
        "locomotives-2022": wheels,
        "locomotives-share": 100 * wheels / one(rows, indicator="exports", **sent),
        "grain-before": season(rows, "2023-09/2024-04"),
        "grain-after": season(rows, "2024-09/2025-04"),
        "aim": float(aims["value"].unique().item()),
        "targets-billion": float(len(aims)),
        "targets-first": said.min(),
        "targets-last": said.max(),
        "best-of-target": bureau.max() / 10,
    }


def test_every_number_of_the_key_findings_is_recomputed(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """Values and words of all numbers that they cite follow from the data files."""
    expected = key_values(rows)
    assert set(expected) == key_numbers("trade")
    for name, value in expected.items():
        if isinstance(value, str):
            assert chapter_numbers[name]["text"] == value, name
        else:
            assert chapter_numbers[name]["value"] == pytest.approx(value), name


def test_ten_months_of_2021_exceed_the_year_in_un_comtrade(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """What officials stated for ten months, and imply for 2021, is held against both datasets."""
    ten = one(rows, indicator="trade_turnover", source="kazinform-2022-01-13-pms-phone")
    comtrade, bureau = datasets(rows, "wits-"), datasets(rows, "bns-")
    assert chapter_numbers["ten-months-2021"]["value"] == pytest.approx(
        ten / comtrade["turnover"][2021]
    )
    implied = 0.0
    for area in ("KAZ", "AZE"):
        said = {"source": "trend-2023-04-11-kazakh-media", "ref_area": area}
        level = one(rows, indicator="exports", **said)
        implied += level / (1 + one(rows, indicator="exports_growth", **said) / 100)
    assert chapter_numbers["turnover-2021-implied"]["value"] == pytest.approx(implied)
    assert implied == pytest.approx(bureau["turnover"][2021], rel=0.01)


def test_the_trails_hold_each_reading_of_a_year_once(chapter: Chapter, rows: pd.DataFrame) -> None:
    """The drawn figures are those of the rows; the two datasets stand in every year they have."""
    shown = drawn(chapter, "trade.vintages")
    for prefix, name in (("bns-", "Bureau"), ("wits-", "UN Comtrade")):
        turnover = datasets(rows, prefix)["turnover"]
        mine = shown[shown["whose"] == name].set_index("year")["value"]
        pd.testing.assert_series_equal(
            mine.sort_index(),
            turnover[turnover.index >= 2020],
            check_names=False,
            check_dtype=False,
        )
    said = shown[shown["whose"].isin(["stated", "no side named", "Azerbaijani"])]
    by_id = rows.set_index("id")
    for row in said.to_dict("records"):
        found = by_id.loc[str(row["observation"])]
        assert found["value"] == row["value"]
        assert str(found["time_period"]).startswith(str(row["year"]))
    assert not shown.duplicated(["year", "whose", "part", "printed"]).any()


def test_growth_is_drawn_to_2023_and_to_the_newest_year(
    chapter: Chapter, rows: pd.DataFrame
) -> None:
    """Every base year has its factor to both; two datasets are mixed only where it is said."""
    ends = drawn(chapter, "trade.base-year")
    bureau, comtrade = (datasets(rows, name)["turnover"] for name in ("bns-", "wits-"))
    assert set(ends["end"]) == {2023, 2025}
    for row in ends.to_dict("records"):
        base = bureau if row["count"] == "Bureau" else comtrade
        top = comtrade if row["count"] == "UN Comtrade" else bureau
        assert row["value"] == pytest.approx(top[row["end"]] / base[row["year"]])
    for last in (2023, 2025):
        assert set(ends[ends["end"] == last]["year"]) == set(range(1995, last))


def test_the_mirror_table_has_ratio_and_sign(chapter: Chapter, rows: pd.DataFrame) -> None:
    """The ratio is of the levels in the row, and the signs follow from the changes in it."""
    shown = next(one for one in chapter.tables if one["id"] == "trade.mirror-periods")
    values: dict[str, Any] = {each["id"]: each["value"] for each in chapter.numbers}
    values |= dict(zip(rows["id"], rows["value"], strict=True))
    told = set()
    for _, *cells, signs in shown["rows"]:
        parts = [cell[0] if isinstance(cell, list) else {} for cell in cells]
        found: list[Any] = [values.get(part.get("number", part.get("row"))) for part in parts]
        ours, theirs, ratio, *two = found
        assert ratio == pytest.approx(theirs / ours)
        apart = None not in two and two[0] * two[1] < 0
        assert signs == ("\u2026" if None in two else "opposite" if apart else "same")
        told.add(signs)
    assert "opposite" in told


def test_shares_of_gdp_divide_the_kazakh_count(chapter: Chapter, rows: pd.DataFrame) -> None:
    """The newest shares that the title prints are turnover over GDP in one year."""
    turnover = pd.concat(
        [datasets(rows, "wits-")["turnover"].loc[:2019], datasets(rows, "bns-")["turnover"]]
    )
    gdp = rows[(rows["indicator"] == "gdp") & rows["source"].str.startswith("wdi")]
    share = {
        area: 100 * turnover[2024] * 1e6 / one(gdp, ref_area=area, time_period="2024")
        for area in ("KAZ", "AZE")
    }
    title = next(one["title"] for one in chapter.figures if one["id"] == "trade.shares")
    assert f"{share['KAZ']:.2f} percent of Kazakhstan's GDP" in title
    assert f"{share['AZE']:.2f} percent of Azerbaijan's" in title


def test_the_stated_and_the_revised_figure_stand_side_by_side(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """2023 is printed as stated in March 2024 and as the Bureau revised it, and not mixed."""
    bureau = datasets(rows, "bns-")
    stated = one(rows, indicator="trade_turnover", source=PRESS, time_period="2023")
    assert stated == 529.4
    assert chapter_numbers["turnover-2023-stated"]["value"] == stated
    revised = chapter_numbers["turnover-2023-revised"]
    assert revised["value"] == pytest.approx(bureau.loc[2023, "turnover"])
    assert revised["text"].startswith("556.7")
    assert chapter_numbers["revision-2023"]["value"] == pytest.approx(revised["value"] - stated)


def test_growth_in_2023_follows_from_the_levels(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """Growth is recomputed from the stated, the revised and the Comtrade levels, each by itself."""
    new = one(rows, indicator="trade_turnover", source=PRESS, time_period="2023")
    old = one(rows, indicator="trade_turnover", source=PRESS, time_period="2022")
    assert chapter_numbers["growth-2023-recomputed"]["value"] == pytest.approx(change(new, old))
    assert chapter_numbers["growth-2023-stated"]["value"] == one(
        rows, indicator="trade_growth", source=PRESS, time_period="2023"
    )
    for prefix, name in (("bns-", "growth-2023-revised"), ("wits-", "growth-2023-comtrade")):
        levels = datasets(rows, prefix)["turnover"]
        assert chapter_numbers[name]["value"] == pytest.approx(change(levels[2023], levels[2022]))


def test_ratios_to_a_base_year_stay_in_one_dataset(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """Ratios of 2023 to 2008, 2013, 2018 and 2020 divide figures of one dataset."""
    comtrade = datasets(rows, "wits-")["turnover"]
    for year in (2008, 2013, 2018, 2020):
        expected = comtrade[2023] / comtrade[year]
        assert chapter_numbers[f"ratio-{year}-comtrade"]["value"] == pytest.approx(expected)
    bureau = datasets(rows, "bns-")["turnover"]
    expected = bureau[2023] / bureau[2020]
    assert chapter_numbers["ratio-2020-revised"]["value"] == pytest.approx(expected)
    assert chapter_numbers["ratio-base-year"]["value"] == pytest.approx(expected)
    assert chapter_numbers["ratio-2020-newest"]["value"] == pytest.approx(
        bureau[2025] / bureau[2020]
    )


def test_the_kazakh_count_falls_after_2023(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """Growth in 2024 and 2025 and the word for it follow from the Bureau's levels."""
    bureau = datasets(rows, "bns-")["turnover"]
    for year in (2024, 2025):
        expected = change(bureau[year], bureau[year - 1])
        assert chapter_numbers[f"growth-{year}-kazakh"]["value"] == pytest.approx(expected)
    word = "fell" if bureau[2025] < bureau[2023] else "rose"
    assert chapter_numbers["direction-2025"]["text"] == word


def test_the_two_counts_have_opposite_signs(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """In January to April 2024 and in 2024 one side's growth is positive, the other's negative."""
    growth = rows[(rows["indicator"] == "trade_growth") & (rows["counterpart_area"] == "AZE")]
    part = growth[growth["time_period"] == "2024-01/2024-04"].set_index("reporter")["value"]
    assert chapter_numbers["growth-2024-4m-kazakh"]["value"] == part["KAZ"]
    assert chapter_numbers["growth-2024-4m-azerbaijani"]["value"] == part["AZE"]
    assert part["KAZ"] * part["AZE"] < 0
    year = growth[(growth["time_period"] == "2024") & (growth["reporter"] == "AZE")]["value"]
    printed = chapter_numbers["growth-2024-azerbaijani"]["value"]
    assert set(year) == {printed}
    assert printed * chapter_numbers["growth-2024-kazakh"]["value"] < 0


def test_the_implied_azerbaijani_level_of_2023(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """Level and growth for 2024 give the level of 2023; the digits of both bear hundreds."""
    source = {"source": "news-az-2025-10-14-igc-baku", "time_period": "2024"}
    level = one(rows, indicator="trade_turnover", **source)
    implied = level / (1 + one(rows, indicator="trade_growth", **source) / 100)
    assert chapter_numbers["azerbaijani-2023-implied"]["value"] == pytest.approx(implied)
    assert chapter_numbers["azerbaijani-2023-implied"]["text"].startswith(
        f"{round(implied, -2):.0f}"
    )


def test_the_balance_is_exports_over_imports(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """Each ratio of the balance divides exports by imports of one source and year."""
    sold, bought = (
        one(rows, indicator="exports", source=PRESS, time_period="2023", ref_area=area)
        for area in ("KAZ", "AZE")
    )
    assert chapter_numbers["balance-2023-stated"]["value"] == pytest.approx(sold / bought)
    for prefix, year in (("bns-", 2024), ("bns-", 2025), ("wits-", 2008)):
        flows = datasets(rows, prefix).loc[year]
        expected = flows["exports"] / flows["imports"]
        assert chapter_numbers[f"balance-{year}"]["value"] == pytest.approx(expected)


def test_the_spring_of_2025_is_a_difference_of_cumulated_months(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """March to June is the half-year less January and February, and its share is of ten months."""
    mine = rows[(rows["reporter"] == "AZE") & (rows["ref_area"].isin(["KAZ", "AZE"]))]
    mine = mine[mine["counterpart_area"].isin(["KAZ", "AZE"])]
    level = mine[mine["indicator"] == "trade_turnover"].groupby("time_period")["value"].max()
    start = mine[(mine["indicator"] == "exports") & (mine["time_period"] == "2025-01/2025-02")]
    spring = level["2025-01/2025-06"] - start["value"].sum()
    assert chapter_numbers["spring-2025"]["value"] == pytest.approx(spring)
    share = 100 * spring / level["2025-01/2025-10"]
    assert chapter_numbers["spring-2025-share"]["value"] == pytest.approx(share)


def test_the_offer_is_held_against_exports(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The offer of non-raw goods is a share of the Bureau's exports of 2023."""
    offer = one(rows, indicator="non_raw_export_potential", counterpart_area="AZE")
    expected = 100 * offer / datasets(rows, "bns-")["exports"][2023]
    assert chapter_numbers["offer-share"]["value"] == pytest.approx(expected)


def test_titles_say_what_is_drawn(chapter: Chapter) -> None:
    """The comparisons that titles count are counted again from the figures' own data."""
    titles = {figure["id"]: figure["title"] for figure in chapter.figures}
    mirror = drawn(chapter, "trade.mirror")
    table = mirror.pivot_table(index="period", columns="count", values="value")
    less = int((table["Azerbaijani count"] < table["Kazakh count"]).sum())
    assert f"in {less} of {len(table)} periods" in titles["trade.mirror"]
    net = drawn(chapter, "trade.balance").groupby("year")["value"].sum()
    assert f"in {(net > 0).sum()} of {len(net)} years" in titles["trade.balance"]


def test_an_earlier_edition_knows_no_later_figure() -> None:
    """As of the article's day the chapter runs, and prints nothing of what came to light later."""
    earlier = run_on("trade", ARTICLE_DAY)
    numbers = {record["id"]: record for record in earlier.numbers}
    assert numbers["trade.turnover-2023-stated"]["value"] == 529.4
    assert "trade.turnover-2023-revised" not in numbers
    assert all(record["known_from"] <= ARTICLE_DAY for record in numbers.values())
    shown = str(earlier.figures) + str(earlier.tables) + str(earlier.verdicts)
    assert "556.7" not in shown
    assert {verdict["claim"] for verdict in earlier.verdicts} >= {"turnover-2023", "growth-2023"}


@pytest.mark.parametrize("day", EDITION_DAYS)
def test_key_values_of_each_edition(day: str, rows: pd.DataFrame) -> None:
    """Growth, ratios, shares and counts follow from the rows that were known on the day."""
    known = rows[rows["known_from"] <= day]
    numbers = by_name(run_on("trade", day))
    stated = {
        year: one(known, indicator="trade_turnover", source=PRESS, time_period=str(year))
        for year in (2022, 2023)
    }
    assert numbers["turnover-2023-stated"]["value"] == stated[2023] == 529.4
    growth = change(stated[2023], stated[2022])
    assert numbers["growth-2023-recomputed"]["value"] == pytest.approx(growth)
    comtrade = datasets(known, "wits-")["turnover"]
    assert numbers["ratio-2008-stated"]["value"] == pytest.approx(stated[2023] / comtrade[2008])
    bureau = known[known["source"].str.startswith("bns-")]
    assert ("turnover-2023-revised" in numbers) == (len(bureau) > 0) == (day == NEWEST_DAY)
    assert ("comtrade-2023" in numbers) == (2023 in comtrade.index) == (day > "2024-12-31")
    pair = known[(known["ref_area"] == "KAZ") & (known["counterpart_area"] == "AZE")]
    aims = pair[(pair["indicator"] == "trade_target") & (pair["unit"] == "billion USD")]
    assert numbers["targets-billion"]["value"] == len(aims)
    outcome = pair["status"].isin(["reported", "estimate"]) & (pair["reporter"] == "KAZ")
    years = pair[outcome & (pair["indicator"] == "trade_turnover")]
    exact = years[years["source"].isin([PRESS, "kt-2025-03-13-bayramov-astana"])]["value"]
    counts = [*comtrade, *exact, *(datasets(bureau, "bns-")["turnover"] if len(bureau) else ())]
    assert numbers["best-of-target"]["value"] == pytest.approx(max(counts) / 10)


@pytest.mark.parametrize("day", [*EDITION_DAYS, *EARLY_DAYS])
def test_the_chapter_holds_on_the_day(day: str) -> None:
    """It runs, draws, has findings, and neither numbers nor words know of later years."""
    chapter = run_on("trade", day)
    assert len(chapter.figures) >= 2
    assert all(record["known_from"] <= day for record in chapter.numbers)
    assert 3 <= len(findings("trade", day)) <= 6
    assert later_years("trade", day) == set()


def test_the_revision_is_told_where_it_is_known() -> None:
    """The newest edition says which figure was revised into which; earlier ones hint at none."""
    both = ("trade.turnover-2023-stated", "trade.turnover-2023-revised")
    told = [text for text in standing("trade", NEWEST_DAY) if all(key in text for key in both)]
    assert any("since revised" in text for text in told)
    for day in EDITION_DAYS[:-1]:
        chapter = run_on("trade", day)
        words = str([*standing("trade", day), *chapter.figures, *chapter.tables, *chapter.verdicts])
        assert "first stated" not in words
        assert "as revised" not in words
