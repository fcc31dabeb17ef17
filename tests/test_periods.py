"""Reference periods."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azkz.ledger.periods import parse_period

DAYS = st.dates(min_value=date(1991, 1, 1), max_value=date(2050, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2023", "2023-01-01", "2023-12-31", "2023"),
        ("2024-Q1", "2024-01-01", "2024-03-31", "January–March 2024"),
        ("2024-02", "2024-02-01", "2024-02-29", "February 2024"),
        ("2024-03-11", "2024-03-11", "2024-03-11", "11 March 2024"),
        ("2024-03-11/2024-03-12", "2024-03-11", "2024-03-12", "11–12 March 2024"),
        ("2024-03-30/2024-04-02", "2024-03-30", "2024-04-02", "30 March – 2 April 2024"),
        ("2023-12-30/2024-01-02", "2023-12-30", "2024-01-02", "30 December 2023 – 2 January 2024"),
        ("2025-01/2025-10", "2025-01-01", "2025-10-31", "January–October 2025"),
        ("2023-09/2024-04", "2023-09-01", "2024-04-30", "September 2023–April 2024"),
    ],
)
def test_reads_every_form(text: str, start: str, end: str, label: str) -> None:
    """Each form of the ledger gives its first and last day, and a name that prose can print."""
    period = parse_period(text)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert period.label == label


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-13-01", "2023-02-30", "2024-Q5", "24", "", "2024-06/2024-01", "2024/"]
)
def test_refuses_what_is_no_period(text: str) -> None:
    """No month 13, no 30 February, no end before the start: such a text is never guessed at."""
    with pytest.raises(ValueError, match=r"."):
        parse_period(text)


def test_the_same_days_are_the_same_period() -> None:
    """A quarter and its three months, a year and its twelve, are one key of a series."""
    assert parse_period("2024-Q1") == parse_period("2024-01/2024-03")
    assert parse_period("2024") == parse_period("2024-01/2024-12")
    assert hash(parse_period("2024-Q1")) == hash(parse_period("2024-01/2024-03"))
    assert parse_period("2024-01/2024-12").is_year
    assert not parse_period("2024-01/2024-11").is_year


@given(DAYS, st.integers(min_value=0, max_value=4000))
def test_an_interval_includes_both_its_ends(start: date, length: int) -> None:
    """A span of days written as first/last starts on the first and ends on the last."""
    end = start + timedelta(days=length)
    period = parse_period(f"{start.isoformat()}/{end.isoformat()}")
    assert (period.start, period.end) == (start, end)
    assert start <= period.middle <= end
