"""The real ledger as known on a day."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from azkz.errors import BadInput
from azkz.ledger import Ledger, Quantity, Unknown, growth, total
from azkz.ledger.quantity import round_to
from azkz.report.drawings import whole_years

DATA = Path(__file__).parents[1] / "data"
LEDGER = Ledger.load(DATA)
DAYS = st.dates(min_value=date(1995, 1, 1), max_value=date(2026, 11, 23))


class Pair(TypedDict):
    """Exports, or trade, from one country to the other."""

    ref_area: str
    counterpart_area: str


PAIR: Pair = {"ref_area": "KAZ", "counterpart_area": "AZE"}


@settings(max_examples=25, deadline=None)
@given(DAYS)
def test_nothing_of_a_later_day_is_seen(day: date) -> None:
    """No row, and no source that only later rows cite, is in the ledger of a day."""
    known = LEDGER.as_of(day)
    assert all(row.known_from <= day for row in known.observations.values())
    assert all(row.known_from <= day for row in known.events.values())
    cited = {row.source for row in known.observations.values()}
    cited |= {key for row in known.events.values() for key in (row.source, row.source2) if key}
    cited |= {row.source for row in known.claims.values()}
    cited |= {leg.source for leg in known.route if leg.source}
    assert set(known.sources) == {key for key in cited if key in known.sources}
    assert {row.source for row in known.observations.values()} <= set(known.sources)


@settings(max_examples=25, deadline=None)
@given(DAYS, st.integers(min_value=0, max_value=2000))
def test_evidence_only_grows(day: date, later: int) -> None:
    """What was known stays known: a later day holds every row and source of an earlier one."""
    before, after = LEDGER.as_of(day), LEDGER.as_of(day + timedelta(days=later))
    for name in ("observations", "events", "sources", "claims"):
        assert set(getattr(before, name)) <= set(getattr(after, name))


@settings(max_examples=15, deadline=None)
@given(DAYS, st.integers(min_value=0, max_value=2000))
def test_looking_back_from_a_later_day_is_looking_from_the_day(day: date, later: int) -> None:
    """As of a day, as of a later one first or not, is the same ledger."""
    assert LEDGER.as_of(day + timedelta(days=later)).as_of(day) == LEDGER.as_of(day)


def test_a_page_read_later_changes_no_earlier_day() -> None:
    """What was known on a day stays so when the ledger grows: rows, sources and legs."""
    day = date(2026, 11, 23)
    last = max(LEDGER.sources.values(), key=lambda source: source.retrieved)
    later = replace(last, key="later", published=None, retrieved=date(2027, 5, 1))
    grown = replace(LEDGER, sources={**LEDGER.sources, "later": later})
    assert grown.as_of(day) == LEDGER.as_of(day)
    assert len(LEDGER.as_of(day).route) == len(LEDGER.route)


def test_every_row_of_the_files_is_read() -> None:
    """The ledger holds the rows of the CSV files, each once, with its value as written."""
    with (DATA / "observations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == list(LEDGER.observations)
    for row in rows:
        assert LEDGER.observations[row["id"]].value == Decimal(row["obs_value"])
        assert LEDGER.observations[row["id"]].unit.symbol == row["unit"]


def test_turnover_of_2023_as_known_on_two_days() -> None:
    """On 11 March 2024 the Kazakh count of 2023 is 529.4; in 2026 the Bureau's sum is 556.7."""
    then, now = LEDGER.as_of(date(2024, 3, 11)), LEDGER.as_of(date(2026, 11, 23))
    series = then.series("trade_turnover", reporter="KAZ", **PAIR)
    assert _value(series[2023]) == Decimal("529.4")
    assert round_to(_value(growth(series[2023], series[2022])), 1) == Decimal("14.3")
    exports = now.series("exports", reporter="KAZ", source="bns-*", **PAIR)
    imports = now.series(
        "exports", reporter="KAZ", source="bns-*", ref_area="AZE", counterpart_area="KAZ"
    )
    revised = total([exports[2023], imports[2023]])
    assert round_to(_value(revised), 1) == Decimal("556.7")
    assert round_to(_value(growth(revised, total([exports[2022], imports[2022]]))), 1) == Decimal(
        "20.1"
    )
    assert isinstance(then.series("exports", reporter="KAZ", source="bns-*", **PAIR)[2023], Unknown)


