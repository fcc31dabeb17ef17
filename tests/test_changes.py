"""Two editions held against each other: classes, differences, verdicts, and the page of changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azkz.ledger import Ledger
from azkz.paths import checkout
from azkz.report.changes import CLASSES, compare, made_otherwise
from azkz.report.changes_chart import chart
from azkz.report.difference import between
from azkz.report.said import Said
from azkz.report.text import print_value, with_unit
from azkz.report.verdict_changes import plain
from test_sphinxext import Element, build, make_stage

Json = dict[str, Any]

LEDGER = Ledger.load(checkout().data)
THEN, NOW = date(2024, 3, 11), date(2026, 11, 23)
EARLY = [key for key, row in LEDGER.observations.items() if row.known_from <= THEN][:6]
LATE = [key for key, row in LEDGER.observations.items() if row.known_from > THEN][:6]
KEYS = [f"trade.number-{place}" for place in range(8)]


def number(
    key: str, value: str | None, unit: str, decimals: int, rows: Sequence[str], text: str = ""
) -> Json:
    """A number's record, printed as a chapter prints it."""
    printed = text
    if value is not None:
        printed = with_unit(print_value(Decimal(value), decimals), LEDGER.units[unit])
    return {
        "id": key,
        "chapter": "trade",
        "label": f"About {key}",
        "kind": "text" if value is None else "observed",
        "value": None if value is None else float(value),
        "unit": "" if value is None else unit,
        "decimals": None if value is None else decimals,
        "text": printed,
        "formula": "",
        "observations": sorted(rows),
        "alternatives": [],
    }


def said(
    numbers: Sequence[Json],
    day: date = THEN,
    verdicts: Mapping[str, Json] | None = None,
    made_with: Mapping[str, str] | None = None,
) -> Said:
    """An edition with these numbers."""
    keyed = {each["id"]: each for each in numbers}
    return Said(day.isoformat(), day, keyed, verdicts or {}, made_with or {}, released=False)


@st.composite
def editions(draw: st.DrawFn) -> tuple[list[Json], list[Json]]:
    """Two lists of numbers; the older one rests on rows known on its day alone."""

    def one(key: str, rows: Sequence[str]) -> Json:
        behind = draw(st.lists(st.sampled_from(rows), min_size=1, max_size=3, unique=True))
        if draw(st.integers(0, 4)) == 0:
            return number(key, None, "", 0, behind, draw(st.sampled_from(("rose", "fell"))))
        value = draw(st.sampled_from(("529.4", "556.7", "0.1", "0.3", "0", "-1.25", "2023")))
        unit = draw(st.sampled_from(("million USD", "percent", "count", "year")))
        return number(key, value, unit, draw(st.integers(0, 2)), behind)

    keys = st.lists(st.sampled_from(KEYS), unique=True)
    old = [one(key, EARLY) for key in draw(keys)]
    return old, [one(key, EARLY + LATE) for key in draw(keys)]


@given(editions())
def test_each_number_is_in_exactly_one_class(pair: tuple[list[Json], list[Json]]) -> None:
    """Whatever two editions say, the classes divide their numbers, by the rules of the classes."""
    old, new = ({each["id"]: each for each in numbers} for numbers in pair)
    record = compare(said(pair[0]), said(pair[1], NOW), LEDGER)
    listed = [(name, each["id"]) for name in CLASSES for each in record["numbers"][name]]
    assert sorted(key for _, key in listed) == sorted(old.keys() | new.keys())
    assert record["counts"] == {name: len(record["numbers"][name]) for name in CLASSES}
    same = ("text", "value", "unit", "observations")
    for name, key in listed:
        late = set(new[key]["observations"]) & set(LATE) if key in new else set()
        assert (name == "appeared") == (key not in old)
        assert (name == "disappeared") == (key not in new)
        if key in old and key in new:
            figure = any(old[key][part] != new[key][part] for part in same[:3])
            equal = all(old[key][part] == new[key][part] for part in same)
            assert (name == "unchanged") == equal
            assert (name == "revised") == (figure and bool(late))


@given(editions())
def test_differences_are_those_of_the_printed_figures(pair: tuple[list[Json], list[Json]]) -> None:
    """The older printed figure and the difference make the newer one, to the last digit."""
    record = compare(said(pair[0]), said(pair[1], NOW), LEDGER)
    for change in (*record["numbers"]["revised"], *record["numbers"]["re-read"]):
        then, now = change["old"], change["new"]
        one_unit = then["value"] is not None and now["value"] is not None
        one_unit = one_unit and then["unit"] == now["unit"]
        assert (change["difference"] is not None) == one_unit
        if one_unit:
            gap = Decimal(str(change["difference"]))
            assert read(then["text"]) + gap == read(now["text"])
        rows = {*change["came"], *change["taken"]}
        assert not set(change["came"]) - set(LATE)
        assert not {*change["taken"], *change["went"]} & set(LATE)
        assert rows <= set(record["rows"])


