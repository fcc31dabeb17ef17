"""What the tests of chapters share: chapters run once, their numbers, the data files as text."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from azkz.build import template
from azkz.build.chapter import Chapter, execute, read
from azkz.paths import checkout

Numbers = dict[str, dict[str, Any]]
"""Records of numbers by the part of their id behind the dot."""

ARTICLE_DAY = "2024-03-11"


@cache
def run(name: str, **changed: str) -> Chapter:
    """A chapter, run with the parameters that it declares but for those given."""
    place = checkout()
    loaded = template.load(place, name)
    return read(name, execute(place, loaded, {**loaded.parameters, **changed}))


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
