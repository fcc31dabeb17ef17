"""Many editions: all numbers on each day of a range, with evaluations shared where nothing came."""

from __future__ import annotations

import ast
import csv
import io
import pickle
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from datetime import date, timedelta
from typing import Any

import pytest

from azkz.build import CHAPTERS
from azkz.build import edition as editions
from azkz.build import template as templates
from azkz.build.authored import Cell
from azkz.build.edition import Edition
from azkz.build.evaluate import Code, evaluate, on_day
from azkz.build.evidence import Evidence
from azkz.build.progress import Step
from azkz.build.sweep import COLUMNS, Swept, as_csv, sweep
from azkz.build.sweep_days import days_between
from azkz.build.undrawn import reads_the_day, without_drawing
from azkz.build.vintages import named, vintages
from azkz.build.workers import workers
from azkz.errors import ChapterFailed, Faults
from azkz.ledger import Ledger
from azkz.ledger.watched import WatchedLedger
from azkz.paths import Checkout
from conftest import Azkz

TODAY = date(2026, 11, 23)


def passed(thing: Any) -> Any:
    """What another machine gets of a thing."""
    return pickle.loads(pickle.dumps(thing))  # noqa: S301


class Elsewhere(Executor):
    """Runs what it is given at once, as another machine would: what passes is pickled."""

    def __init__(self) -> None:
        self.tasks: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The result, or the error, is there already."""
        task, given = passed(fn), passed((args, kwargs))
        self.tasks.append(given[0][1]["as_of"])
        made: Future[Any] = Future()
        try:
            made.set_result(passed(task(*given[0], **given[1])))
        except ChapterFailed as error:
            made.set_exception(passed(error))
        return made


def newest(place: Checkout) -> Edition:
    """The newest edition."""
    declared = templates.load(place, "trade").parameters
    return editions.load(place, editions.newest(place), declared, TODAY)


def swept_on(
    place: Checkout, chapters: Iterable[str], days: Sequence[date], pool: Executor | None = None
) -> Swept:
    """A sweep over ``days`` by the checkout's store."""
    loaded = templates.load_all(place, tuple(chapters))
    evidence = Evidence(Ledger.load(place.data))
    return sweep(place, newest(place), loaded, days, pool or Elsewhere(), Step(), evidence)


def every_day(first: date, count: int) -> list[date]:
    """``count`` days, one after the other."""
    return [first + timedelta(days=at) for at in range(count)]


def own(place: Checkout, ledger: Ledger, name: str, day: date) -> list[dict[str, Any]]:
    """What the table has of a chapter on a day, evaluated by itself."""
    parameters = on_day(newest(place).parameters, day)
    made = evaluate(templates.load(place, name), parameters, ledger).numbers
    return [{k: n[k] for k in ("id", *COLUMNS[2:])} for n in made]


SOME_DAYS = (
    *(date(2016, 2, 29), date(2016, 3, 1), date(2021, 12, 31), date(2022, 1, 1)),
    *(date(2024, 3, 9), date(2024, 3, 10), date(2024, 3, 11), date(2026, 11, 22), TODAY),
)


@pytest.fixture
def bare(copy: Checkout) -> Checkout:
    """A throw-away checkout in which nothing was evaluated before."""
    shutil.rmtree(copy.build, ignore_errors=True)
    return copy


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_day_has_what_its_own_evaluation_gives(
    name: str, bare: Checkout, ledger: Ledger
) -> None:
    """Whether it was evaluated for it or shared: every number, to the last column."""
    swept = swept_on(bare, [name], SOME_DAYS)
    assert not swept.failed
    assert swept.made + swept.shared == len(SOME_DAYS)
    for day in SOME_DAYS:
        assert swept.rows[name, day] == own(bare, ledger, name, day), day


@pytest.mark.parametrize("name", ["trade", "agreement"])
def test_days_without_evidence_are_not_run_twice(name: str, bare: Checkout, ledger: Ledger) -> None:
    """Fewer evaluations than days on which anything came, and every day is right."""
    days = every_day(date(2024, 2, 20), 40)
    pool = Elsewhere()
    swept = swept_on(bare, [name], days, pool)
    evidence = Evidence(ledger)
    came = [day for day in days[1:] if day in evidence.days]
    assert swept.made == len(pool.tasks) <= 1 + len(came) < len(days)
    assert swept.shared == len(days) - swept.made
    for day in days:
        assert swept.rows[name, day] == own(bare, ledger, name, day), day


