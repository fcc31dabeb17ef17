"""The as-of days of a sweep: from texts of a command line to days of the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from azkz.build.edition import FIRST_DAY, Edition
from azkz.errors import Fault, Faults

EVERY = ("day", "week", "month", "quarter", "year", "change")
"""How far apart the days are; ``change``: every day on which some row became known."""
_ONE = timedelta(days=1)


def days_between(
    first: str, last: str, every: str, edition: Edition, today: date, changes: Iterable[date]
) -> list[date]:
    """The as-of days of a range, in their order.

    ``first`` and ``last`` are months (``2018-01``) or days (``2018-01-15``); both ends belong to
    the range, which ends today if ``last`` lies ahead. Of each week, month, quarter and year it is
    the last day that is in the range; so the last of all is the range's own end.

    Raises
    ------
    Faults
        A text is no month and no day, the range begins before the edition's years make a report
        possible, or holds no day. All of it at once.
    """
    faults: list[Fault] = []
    begin = _bound("--from", first, faults, end=False)
    end = _bound("--to", last, faults, end=True)
    if begin:
        faults += _too_early(begin, edition)
    if begin and end and not begin <= min(end, today):
        todo = f"give a day from {begin} to today, {today}"
        faults.append(Fault("--to", None, "", f"{last} ends before --from {first} or today", todo))
    if faults or not begin or not end:
        raise Faults(faults)
    end = min(end, today)
    if every == "change":
        return sorted(day for day in changes if begin <= day <= end)
    return _last_of_each(begin, end, every)


def _last_of_each(begin: date, end: date, every: str) -> list[date]:
    span = (end - begin).days + 1
    days = (begin + at * _ONE for at in range(span))
    groups: Iterator[tuple[object, Iterator[date]]] = groupby(days, lambda d: _period(d, every))
    return [max(group) for _, group in groups]


def _period(day: date, every: str) -> tuple[int, ...]:
    match every:
        case "week":
            return day.isocalendar()[:2]
        case "month":
            return day.year, day.month
        case "quarter":
            return day.year, (day.month - 1) // 3
        case "year":
            return (day.year,)
    return (day.toordinal(),)


def _bound(option: str, text: str, faults: list[Fault], *, end: bool) -> date | None:
    """The day that a text means: of a month the first, or at the end of the range the last."""
    try:
        day = date.fromisoformat(text if len(text) != len("2018-01") else f"{text}-01")
    except ValueError:
        day = None
    if day is None or not day.isoformat().startswith(text):
        todo = "write a month such as 2018-01 or a day such as 2018-01-15"
        faults.append(Fault(option, None, "", f"{text!r} is no month and no day", todo))
        return None
    if end and len(text) == len("2018-01"):
        return (day.replace(day=28) + 4 * _ONE).replace(day=1) - _ONE
    return day


def _too_early(begin: date, edition: Edition) -> Iterator[Fault]:
    first_year = edition.parameters["first_year"]
    earliest = max(date(first_year + 2, 1, 1), FIRST_DAY)
    if begin < earliest:
        what = f"{begin} is before two of the report's years, from {first_year} on, had ended"
        yield Fault("--from", None, "", what, f"begin on {earliest} or later")