def test_hopes_are_no_outcomes() -> None:
    """A series of outcomes holds no forecast, and a series of hopes nothing else."""
    outcomes = LEDGER.series("trade_turnover", reporter="KAZ", **PAIR)
    hopes = LEDGER.series("trade_turnover", reporter="KAZ", hopes=True, **PAIR)
    assert {row.status for row in outcomes.observations} <= {"reported", "estimate"}
    assert {row.status for row in hopes.observations} <= {
        "forecast", "target", "announced", "capacity",
    }  # fmt: skip
    assert 2022 in hopes


def test_no_series_has_two_reporters() -> None:
    """Whatever indicator and reporter: the rows that stand are that reporter's alone."""
    keys = {
        (o.indicator, o.reporter, o.item, o.ref_area, o.counterpart_area)
        for o in LEDGER.observations.values()
    }
    for indicator, reporter, item, ref_area, counterpart_area in sorted(keys):
        series = LEDGER.series(
            indicator,
            reporter=reporter,
            item=item,
            ref_area=ref_area,
            counterpart_area=counterpart_area,
        )
        assert {row.reporter for row in series.observations} <= {reporter}
        assert {row.item for row in series.observations} <= {item}


def test_an_empty_series_has_its_columns() -> None:
    """Before anything was known a chart has no rows, but the same columns and kinds of values."""
    then = LEDGER.as_of(date(1995, 1, 1)).series("trade_turnover", reporter="KAZ", **PAIR)
    now = LEDGER.series("trade_turnover", reporter="KAZ", **PAIR)
    assert not len(then)
    for none, some in (
        (then.frame(), now.frame()),
        (whole_years(then), whole_years(now)),
        (LEDGER.frame([]), LEDGER.frame()),
    ):
        assert len(none) == 0
        assert list(none.columns) == list(some.columns)
        numbers = ["year", "value"]
        assert list(none[numbers].dtypes) == list(some[numbers].dtypes)


def test_alternatives_name_the_other_count() -> None:
    """Beside the Kazakh 184.9 of January to April 2024 stands the Azerbaijani 87.3, disagreeing."""
    series = LEDGER.series("trade_turnover", reporter="KAZ", **PAIR)
    standing = series.point("2024-01/2024-04").observation
    found = {r.observation.reporter: r for r in LEDGER.alternatives(standing)}
    assert found["AZE"].relation == "disagreement"
    assert found["AZE"].observation.value == Decimal("87.269")


def test_a_series_of_several_things_is_refused() -> None:
    """Asking for turnover without saying between whom names what there is to choose from."""
    with pytest.raises(BadInput, match="say item, ref_area and counterpart_area"):
        LEDGER.series("trade_turnover", reporter="KAZ")
    with pytest.raises(BadInput, match="no indicator 'trade_turnovr'"):
        LEDGER.series("trade_turnovr", reporter="KAZ")


def _value(quantity: Quantity | Unknown) -> Decimal:
    assert isinstance(quantity, Quantity)
    return quantity.value


def test_a_day_is_looked_at_once() -> None:
    """Many questions are for the same day: what was known on it is found for the first of them."""
    day = date(2024, 3, 11)
    assert LEDGER.as_of(day) is LEDGER.as_of(day)
    assert LEDGER.as_of(day) is not LEDGER.as_of(day + timedelta(days=1))


@pytest.mark.parametrize("column", ["item", "reporter", "source"])
def test_a_pattern_finds_what_its_texts_find(column: str) -> None:
    """With and without a wild card: by all rows, looked at one by one."""
    for row in list(LEDGER.observations.values())[::97]:
        text = getattr(row, column)
        same = [o for o in LEDGER.observations.values() if o.indicator == row.indicator]
        whole = [o for o in same if getattr(o, column) == text]
        begun = [o for o in same if getattr(o, column).startswith(text[:3])]
        assert list(LEDGER.select(row.indicator, **{column: text})) == whole
        assert list(LEDGER.select(row.indicator, **{column: f"{text[:3]}*"})) == begun
