"""The numbers of the investment chapter's key findings, by plain pandas over the files alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

IN_KAZAKHSTAN = {"ref_area": "AZE", "counterpart_area": "KAZ"}
IN_AZERBAIJAN = {"ref_area": "KAZ", "counterpart_area": "AZE"}
ARTICLE_START = "2023-05"
"""The month from which the article has the Turkic Investment Fund operating."""


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


def months_between(start: str, day: str) -> int:
    """Whole months from one month to that of a day."""
    begin, end = pd.Period(start[:7], "M"), pd.Period(day[:7], "M")
    return (end.year - begin.year) * 12 + end.month - begin.month


@dataclass(frozen=True)
class Raw:
    """The files as they are: observations, and the days of events by id."""

    rows: pd.DataFrame
    days: pd.Series

    def flow(self, period: str, way: dict[str, str]) -> float:
        """Gross direct investment by the Kazakh count."""
        return one(self.rows, "fdi_flow", time_period=period, reporter="KAZ", **way)

    def total(self, period: str, reporter: str, way: dict[str, str]) -> float:
        """A total of direct investment as one reporter quotes it."""
        return one(self.rows, "fdi_cumulative", time_period=period, reporter=reporter, **way)

    def tenth(self) -> float:
        """What the country in the tenth place of 2022 brought."""
        rank = pick(self.rows, "investor_rank_by_country", ref_area="KAZ", time_period="2022")
        country = rank.loc[rank["value"].eq(10), "item"].item()
        return one(
            self.rows, "fdi_inflow_by_country", item=country, time_period="2022", ref_area="KAZ"
        )

    def companies_place(self) -> str:
        """The place by companies on the list in one unit, thousands resolved, as a word."""
        listed = pick(self.rows, "companies_by_country", time_period="2024-05-01", ref_area="KAZ")
        size = listed["value"] * listed["unit"].map({"count": 1, "thousand": 1000})
        place = int(size.rank(ascending=False)[listed["item"].eq("AZE")].item())
        return ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"][place - 1]

    def chinese_ports(self) -> float:
        """The highest cost of each project in Kazakh ports with a Chinese partner, in billions.

        Of a project that is told by phases and as a whole, the whole.
        """
        found = pick(self.rows, "port_investment", ref_area="KAZ", counterpart_area="CHN")
        found = found[~found["item"].str.endswith("phase 1")]
        size = found["value"] * found["unit"].map({"million USD": 1, "billion USD": 1000})
        return float(size.groupby(found["item"]).max().sum()) / 1000

    def day(self, event: str) -> str:
        """The day of an event as prose has it."""
        when = pd.Timestamp(self.days[event])
        return f"{when.day} {when:%B %Y}"

    def months(self, start: str, event: str) -> str:
        """The months from a month to that of an event, in words."""
        return f"{months_between(start, self.days[event])} months"


TWO_YEARS, SIXTEEN_YEARS, TO_2022 = "2018-01/2019-12", "2005-01/2020-12", "2005-01/2022-12"

KEY: dict[str, Callable[[Raw], float | str]] = {
    "gross-2022": lambda raw: raw.flow("2022", IN_KAZAKHSTAN),
    "gross-2022-share": lambda raw: (
        raw.flow("2022", IN_KAZAKHSTAN)
        / one(raw.rows, "fdi_inflow_total", time_period="2022", ref_area="KAZ")
        / 10
    ),
    "stock-last-year": lambda raw: str(by_year(raw.rows, "fdi_stock").index[-1]),
    "stock-last": lambda raw: by_year(raw.rows, "fdi_stock").iloc[-1],
    "stock-share-last": lambda raw: by_year(raw.rows, "fdi_stock_share")[
        by_year(raw.rows, "fdi_stock").index[-1]
    ],
    "tenth-place": Raw.tenth,
    "tenth-ratio": lambda raw: raw.tenth() / raw.flow("2022", IN_KAZAKHSTAN),
    "companies-rank": Raw.companies_place,
    "gross-2018-2019": lambda raw: (
        raw.flow("2018", IN_KAZAKHSTAN) + raw.flow("2019", IN_KAZAKHSTAN)
    ),
    "gross-back-2018-2019": lambda raw: raw.flow(TWO_YEARS, IN_AZERBAIJAN),
    "gross-back-ratio": lambda raw: (
        raw.flow(TWO_YEARS, IN_AZERBAIJAN) / raw.flow(TWO_YEARS, IN_KAZAKHSTAN)
    ),
    "back-trend": lambda raw: raw.total(TO_2022, "Trend", IN_AZERBAIJAN),
    "back-ministry": lambda raw: raw.total("2024-03-05", "AZE", IN_AZERBAIJAN),
    "total-ministry": lambda raw: raw.total("2024-03-05", "AZE", IN_KAZAKHSTAN),
    "total-azernews": lambda raw: raw.total("2024-03-12", "AzerNews", IN_KAZAKHSTAN),
    "total-trend": lambda raw: raw.total(TO_2022, "Trend", IN_KAZAKHSTAN),
    "total-2005-2020": lambda raw: raw.total(SIXTEEN_YEARS, "KAZ", IN_KAZAKHSTAN),
    "turkic-board-day": lambda raw: raw.day("event-0175"),
    "turkic-board-delay": lambda raw: raw.months(ARTICLE_START, "event-0175"),
    "turkic-open-day": lambda raw: raw.day("event-0252"),
    "fund-capital": lambda raw: one(
        raw.rows, "fund_capital", item="Kazakhstan-Azerbaijan Investment Fund (SK-AIH)"
    ),
    "fund-announced-day": lambda raw: raw.day("event-0163"),
    "fund-wait": lambda raw: raw.months(raw.days["event-0163"], "event-0239"),
    "ports-chinese": Raw.chinese_ports,
}
"""How each number of the key findings comes about, by the files alone."""
