"""Titles and prose cannot become false unnoticed: what they assert is tested, and can fail."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

import pytest

from azkz.build import CHAPTERS
from azkz.build.authored import Notebook
from azkz.build.evaluate import Code, run
from azkz.build.template import load
from azkz.errors import ReportError
from azkz.ledger import Event, Ledger, Observation
from azkz.paths import Checkout, checkout
from azkz.report.holding import check_holding, collected
from azkz.report.report import Report
from chapter_checks import by_name, whole_ledger
from chapter_checks import run as chapter_of
from conftest import Azkz

SEEDS = 60
Statement = tuple[str, str]
"""The figure whose title, or the prose that, makes a statement, and the statement."""


@cache
def notebook(name: str) -> Notebook:
    """A chapter's cells."""
    return Notebook(load(checkout(), name))


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_title_in_typed_words_is_held_against_the_evidence(name: str) -> None:
    """Where nothing in a title is computed, something that it asserts is stated beside it."""
    calls = [call for _, call in notebook(name).calls if called(call) == "figure"]
    assert len(calls) >= 5
    for call in calls:
        words = {word.arg: word.value for word in call.keywords}
        if isinstance(words["title"], ast.Constant):
            assert not (isinstance(words["holds"], ast.Dict) and not words["holds"].keys), (
                ast.unparse(words["title"])
            )


def called(call: ast.Call) -> str:
    """The method that a call of the report calls."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_statement_can_fail(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In ledgers with other figures, days and gaps each condition is false at least once."""
    monkeypatch.setattr(Report, "figure", without_drawing)
    made = stated(name, whole_ledger())
    assert not [statement for statement, holds in made if not holds]
    left = {statement for statement, _ in made}
    for seed in range(SEEDS):
        found = stated(name, disturbed(whole_ledger(), Random(seed)))  # noqa: S311
        left -= {statement for statement, holds in found if not holds}
        if not left:
            return
    assert not left, "these cannot be false"


def test_new_evidence_that_makes_a_title_false_stops_the_build(copy: Checkout, azkz: Azkz) -> None:
    """The message names chapter and cell, the figure with its title, and what does not hold."""
    (row,) = by_name(chapter_of("energy"))["uranium-share-2023"]["observations"]
    path = copy.data / "observations.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    place = rows[0].index("obs_value")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows(
            [*cells[:place], "80", *cells[place + 1 :]] if cells[0] == row else cells
            for cells in rows
        )
    done = azkz(copy, "build", "--chapter", "energy", "--only", "html")
    assert done.returncode == 3
    said = " ".join(done.stderr.split())
    assert "notebooks/energy.ipynb, cell" in said
    assert "figure energy.uranium, “2300 t of uranium crossed Azerbaijan in 2023;" in said
    assert "“the share stayed below the expected one” does not hold — write what" in said
    assert not (copy.site / "2026.11").exists()


def without_drawing(self: Report, name: str, _drawing: Any, **given: Any) -> None:
    """What a figure states, without the picture."""
    check_holding(f"figure {self.chapter}.{name}", given["holds"], "")


def stated(name: str, ledger: Ledger) -> list[tuple[Statement, bool]]:
    """What a chapter states on a ledger, as far as it gets, and whether it holds."""
    cells = tuple(cell for cell in notebook(name).cells if cell.tree)
    # A ledger that no source would give may lack what a chapter cannot do without.
    with collecting() as found, suppress(ReportError):
        run(Code(name, cells), load(checkout(), name).parameters, ledger)
    return [((of_what, words), holds) for of_what, words, holds in found]


@contextmanager
def collecting() -> Iterator[list[tuple[str, str, bool]]]:
    """Statements are listed instead of stopping the chapter."""
    found: list[tuple[str, str, bool]] = []
    token = collected.set(found)
    try:
        yield found
    finally:
        collected.reset(token)


def disturbed(ledger: Ledger, random: Random) -> Ledger:
    """A ledger with other figures, other days and, every second time, fewer rows."""
    kept = random.choice([1, 1, 0.6])
    observations = {
        key: changed(row, random)
        for key, row in ledger.observations.items()
        if random.random() < kept
    }
    events = {
        key: moved(event, random) for key, event in ledger.events.items() if random.random() < kept
    }
    return replace(ledger, observations=observations, events=events)


def changed(row: Observation, random: Random) -> Observation:
    """A row with another figure, up to thirty times smaller or larger, or with the other sign."""
    factor = Decimal(10) ** Decimal(round(random.uniform(-1.5, 1.5), 3))
    value = float(row.value * factor) * random.choice([1, 1, 1, 1, 1, 1, 1, -1])
    if row.text.isdigit() and len(row.text) == 4 and row.unit.counts:
        return row
    whole = re.fullmatch(r"-?\d+", row.text) is not None
    text = f"{value:.0f}" if whole else f"{value:.4f}"
    return replace(row, text=text if float(text) else "1")


def moved(event: Event, random: Random) -> Event:
    """An event on another day, up to three years before or after, where it has a whole day."""
    if len(event.day) != 10 or event.end_day:
        return event
    day = event.period.start + timedelta(days=random.randint(-1000, 1000))
    return replace(event, day=day.isoformat())
