"""Draws the results: wall times on a logarithmic axis, with the bounds that stock sets."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from azkz.report import style
from benchmarks.results import medians

_BARS = {
    "stock": "Stock: papermill, then\njupyter-book build",
    "cold-pdf": "Cold, HTML and PDF",
    "cold-html": "Cold, HTML",
    "row": "One row changed",
    "template": "One template changed",
    "no-change": "Nothing changed",
    "help": "azkz --help",
}
_OF_STOCK = {"cold-html": 1 / 4, "row": 1 / 6}
_SECONDS = {"no-change": 0.7, "help": 0.2}
_LEFT = 0.01
"""Where the axis begins: far enough from the shortest time for its label."""


def drawn(result: Mapping[str, Any]) -> bytes:
    """The plot as SVG; the same bytes for the same results."""
    walls = {
        name: each["wall"] for name, each in medians(result["rounds"]).items() if "wall" in each
    }
    frame = pd.DataFrame(
        [(label, walls[name], name == "stock") for name, label in _BARS.items()],
        columns=["what", "seconds", "stock"],
    )
    bounds = {name: share * walls["stock"] for name, share in _OF_STOCK.items()} | _SECONDS
    file = io.BytesIO()
    with style.figure(height=3.9) as (figure, axes):
        sns.barplot(
            frame, x="seconds", y="what", hue="stock", dodge=False, legend=False, ax=axes,
            palette={True: style.OTHER, False: style.KAZAKHSTAN},
        )  # fmt: skip
        _label(axes, frame)
        _mark(axes, bounds)
        axes.set_xscale("log")
        axes.set_xlim(_LEFT, frame["seconds"].max() * 2.2)
        axes.xaxis.set_major_formatter(mpl.ticker.FormatStrFormatter("%g"))
        axes.xaxis.set_minor_formatter(mpl.ticker.NullFormatter())
        axes.grid(axis="y", visible=False)
        axes.grid(axis="x", visible=True)
        axes.set(xlabel="Seconds of wall time, median, logarithmic", ylabel="")
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def _label(axes: Axes, frame: pd.DataFrame) -> None:
    """At the bars' beginning, where no bound is."""
    for at, seconds in enumerate(frame["seconds"]):
        axes.annotate(
            f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s", (_LEFT, at),
            xytext=(5, 0), textcoords="offset points", ha="left", va="center", color=style.PAPER,
        )  # fmt: skip


def _mark(axes: Axes, bounds: Mapping[str, float]) -> None:
    order = list(_BARS)
    for name, bound in bounds.items():
        at = order.index(name)
        axes.vlines(bound, at - 0.45, at + 0.45, color=style.AZERBAIJAN, linewidth=2)
    axes.vlines([], 0, 0, color=style.AZERBAIJAN, linewidth=2, label="at most")
    axes.legend(loc="lower right")
