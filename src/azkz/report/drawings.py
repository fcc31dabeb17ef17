"""Drawings that chapters share: lines with gaps, dots, bars and rows by name, steps in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from azkz.ledger import Ledger, Series, Unknown
from azkz.report import labels, style

Look = tuple[str, str]
"""Colour and marker of one count."""


def whole_years(series: Series, **same: str) -> pd.DataFrame:
    """The series' calendar years, one row each; parts of years are left out.

    Columns as in ``Series.frame``, and one more for each of ``same``, which holds that text.
    """
    frame = series.frame()
    whole = pd.Series([period.is_year for period in series], dtype=bool)
    return frame[whole].reset_index(drop=True).assign(**same)


def line(axes: Axes, frame: pd.DataFrame, colour: str, **look: Any) -> None:
    """A line over ``year`` and ``value`` of ``frame`` that breaks where years are missing.

    ``look`` goes to seaborn's ``lineplot``; a frame without rows draws nothing.
    """
    if frame.empty:
        return
    sns.lineplot(
        data=style.runs(frame),
        x="year",
        y="value",
        units="run",
        estimator=None,
        color=colour,
        ax=axes,
        **look,
    )


def dots(
    axes: Axes,
    frame: pd.DataFrame,
    colour: str,
    *,
    x: str = "year",
    y: str = "value",
    marker: str = "o",
) -> None:
    """Filled dots at two columns of ``frame``, over lines."""
    sns.scatterplot(
        data=frame, x=x, y=y, color=colour, marker=marker, s=64, legend=False, zorder=4, ax=axes
    )


def bars(
    axes: Axes, frame: pd.DataFrame, names: str, colours: Sequence[str] | str, width: float = 0.66
) -> None:
    """Horizontal bars of ``value``, one a row of ``frame`` from the top down, each in its colour.

    ``names`` is the column that names them; each name stands in one row.
    """
    palette = [colours] * len(frame) if isinstance(colours, str) else list(colours)
    sns.barplot(
        data=frame,
        x="value",
        y=names,
        hue=names,
        palette=palette,
        saturation=1,
        legend=False,
        width=width,
        ax=axes,
    )
    by_name(axes)


def columns(
    axes: Axes, frame: pd.DataFrame, x: str, colour: str | None = None, **look: Any
) -> None:
    """Vertical bars of ``value`` in their full colours; ``look`` goes to seaborn's ``barplot``."""
    sns.barplot(
        data=frame, x=x, y="value", color=colour, saturation=1, legend=False, ax=axes, **look
    )
    style.bare(axes)


def rows(axes: Axes, frame: pd.DataFrame, names: str, texts: Sequence[str]) -> None:
    """Dots in rows, one a row of ``frame`` from the top down, with ``texts`` to their right.

    Columns of ``frame``: ``names``, ``value``, ``colour``, ``hope`` (bool: hollow, else filled);
    where it has ``low`` and ``high``, a grey line spans what the printed digits leave open. Values
    may be days.
    """
    ends = frame["value"]
    if {"low", "high"} <= set(frame.columns):
        ends = frame[["value", "high"]].max(axis="columns")
        axes.hlines(
            range(len(frame)), frame["low"], frame["high"], color=style.OTHER_LIGHT, linewidth=4
        )
    for place, row in enumerate(frame.to_dict("records")):
        if row["hope"]:
            labels.hollow(axes, [row["value"]], [place], row["colour"])
        else:
            axes.plot(row["value"], place, "o", color=row["colour"], markersize=8.4, zorder=5)
    axes.set_ylim(len(frame) - 0.5, -0.5)
    axes.set_yticks(range(len(frame)), list(frame[names]))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    by_name(axes)
    for place, text in enumerate(texts):
        labels.note(axes, ends.iloc[place], place, text, frame["colour"].iloc[place], right=8)