def read(text: str) -> Decimal:
    """A printed figure as a number."""
    figure = text.partition("\u00a0")[0]
    return Decimal(figure.replace("\u2212", "-").replace("\u202f", ""))


@given(editions())
def test_the_largest_relative_change_stands_first(pair: tuple[list[Json], list[Json]]) -> None:
    """By relative size; then differences without one, then texts and other units; then by id."""
    record = compare(said(pair[0]), said(pair[1], NOW), LEDGER)

    def rank(change: Json) -> tuple[int, float, str]:
        if change["relative"] is not None:
            return 0, -abs(change["relative"]), change["id"]
        return (2 if change["difference"] is None else 1), 0, change["id"]

    for name in ("revised", "re-read"):
        assert all(rank(a) < rank(b) for a, b in pairwise(record["numbers"][name]))


@given(editions())
def test_an_edition_does_not_differ_from_itself(pair: tuple[list[Json], list[Json]]) -> None:
    """Every number is unchanged and nothing is named."""
    record = compare(said(pair[0]), said(pair[0], NOW), LEDGER)
    assert record["counts"]["unchanged"] == len(pair[0])
    assert record["rows"] == {}


@pytest.mark.parametrize(
    ("then", "now", "unit", "decimals", "gap", "part"),
    [
        ("529.4", "556.7", "million USD", 1, "+27.3 million USD", "+5.2 percent"),
        ("556.7", "529.4", "million USD", 1, "−27.3 million USD", "−4.9 percent"),
        ("0.1", "0.3", "TWh", 1, "+0.2 TWh", "+200 percent"),
        ("14.2", "14.3", "percent", 1, "+0.1 percentage points", "+0.7 percent"),
        ("-4", "2", "percent", 0, "+6 percentage points", "+150 percent"),
        ("2022", "2025", "year", 0, "+3", ""),
        ("0", "5", "count", 0, "+5", ""),
        ("12345", "23456", "people", 0, "+11 111 people", "+90 percent"),
        ("1.194", "1.186", "times", 2, "below the last digit printed", ""),
    ],
)
def test_a_difference_is_said_as_it_is_printed(
    then: str, now: str, unit: str, decimals: int, gap: str, part: str
) -> None:
    """Without the digits of binary fractions, with sign, unit and percentage points."""
    old, new = (number(KEYS[0], value, unit, decimals, EARLY[:1]) for value in (then, now))
    told = between(old, new, LEDGER.units[unit])
    words = {"\u00a0": " ", "\u202f": " "}
    shown = [told[part_] for part_ in ("difference_text", "relative_text")]
    assert ["".join(words.get(letter, letter) for letter in text) for text in shown] == [gap, part]
    assert len(repr(told["difference"])) <= 8


def test_a_change_names_its_evidence() -> None:
    """Rows that came are told with what, whose and since when; another period and name are said."""
    old = number(KEYS[0], "1", "million USD", 0, EARLY[:2])
    new = {**number(KEYS[0], "2", "million USD", 0, [EARLY[1], EARLY[2], LATE[0]]), "label": "Else"}
    record = compare(said([old]), said([new], NOW), LEDGER)
    (change,) = record["numbers"]["revised"]
    assert (change["came"], change["taken"], change["went"]) == ([LATE[0]], [EARLY[2]], [EARLY[0]])
    row = LEDGER.observations[LATE[0]]
    told = record["rows"][LATE[0]]
    assert told["known_from"] == row.known_from.isoformat()
    assert told["whose"] == LEDGER.name(row.reporter)
    assert LEDGER.indicators[row.indicator].label in told["what"]
    periods = {LEDGER.observations[key].period.label for key in (EARLY[1], EARLY[2], LATE[0])}
    assert change["periods"] is None or set(change["periods"]["new"]) == periods
    assert (change["old"]["label"], change["label"]) == (f"About {KEYS[0]}", "Else")


def test_a_row_that_left_the_ledger_is_named() -> None:
    """A release may rest on a row that is no longer there: it went, and is said not to be there."""
    old = number(KEYS[0], "1", "million USD", 0, ["trade-9999"])
    new = number(KEYS[0], "2", "million USD", 0, [LATE[0]])
    record = compare(said([old]), said([new], NOW), LEDGER)
    assert record["numbers"]["revised"][0]["went"] == ["trade-9999"]
    assert record["rows"]["trade-9999"]["what"] == "no longer in the ledger"


def test_what_was_made_otherwise_is_said() -> None:
    """Unequal code, notebooks and packages are named; with all equal nothing is said."""
    made = {"code": "1", "package pandas": "3.0", "notebook trade": "x"}
    old = said([], made_with=made)
    new = said([], NOW, made_with={**made, "code": "2", "package pandas": "3.1"})
    words = made_otherwise(compare(old, new, LEDGER))
    assert "code, package pandas." in words
    assert "Differences may come from that" in words
    assert made_otherwise(compare(old, old, LEDGER)) == ""


