"""The chart of a change log: how far figures moved from one edition to another.

Drawn are numbers that were revised and measure something, over the same period as before, and the
later readings by the same side of numbers that stay as stated. Counts of things are left to the
table: they grow with every event; so are figures that now cover another period, or are of another
count and named anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import shorten
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from azkz.ledger import Ledger
from azkz.ledger.reconcile import REVISION
from azkz.report import labels, style
from azkz.report.figures import page_figure
from azkz.report.text import FIXED, MINUS, in_words, long_date

Record = dict[str, Any]

_NAME = 76
"""As many letters as the width has room for."""
MOST = 18
"""As many rows as a page of the PDF holds."""
_COLUMNS = ("number", "label", "then", "now", "unit", "change_percent", "kind", "observation")


@dataclass(frozen=True, slots=True)
class Move:
    """A figure of the older edition and what stands for it now.

    ``relative`` is the difference as a part of the older figure; ``stays`` says that the number
    itself prints what was stated, and the newer figure stands beside it.
    """

    number: str
    label: str
    then: str
    now: str
    unit: str
    relative: float
    relative_text: str
    stays: bool
    rows: tuple[str, ...]

    @property
    def told(self) -> str:
        """``529.4 → 556.7 million USD (+5.2 percent)``: the unit once, if both have it."""
        value, _, unit = self.then.partition(FIXED)
        then = value if self.now.partition(FIXED)[2] == unit else self.then
        return f"{then} → {self.now} ({self.relative_text})"


def chart(comparison: Record, ledger: Ledger) -> Record | None:
    """The figure of a comparison, for the pages; None where nothing that is drawn was revised.

    ``ledger`` is that of the newer edition's day.
    """
    moved = moves(comparison, ledger)
    if not moved:
        return None
    drawn, old = moved[:MOST], comparison["old"]
    frame = pd.DataFrame([_row(move) for move in drawn], columns=list(_COLUMNS))
    with style.figure(height=0.9 + 0.47 * len(drawn)) as (drawing, axes):
        _draw(axes, drawn)
        return page_figure(
            f"changes.since-{old['edition']}",
            ledger,
            drawing,
            frame,
            title=_title(moved, old),
            subtitle=f"change in percent of the figure of edition {old['edition']}",
            caption=_caption(drawn, len(moved) - len(drawn), old),
            alt=_alt(drawn, old),
            unit="percent",
        )


def moves(comparison: Record, ledger: Ledger) -> list[Move]:
    """What is drawn or counted as not drawn for want of room, the largest change first."""
    revised = [
        Move(
            number=change["id"],
            label=change["label"],
            then=change["old"]["text"],
            now=change["new"]["text"],
            unit=change["new"]["unit"],
            relative=change["relative"],
            relative_text=change["relative_text"],
            stays=False,
            rows=tuple(sorted({*change["came"], *change["taken"], *change["went"]})),
        )
        for change in comparison["numbers"]["revised"]
        if change["relative"] and _is_the_same(change)
    ]
    measured = [move for move in revised if not ledger.units[move.unit].counts]
    stated = [_stated(number) for number in comparison["restated"]]
    found = [*measured, *(move for move in stated if move)]
    return sorted(found, key=lambda move: (-abs(move.relative), move.number))


def _is_the_same(change: Record) -> bool:
    """Whether a number still covers the period, and has the name, that it had."""
    return not change["periods"] and change["old"]["label"] == change["new"]["label"]


def _stated(number: Record) -> Move | None:
    """A number that stays as stated and its newest dated revision by the same side."""
    later = [
        each
        for each in number["later"]
        if each["relation"] == REVISION and each["relative"] and each["dated"]
    ]
    if not later:
        return None
    # A number that the report itself prints goes before a row; then the newest.
    newest = max(later, key=lambda each: (bool(each["number"]), each["known_from"]))
    return Move(
        number=number["id"],
        label=number["label"],
        then=number["text"],
        now=newest["shown"],
        unit=number["unit"],
        relative=newest["relative"],
        relative_text=newest["relative_text"],
        stays=True,
        rows=tuple(newest["rows"]),
    )


def _row(move: Move) -> tuple[object, ...]:
    kind = "stated, another figure since" if move.stays else "revised"
    percent, rows = round(100 * move.relative, 4), " ".join(move.rows)
    return (move.number, move.label, move.then, move.now, move.unit, percent, kind, rows)


def _draw(axes: Axes, moved: Sequence[Move]) -> None:
    """A row for each: its name, and below it a bar from the older figure to the newer."""
    ends = [100 * move.relative for move in moved]
    low, high = min(0.0, *ends), max(0.0, *ends)
    span = high - low
    left = low - 0.04 * span
    # All words stand right of the line at zero and need most of the width.
    right = max(high + 0.62 * span, -2.4 * left)
    axes.set_xlim(left, right)
    axes.set_ylim(len(moved) - 0.4, -0.8)
    axes.axvline(0, color=style.MUTED, linewidth=1.2, zorder=3)
    for place, (move, end) in enumerate(zip(moved, ends, strict=True)):
        axes.plot(
            [0, end],
            [place, place],
            color=style.OTHER_LIGHT,
            linewidth=5,
            zorder=2,
            solid_capstyle="butt",
        )
        marker, size = ("D", 6.0) if move.stays else ("o", 7.6)
        axes.plot(end, place, marker, color=style.INK, markersize=size, zorder=5)
        labels.note(axes, max(end, 0), place, move.told, style.INK, right=9)
        name = shorten(move.label, _NAME, placeholder="…")
        labels.note(axes, 0, place, name, style.MUTED, right=5, up=7)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_locator(MaxNLocator(9))
    axes.xaxis.set_major_formatter(FuncFormatter(_tick))
    axes.set_xticks([tick for tick in axes.get_xticks() if left <= tick <= high + 0.1 * span])
    style.bare(axes)


def _tick(value: float, _position: int | None) -> str:
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{abs(value):.10g}"


def _title(moved: Sequence[Move], old: Record) -> str:
    up = sum(move.relative > 0 for move in moved)
    counts = ((up, "higher"), (len(moved) - up, "lower"))
    first, *rest = [(count, way) for count, way in counts if count]
    given = f"{in_words(first[0])} {'is' if first[0] == 1 else 'are'} now given {first[1]}"
    also = "".join(f" and {in_words(count)} {way}" for count, way in rest)
    most = moved[0].relative_text.lstrip(f"+{MINUS}")
    return f"Of the figures known on {_day(old)} {given}{also}, by up to {most}"


def _caption(drawn: Sequence[Move], rest: int, old: Record) -> str:
    parts = [
        f"The line at zero is the figure of edition {old['edition']}, the mark that of this one."
    ]
    if any(move.stays for move in drawn):
        parts.append(
            "A diamond stands for a number that stays as a page stated it, beside which the same "
            "side has since given another figure."
        )
    if rest:
        parts.append(f"Smaller changes of {in_words(rest)} more are in the tables below.")
    parts.append(
        "Counts of things, which grow with every event, and figures that now cover another period "
        "or are of another count are in the tables alone."
    )
    return " ".join(parts)


def _alt(drawn: Sequence[Move], old: Record) -> str:
    said = "; ".join(f"{move.label}: {move.told}" for move in drawn)
    return f"Changes since edition {old['edition']}, the largest first. {said}."


def _day(edition: Record) -> str:
    return long_date(date.fromisoformat(edition["as_of"]))
