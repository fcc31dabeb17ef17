"""What was known when: each number on each day on which its evidence changed."""

from __future__ import annotations

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from azkz.build import template as templates
from azkz.build.chapter import Chapter
from azkz.build.evaluate import Code, evaluate, run
from azkz.build.plan import make_plan
from azkz.build.progress import Steps
from azkz.build.request import Request
from azkz.build.vintages import Step, Vintages, named, vintages
from azkz.errors import BadInput
from azkz.ledger import Ledger
from azkz.ledger.watched import WatchedLedger, rows_for
from azkz.paths import Checkout
from azkz.report.text import vintage_figure
from chapter_checks import observations

DAY = date(2026, 11, 23)
EDITIONS = {"2024.03": "2024-03-11", "2025.10": "2025-10-22", "2026.11": "2026-11-23"}


def steps_of(place: Checkout, ledger: Ledger, key: str, day: str = "2026-11-23") -> list[Step]:
    """The vintages of a number up to a day."""
    template = templates.load(place, key.partition(".")[0])
    parameters = {**template.parameters, "as_of": day}
    found = {n["id"]: n for n in evaluate(template, parameters, ledger).numbers}
    return vintages(template, key, parameters, WatchedLedger.of(ledger), found[key])


def texts(steps: list[Step]) -> list[tuple[str, str]]:
    """Day and printed text, with plain spaces."""
    return [
        (step.day.isoformat(), " ".join(step.number["text"].split()) if step.number else "")
        for step in steps
    ]


def test_the_turnover_of_2023_is_revised_once(place: Checkout, ledger: Ledger) -> None:
    """The days are those of the rows themselves, read from the file by plain pandas."""
    rows = observations()
    stated = rows[
        rows["source"].eq("trend-2024-03-05-igc-joint-production")
        & rows["indicator"].eq("trade_turnover")
        & rows["time_period"].eq("2023")
    ]
    revised = rows[
        rows["indicator"].isin(["exports", "imports"])
        & rows["time_period"].eq("2023")
        & rows["source"].str.startswith("bns")
        & rows["reporter"].eq("KAZ")
        & rows["counterpart_area"].eq("AZE")
    ]
    found = texts(steps_of(place, ledger, "trade.turnover-2023"))
    assert [day for day, _ in found] == [*stated["known_from"], max(revised["known_from"])]
    assert [text for _, text in found] == ["529.4 million USD", "556.7 million USD"]


@pytest.mark.parametrize("key", ["corridor.cargo-2023", "culture.met-2023"])
def test_between_two_steps_nothing_changes(key: str, place: Checkout, ledger: Ledger) -> None:
    """On any day, some hundred of them, the whole chapter gives what the last step has."""
    steps = steps_of(place, ledger, key)
    template = templates.load(place, key.partition(".")[0])
    code = Code.of(template, key)
    assert len(steps) > 2
    first = steps[0].day
    days = [first + timedelta(days=at) for at in range(-40, (DAY - first).days, 31)]
    days += [step.day - timedelta(days=1) for step in steps]
    for day in days:
        parameters = {**template.parameters, "as_of": day.isoformat()}
        parameters["last_year"] = min(parameters["last_year"], day.year - 1)
        numbers = {n["id"]: n for n in run(code, parameters, ledger)["numbers"]}
        before = [step for step in steps if step.day <= day]
        expected = before[-1].number if before else None
        text = numbers[key]["text"] if key in numbers else None
        assert text == (expected["text"] if expected else None), day


def test_a_number_of_a_table_is_followed_by_the_whole_chapter(
    place: Checkout, ledger: Ledger
) -> None:
    """No statement names it: the chapter is evaluated whole, and gives the same on its last day."""
    key = "trade.readings-2023-highest-over-lowest-times"
    template = templates.load(place, "trade")
    whole = {n["id"]: n for n in evaluate(template, template.parameters, ledger).numbers}
    steps = steps_of(place, ledger, key)
    assert steps[-1].number == whole[key]
    before = {"as_of": (steps[0].day - timedelta(days=1)).isoformat(), "last_year": 2023}
    earlier = evaluate(template, {**template.parameters, **before}, ledger)
    assert key not in {number["id"] for number in earlier.numbers}


