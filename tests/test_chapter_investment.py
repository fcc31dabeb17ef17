"""The investment chapter: its key numbers recomputed from the ledger's files by plain pandas."""

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
    findings,
    later_years,
    observations,
    run,
    run_on,
    table,
)

IN_KAZAKHSTAN = {"ref_area": "AZE", "counterpart_area": "KAZ"}
IN_AZERBAIJAN = {"ref_area": "KAZ", "counterpart_area": "AZE"}
ARTICLE_START = "2023-05"
"""The month from which the article has the Turkic Investment Fund operating."""


@pytest.fixture(scope="module")
def chapter() -> Chapter:
    """The chapter, run once with the parameters that it declares."""
    return run("investment")


@pytest.fixture(scope="module")
def chapter_numbers(chapter: Chapter) -> Numbers:
    """The chapter's numbers by name."""
    return by_name(chapter)


@pytest.fixture(scope="module")
def verdicts(chapter: Chapter) -> dict[str, str]:
    """Its verdicts by claim."""
    return {row["claim"]: row["verdict"] for row in chapter.verdicts}


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """The observations as the file has them, values as numbers."""
    return observations()


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    """The events as the file has them, by id."""
    return table("events").set_index("id")


def pick(rows: pd.DataFrame, indicator: str, **asked: str) -> pd.DataFrame:
    """The rows of an indicator in which every column asked for has the value given."""
    found = rows[rows["indicator"].eq(indicator)]
    for column, value in asked.items():
        found = found[found[column].eq(value)]
    return found


def one(rows: pd.DataFrame, indicator: str, **asked: str) -> float:
    """The one value on which all rows asked for agree."""
    values = pick(rows, indicator, **asked)["value"].unique()
    assert len(values) == 1, f"{indicator} {asked}: {values}"
    return float(values[0])


def by_year(rows: pd.DataFrame, indicator: str) -> pd.Series:
    """The wiiw series of Azerbaijan in Kazakhstan, by year."""
    found = pick(rows, indicator, source="wiiw-kz-fdi-partners", **IN_KAZAKHSTAN)
    return pd.Series(found["value"].to_numpy(), index=found["time_period"].astype(int)).sort_index()


def printed(numbers: Numbers, name: str) -> float:
    """The value of a number of the chapter."""
    return float(numbers[name]["value"])


def months_between(start: str, day: str) -> int:
    """Whole months from one month to that of a day."""
    begin, end = pd.Period(start[:7], "M"), pd.Period(day[:7], "M")
    return (end.year - begin.year) * 12 + end.month - begin.month


