"""``azkz trace``: from a number to its sources, as readers and programs ask for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from azkz.cli import cli
from azkz.ledger.formula import names, parse
from azkz.ledger.periods import parse_period
from azkz.paths import Checkout
from azkz.report.text import FIXED, THIN
from chapter_checks import run, table
from conftest import Azkz

Json = dict[str, Any]

CITED = ("trade", "culture")
OBSERVED = "trade.turnover-2023-stated"
NESTED = "trade.growth-2024-kazakh"
WORD = "trade.direction-2025"
COUNT = "culture.met-2024"


Ask = Callable[..., str]


@pytest.fixture(scope="module")
def ask(azkz: Azkz, place: Checkout) -> Ask:
    """What the command prints of the newest edition; the same is asked once."""

    @cache
    def printed(*arguments: str) -> str:
        done = azkz(place, "trace", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return printed


@pytest.fixture(scope="module")
def numbers() -> dict[str, Json]:
    """The numbers of two chapters as the newest edition prints them, by id."""
    return {number["id"]: number for name in CITED for number in run(name).numbers}


def rows_of(record: Json) -> Iterator[Json]:
    """The rows at the ends of a tree."""
    yield from record["observations"]
    for each in record["inputs"]:
        yield from rows_of(each)


def traced(ask: Ask, key: str) -> Json:
    """The tree that the command prints as JSON, and nothing beside it."""
    printed = ask(key, "--json")
    record: Json = json.loads(printed)
    assert printed == json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    return record


@pytest.mark.parametrize("key", [OBSERVED, NESTED, WORD, COUNT])
def test_the_ends_of_the_tree_are_the_rows_of_the_number(
    ask: Ask, numbers: dict[str, Json], key: str
) -> None:
    """A reading, a ratio of sums, a word and a count: exactly their rows, each with a source."""
    record = traced(ask, key)
    assert {row["id"] for row in rows_of(record)} == set(numbers[key]["observations"])
    addresses = set(table("sources")["url"])
    assert {row["source"]["url"] for row in rows_of(record)} <= addresses
    same = ("id", "label", "kind", "text", "value", "unit", "formula", "known_from")
    assert {name: record[name] for name in same} == {name: numbers[key][name] for name in same}


def test_every_part_of_a_formula_is_a_branch(ask: Ask, numbers: dict[str, Json]) -> None:
    """A number made from numbers: its inputs are traced in turn, in the order of the formula."""
    record = traced(ask, NESTED)
    branches = [each["id"] for each in record["inputs"]]
    assert branches == list(names(parse(record["formula"]))) == numbers[NESTED]["inputs"]
    assert all(each["observations"] for each in record["inputs"])


def test_the_terminal_shows_the_whole_way(ask: Ask) -> None:
    """Id, value, label, formula, inputs, rows, publishers and addresses, in plain text."""
    record = traced(ask, NESTED)
    shown = ask(NESTED)
    assert "\x1b" not in shown
    said = {record["label"], f"= {record['formula']}"}
    for each in (record, *record["inputs"]):
        said |= {f"{each['id']}  {as_read(each['text'])}", each["label"]}
    for row in rows_of(record):
        source = row["source"]
        said |= {f"{row['id']}  {as_read(row['text'])}", row["what"], row["note"]}
        said |= {f"{source['publisher']}: {source['title']}", source["url"]}
    assert not [each for each in said if each not in shown]


def as_read(text: str) -> str:
    """Printed text with ordinary spaces."""
    return text.replace(FIXED, " ").replace(THIN, " ")


def test_the_same_row_is_shown_once(ask: Ask) -> None:
    """What is reached a second time is named, and said to stand above."""
    shown = ask("trade.ratio-2020-revised")
    record = traced(ask, "trade.ratio-2020-revised")
    ids = [row["id"] for row in rows_of(record)]
    assert all(shown.count(f"─ {key}  ") == ids.count(key) for key in ids)
    share = traced(ask, "culture.met-third-share")
    twice = [row["id"] for row in rows_of(share)]
    shown = ask("culture.met-third-share")
    assert len(twice) > len(set(twice))
    assert shown.count("  as above") == len(twice) - len(set(twice))


def test_other_readings_are_shown_with_what_they_are(ask: Ask, numbers: dict[str, Json]) -> None:
    """Repeats, revisions and disagreements of an observed number, as in its record."""
    record, shown = traced(ask, OBSERVED), ask(OBSERVED)
    kept = [{key: each[key] for key in numbers[OBSERVED]["alternatives"][0]}
            for each in record["alternatives"]]  # fmt: skip
    assert kept == numbers[OBSERVED]["alternatives"]
    assert {"repeat", "revision", "disagreement"} == {each["relation"] for each in kept}
    for each in record["alternatives"]:
        since = parse_period(each["known_from"]).label
        line = f"{each['observation']}  {as_read(each['text'])}  {each['relation']}"
        assert re.search(rf"{re.escape(line)}, .*, known from {since}\n", shown)


def test_an_event_is_told_with_its_sources(ask: Ask) -> None:
    """A count's branches are its events: day, summary, first and second source."""
    events = table("events").set_index("id")
    sources = table("sources").set_index("source")
    shown = ask(COUNT)
    ids = [row["id"] for row in rows_of(traced(ask, COUNT))]
    assert len(ids) == int(shown.split()[1])
    for key in ids:
        event = events.loc[key]
        cited = [name for name in (event["source"], event["source2"]) if name]
        assert str(event["summary"]).rstrip(". ") in shown
        assert all(sources.loc[name, "url"] in shown for name in cited)


