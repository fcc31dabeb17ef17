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
    drawn,
    findings,
    key_numbers,
    later_years,
    run_on,
    table,
)
from investment_files import (
    ARTICLE_START,
    IN_AZERBAIJAN,
    IN_KAZAKHSTAN,
    KEY,
    SIXTEEN_YEARS,
    Raw,
    by_year,
    months_between,
    one,
    pick,
)

CHAPTER = "investment"


@pytest.fixture(scope="module")
def verdicts(chapter: Chapter) -> dict[str, str]:
    """Its verdicts by claim."""
    return {row["claim"]: row["verdict"] for row in chapter.verdicts}


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    """The events as the file has them, by id."""
    return table("events").set_index("id")


def printed(numbers: Numbers, name: str) -> float:
    """The value of a number of the chapter."""
    return float(numbers[name]["value"])


def test_key_findings_follow_from_the_files(
    chapter_numbers: Numbers, rows: pd.DataFrame, events: pd.DataFrame
) -> None:
    """Every number that the key findings cite is what plain pandas finds in the files."""
    assert set(KEY) >= key_numbers("investment")
    raw = Raw(rows, events["date"])
    for name, recomputed in KEY.items():
        expected = recomputed(raw)
        found = chapter_numbers[name]
        if isinstance(expected, str):
            assert found["text"].replace("\u00a0", " ") == expected, name
        else:
            assert found["value"] == pytest.approx(expected), name


def test_the_stock_peaks_and_falls(chapter_numbers: Numbers, rows: pd.DataFrame) -> None:
    """Peak, newest value and change of the stock are those of the file."""
    stock = by_year(rows, "fdi_stock")
    assert printed(chapter_numbers, "stock-peak") == pytest.approx(stock.max())
    assert chapter_numbers["stock-peak-year"]["text"] == str(stock.idxmax())
    assert printed(chapter_numbers, "stock-last") == pytest.approx(stock.iloc[-1])
    assert chapter_numbers["stock-last-year"]["text"] == str(stock.index[-1])
    change = 100 * (stock.iloc[-1] - stock.max()) / stock.max()
    assert printed(chapter_numbers, "stock-change") == pytest.approx(change)


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


def test_the_bilateral_fund_has_only_been_announced(rows: pd.DataFrame) -> None:
    """The ledger has no capital of the fund but what was announced."""
    fund = rows[rows["item"].str.contains("SK-AIH", regex=False)]
    assert set(fund["status"]) == {"announced"}


def test_flows_of_both_directions_are_drawn(chapter: Chapter, rows: pd.DataFrame) -> None:
    """The bars are all gross flows between the two, the two years once, in their sum."""
    bars = drawn(chapter, "investment.two-ways")
    flows = pick(rows, "fdi_flow")
    flows = flows[flows["counterpart_area"].isin(["KAZ", "AZE"])]
    flows = flows[~flows["time_period"].isin(["2018", "2019"])]
    assert sorted(bars["value"]) == sorted(flows["value"])
    split = pick(rows, "fdi_flow", **IN_KAZAKHSTAN).set_index("time_period")["value"]
    assert split[["2018", "2019"]].sum() == pytest.approx(split["2018-01/2019-12"])


def test_every_country_with_a_total_is_drawn(chapter: Chapter, rows: pd.DataFrame) -> None:
    """The least of the totals of other countries is still above that of Azerbaijan."""
    bars = drawn(chapter, "investment.totals-by-country").set_index("country")["value"]
    totals = pick(rows, "fdi_cumulative_by_country", ref_area="KAZ")["value"]
    assert sorted(bars.drop("Azerbaijan")) == sorted(totals)
    own = one(rows, "fdi_cumulative", time_period=SIXTEEN_YEARS, **IN_KAZAKHSTAN) / 1000
    assert bars["Azerbaijan"] == pytest.approx(own)
    assert totals.min() > own


def test_kazakhstan_is_not_among_the_investors_in_azerbaijan(
    chapter: Chapter, rows: pd.DataFrame
) -> None:
    """The ten of 2024 are drawn, and both totals of Kazakhstan lie below the tenth."""
    listed = pick(rows, "fdi_inflow_by_country", ref_area="AZE", time_period="2024")
    size = listed["value"] * listed["unit"].map({"million USD": 1, "billion USD": 1000})
    bars = drawn(chapter, "investment.investors-in-azerbaijan")
    named = bars["country"].str.startswith("Kazakhstan")
    assert sorted(bars.loc[~named, "value"]) == pytest.approx(sorted(size))
    assert "KAZ" not in set(listed["item"])
    quoted = pick(rows, "fdi_cumulative", **IN_AZERBAIJAN)
    totals = quoted.loc[quoted["known_from"].str.startswith("2024-03"), "value"]
    assert list(bars.loc[named, "value"]) == [totals.min(), totals.max()]
    assert totals.max() < size.min()


def test_gross_and_net_are_those_of_one_year(chapter: Chapter, rows: pd.DataFrame) -> None:
    """The title prints the newest year for which Kazakhstan has both, for both countries."""
    whole = rows[rows["time_period"].str.fullmatch(r"\d{4}") & rows["status"].eq("reported")]
    gross = pick(whole, "fdi_inflow_total", ref_area="KAZ", reporter="KAZ")
    net = pick(whole, "fdi_net_inflow", reporter="WB")
    both = set(gross["time_period"]) & set(net.loc[net["ref_area"].eq("KAZ"), "time_period"])
    title = next(f["title"] for f in chapter.figures if f["id"] == "investment.gross-net")
    assert f"Inflow of {max(both)}, " in title
    of_year = net[net["time_period"].eq(max(both))].set_index("ref_area")["value"] / 1e9
    for area in ("KAZ", "AZE"):
        assert f"{of_year[area]:.1f} net".replace("-", "\u2212") in title


def test_ports_are_drawn_by_partner(chapter: Chapter, rows: pd.DataFrame) -> None:
    """Each cost in dollars is drawn once for each partner that a page names."""
    kept = pick(rows, "port_investment")
    size = kept["value"] * kept["unit"].map({"million USD": 1, "billion USD": 1000})
    asked = kept.assign(size=size)[["item", "size", "counterpart_area"]].drop_duplicates()
    assert sorted(drawn(chapter, "investment.ports")["value"]) == pytest.approx(
        sorted(asked["size"])
    )


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


@pytest.mark.parametrize("day", EARLY_DAYS)
def test_early_days_have_three_findings(day: str) -> None:
    """Stock, totals quoted and companies were known before anything else."""
    assert len(findings("investment", day)) == 3


@pytest.mark.parametrize("day", [*EARLY_DAYS, *EDITION_DAYS[:2]])
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