def test_an_earlier_edition_has_the_steps_up_to_its_day(place: Checkout, ledger: Ledger) -> None:
    """What was known when does not depend on when it is asked."""
    key = "culture.met-2023"
    early = texts(steps_of(place, ledger, key, "2024-03-11"))
    assert early == [
        step for step in texts(steps_of(place, ledger, key)) if step[0] <= "2024-03-11"
    ]
    assert early


def test_questions_are_noted_with_the_rows_that_answer(ledger: Ledger) -> None:
    """On whatever day one asks, the rows of later days are found, too."""
    watched = WatchedLedger.of(ledger)
    then = watched.as_of(date(2015, 1, 1))
    asked = {"reporter": "KAZ", "ref_area": "KAZ", "counterpart_area": "AZE"}
    answer = then.select("trade_turnover", **asked)
    rows = rows_for(ledger, watched.asked)
    assert rows == set(ledger.select("trade_turnover", **asked))
    assert len(rows) > len(answer)


def test_the_page_names_the_numbers(place: Checkout) -> None:
    """Each once, and those of the cover that are no statement of one day."""
    keys = named(place)
    assert len(set(keys)) == len(keys) > 8
    cover = (place.book / "index.md").read_text(encoding="utf-8")
    pinned = {"trade.turnover-2023-stated", "trade.turnover-2023-revised"}
    block = cover.split("```{azkz-key-numbers}")[1].split("```")[0].split()
    assert set(block) - pinned <= set(keys)


def test_a_word_has_no_chart(copy: Checkout) -> None:
    """The page and what to do are named."""
    page = copy.book / "vintages.md"
    page.write_text("# V\n\n```{azkz-vintages}\ntrade.word\n```\n", encoding="utf-8")
    plan = make_plan(copy, Request("2026.11"), Steps(), DAY)
    word = {"id": "trade.word", "chapter": "trade", "kind": "text"}
    chapter = Chapter("trade", b"", numbers=[word])
    with ThreadPoolExecutor(1) as pool:
        charts = Vintages(copy, plan, pool)
        charts.take(chapter)
        with pytest.raises(BadInput, match=r"vintages\.md: trade\.word is no figure"):
            charts.figures()


@pytest.mark.parametrize("edition", list(EDITIONS))
def test_the_data_of_the_charts_end_with_the_edition(
    edition: str, site: Path, place: Checkout
) -> None:
    """Each number that the edition knows has a chart, whose last value is the one printed.

    Or it stands in the list of those that were never printed otherwise, with its first day.
    """
    folder = site / edition / "data"
    drawn = {path.stem: path for path in folder.glob("vintages.*.csv")}
    numbers = _numbers(site / edition)
    known = [key for key in named(place) if key in numbers]
    assert known
    assert set(drawn) <= {vintage_figure(key) for key in known}
    page = (site / edition / "book" / "vintages.html").read_text(encoding="utf-8")
    listed = page.partition("Printed as they are since they were first known:")[2]
    for key in known:
        if vintage_figure(key) not in drawn:
            assert f'data-number="{key}"' in listed
            continue
        with drawn[vintage_figure(key)].open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len({row["text"] for row in rows}) > 1
        assert rows[-1]["as_of"] <= EDITIONS[edition]
        assert rows[-1]["text"] == numbers[key]["text"]
        assert float(rows[-1]["value"]) == pytest.approx(numbers[key]["value"], rel=1e-12)
        assert [row["as_of"] for row in rows] == sorted(row["as_of"] for row in rows)


def _numbers(folder: Path) -> dict[str, Any]:
    content = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))
    return {number["id"]: number for number in content["numbers"]}