def test_the_stock_peaks_and_falls(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """Peak, newest value and change of the stock are those of the file."""
    stock = by_year(rows, "fdi_stock")
    assert printed(chapter_numbers, "stock-peak") == pytest.approx(stock.max())
    assert chapter_numbers["stock-peak-year"]["text"] == str(stock.idxmax())
    assert printed(chapter_numbers, "stock-last") == pytest.approx(stock.iloc[-1])
    assert chapter_numbers["stock-last-year"]["text"] == str(stock.index[-1])
    change = 100 * (stock.iloc[-1] - stock.max()) / stock.max()
    assert printed(chapter_numbers, "stock-change") == pytest.approx(change)


def test_the_share_in_the_stock_belongs_to_the_same_year(
    chapter_numbers: Numbers, rows: pd.DataFrame
) -> None:
    """The share printed beside the stock is that of the newest year of the stock."""
    share = by_year(rows, "fdi_stock_share")
    newest_year = by_year(rows, "fdi_stock").index[-1]
    assert printed(chapter_numbers, "stock-share-last") == pytest.approx(share[newest_year])


def test_net_flows_add_up(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The sums of net flows, and the years of withdrawal, follow from the yearly values."""
    flow = by_year(rows, "fdi_net_flow")
    assert printed(chapter_numbers, "flows-added") == pytest.approx(flow.sum())
    assert printed(chapter_numbers, "flows-2005-2020") == pytest.approx(flow.loc[2005:2020].sum())
    assert printed(chapter_numbers, "withdrawal-years") == int((flow.iloc[-4:] < 0).sum())
    assert printed(chapter_numbers, "flow-low") == pytest.approx(flow.min())


def test_the_mean_of_sixteen_years(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The National Bank's total is stated for 2005-2020 and divided by these sixteen years."""
    total = one(rows, "fdi_cumulative", time_period="2005-01/2020-12", **IN_KAZAKHSTAN)
    assert total == 306.5
    years = len(range(2005, 2021))
    assert printed(chapter_numbers, "average-2005-2020") == pytest.approx(total / years)


def test_the_share_of_2022_uses_one_unit(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """Millions are set against billions: the share is of the whole gross inflow of 2022."""
    part = one(rows, "fdi_flow", time_period="2022", **IN_KAZAKHSTAN)
    whole = one(rows, "fdi_inflow_total", time_period="2022", ref_area="KAZ") * 1000
    assert printed(chapter_numbers, "gross-2022-share") == pytest.approx(100 * part / whole)


def test_both_directions_of_2018_and_2019(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The two years' total is the sum of its years, and the ratio of directions follows."""
    there = one(rows, "fdi_flow", time_period="2018-01/2019-12", **IN_KAZAKHSTAN)
    years = [one(rows, "fdi_flow", time_period=year, **IN_KAZAKHSTAN) for year in ("2018", "2019")]
    assert there == pytest.approx(sum(years))
    back = one(rows, "fdi_flow", time_period="2018-01/2019-12", **IN_AZERBAIJAN)
    assert printed(chapter_numbers, "gross-back-ratio") == pytest.approx(back / there)


def test_the_total_was_re_dated(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """Trend's total to 2022 is no more than the Bank's to 2020, and below it with 2022 added."""
    bank = one(rows, "fdi_cumulative", time_period="2005-01/2020-12", **IN_KAZAKHSTAN)
    press = one(rows, "fdi_cumulative", time_period="2005-01/2022-12", **IN_KAZAKHSTAN)
    floor = bank + one(rows, "fdi_flow", time_period="2022", **IN_KAZAKHSTAN)
    assert press <= bank < floor
    assert printed(chapter_numbers, "total-trend") == press
    assert printed(chapter_numbers, "total-with-2022") == pytest.approx(floor)


def test_the_gap_of_march_2024(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The gap is between the highest and the lowest total printed in that month."""
    said = pick(rows, "fdi_cumulative")
    said = said[said["known_from"].str.startswith("2024-03")]
    for name, areas in (("total-gap", IN_KAZAKHSTAN), ("back-gap", IN_AZERBAIJAN)):
        values = pick(said, "fdi_cumulative", **areas)["value"]
        gap = 100 * (values.max() / values.min() - 1)
        assert printed(chapter_numbers, name) == pytest.approx(gap)


def test_the_tenth_place(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The tenth place of 2022 and its multiple come from the rank and the value of one country."""
    rank = pick(rows, "investor_rank_by_country", ref_area="KAZ", time_period="2022")
    country = rank.loc[rank["value"].eq(10), "item"].item()
    tenth = one(rows, "fdi_inflow_by_country", item=country, time_period="2022", ref_area="KAZ")
    azerbaijan = one(rows, "fdi_flow", time_period="2022", **IN_KAZAKHSTAN)
    assert printed(chapter_numbers, "tenth-place") == tenth
    assert printed(chapter_numbers, "tenth-ratio") == pytest.approx(tenth / azerbaijan)
    assert rank["value"].max() == 10, "places 11 to 15 are now known: judge the claim anew"


def test_the_place_by_companies(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """The place by companies is that of the list in one unit, thousands resolved."""
    listed = pick(rows, "companies_by_country", time_period="2024-05-01", ref_area="KAZ")
    size = listed["value"] * listed["unit"].map({"count": 1, "thousand": 1000})
    place = int(size.rank(ascending=False)[listed["item"].eq("AZE")].item())
    words = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"]
    assert chapter_numbers["companies-rank"]["text"] == words[place - 1]
    russian = size[listed["item"].eq("RUS")].item() / size[listed["item"].eq("AZE")].item()
    assert printed(chapter_numbers, "companies-russian-ratio") == pytest.approx(russian)


def test_the_turkic_fund_starts_after_the_article_says(
    chapter_numbers: Numbers, verdicts: dict[str, str], events: pd.DataFrame
) -> None:
    """Ratifications, first board and opening all come after the month that the article gives."""
    steps = ["event-0129", "event-0131", "event-0143", "event-0147", "event-0175", "event-0252"]
    assert (events.loc[steps, "date"] > ARTICLE_START + "-31").all()
    delays = {"turkic-board-delay": "event-0175", "turkic-open-delay": "event-0252"}
    for name, event in delays.items():
        months = months_between(ARTICLE_START, str(events.loc[event, "date"]))
        assert chapter_numbers[name]["text"] == f"{months} months"
    assert verdicts["turkic-fund-operating"] == "contradicted"


def test_the_turkic_capital_splits(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """Paid-in and other capital add up to the authorised one, and instalments to the share."""
    fund = {"item": "Turkic Investment Fund", "time_period": "2023-03-16"}
    parts = [one(rows, f"fund_{kind}_capital", **fund) for kind in ("paid_in", "callable")]
    assert sum(parts) == one(rows, "fund_capital", **fund)
    assert printed(chapter_numbers, "turkic-capital") == sum(parts)
    instalments = pick(rows, "fund_member_payment", time_period="2023-03-16")["value"].sum()
    assert printed(chapter_numbers, "turkic-member") == instalments
    members = printed(chapter_numbers, "turkic-members")
    assert members * instalments == printed(chapter_numbers, "turkic-paid-in")


def test_nothing_is_paid_by_the_bilateral_fund(
    chapter_numbers: Numbers, rows: pd.DataFrame, events: pd.DataFrame
) -> None:
    """The ledger has only announcements of the fund; the wait is that between its two events."""
    fund = rows[rows["item"].str.contains("SK-AIH", regex=False)]
    assert set(fund["status"]) == {"announced"}
    assert set(fund["value"]) == {printed(chapter_numbers, "fund-capital")}
    wait = months_between(*(str(events.loc[i, "date"]) for i in ("event-0163", "event-0239")))
    assert chapter_numbers["fund-wait"]["text"] == f"{wait} months"


def test_no_azerbaijani_partner_in_kazakh_ports(chapter: Chapter, rows: pd.DataFrame) -> None:
    """The title on the ports says what the partners in the file say."""
    kazakh = rows[rows["indicator"].isin(["port_investment", "port_investment_kzt"])]
    partners = set(kazakh.loc[kazakh["ref_area"].eq("KAZ"), "counterpart_area"])
    assert partners == {"", "CHN"}
    titles = {figure["id"]: figure["title"] for figure in chapter.figures}
    assert "none is Azerbaijani" in titles["investment.ports"]


def test_turkiye_takes_most_of_2023(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """Türkiye's share is of the total of the same year, and Kazakhstan is not on the list."""
    named = pick(rows, "fdi_outflow_by_country", ref_area="AZE", time_period="2023")
    size = named["value"] * named["unit"].map({"million USD": 1, "billion USD": 1000})
    whole = one(rows, "fdi_outflow_total", ref_area="AZE", time_period="2023") * 1000
    share = 100 * size[named["item"].eq("TUR")].item() / whole
    assert printed(chapter_numbers, "outward-turkiye-share") == pytest.approx(share)
    assert "KAZ" not in set(named["item"])
    assert size.sum() < whole


def test_every_claim_is_judged(verdicts: dict[str, str]) -> None:
    """Each claim of the chapter has a verdict."""
    claims = table("claims")
    assert set(verdicts) == set(claims.loc[claims["chapter"].eq("investment"), "claim"])


def test_as_known_on_the_day_of_the_article() -> None:
    """On 11 March 2024 later facts are missing, and the fund's start is only not confirmed."""
    chapter = run_on("investment", ARTICLE_DAY)
    known = set(by_name(chapter))
    missing = {row["id"].removeprefix("investment.") for row in chapter.missing}
    assert {"total-2005-2020", "gross-2022", "stock-last", "fund-capital"} <= known
    assert {"total-trend", "companies-rank", "turkic-board-day", "tenth-place"} <= missing
    assert max(row["known_from"] for row in chapter.numbers) <= ARTICLE_DAY
    judged = {row["claim"]: row["verdict"] for row in chapter.verdicts}
    assert judged["turkic-fund-operating"] == "not confirmed"


@pytest.mark.parametrize("day", EDITION_DAYS)
def test_every_edition_answers_first(day: str) -> None:
    """The box at the head has six findings, one on each thing."""
    assert len(findings("investment", day)) == 6


@pytest.mark.parametrize("day", EDITION_DAYS[:2])
def test_an_edition_tells_no_later_year(day: str) -> None:
    """No word is of a year that no row known on the day is about."""
    assert later_years("investment", day) == set()


@pytest.mark.parametrize("day", EARLY_DAYS)
def test_the_chapter_runs_before_the_article(day: str) -> None:
    """The stock was known early; nothing is judged, and nothing is refused."""
    early = run_on("investment", day)
    assert "investment.stock" in {figure["id"] for figure in early.figures}
    assert not early.verdicts
    assert max(number["known_from"] for number in early.numbers) <= day


@pytest.mark.parametrize("day", EDITION_DAYS)
def test_totals_of_an_edition(day: str, rows: pd.DataFrame) -> None:
    """Stock, totals and the fund's capital are the rows known on the day, and no others."""
    numbers = by_name(run_on("investment", day))
    known = rows[rows["known_from"] <= day]
    stock = pick(known, "fdi_stock", **IN_KAZAKHSTAN, reporter="KAZ")
    last = stock.sort_values("time_period").iloc[-1]
    assert numbers["stock-last"]["value"] == pytest.approx(last["value"])
    assert numbers["stock-last-year"]["text"] == last["time_period"]
    for name, source in (
        ("total-ministry", "trend-2024-03-05-igc-joint-production"),
        ("total-trend", "trend-2024-03-15-investment-fund-new-era"),
    ):
        found = pick(known, "fdi_cumulative", **IN_KAZAKHSTAN, source=source)["value"]
        assert (name in numbers) == bool(len(found))
        assert [numbers[name]["value"]] == list(found) if len(found) else True


def test_the_order_of_2022_is_told_only_with_the_list(rows: pd.DataFrame) -> None:
    """Sums of single countries were known before a page gave their places."""
    earlier = by_name(run_on("investment", EDITION_DAYS[1]))
    assert not set(earlier) & {"first-place", "fifth-place", "tenth-place"}
    places = pick(rows, "investor_rank_by_country", ref_area="KAZ", time_period="2022")
    assert places["known_from"].gt(EDITION_DAYS[1]).all()