def test_who_asks_for_the_day_itself_shares_nothing(bare: Checkout) -> None:
    """A promise falls due on a day on which nothing need become known."""
    found = {name for name in CHAPTERS if reads_the_day(Code.of(templates.load(bare, name)).cells)}
    assert found == {"outcomes"}
    swept = swept_on(bare, ["outcomes"], every_day(date(2025, 12, 29), 6))
    assert swept.shared == 0
    before, after = (swept.rows["outcomes", date(2025, 12, day)] for day in (30, 31))
    assert before != after


def test_a_second_sweep_evaluates_what_is_new(bare: Checkout) -> None:
    """A longer range evaluates its further days; a row of a later day changes none before it."""
    first = every_day(date(2024, 3, 1), 12)
    longer = every_day(date(2024, 2, 20), 40)
    made = swept_on(bare, ["culture"], first)
    again = swept_on(bare, ["culture"], first)
    assert (again.made, again.found, again.shared) == (0, made.made, made.shared)
    assert as_csv(again) == as_csv(made)
    pool = Elsewhere()
    further = swept_on(bare, ["culture"], longer, pool)
    assert pool.tasks
    assert not {day.isoformat() for day in first[1:]} & set(pool.tasks)
    add_event(bare, "2024-03-20")
    pool = Elsewhere()
    later = swept_on(bare, ["culture"], longer, pool)
    assert pool.tasks
    assert min(pool.tasks) == "2024-03-20"
    other = {key[1] for key, rows in further.rows.items() if rows != later.rows[key]}
    assert other == {day for day in longer if day >= date(2024, 3, 20)}


def add_event(place: Checkout, day: str) -> None:
    """One meeting more, known from a day on."""
    file = place.data / "events.csv"
    with file.open(encoding="utf-8", newline="") as read:
        rows = list(csv.DictReader(read))
    copied = next(row for row in rows if row["chapter"] == "culture" and row["kind"] == "visit")
    new = {**copied, "event": "event-9999", "id": "event-9999", "known_from": day}
    with file.open("a", encoding="utf-8", newline="") as write:
        csv.DictWriter(write, list(rows[0]), extrasaction="ignore").writerow(new)


def test_the_charts_of_vintages_are_steps_of_the_table(bare: Checkout, ledger: Ledger) -> None:
    """For each number of the page, on each as-of day of a sweep: the step that then stands."""
    keys = named(bare)
    evidence, edition = Evidence(ledger), newest(bare)
    days = days_between("2024-01", "2026-11", "quarter", edition, TODAY, evidence.days)
    swept = swept_on(bare, {key.partition(".")[0] for key in keys}, days)
    table = {(line[0], line[1]): line[2:] for line in swept.lines()}
    for key in keys:
        template = templates.load(bare, key.partition(".")[0])
        numbers = evaluate(template, edition.parameters, ledger).numbers
        expected = next(number for number in numbers if number["id"] == key)
        steps = vintages(template, key, edition.parameters, WatchedLedger.of(ledger), expected)
        for day in days:
            before = [step for step in steps if step.day <= day]
            number = before[-1].number if before else None
            found = table.get((key, day.isoformat()))
            assert (found is None) == (number is None), (key, day)
            if found and number:
                ids = " ".join(number["observations"])
                shown = (number["value"], number["unit"], number["text"], ids)
                assert (*found[:3], found[4]) == shown, (key, day)


