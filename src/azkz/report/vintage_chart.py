"""The chart of one number's vintages: its value against the day as of which it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import inf
from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes

from azkz.ledger import Ledger
from azkz.report import style
from azkz.report.figures import page_figure
from azkz.report.text import long_date, vintage_figure

Record = dict[str, Any]
Vintage = tuple[date, Record | None]
"""A day, and the number's record from then on; None where it was not known."""

SUBTITLE = "what the report prints, by the day as of which it is asked"
NAMED = 8
"""As many steps as the caption tells one by one."""
ROOM = 0.19
"""The part of the axis that a value's words take."""
TICKS = ((240, "%d %b %Y", 4), (6 * 365, "%b %Y", 6), (inf, "%Y", 8))
"""Up to how many days of an axis its ticks have which form, and how many there are at most."""
EACH = 6
"""Up to as many steps all are labelled; of more the first, the last and the highest."""


def chart(number: Record, steps: Sequence[Vintage], ledger: Ledger, as_of: date) -> Record | None:
    """The figure of a number's vintages up to ``as_of``, for the pages.

    ``number`` is its record on that day, ``ledger`` what was known then. None where the number has
    always been printed as it is: there is nothing to draw.
    """
    told = _told(steps)
    if len(told) == 1:
        return None
    unit = ledger.unit(number["unit"])
    frame = pd.DataFrame(
        [_row(day, found, unit.symbol, ledger) for day, found in steps],
        columns=["as_of", "value", "text", "observation"],
    )
    with style.figure(height=1.9) as (drawing, axes):
        _draw(axes, frame, as_of)
        return page_figure(
            vintage_figure(number["id"]),
            ledger,
            drawing,
            frame,
            title=_title(number["label"], told),
            subtitle=SUBTITLE,
            caption=_caption(number["id"], told),
            alt=f"Steps in time up to {long_date(as_of)}. {_sentences(told)}",
            unit=unit.label or "count",
        )


def _row(day: date, found: Record | None, unit: str, ledger: Ledger) -> tuple[Any, ...]:
    if found is None:
        return day.isoformat(), None, "not known", ""
    value = found["value"] * float(ledger.unit(found["unit"]).factor_to(ledger.unit(unit)))
    return day.isoformat(), value, found["text"], " ".join(found["observations"])


def _told(steps: Sequence[Vintage]) -> list[tuple[date, str]]:
    """Day and text of each step that prints something else than the one before."""
    told: list[tuple[date, str]] = []
    for day, found in steps:
        text = found["text"] if found else "not known"
        if not told or told[-1][1] != text:
            told.append((day, text))
    return told


def _title(label: str, told: Sequence[tuple[date, str]]) -> str:
    (_, first), (last_day, last) = told[0], told[-1]
    return f"{label}: {first} when first known, {last} since {long_date(last_day)}"


def _caption(key: str, told: Sequence[tuple[date, str]]) -> str:
    about = f"The number is {{num}}`{key}` in this edition."
    return f"{_sentences(told)} {about}"


def _sentences(told: Sequence[tuple[date, str]]) -> str:
    named = [f"From {long_date(day)}: {text}." for day, text in told]
    if len(named) <= NAMED:
        return " ".join(named)
    head, tail = named[: NAMED // 2], named[-NAMED // 2 :]
    between = f"Between them {len(named) - NAMED} further values, which the data hold."
    return " ".join([*head, *tail, between])


def _draw(axes: Axes, frame: pd.DataFrame, as_of: date) -> None:
    days = [date.fromisoformat(day) for day in frame["as_of"]]
    values = [float(value) for value in frame["value"]]
    span = max((as_of - days[0]).days, 60)
    x: list[Any] = [*days, as_of]
    axes.step(x, [*values, values[-1]], where="post", color=style.INK, linewidth=1.8)
    axes.scatter(days, values, s=26, color=style.INK, zorder=3)  # type: ignore[arg-type]
    left = mdates.date2num(days[0]) - 0.03 * span
    axes.set_xlim(left, mdates.date2num(as_of) + 0.02 * span)
    low, high = min(frame["value"].dropna()), max(frame["value"].dropna())
    gap = (high - low) or abs(high) or 1.0
    axes.set_ylim(low - 0.55 * gap, high + 0.55 * gap)
    _label(axes, frame, days, values, as_of)
    form, most = next((form, most) for longest, form, most in TICKS if span <= longest)
    axes.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=2, maxticks=most))
    axes.xaxis.set_major_formatter(mdates.DateFormatter(form))
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    style.bare(axes)


def _label(
    axes: Axes, frame: pd.DataFrame, days: Sequence[date], values: Sequence[float], as_of: date
) -> None:
    """Values at their steps, the last first, as far as there is room."""
    low, high = axes.get_xlim()
    room = ROOM * (high - low)
    free = high
    highest = max(range(len(values)), key=lambda at: (values[at], -at))
    labelled = range(len(days)) if len(days) <= EACH else sorted({0, highest, len(days) - 1})
    for at in reversed(labelled):
        start = float(mdates.date2num(days[at]))
        at_end = at == len(days) - 1 and high - start < room
        begin = high - room if at_end else start
        same = at > 0 and frame["text"].iloc[at] == frame["text"].iloc[at - 1]
        if same or begin + room > free + 0.1 * room:
            continue
        # The line comes down to a lower value from above: its words stand below.
        falls = at > 0 and values[at] < values[at - 1]
        axes.annotate(
            str(frame["text"].iloc[at]),
            (as_of if at_end else days[at], values[at]),
            xytext=(0, -7 if falls else 6),
            textcoords="offset points",
            ha="right" if at_end else "left",
            va="top" if falls else "bottom",
            fontsize=9.5,
        )
        free = begin