def test_lines_are_as_wide_as_the_terminal(
    ask: Ask, azkz: Azkz, place: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On sixty columns nothing is wider; where nobody says how wide it is, no line is broken."""
    whole = ask(NESTED)
    monkeypatch.setenv("COLUMNS", "60")
    folded = azkz(place, "trace", NESTED).stdout
    assert max(map(len, folded.splitlines())) <= 60 < max(map(len, whole.splitlines()))


@pytest.mark.parametrize("key", ["trade-0569", "event-0165"])
def test_a_row_leads_to_its_source_and_to_what_rests_on_it(
    ask: Ask, numbers: dict[str, Json], key: str
) -> None:
    """An observation or an event: the numbers of any chapter that have it among their evidence."""
    record, shown = traced(ask, key), ask(key)
    resting = {each["id"] for each in record["numbers"]}
    expected = {name for name, number in numbers.items() if key in number["observations"]}
    assert expected
    assert {name for name in resting if name.partition(".")[0] in CITED} == expected
    assert record["source"]["url"] in shown
    assert all(name in shown for name in resting)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (
            "trade.turnover-2O24",
            r"no number 'trade.turnover-2O24' — near it: .*turnover-2024",
        ),
        ("trades.turnover-2024", "no chapter 'trades' — the chapters are trade, energy"),
        ("trade-9999", "data/: no row 'trade-9999' — near it: trade-"),
        ("turnover", "'turnover' names neither a number nor a row — write a number as trade."),
    ],
)
def test_a_slip_in_the_name_is_told_with_what_is_near(
    azkz: Azkz, place: Checkout, key: str, says: str
) -> None:
    """Exit code 2, the way out named, nothing on standard output."""
    done = azkz(place, "trace", key, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(says, done.stderr)


def test_what_was_not_known_on_the_day_is_said(azkz: Azkz, copy: Checkout) -> None:
    """In an edition of March 2024 later numbers and rows do not exist: exit code 1, the reason."""
    text = (copy.editions / "2026.11.yml").read_text(encoding="utf-8")
    text = text.replace('"2026.11"', '"2024.02"').replace("2026-11-23", "2024-03-11")
    early = text.replace("last_year: 2025", "last_year: 2023")
    (copy.editions / "2024.02.yml").write_text(early, encoding="utf-8")
    number = azkz(copy, "trace", "trade.turnover-2025", "--edition", "2024.02")
    assert (number.returncode, number.stdout) == (1, "")
    assert "as known on 2024-03-11: trade.turnover-2025 is not known: " in number.stderr
    row = azkz(copy, "trace", "trade-0569", "--edition", "2024.02")
    assert (row.returncode, row.stdout) == (1, "")
    assert "trade-0569 was known from 2026-11-23 only" in row.stderr
    known = azkz(copy, "trace", OBSERVED, "--edition", "2024.02", "--json")
    assert json.loads(known.stdout)["known_from"] <= "2024-03-11"


def test_the_examples_of_the_help_work(ask: Ask, place: Checkout) -> None:
    """Every id that the help and the README name is one that can be traced."""
    named = re.findall(r"azkz trace (\S+)", str(cli.commands["trace"].epilog))
    named += re.findall(r"azkz trace (\S+)", (place.root / "README.md").read_text("utf-8"))
    assert named
    for key in dict.fromkeys(named):
        assert ask(key).startswith(key)