def pairs(axes: Axes, frame: pd.DataFrame, names: str, looks: Mapping[str, Look]) -> None:
    """The counts of one thing in one row, joined by a grey line; rows from the top down.

    Columns of ``frame``: ``names``, ``count`` (a key of ``looks``: colour and marker), ``value``,
    and, where some are hopes, ``hope`` (bool: hollow).
    """
    places = {name: place for place, name in enumerate(dict.fromkeys(frame[names]))}
    for name, values in frame.groupby(names)["value"]:
        ends, place = [values.min(), values.max()], places[str(name)]
        axes.plot(ends, [place, place], color=style.OTHER_LIGHT, linewidth=4, zorder=1)
    for row in frame.to_dict("records"):
        (colour, marker), place = looks[row["count"]], places[row[names]]
        if row.get("hope"):
            labels.hollow(axes, [row["value"]], [place], colour, marker)
        else:
            axes.plot(row["value"], place, marker, color=colour, markersize=8.4, zorder=5)
    axes.set_ylim(len(places) - 0.4, -0.9)
    axes.set_yticks(range(len(places)), list(places))
    by_name(axes)


def by_name(axes: Axes, size: float | None = None) -> None:
    """Rows with their names at the left: grid lines only upright, names in ink."""
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="y", labelcolor=style.INK)
    if size:
        axes.tick_params(axis="y", labelsize=size)
    style.bare(axes)


def steps(ledger: Ledger, told: Sequence[tuple[str, str, str, str]]) -> pd.DataFrame:
    """What was said and done, in order of time, as far as it was known.

    ``told`` holds (event or claim that tells it, day on the axis or empty for the event's own,
    ``said`` or ``done``, what). Columns: date (datetime64), kind, what, observation (the event, or
    None for a claim).
    """
    found: list[tuple[str | date, str, str, str | None]] = []
    for key, day, kind, what in told:
        event = ledger.event(key)
        if not isinstance(event, Unknown):
            found.append((day or event.period.start, kind, what, event.id))
        elif key in ledger.claims:
            found.append((day, kind, what, None))
    frame = pd.DataFrame(found, columns=["date", "kind", "what", "observation"])
    frame["date"] = pd.to_datetime(frame["date"])
    return frame.sort_values("date", kind="stable", ignore_index=True)


def timeline(axes: Axes, frame: pd.DataFrame) -> None:
    """Rows of ``steps`` from the top down in time: what was said hollow, what was done filled."""
    first, last = frame["date"].min(), frame["date"].max()
    done = frame[frame["kind"].eq("done")]
    said = frame[frame["kind"].eq("said")]
    axes.plot(done["date"], done.index, "o", color=style.INK, markersize=8.4, zorder=5)
    labels.hollow(axes, list(said["date"]), list(said.index), style.INK)
    room = pd.DateOffset(months=4)
    axes.set_xlim(first - room, last + room)
    axes.set_ylim(len(frame) - 0.4, -0.6)
    axes.set_yticks([])
    by_name(axes)
    years = pd.date_range(first - room, last + room, freq="YS")
    axes.set_xticks(years, labels=[str(day.year) for day in years])
    middle = first + (last - first) * 0.55
    for place, (day, kind, what) in enumerate(frame[["date", "kind", "what"]].to_numpy()):
        colour = style.INK if kind == "done" else style.MUTED
        labels.note(axes, day, place, what, colour, right=9 if day < middle else -9)


def told(frame: pd.DataFrame) -> str:
    """Rows of ``steps`` in words, for who cannot see the drawing."""
    return "; ".join(
        f"{day:%B %Y}, {kind}: {what}"
        for day, kind, what in frame[["date", "kind", "what"]].to_numpy()
    )


def key(axes: Axes, names: Mapping[str, str]) -> None:
    """Names in their colours in the upper left corner, where marks have no room for them."""
    for place, (name, colour) in enumerate(names.items()):
        axes.annotate(
            name,
            (0.02, 0.97),
            (0, -16 * place),
            xycoords="axes fraction",
            textcoords="offset points",
            va="top",
            color=colour,
            fontweight="bold",
            bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 1},
        )
