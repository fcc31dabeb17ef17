"""The look of every figure: one palette, calm axes, text that stays text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK = "#1f2933"
MUTED = "#5f6b76"
GRID = "#e3e7eb"
PAPER = "#ffffff"

KAZAKHSTAN = "#0b7285"
AZERBAIJAN = "#c2410c"
CORRIDOR = "#5b3a8c"
OTHER = "#6b7580"
KAZAKHSTAN_LIGHT = "#7fb3be"
AZERBAIJAN_LIGHT = "#e3a184"
CORRIDOR_LIGHT = "#b3a1d0"
OTHER_LIGHT = "#b8c0c8"

COLOURS = {"KAZ": KAZAKHSTAN, "AZE": AZERBAIJAN, "corridor": CORRIDOR}
"""One colour for each actor throughout the report; everyone else is ``OTHER``."""

WIDTH = 7.2
"""Width of a figure in inches: the measure of the text on A4."""

_RC: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "azkz",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "sans-serif"],
    "font.size": 10.0,
    "axes.labelsize": 9.5,
    "axes.labelcolor": MUTED,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "xtick.bottom": True,
    "ytick.left": False,
    "lines.linewidth": 2.0,
    "lines.markersize": 6.0,
    "legend.frameon": False,
    "axes.unicode_minus": True,
    "axes.formatter.useoffset": False,
    "figure.constrained_layout.use": True,
}


def use() -> None:
    """Make the house style the default of this process."""
    sns.set_theme(style="white", rc=_RC)


@contextmanager
def figure(
    rows: int = 1, columns: int = 1, *, height: float = 3.8, width: float = WIDTH, **options: Any
) -> Iterator[tuple[Figure, Any]]:
    """A figure of ``width`` by ``height`` inches with its axes; closed afterwards.

    ``options`` go to ``matplotlib.pyplot.subplots``.
    """
    use()
    drawing, axes = plt.subplots(rows, columns, figsize=(width, height), **options)
    try:
        yield drawing, axes
    finally:
        plt.close(drawing)


def bare(axes: Axes) -> None:
    """No axis titles: what is measured stands in the figure's subtitle."""
    axes.set_xlabel("")
    axes.set_ylabel("")


def fix_no_titles(drawing: Figure) -> None:
    """Give axis titles without a text a fixed place.

    Else one is found for each of them, by measuring all tick labels once more.
    """
    for axes in drawing.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if not axis.get_label_text():
                axis.set_label_coords(0, 0)


def whole_years(axes: Axes, first: int, last: int, step: int | None = None) -> None:
    """Years on the horizontal axis, whole ones only, some seven of them, the last included."""
    gap = step or max(1, round((last - first) / 7))
    axes.set_xticks(range(last, first - 1, -gap))
    axes.set_xlim(first - 0.5, last + 0.5)
    axes.xaxis.set_major_formatter(mpl.ticker.FormatStrFormatter("%d"))


def runs(frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` by ``year``, with a column ``run`` (int) that counts up at each gap in the years.

    Given to seaborn as ``units="run", estimator=None`` it breaks a line where years are missing,
    so that a gap is drawn as a gap.
    """
    ordered = frame.sort_values("year", kind="stable")
    return ordered.assign(run=ordered["year"].diff().ne(1).cumsum())


def thousands(axes: Axes, which: str = "y") -> None:
    """Ticks with grouped thousands, and no more than six of them."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_locator(mpl.ticker.MaxNLocator(6, integer=False, min_n_ticks=3))
    axis.set_major_formatter(mpl.ticker.FuncFormatter(_grouped))


def _grouped(value: float, _position: int | None) -> str:
    text = f"{value:,.10g}" if abs(value) >= 10_000 else f"{value:.10g}"
    return text.replace(",", "\u202f").replace("-", "\u2212")