def verdict(said_: str, reasons: Sequence[str]) -> Json:
    """A verdict's record."""
    return {"verdict": said_, "reasons": list(reasons), "text": ""}


def test_verdicts_are_told_with_the_figures_of_their_edition() -> None:
    """Changed, appeared, disappeared, unchanged; each reason prints its own edition's number."""
    was = number(KEYS[0], "529.4", "million USD", 1, EARLY[:1])
    now = number(KEYS[0], "556.7", "million USD", 1, LATE[:1])
    reasons = [f"It is {{num}}`{KEYS[0]}`."]
    first = {name: verdict("confirmed", reasons) for name in ("turnover-2023", "gone", "kept")}
    then = {name: verdict("contradicted", reasons) for name in ("turnover-2023", "come")}
    then["kept"] = verdict("confirmed", [])
    record = compare(said([was], THEN, first), said([now], NOW, then), LEDGER)["verdicts"]
    claims = {name: [each["claim"] for each in found] for name, found in record.items()}
    assert claims == {
        "changed": ["turnover-2023"],
        "appeared": ["come"],
        "disappeared": ["gone"],
        "unchanged": ["kept"],
    }
    (changed,) = record["changed"]
    assert changed["old"] == {
        "verdict": "confirmed",
        "reasons": "It is 529.4\u00a0million\u00a0USD.",
    }
    assert changed["new"]["reasons"] == "It is 556.7\u00a0million\u00a0USD."
    assert changed["statement"] == LEDGER.claims["turnover-2023"].statement


def test_reasons_are_told_without_roles() -> None:
    """Variants of numbers, sources by their publishers, and what is not known by its name."""
    known = number(KEYS[0], "529.4", "million USD", 1, EARLY[:1])
    source = next(iter(LEDGER.sources.values()))
    words = f"{{num}}`{KEYS[0]}:value`, {{num}}`trade.none`, {{source}}`{source.key}`"
    assert plain(words, {KEYS[0]: known}, LEDGER) == f"529.4, trade.none, {source.publisher}"


def test_the_chart_draws_what_was_revised() -> None:
    """Measured figures, largest first, said in title and alt text; counts and texts are not drawn.

    Where none was revised there is no chart.
    """
    period = LEDGER.observations[LATE[0]].period
    known = (key for key, row in LEDGER.observations.items() if row.known_from <= THEN)
    early = next(key for key in known if LEDGER.observations[key].period == period)
    drawn = zip(KEYS, ("million USD", "TWh", "count"), ("110", "50", "300"), strict=False)
    pairs = [
        (number(key, "100", unit, 0, [early]), number(key, value, unit, 0, [LATE[0]]))
        for key, unit, value in drawn
    ]
    old, new = ([pair[which] for pair in pairs] for which in (0, 1))
    record = compare(said(old), said(new, NOW), LEDGER)
    figure = chart(record, LEDGER.as_of(NOW))
    assert figure is not None
    assert [row[0] for row in figure["rows"]] == [KEYS[1], KEYS[0]]
    assert [row[5] for row in figure["rows"]] == [-50.0, 10.0]
    assert figure["title"] == (
        "Of the figures known on 11\u00a0March 2024 one is now given higher and one lower, "
        "by up to 50\u00a0percent"
    )
    assert "100 → 50" in figure["alt"]
    assert figure["observations"] == sorted({early, LATE[0]})
    assert chart(compare(said(old), said(old, NOW), LEDGER), LEDGER) is None


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (None, "This build is not a whole edition and is compared with none."),
        ({"editions": [], "whole": False, "steps": []}, "This build is not a whole edition"),
        (
            {
                "editions": [{"edition": "2024.03", "as_of": "2024-03-11", "own": True}],
                "whole": True,
                "steps": [],
            },
            "This is the first edition: there is none before it to compare it with.",
        ),
    ],
)
def test_a_page_without_a_comparison_says_why(
    tmp_path: Path, record: Json | None, says: str
) -> None:
    """The first edition says that it is the first, a part of the report that it is no edition."""
    page = "# Changes\n\n```{azkz-changes}\n```\n\n```{azkz-editions}\n```\n"
    stage = make_stage(tmp_path, pages={"book/changes": page, "book/index": "# Cover\n"})
    (stage / "_azkz" / "changes.json").write_text(json.dumps(record), encoding="utf-8")
    shown = Element(build(stage) / "book" / "changes.html")
    assert any(says in text for _, text in shown.all("p"))
    editions = [text for _, text in shown.all("dl", class_="editions")]
    listed = record["editions"] if record else []
    assert len(editions) == bool(listed)
    for edition in listed:
        assert editions[0].startswith(edition["edition"])
        assert "The report as known on 11 March 2024. It is this edition." in editions[0]
