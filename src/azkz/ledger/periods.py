"""Reference periods: years, quarters, months, days, and intervals that include both ends."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

_YEAR = re.compile(r"\d{4}")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of days, both ends included.

    Two texts that mean the same days (``2024-Q1`` and ``2024-01/2024-03``) are the same period.
    """

    start: date
    end: date
    text: str = field(compare=False)

    @property
    def is_year(self) -> bool:
        """Whether it is one calendar year, whole."""
        return (self.start.month, self.start.day) == (1, 1) and self.end == date(
            self.start.year, 12, 31
        )

    @property
    def year(self) -> int:
        """The year in which it starts."""
        return self.start.year

    @property
    def middle(self) -> date:
        """The day in its middle, for the axis of a chart."""
        return date.fromordinal((self.start.toordinal() + self.end.toordinal()) // 2)

    @property
    def label(self) -> str:
        """As prose prints it: ``2023``, ``January–April 2024``, ``11 March 2024``."""
        if self.is_year:
            return str(self.year)
        if self.start == self.end:
            return _day(self.start)
        if self.start.day != 1 or (self.end + timedelta(days=1)).day != 1:
            return self._days_label
        first, last = month_name[self.start.month], month_name[self.end.month]
        if self.start.year != self.end.year:
            return f"{first} {self.start.year}–{last} {self.end.year}"
        return f"{first} {self.year}" if first == last else f"{first}–{last} {self.year}"

    @property
    def _days_label(self) -> str:
        """A span that is not of whole months: ``11–12 March 2024``."""
        if (self.start.year, self.start.month) == (self.end.year, self.end.month):
            return f"{self.start.day}–{_day(self.end)}"
        first = _day(self.start)
        if self.start.year == self.end.year:
            first = first.removesuffix(f" {self.year}")
        return f"{first} – {_day(self.end)}"

    def __str__(self) -> str:
        return self.text


@cache
def parse_period(text: str) -> Period:
    """The period that ``text`` writes.

    Raises
    ------
    ValueError
        The text has none of the forms YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, A/B, or is no real date,
        or ends before it starts.
    """
    first, slash, last = text.partition("/")
    start, end = _span(first)
    if slash:
        end = _span(last)[1]
    if end < start:
        raise ValueError(f"{text} ends before it starts")
    return Period(start, end, text)


def _day(day: date) -> str:
    return f"{day.day} {month_name[day.month]} {day.year}"


def _span(text: str) -> tuple[date, date]:
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if found := _QUARTER.fullmatch(text):
        year, last = int(found[1]), 3 * int(found[2])
        return date(year, last - 2, 1), date(year, last, monthrange(year, last)[1])
    if found := _MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
        if not 1 <= month <= 12:
            raise ValueError(f"{text} has no month {month}")
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    if _DAY.fullmatch(text):
        day = date.fromisoformat(text)
        return day, day
    raise ValueError(f"{text!r} is not a period")
