"""Rules of the evidence about time: known from when, and which periods and days are real."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from azkz.errors import Fault
from azkz.ledger.records import OUTCOMES
from azkz.ledger.rulebook import Rulebook, Tables, as_day, as_period, by_key
from azkz.ledger.tables import Table, TableRow, quoted

RULES = Rulebook()

_PART = r"(\d{4}|\d{4}-Q[1-4]|\d{4}-\d{2}|\d{4}-\d{2}-\d{2})"
_PERIOD = re.compile(rf"{_PART}|\d{{4}}-\d{{2}}/\d{{4}}-\d{{2}}")
_CLAIM_PERIOD = re.compile(rf"{_PERIOD.pattern}|\d{{4}}/\d{{4}}")
_DAY_OR_LESS = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_FORMS = "write YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD or YYYY-MM/YYYY-MM, both ends included"


@RULES.rule(
    sources=("source", "published", "retrieved"),
    observations=("source", "known_from", "known_from_basis", "time_period"),
    events=("source", "known_from", "known_from_basis"),
)
def known_from_has_its_basis(tables: Tables) -> Iterator[Fault]:
    """``known_from`` is what its basis says: date of the page, assumed release, day of reading."""
    sources = by_key(tables["sources"], "source")
    for name in ("observations", "events"):
        for row in tables[name].rows:
            source, day = sources.get(row["source"]), as_day(row["known_from"])
            if source and day:
                column, what, todo = _known_from(row, day, source)
                if what:
                    yield Fault(tables[name].file, row.line, column, what, todo)


def _known_from(row: TableRow, day: date, source: TableRow) -> tuple[str, str, str]:
    published, retrieved = as_day(source["published"]), as_day(source["retrieved"])
    match row["known_from_basis"]:
        case "published" if not source["published"]:
            what = f"the page of {row['source']} shows no date"
            return "known_from_basis", what, f"write retrieved, and {retrieved} in known_from"
        case "published" if published and day < published:
            what = f"{day} is before {row['source']} was published"
            return "known_from", what, f"write {published} or a later day"
        case "retrieved" if published is not None:
            what = f"the page of {row['source']} has a date"
            return "known_from_basis", what, f"write published, and {published} in known_from"
        case "retrieved" if retrieved and day != retrieved:
            what = f"{day} is not the day on which {row['source']} was read"
            return "known_from", what, f"write {retrieved}"
        case "release-lag" if retrieved and (period := as_period(row.cells.get("time_period", ""))):
            assumed = min(date(min(period.end.year, 9998) + 1, 12, 31), retrieved)
            what = "" if day == assumed else f"{day} is not the assumed day of release"
            return "known_from", what, f"write {assumed}"
    return "", "", ""


@RULES.rule(sources=("source", "published", "retrieved"), route=("source", "known_from"))
def legs_are_known_from_their_page(tables: Tables) -> Iterator[Fault]:
    """A leg is known from the day of its page, or of its reading where the page has none."""
    sources = by_key(tables["sources"], "source")
    for row in tables["route"].rows:
        source, day = sources.get(row["source"]), as_day(row["known_from"])
        known = as_day(source["published"] or source["retrieved"]) if source else None
        if day and known and day != known:
            what = f"{day} is not the day from which {row['source']} is known"
            yield Fault(tables["route"].file, row.line, "known_from", what, f"write {known}")


@RULES.rule(
    sources=("published", "retrieved"), observations=("known_from",), events=("known_from",)
)
def no_day_lies_ahead(tables: Tables) -> Iterator[Fault]:
    """No page is dated after it was read, no row known after the last page was read."""
    rows = tables["sources"].rows
    for row in rows:
        published, retrieved = as_day(row["published"]), as_day(row["retrieved"])
        if published and retrieved and published > retrieved:
            what = f"{published} is after the page was read ({retrieved})"
            yield Fault(tables["sources"].file, row.line, "published", what, "correct one of them")
    last = max((day for row in rows if (day := as_day(row["retrieved"]))), default=date.max)
    for name in ("observations", "events"):
        for row in tables[name].rows:
            if (day := as_day(row["known_from"])) and day > last:
                what = f"{day} is after the last page was read ({last})"
                yield Fault(tables[name].file, row.line, "known_from", what, "correct the day")


@RULES.rule(observations=("time_period",))
def observed_periods(tables: Tables) -> Iterator[Fault]:
    """Periods of observations have one of the forms and are real."""
    return _periods(tables["observations"], "time_period", _PERIOD, _FORMS)


@RULES.rule(claims=("time_period",))
def claimed_periods(tables: Tables) -> Iterator[Fault]:
    """Periods of claims likewise; they may span years."""
    todo = f"{_FORMS}; YYYY/YYYY spans years"
    return _periods(tables["claims"], "time_period", _CLAIM_PERIOD, todo)


@RULES.rule(events=("date",))
def event_days(tables: Tables) -> Iterator[Fault]:
    """Days of events are real, and no more exact than the page."""
    todo = "write YYYY-MM-DD, YYYY-MM or YYYY"
    return _periods(tables["events"], "date", _DAY_OR_LESS, todo)


def _periods(table: Table, column: str, form: re.Pattern[str], todo: str) -> Iterator[Fault]:
    for row in table.rows:
        text = row[column]
        if not text:
            continue
        if not form.fullmatch(text):
            yield Fault(table.file, row.line, column, f"{quoted(text)} is not a period", todo)
        elif not as_period(text):
            first, slash, last = text.partition("/")
            turned = slash and as_period(first) and as_period(last)
            what = "ends before it starts" if turned else "is not in the calendar"
            mend = "turn the two ends round" if turned else "write a real month or day"
            yield Fault(table.file, row.line, column, f"{quoted(text)} {what}", mend)


@RULES.rule(events=("date", "end_date"))
def events_end_after_they_start(tables: Tables) -> Iterator[Fault]:
    """The last day of an event is not before its first."""
    for row in tables["events"].rows:
        start, end = as_period(row["date"]), as_day(row["end_date"])
        if start and end and end < start.start:
            what = f"{end} is before the event starts ({row['date']})"
            yield Fault(tables["events"].file, row.line, "end_date", what, "correct one of them")


@RULES.rule(observations=("time_period", "status", "known_from"))
def outcomes_are_not_known_before_they_begin(tables: Tables) -> Iterator[Fault]:
    """What was reported or estimated cannot be known before its period begins."""
    table = tables["observations"]
    for row in table.rows:
        period, day = as_period(row["time_period"]), as_day(row["known_from"])
        if row["status"] in OUTCOMES and period and day and period.start > day:
            what = f"{row['time_period']} lies after {day}, from which it is said to be known"
            todo = "correct the period, or write forecast, target, announced or capacity in status"
            yield Fault(table.file, row.line, "time_period", what, todo)
