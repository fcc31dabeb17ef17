"""The energy chapter's numbers, recomputed from the CSV files by a second route."""

from __future__ import annotations

from collections.abc import Callable

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
    run_on,
    standing,
    table,
)

CHAPTER = "energy"

TO_MT = {"Mt": 1.0, "kt": 1e-3, "t": 1e-6}


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """All observations, with ``mt``: the value in million tonnes where it is a mass."""
    frame = observations()
    return frame.assign(mt=frame["value"] * frame["unit"].map(TO_MT))


def pick(rows: pd.DataFrame, column: str = "value", **wanted: str) -> float:
    """The one value of the rows that match; several rows must agree on it."""
    for name, value in wanted.items():
        rows = rows[rows[name] == value]
    values = set(rows[column].round(9))
    assert len(values) == 1, f"{wanted}: {sorted(values)}"
    return float(values.pop())


def printed(numbers: Numbers, name: str, unit: str = "") -> float:
    """The value as it is stored; masses in million tonnes."""
    number = numbers[name]
    assert not unit or number["unit"] == unit
    return float(number["value"]) * TO_MT.get(number["unit"], 1.0)


def test_loadings_for_baku_are_the_articles_figure(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """The loading of 2023 is KazTransOil's row, and rounds to the article's 1.39."""
    expected = pick(
        rows,
        "mt",
        indicator="oil_shipments_aktau",
        item="to Baku",
        reporter="KazTransOil",
        time_period="2023",
    )
    assert printed(chapter_numbers, "baku-2023") == pytest.approx(expected)
    assert round(expected, 2) == 1.39


def test_gap_of_2023_is_baku_less_tengiz(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The oil without a stated way is the difference of two rows of one page."""
    of_2023 = rows[
        (rows["indicator"] == "oil_shipments_aktau")
        & (rows["time_period"] == "2023")
        & (rows["source"] == "menafn-2024-01-15-aktau-2023")
    ].set_index("item")["mt"]
    expected = of_2023["to Baku"] - of_2023["Tengiz"]
    assert printed(chapter_numbers, "gap-2023") == pytest.approx(expected)


def test_one_figure_under_several_headings_counts_once(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """Readings of 2023 are distinct triples of party, value and outcome, over both indicators."""
    year = rows[rows["time_period"] == "2023"]
    through = year[year["indicator"] == "oil_transit_btc"]
    loaded = year[
        (year["indicator"] == "oil_shipments_aktau") & year["item"].isin(["to Baku", "Tengiz"])
    ]
    both = pd.concat([through, loaded])
    outcome = both["status"].isin(["reported", "estimate"])
    distinct = {
        (who, round(value, 9), known)
        for who, value, known in zip(both["reporter"], both["mt"], outcome, strict=True)
    }
    assert chapter_numbers["parties-2023"]["value"] == len(distinct)
    assert chapter_numbers["readings-2023"]["value"] == len(both)
    assert len(distinct) < len(both)


def test_cumulated_total_fits_the_smaller_reading(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """With Tengiz oil for 2023 the years add up to KMG's total; with all loadings they do not."""
    btc = rows[rows["indicator"] == "oil_transit_btc"]
    later = pick(btc, "mt", reporter="KAZ", time_period="2024", status="reported")
    later += pick(btc, "mt", reporter="KAZ", time_period="2025-01/2025-08")
    stated = pick(btc, "mt", reporter="KMG", time_period="2022-11/2025-09")
    small = 1.057 + later
    large = 1.392 + later
    assert printed(chapter_numbers, "sum-tengiz") == pytest.approx(small)
    assert printed(chapter_numbers, "sum-baku") == pytest.approx(large)
    assert round(small, 1) == round(stated, 1)
    assert round(large, 1) != round(stated, 1)


def test_share_of_exports(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """Both shares of 2025 divide a reading of the year by the minister's total of exports."""
    exports = pick(
        rows, "mt", indicator="crude_exports", item="", reporter="KAZ", time_period="2025"
    )
    btc = rows[(rows["indicator"] == "oil_transit_btc") & (rows["time_period"] == "2025")]
    for name, party in (("kmg", "KMG"), ("minister", "KAZ")):
        oil = pick(btc, "mt", reporter=party, status="reported")
        share = printed(chapter_numbers, f"export-share-{name}-2025", "percent")
        assert share == pytest.approx(100 * oil / exports)


def test_share_of_the_pipeline(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """Transit and Kazakh oil are divided by the throughput of the same year and statistics."""
    line = pick(rows, "mt", indicator="btc_throughput", reporter="AZE", time_period="2025")
    transit = pick(rows, "mt", indicator="oil_transit_btc_tkm_kaz", time_period="2025")
    assert printed(chapter_numbers, "transit-share-2025") == pytest.approx(100 * transit / line)
    assert round(100 * transit / line, 1) == 15.2
    assert printed(chapter_numbers, "btc-share-kmg-2025") == pytest.approx(100 * 1.3 / line)


def test_stop_of_august_is_the_fall_of_the_series(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """August 2025 is below July and April, and agrees with the difference of cumulated months."""
    transit = rows[rows["indicator"] == "oil_transit_btc_tkm_kaz"]
    april, july, august = (
        pick(transit, "mt", time_period=f"2025-{month}") for month in ("04", "07", "08")
    )
    assert april > july > august
    assert chapter_numbers["stop-direction"]["text"] == "fell"
    assert printed(chapter_numbers, "transit-august-2025") == pytest.approx(august)
    eight = transit[transit["source"] == "bakou24-nd-btc-8m-2025"]["mt"].item()
    seven = pick(transit, "mt", time_period="2025-01/2025-07")
    assert eight - seven == pytest.approx(august, abs=0.001)


def test_july_and_august_are_a_difference_of_kazakh_figures(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """Eight months less the first half, both as Kazakh officials gave them."""
    btc = rows[(rows["indicator"] == "oil_transit_btc") & (rows["reporter"] == "KAZ")]
    eight = pick(btc, "mt", time_period="2025-01/2025-08")
    half = pick(btc, "mt", time_period="2025-01/2025-06", status="reported")
    assert printed(chapter_numbers, "july-august-2025") == pytest.approx(eight - half)


def of_btc(rows: pd.DataFrame, year: str, reporter: str) -> float:
    """Kazakh oil of a year as one party reported it, in million tonnes."""
    wanted = {"time_period": year, "reporter": reporter, "status": "reported"}
    return pick(rows, "mt", indicator="oil_transit_btc", **wanted)


def loaded(rows: pd.DataFrame, year: str, item: str) -> float:
    """What KazTransOil loaded at Aktau in a year, in million tonnes."""
    wanted = {"reporter": "KazTransOil", "time_period": year, "item": item}
    return pick(rows, "mt", indicator="oil_shipments_aktau", **wanted)


def named(rows: pd.DataFrame, period: str, item: str, **more: str) -> float:
    """A volume agreed on or wished for, in million tonnes a year."""
    wanted = {"time_period": period, "item": item, **more}
    return pick(rows, "mt", indicator="oil_transit_agreement", **wanted)


def exported(rows: pd.DataFrame) -> float:
    """Kazakhstan's oil exports of 2025, in million tonnes."""
    return pick(rows, "mt", indicator="crude_exports", item="", reporter="KAZ", time_period="2025")


def joint(rows: pd.DataFrame, period: str) -> float:
    """Turkmen and Kazakh oil in the pipeline, in million tonnes; the swapped page is left out."""
    kept = rows[rows["source"] != "marketscreener-nd-btc-h1-2024"]
    kept = kept[kept["item"] == "Turkmen and Kazakh oil"]
    found = kept[(kept["indicator"] == "oil_transit_btc_tkm_kaz") & (kept["time_period"] == period)]
    # The same figure stands in thousand tonnes on one page and rounded on another.
    longest = found.assign(digits=found["obs_value"].str.len()).sort_values("digits")
    return float(longest["mt"].iloc[-1])


def uranium(rows: pd.DataFrame, status: str) -> float:
    """The share of the way through Azerbaijan in western shipments of 2023."""
    return pick(rows, indicator="uranium_transit_share", time_period="2023", status=status)


CABLE = {
    "event-0172": "agreements",
    "event-0198": "agreements",
    "event-0202": "institutions",
    "event-0215": "agreements",
    "event-0223": "institutions",
    "event-0258": "the first results of a study",
}
"""The steps of the power line, by what they are."""


def kinds(_rows: pd.DataFrame) -> str:
    """What the steps of the power line are, each kind once, in the order of their first day."""
    events = table("events")
    taken = events[events["id"].isin(CABLE)].sort_values(["date", "id"])["id"]
    *most, last = dict.fromkeys(CABLE[step] for step in taken)
    return f"{', '.join(most)} and {last}"


AGAIN: dict[str, Callable[[pd.DataFrame], float | str]] = {
    "kmg-2025": lambda rows: of_btc(rows, "2025", "KMG"),
    "minister-2025": lambda rows: of_btc(rows, "2025", "KAZ"),
    "export-share-kmg-2025": lambda rows: 100 * of_btc(rows, "2025", "KMG") / exported(rows),
    "export-share-minister-2025": lambda rows: 100 * of_btc(rows, "2025", "KAZ") / exported(rows),
    "contract-2024": lambda rows: named(rows, "2024-03", "BTC"),
    "short-kmg-2025": lambda rows: named(rows, "2024-03", "BTC") - of_btc(rows, "2025", "KMG"),
    "short-minister-2025": lambda rows: named(rows, "2024-03", "BTC") - of_btc(rows, "2025", "KAZ"),
    "hope-20": lambda rows: named(rows, "2024-11", "long-term"),
    "hope-2027": lambda rows: named(rows, "2027", "BTC", reporter="AZE"),
    "baku-2022": lambda rows: loaded(rows, "2022", "to Baku"),
    "baku-2023": lambda rows: loaded(rows, "2023", "to Baku"),
    "tengiz-2023": lambda rows: loaded(rows, "2023", "Tengiz"),
    "gap-2023": lambda rows: loaded(rows, "2023", "to Baku") - loaded(rows, "2023", "Tengiz"),
    "stop-direction": lambda rows: (
        "fell" if joint(rows, "2025-08") < joint(rows, "2025-04") else "rose"
    ),
    "transit-april-2025": lambda rows: joint(rows, "2025-04"),
    "transit-august-2025": lambda rows: joint(rows, "2025-08"),
    "uranium-2023": lambda rows: pick(
        rows,
        "mt",
        indicator="uranium_transit_tcitr",
        item="all destinations",
        time_period="2023",
    ),
    "uranium-share-2023": lambda rows: uranium(rows, "reported"),
    "uranium-share-expected": lambda rows: uranium(rows, "forecast"),
    "cable-steps": lambda _: float(table("events")["id"].isin(CABLE).sum()),
    "cable-kinds": kinds,
    "cable-grant": lambda rows: pick(rows, indicator="technical_assistance", reporter="ADB"),
}
"""Every number of the newest key findings, from the tables; masses in million tonnes."""


def test_every_number_of_the_key_findings_is_recomputed(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """What the newest key findings cite, words too, follows from the CSV files by other code."""
    assert set(AGAIN) == key_numbers("energy")
    for name, again in AGAIN.items():
        expected = again(rows)
        if isinstance(expected, str):
            assert chapter_numbers[name]["text"] == expected, name
        else:
            assert printed(chapter_numbers, name) == pytest.approx(expected), name


def test_contracts_stand_above_what_came(chapter: Chapter, rows: pd.DataFrame) -> None:
    """Contract and readings of each year in the figure are those of the ledger, the gap is real."""
    marks = drawn(chapter, "energy.contracts")
    of_year = marks[marks["year"] == 2025].groupby("count")["value"]
    contract = named(rows, "2024-03", "BTC")
    came = sorted((of_btc(rows, "2025", "KMG"), of_btc(rows, "2025", "KAZ")))
    assert list(of_year.get_group("contract")) == [contract]
    assert sorted(of_year.get_group("came")) == came
    title = next(f["title"] for f in chapter.figures if f["id"] == "energy.contracts")
    assert f"{contract - came[1]:.1f} to {contract - came[0]:.1f} Mt below" in title
    for _, part in marks.groupby("year"):
        volumes = part.groupby("count")["value"].max()
        assert "came" not in volumes or volumes["came"] < volumes["contract"]


def test_parts_of_a_year_are_compared_with_the_same_part(
    chapter: Chapter, chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """Half-years of Kazakh oil and nine months of transit: figure and growth follow from rows."""
    btc = rows[(rows["indicator"] == "oil_transit_btc") & (rows["status"] == "reported")]
    before = pick(btc, "mt", reporter="KazTransOil", time_period="2024-01/2024-06")
    after = pick(btc, "mt", reporter="KAZ", time_period="2025-01/2025-06")
    growth = 100 * (after / before - 1)
    assert printed(chapter_numbers, "half-growth-2025") == pytest.approx(growth)
    nine = [joint(rows, f"{year}-01/{year}-09") for year in (2023, 2025)]
    change = 100 * (nine[1] / nine[0] - 1)
    assert printed(chapter_numbers, "nine-growth-2025") == pytest.approx(change)
    marks = drawn(chapter, "energy.part-years")
    half = marks[(marks["count"] == "KAZ") & (marks["month"] == 6)]
    assert list(half["value"]) == pytest.approx([before, after])
    assert marks.groupby(["count", "month"]).size().min() > 1


def test_share_of_the_line_is_of_the_same_months(chapter: Chapter, rows: pd.DataFrame) -> None:
    """Each bar is transit over throughput of one period by one reporter; years where both are."""
    bars = drawn(chapter, "energy.line-share")
    bars = bars[bars["what"] == "joint"].set_index("year")
    for year, period in ((2025, "2025"), (2023, "2023"), (2024, "2024-01/2024-07")):
        line = rows[(rows["indicator"] == "btc_throughput") & (rows["time_period"] == period)]
        line = line[line["reporter"] == "AZE"]
        whole = float(line["mt"].iloc[0])
        assert bars.loc[year, "value"] == pytest.approx(100 * joint(rows, period) / whole)
    assert set(bars.index[bars["whole"]]) == {2023, 2025}


def test_tariffs_are_those_of_one_page(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The two tariffs that are compared stand on one page, and no page of a tariff has a date."""
    tariffs = rows[rows["indicator"] == "oil_transport_tariff"]
    both = tariffs[tariffs["source"] == "egemen-nd-btc-tariff"].set_index("item")["value"]
    assert printed(chapter_numbers, "tariff-gap") == both["CPC"] - both["BTC"]
    sources = table("sources").set_index("source")
    assert set(sources.loc[tariffs["source"].unique(), "published"]) == {""}


def test_the_chain_of_the_cable_is_in_order(chapter: Chapter) -> None:
    """The links of the figure stand in the order of their days, one institution each."""
    chain = drawn(chapter, "energy.cable")
    assert list(chain["day"]) == sorted(chain["day"])
    assert chain["who"].is_unique
    events = chain[~chain["hope"]]["observation"]
    assert set(events) == set(CABLE)


def test_net_purchases_of_power_turn_in_the_year_of_the_title(
    chapter: Chapter, rows: pd.DataFrame
) -> None:
    """Since the year in the title Kazakhstan bought more than it sold, and not the year before."""
    net = rows[rows["indicator"] == "net_elec_imports"]
    sold = net.loc[(net["ref_area"] == "KAZ") & (net["value"] <= 0), "time_period"].max()
    title = next(f["title"] for f in chapter.figures if f["id"] == "energy.power-balance")
    assert title.startswith(f"Since {int(sold) + 1} Kazakhstan has bought")
    assert (net.loc[net["ref_area"] == "AZE", "value"] < 0).all()


def test_ways_are_shares_of_the_exports_of_their_year(chapter: Chapter, rows: pd.DataFrame) -> None:
    """CPC and Azerbaijan in the figure are the minister's volumes over the minister's exports."""
    shares = drawn(chapter, "energy.routes").set_index(["way", "year"])["value"]
    exports = {"2025": exported(rows)}
    exports["2023"] = pick(
        rows, "mt", indicator="crude_exports", item="", reporter="KAZ", time_period="2023"
    )
    cpc = pick(
        rows,
        "mt",
        indicator="crude_exports",
        item="CPC",
        time_period="2025",
        source="abc-2026-02-27-exports-2025",
    )
    assert shares["CPC to the Black Sea", 2025] == pytest.approx(100 * cpc / exports["2025"])
    baku = loaded(rows, "2023", "to Baku")
    assert shares["Aktau–Azerbaijan", 2023] == pytest.approx(100 * baku / exports["2023"])


def test_contract_is_filled_in_part(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The contract of March 2024 has one volume in all its rows, and 2025 stayed below it."""
    contract = pick(
        rows, "mt", indicator="oil_transit_agreement", item="BTC", time_period="2024-03"
    )
    oil = pick(rows, "mt", indicator="oil_transit_btc", reporter="KMG", time_period="2025")
    filled = printed(chapter_numbers, "contract-filled")
    assert filled == pytest.approx(100 * oil / contract)
    assert filled < 100


def test_uranium_share_stayed_below_the_expected(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """Outcome and expectation of 2023 are two statuses of one indicator."""
    shares = rows[rows["indicator"] == "uranium_transit_share"]
    came = pick(shares, time_period="2023", status="reported")
    hoped = pick(shares, time_period="2023", status="forecast")
    assert printed(chapter_numbers, "uranium-share-2023") == came
    assert printed(chapter_numbers, "uranium-share-expected") == hoped
    assert came < hoped


def test_electricity_mix_is_of_the_newest_year(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """Coal's and gas's shares are of the newest year of generation in the series."""
    made = rows[rows["indicator"] == "electricity_generation"]
    year = made["time_period"].max()
    assert chapter_numbers["mix-year"]["text"] == year
    for name, area, fuel in (
        ("coal-share-kaz", "KAZ", "coal_electricity"),
        ("gas-share-aze", "AZE", "gas_electricity"),
    ):
        part = pick(rows, indicator=fuel, ref_area=area, time_period=year)
        whole = pick(made, ref_area=area, time_period=year)
        assert printed(chapter_numbers, name) == pytest.approx(100 * part / whole)


def test_monthly_line_adds_up_to_the_cumulated_months(chapter: Chapter, rows: pd.DataFrame) -> None:
    """The stretches of 2025 in the figure, each a monthly average, add up to the year."""
    months = drawn(chapter, "energy.months")
    part = months[(months["count"] == "AZE") & months["start"].str.startswith("2025")]
    year = pick(rows, "mt", indicator="oil_transit_btc_tkm_kaz", time_period="2025")
    assert part["months"].sum() == 12
    assert (part["value"] * part["months"]).sum() / 1000 == pytest.approx(year, abs=0.002)


def test_verdicts_stand_on_evidence(chapter: Chapter) -> None:
    """Every claim of the chapter has one verdict that rests on numbers or events."""
    claims = table("claims")
    wanted = set(claims[claims["chapter"] == "energy"]["claim"])
    assert {made["claim"] for made in chapter.verdicts} == wanted
    assert len(chapter.verdicts) == len(wanted)
    assert all(made["numbers"] or made["events"] or made["readings"] for made in chapter.verdicts)


@pytest.mark.parametrize("day", EDITION_DAYS)
def test_key_values_of_each_edition(day: str, rows: pd.DataFrame) -> None:
    """The gap of 2023, its share of exports and the steps of the cable follow from known rows."""
    known = rows[rows["known_from"] <= day]
    numbers = by_name(run_on("energy", day))
    carrier = known[known["source"] == "menafn-2024-01-15-aktau-2023"]
    baku, tengiz = (
        pick(carrier, "mt", time_period="2023", item=item) for item in ("to Baku", "Tengiz")
    )
    assert printed(numbers, "gap-2023") == pytest.approx(baku - tengiz)
    exports = pick(
        known, "mt", indicator="crude_exports", item="", reporter="KAZ", time_period="2023"
    )
    assert numbers["export-share-2023"]["value"] == pytest.approx(100 * baku / exports)
    year = known[known["indicator"] == "electricity_generation"]["time_period"].max()
    assert numbers["mix-year"]["text"] == year
    events = table("events")
    cable = events[events["id"].isin([f"event-0{n}" for n in (172, 198, 202, 215, 223, 258)])]
    taken = int((cable["known_from"] <= day).sum())
    assert ("cable-steps" in numbers) == (taken > 0)
    assert taken == (numbers["cable-steps"]["value"] if taken else 0)
    assert ("kmg-2025" in numbers) == (day == NEWEST_DAY)


@pytest.mark.parametrize("day", [*EDITION_DAYS, *EARLY_DAYS])
def test_the_chapter_holds_on_the_day(day: str) -> None:
    """It runs, draws, has findings, and neither numbers nor words know of later years."""
    chapter = run_on("energy", day)
    assert chapter.figures
    assert all(record["known_from"] <= day for record in chapter.numbers)
    assert len(findings("energy", day)) >= (3 if day in EDITION_DAYS else 2)
    assert later_years("energy", day) == set()


def test_the_study_of_the_cable_is_told_where_it_is_known(chapter_numbers: Numbers) -> None:
    """The steps are called by their kinds: a study is among them since its results are known."""
    assert "study" in chapter_numbers["cable-kinds"]["text"]
    before = run_on("energy", EDITION_DAYS[1])
    assert "study" not in by_name(before)["cable-kinds"]["text"]
    words = str([*standing("energy", EDITION_DAYS[0]), *before.figures])
    assert "first results" not in words


def test_the_share_of_europe_is_titled_as_exactly_as_it_is_known() -> None:
    """The title prints the share of gas exports with the digits of the number beside it."""
    for day in EDITION_DAYS:
        chapter = run_on("energy", day)
        title = next(each["title"] for each in chapter.figures if each["id"] == "energy.gas")
        assert by_name(chapter)["gas-europe-share"]["text"] in title
