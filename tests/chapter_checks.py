"""What the tests of chapters share: chapters run once, their numbers, the data files as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import nbformat
import pandas as pd

from azkz.build import template
from azkz.build.chapter import Chapter, execute, read
from azkz.ledger import Ledger
from azkz.paths import checkout

Numbers = dict[str, dict[str, Any]]
"""Records of numbers by the part of their id behind the dot."""

ARTICLE_DAY = "2024-03-11"
EDITION_DAYS = (ARTICLE_DAY, "2025-10-22", "2026-11-23")
EARLY_DAYS = ("2016-01-01", "2022-06-30")
"""Days before the article: an unnamed edition can be made for each."""
NEWEST_DAY = EDITION_DAYS[-1]

_BLOCK = re.compile(r"\n\s*\n|\n(?=(?:- |1\. ))")
_ROLE = re.compile(r"\{(num|since|until)\}`([^`:]+)[^`]*`")


@cache
def run(name: str, **changed: str | int) -> Chapter:
    """A chapter, run with the parameters that it declares but for those given."""
    place = checkout()
    loaded = template.load(place, name)
    return read(name, execute(place, loaded, {**loaded.parameters, **changed}))


def run_on(name: str, day: str) -> Chapter:
    """A chapter as known on a day, with the last year that had ended on it."""
    if day == NEWEST_DAY:
        return run(name)
    return run(name, as_of=day, last_year=min(2025, int(day[:4]) - 1))


def standing(name: str, day: str) -> Iterator[str]:
    """The passages of a chapter's Markdown that stand on a day, by what they cite and wait for.

    Headings are none: they go with what stands below them.
    """
    numbers = {record["id"] for record in run_on(name, day).numbers}
    ledger = whole_ledger().as_of(date.fromisoformat(day))
    known = numbers | ledger.events.keys() | ledger.claims.keys()
    for cell in nbformat.read(checkout().notebooks / f"{name}.ipynb", as_version=4).cells:
        for block in _BLOCK.split(cell.source) if cell.cell_type == "markdown" else ():
            if not block.startswith("#") and all(
                (role == "until") != (key in known) for role, key in _ROLE.findall(block)
            ):
                yield block


def findings(name: str, day: str) -> list[str]:
    """The key findings that stand on a day."""
    return [block for block in standing(name, day) if block.startswith("1. ")]


def key_numbers(name: str) -> set[str]:
    """The numbers that the key findings of the newest edition cite, by name."""
    cited = {
        key
        for passage in findings(name, NEWEST_DAY)
        for role, key in _ROLE.findall(passage)
        if role == "num"
    }
    return {key.partition(".")[2] for key in cited}


def later_years(name: str, day: str) -> set[str]:
    """The years after a day that a chapter's words name, and no row known on the day is about."""
    chapter = run_on(name, day)
    fields = ("title", "subtitle", "caption", "alt", "note", "text", "label")
    records = (*chapter.figures, *chapter.tables, *chapter.verdicts, *chapter.numbers)
    words = " ".join(str(record[k]) for record in records for k in fields if k in record)
    words += " ".join(str(row) for record in chapter.tables for row in record["rows"])
    words += " ".join(standing(name, day))
    ledger = whole_ledger().as_of(date.fromisoformat(day))
    of_rows = {str(row.period.end.year) for row in ledger.observations.values()}
    named = set(re.findall(r"(?<![\w.-])20\d\d(?![\w-])", words))
    return {year for year in named if year > day[:4]} - of_rows


def drawn_words(chapter: Chapter) -> str:
    """What is written in the drawings themselves: names of axes, ticks and labels."""
    cells = nbformat.reads(chapter.notebook.decode(), as_version=4).cells
    outputs = (output.get("data", {}) for cell in cells for output in cell.get("outputs", ()))
    drawings = " ".join(str(data.get("image/svg+xml", "")) for data in outputs)
    return " ".join(re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", drawings))


@cache
def whole_ledger() -> Ledger:
    """The checkout's ledger, all of it."""
    return Ledger.load(checkout().data)


def by_name(chapter: Chapter) -> Numbers:
    """The chapter's numbers."""
    return {number["id"].partition(".")[2]: number for number in chapter.numbers}


def table(name: str) -> pd.DataFrame:
    """A file of ``data/`` read by plain pandas, every cell as it is written."""
    return pd.read_csv(checkout().data / f"{name}.csv", dtype=str, keep_default_na=False)


def observations() -> pd.DataFrame:
    """The observations, with ``value``: the figure as a float."""
    frame = table("observations")
    return frame.assign(value=pd.to_numeric(frame["obs_value"]))


def drawn(chapter: Chapter, figure: str) -> pd.DataFrame:
    """The data that a figure carries, one row a mark."""
    found = next(each for each in chapter.figures if each["id"] == figure)
    return pd.DataFrame(found["rows"], columns=found["columns"])
