"""Direct labels that find their own places: beside their point, off every other mark and label.

The search is deterministic: the same marks and texts give the same places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.layout_engine import PlaceHolderLayoutEngine
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from azkz.report.room import crossed, marks_of, outside, spread
from azkz.report.style import INK, MUTED, PAPER, fix_no_titles

_DIRECTIONS = (
    (1.0, 0.0), (1.0, 0.7), (1.0, -0.7), (0.0, 1.0), (0.0, -1.0), (-1.0, 0.7), (-1.0, -0.7),
    (-1.0, 0.0),
)  # fmt: skip
_DISTANCES = (7.0, 13.0, 21.0, 32.0, 46.0, 64.0)


@dataclass(frozen=True, slots=True)
class Label:
    """A text for the point ``x``, ``y`` (data coordinates of the axes)."""

    x: Any
    y: float
    text: str
    colour: str = INK
    bold: bool = False
    size: float = 9.5


def place(axes: Axes, labels: Sequence[Label], *, leader: bool = True) -> list[Annotation]:
    """Write the labels where they overlap neither each other nor a line or marker of the axes.

    Labels placed farther from their point get a thin leader line. Call it last: it reads what the
    axes hold and their limits. Returns the annotations, in the order of ``labels``.
    """
    renderer = _settled(axes)
    marks = marks_of(axes)
    taken = [text.get_window_extent(renderer) for text in axes.texts if text.get_text()]
    return [_place_one(axes, label, marks, taken, renderer, leader=leader) for label in labels]


def line_ends(axes: Axes, labels: Sequence[Label], gap: float = 6.0) -> list[Annotation]:
    """Names of lines at their right ends, one above the other where they would touch.

    Room to the right must be there (``axes.margins`` or limits); ``gap`` is in points.
    """
    _settled(axes)
    scale = axes.figure.get_figure(root=True).dpi / 72
    # In pixels, so that an axis that runs downwards is in order too.
    heights_on_page = {id(at): _pixels(axes, at)[1] for at in labels}
    ordered = sorted(labels, key=lambda label: (heights_on_page[id(label)], label.text))
    wanted = [heights_on_page[id(label)] for label in ordered]
    heights = [scale * label.size * 1.25 * (label.text.count("\n") + 1) for label in ordered]
    places = spread(wanted, heights)
    made = {}
    for label, want, found in zip(ordered, wanted, places, strict=True):
        made[id(label)] = _write(
            axes, label, (gap, (found - want) / scale), "left", "center", leader=False
        )
    return [made[id(label)] for label in labels]


def beside(
    axes: Axes,
    texts: Sequence[str],
    values: Sequence[float],
    colours: Sequence[str] | str = INK,
    *,
    gap: float = 6.0,
    first: float = 0.0,
    bold: bool = False,
) -> list[Annotation]:
    """What horizontal bars stand for, beyond their ends; bars are numbered from ``first``.

    ``gap`` is in points; a bar that runs left of zero has its text at its left.
    """
    made = []
    for at, (text, value) in enumerate(zip(texts, values, strict=True)):
        colour = colours if isinstance(colours, str) else colours[at]
        label = Label(value, first + at, text, colour, bold)
        side = "left" if value >= 0 else "right"
        shift = (gap if value >= 0 else -gap, 0.0)
        made.append(_write(axes, label, shift, side, "center", leader=False))
    return made


def above(
    axes: Axes,
    texts: Sequence[str],
    places: Sequence[Any],
    values: Sequence[float],
    colours: Sequence[str] | str = INK,
    *,
    bold: bool = False,
) -> list[Annotation]:
    """What upright bars stand for, over their ends; under them where bars run below zero."""
    made = []
    for at, (text, place, value) in enumerate(zip(texts, places, values, strict=True)):
        colour = colours if isinstance(colours, str) else colours[at]
        label = Label(place, value, text, colour, bold=bold, size=10.0)
        up = value >= 0
        shift = (0.0, 4.0 if up else -4.0)
        made.append(_write(axes, label, shift, "center", "bottom" if up else "top", leader=False))
    return made


def note(
    axes: Axes,
    x: Any,
    y: float,
    text: str,
    colour: str = INK,
    *,
    right: float = 0.0,
    up: float = 0.0,
    bold: bool = False,
    size: float = 9.5,
) -> Annotation:
    """A text at a fixed place: so many points to the right of ``x`` and above ``y``.

    It ends there where ``right`` is negative, hangs below where ``up`` is, and is centred where
    one is zero.
    """
    across = "left" if right > 0 else "right" if right < 0 else "center"
    along = "bottom" if up > 0 else "top" if up < 0 else "center"
    label = Label(x, y, text, colour, bold, size)
    return _write(axes, label, (right, up), across, along, leader=False)


def hollow(
    axes: Axes, x: Sequence[Any], y: Sequence[float], colour: str, marker: str = "o"
) -> None:
    """Marks for what was hoped, planned or announced: an outline on paper, joined to nothing."""
    axes.plot(
        x,
        y,
        marker,
        linestyle="none",
        # A diamond stands on its corner and reaches farther than a disc.
        markersize=7.0 if marker == "D" else 9.0,
        markerfacecolor=PAPER,
        markeredgecolor=colour,
        markeredgewidth=1.8,
        zorder=5,
    )


def _settled(axes: Axes) -> Any:
    """What measures texts, when the axes have taken the places that they keep.

    They are laid out by the first call for a figure; nothing is painted.
    """
    figure = axes.figure.get_figure(root=True)
    renderer = FigureCanvasAgg(figure).get_renderer()
    engine = figure.get_layout_engine()
    if not isinstance(engine, PlaceHolderLayoutEngine):
        fix_no_titles(figure)
        if engine is not None:
            engine.execute(figure)
        for each in figure.axes:
            each.apply_aspect()
        figure.set_layout_engine("none")
    return renderer


def _place_one(
    axes: Axes,
    label: Label,
    marks: np.ndarray,
    taken: list[Bbox],
    renderer: Any,
    *,
    leader: bool,
) -> Annotation:
    best: tuple[float, tuple[float, float], str, str] | None = None
    figure = axes.figure.get_figure(root=True)
    frame, scale = figure.bbox, figure.dpi / 72
    size = _measured(axes, label, renderer)
    for rank, (distance, (right, up)) in enumerate(
        (distance, direction) for distance in _DISTANCES for direction in _DIRECTIONS
    ):
        shift = (right * distance, up * distance)
        across = "left" if right > 0 else "right" if right < 0 else "center"
        along = "bottom" if up > 0 else "top" if up < 0 else "center"
        box = _aligned(size, (shift[0] * scale, shift[1] * scale), across, along).padded(2.0)
        # A marker reaches beyond its point.
        reach = box.padded(2.0)
        cost = rank + 400 * outside(box, frame) + 60 * crossed(reach, marks)
        cost += 300 * sum(box.overlaps(other) for other in taken)
        if best is None or cost < best[0]:
            best = (cost, shift, across, along)
        if cost <= rank:
            break
    if best is None:
        raise AssertionError("there is always a candidate")
    _, shift, across, along = best
    far = leader and max(abs(shift[0]), abs(shift[1])) > 16
    note = _write(axes, label, shift, across, along, leader=far)
    taken.append(note.get_window_extent(renderer).padded(2.0))
    return note


def _measured(axes: Axes, label: Label, renderer: Any) -> Bbox:
    """The box of a label that begins at its point and stands on it, in pixels."""
    note = _write(axes, label, (0.0, 0.0), "left", "bottom", leader=False)
    box: Bbox = note.get_window_extent(renderer)
    note.remove()
    return box


def _aligned(box: Bbox, shift: tuple[float, float], across: str, along: str) -> Bbox:
    """The box of the same label, so many pixels away and aligned in another way."""
    left = {"left": 0.0, "center": 0.5, "right": 1.0}[across] * box.width
    down = {"bottom": 0.0, "center": 0.5, "top": 1.0}[along] * box.height
    return box.translated(shift[0] - left, shift[1] - down)


def _write(
    axes: Axes,
    label: Label,
    shift: tuple[float, float],
    across: str,
    along: str,
    *,
    leader: bool,
) -> Annotation:
    line = {"arrowstyle": "-", "color": MUTED, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 3}
    return axes.annotate(
        label.text,
        (label.x, label.y),
        xytext=shift,
        textcoords="offset points",
        ha=across,
        va=along,
        color=label.colour,
        fontsize=label.size,
        fontweight="bold" if label.bold else "normal",
        annotation_clip=False,
        arrowprops=line if leader else None,
        bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.7, "pad": 0.6},
        zorder=6,
    )


def _pixels(axes: Axes, label: Label) -> tuple[float, float]:
    x, y = axes.transData.transform((float(axes.convert_xunits(label.x)), label.y))
    return float(x), float(y)