def test_the_command_writes_the_same_for_any_number_of_jobs(bare: Checkout, azkz: Azkz) -> None:
    """One table, in its order; the end says what was done, and where the table is."""
    asked = ("sweep", "--from", "2025-12", "--to", "2026-02", "--chapter", "agreement")
    one = azkz(bare, *asked, "--jobs", "1")
    assert one.returncode == 0, one.stderr
    assert "days   3, from 2025-12-31 to 2026-02-28" in one.stdout
    assert "_build/sweep/2026.11.csv" in one.stdout
    first = (bare.build / "sweep" / "2026.11.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(first.decode())))
    assert tuple(rows[0]) == COLUMNS
    assert {row["as_of"] for row in rows} == {"2025-12-31", "2026-01-31", "2026-02-28"}
    assert [(r["number"], r["as_of"]) for r in rows] == sorted(
        (r["number"], r["as_of"]) for r in rows
    )
    shutil.rmtree(bare.build)
    two = azkz(bare, *asked, "--jobs", "2", "--output", "mine.csv")
    assert two.returncode == 0, two.stderr
    assert (bare.root / "mine.csv").read_bytes() == first


def test_workers_give_the_same(bare: Checkout) -> None:
    """Processes side by side, whichever ends first."""
    days = [date(2023, 12, 31), *every_day(date(2024, 3, 8), 4)]
    expected = as_csv(swept_on(bare, ["energy", "culture"], days))
    with workers(2) as pool:
        found = as_csv(swept_on(bare, ["energy", "culture"], days, pool))
    assert found == expected


def test_a_chapter_that_fails_on_some_days_is_told(bare: Checkout, azkz: Azkz) -> None:
    """It has no rows on them; with none on any day the exit code is 3, and the table is there."""
    days = [date(2014, 2, 1), date(2017, 2, 1)]
    swept = swept_on(bare, ["investment"], days)
    assert list(swept.failed) == [("investment", days[0])]
    assert list(swept.rows) == [("investment", days[1])]
    assert swept.never() is None
    done = azkz(
        bare, "sweep", "--from", "2014-01", "--to", "2014-02",
        *("--chapter", "investment", "--chapter", "culture"),
    )  # fmt: skip
    assert done.returncode == 3
    assert "failed investment on 2 of 2 days, 2014-01-31 to 2014-02-28; first cell" in done.stdout
    assert "notebooks/investment.ipynb, cell" in done.stderr
    table = (bare.build / "sweep" / "2026.11.csv").read_text(encoding="utf-8")
    assert {line.partition(".")[0] for line in table.splitlines()[1:]} == {"culture"}


@pytest.mark.parametrize(
    ("first", "last", "every", "expected"),
    [
        ("2024-01", "2024-03", "month", ["2024-01-31", "2024-02-29", "2024-03-31"]),
        ("2024-01-31", "2024-02-10", "month", ["2024-01-31", "2024-02-10"]),
        ("2026-10", "2026-12", "month", ["2026-10-31", "2026-11-23"]),
        ("2024-02-28", "2024-03-01", "day", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("2024-12-28", "2025-01-06", "week", ["2024-12-29", "2025-01-05", "2025-01-06"]),
        ("2023-11", "2024-04", "quarter", ["2023-12-31", "2024-03-31", "2024-04-30"]),
        ("2023-11", "2024-04", "year", ["2023-12-31", "2024-04-30"]),
    ],
)
def test_the_days_of_a_range(
    first: str, last: str, every: str, expected: list[str], place: Checkout
) -> None:
    """The last day of each that lies in the range; both ends belong to it, the future does not."""
    days = days_between(first, last, every, newest(place), TODAY, ())
    assert [day.isoformat() for day in days] == expected


def test_every_change_is_a_day_on_which_a_row_came(place: Checkout, ledger: Ledger) -> None:
    """And every such day of the range."""
    evidence = Evidence(ledger)
    days = days_between("2024-03-02", "2024-03-20", "change", newest(place), TODAY, evidence.days)
    came = {row.known_from for row in ledger.observations.values()}
    came |= {row.known_from for row in ledger.events.values()}
    assert days == sorted(day for day in came if date(2024, 3, 2) <= day <= date(2024, 3, 20))
    assert len(days) > 5


def test_all_faults_of_a_range_are_told_at_once(place: Checkout) -> None:
    """By option, with what to write instead."""
    with pytest.raises(Faults, match=r"--from: '2018' is no month") as caught:
        days_between("2018", "2024-13", "month", newest(place), TODAY, ())
    assert "--to: '2024-13' is no month and no day" in str(caught.value)
    with pytest.raises(Faults, match="begin on 1997-01-01 or later"):
        days_between("1996-12", "2020-01", "month", newest(place), TODAY, ())
    with pytest.raises(Faults, match="2017-01 ends before --from 2018-01"):
        days_between("2018-01", "2017-01", "month", newest(place), TODAY, ())
    with pytest.raises(Faults, match="or today"):
        days_between("2027-01", "2027-02", "month", newest(place), TODAY, ())


def kept(source: str) -> str:
    """A cell's code without drawing."""
    cells = without_drawing([Cell(1, source, ast.parse(source))])
    return "\n".join(ast.unparse(cell.tree) for cell in cells if cell.tree)


FIGURE = "report.figure('f', figure, title='t', holds={}, caption=report.sentences(said))"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"with style.figure() as (figure, axes):\n    axes.plot(rows)\n{FIGURE}",
         "report.sentences(said)"),
        (f"frame = rows()\nif len(frame):\n    {FIGURE}\n    report.number('n', one, 'N')",
         ("frame = rows()\nif len(frame):\n    report.sentences(said)\n"
         "    report.number('n', one, 'N')")),
        (("frame = rows()\nless = frame.query('@limit > 1')\nlimit = 2\nlimit = 1\n"
         "less = frame.query('@limit > 1')\nreport.number('n', less, 'N')"),
         ("frame = rows()\nlimit = 1\nless = frame.query('@limit > 1')\n"
         "report.number('n', less, 'N')")),
        (("found = []\ndef add(each):\n    found.append(each)\nfor each in events:\n    add(each)\n"
         "report.count('n', found, 'N')"), None),
        (("def fill(table, key):\n    table[key] = 1\nby = {}\nlast = fill(by, 'a')\n"
         "report.number('n', by['a'], 'N')"), None),
        ("name = report.number\nname('n', one, 'N')", None),
        ("later = lambda: report.number('n', one, 'N')\nlater()", None),
        ("def tell(value):\n    report.number('n', value, 'N')\ntell(one)", None),
        ("if missing:\n    raise ValueError(missing)", None),
        ("rows = [1]\nlast = rows.pop()\nreport.number('n', rows, 'N')", None),
        ("axes.set(xlim=report.as_of.year)", ""),
        (("rows = [1]\nif len(rows):\n    first = rows[0]\n    top = first + 1\n"
         "    with style.figure() as (figure, axes):\n        axes.plot(rows, top)\n"
         "else:\n    first = 0\n    top = 1\nreport.number('n', first, 'N')"),
         ("rows = [1]\nif len(rows):\n    first = rows[0]\nelse:\n    first = 0\n"
          "report.number('n', first, 'N')")),
        (("first = 0\nif len(rows):\n    first = 1\nreport.number('n', first, 'N')"), None),
        (("rows = [1]\nif rows.pop():\n    labels.place(axes, rows)\n"
          "report.number('n', rows, 'N')"),
         "rows = [1]\nif rows.pop():\n    pass\nreport.number('n', rows, 'N')"),
        ("rows = [1]\nif len(rows):\n    with style.figure() as (figure, axes):\n        pass", ""),
        ("notes = [1]\nlabels.place(axes, notes)\nreport.number('n', notes, 'N')",
         "notes = [1]\nreport.number('n', notes, 'N')"),
    ],
)  # fmt: skip
def test_what_is_said_needs(source: str, expected: str | None) -> None:
    """All that may change what the report is told is kept, and no drawing; None: all of it."""
    whole = "\n".join(ast.unparse(each) for each in ast.parse(source).body)
    assert kept(source) == (whole if expected is None else expected)


@pytest.mark.parametrize(
    ("source", "matters"),
    [
        ("report = Report('trade', as_of)\nreport.number('n', one, 'N')", False),
        ("report.text('y', str(report.as_of.year), 'Y')", False),
        ("report.text('d', str(report.as_of), 'D')", True),
        ("report.text('d', as_of, 'D')", True),
        ("report.text('d', describe(report), 'D')", True),
    ],
)
def test_the_day_itself_is_seen(source: str, matters: bool) -> None:  # noqa: FBT001
    """Its year is a parameter like others; anything finer keeps days apart."""
    assert reads_the_day([Cell(1, source, ast.parse(source))]) is matters
