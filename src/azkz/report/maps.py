"""Draws the corridor from China to the Black Sea: land, places by name, legs by mode."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from azkz.errors import BadInput
from azkz.ledger import Leg, Place
from azkz.report.geography import (
    CASPIAN,
    OVERVIEW,
    Geography,
    Line,
    Route,
    View,
    on_the_way,
    position,
    read_geo,
    routes,
)
from azkz.report.map_labels import LEG_SIZE, write_labels
from azkz.report.style import COLOURS, CORRIDOR, INK, OTHER, PAPER

__all__ = ["CASPIAN", "OVERVIEW", "Drawn", "View", "draw_corridor", "draw_panels", "read_geo"]

LAND, WATER, BORDER = "#eef0f2", "#dfe9f0", "#c3cad1"
FILLS = {"KAZ": "#d5e9ec", "AZE": "#f8dfd2"}
UNKNOWN, JOURNEY = "#7d5fa8", "#d3c8e3"
"""Lighter steps of the corridor's colour: a leg without distance, a whole journey."""

KEY = {
    "multimodal": "whole journey",
    "land": "overland, not the corridor",
    "rail": "rail",
    "sea": "sea",
}
"""Modes from the lowest layer of the drawing to the highest, with what the key says of them."""
HUB = 3
"""A place inside the detail is named in the overview too when so many legs end there."""
EDGE, GAP, KEY_HEIGHT = 0.03, 0.12, 0.5
"""Around the panels, between them and below them, in inches."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is on the map and what could not be: the chapter says the second in words."""

    labels: tuple[Annotation, ...]
    unnamed: tuple[Place | Leg, ...]
    not_drawn: tuple[Leg, ...]


def draw_panels(
    axes: Sequence[Axes], geo_folder: Path, places: Sequence[Place], legs: Sequence[Leg]
) -> Drawn:
    """Draw the overview into the first of two axes, the Caspian below it, and a key.

    Gives the figure the height that the panels need at its width, and places the axes itself.
    """
    upper, lower = axes
    figure = upper.get_figure(root=True)
    if figure is None:
        raise AssertionError("axes belong to a figure")
    figure.set_layout_engine("none")
    width = figure.get_figwidth() - 2 * EDGE
    high, low = width * OVERVIEW.height, width * CASPIAN.height
    total = EDGE + high + GAP + low + KEY_HEIGHT
    figure.set_figheight(total)
    left, across = EDGE / (width + 2 * EDGE), width / (width + 2 * EDGE)
    upper.set_position((left, (KEY_HEIGHT + low + GAP) / total, across, high / total))
    lower.set_position((left, KEY_HEIGHT / total, across, low / total))
    above = draw_corridor(upper, geo_folder, places, legs, OVERVIEW)
    below = draw_corridor(lower, geo_folder, places, legs, CASPIAN)
    _draw_key(lower, legs)
    return Drawn(above.labels + below.labels, above.unnamed + below.unnamed, above.not_drawn)


def draw_corridor(
    axes: Axes,
    geo_folder: Path,
    places: Sequence[Place],
    legs: Sequence[Leg],
    view: View = OVERVIEW,
) -> Drawn:
    """Draw ``view`` into ``axes``, which must have their final size: labels are fitted to it.

    Legs are schematic: they follow the course that ``drawing.geojson`` has for them and are
    straight otherwise. A leg whose ends are not both among ``places`` is handed back instead, and a
    place that no leg touches is left out.
    A leg is labelled in the smallest view that holds it whole, with its distance.

    Raises
    ------
    BadInput
        The map data cannot be read, or a leg has a mode for which there is no line style.
    """
    geography = read_geo(geo_folder)
    found = routes(places, legs, geography.courses)
    shown = _shown(places, found, view)
    _draw_frame(axes, view)
    _draw_ground(axes, geography, view)
    _draw_routes(axes, found)
    _draw_dots(axes, shown)
    labels, unnamed = write_labels(axes, geography.names, shown, found, view)
    drawn = {route.leg for route in found}
    return Drawn(labels, unnamed, tuple(leg for leg in legs if leg not in drawn))


def _shown(places: Iterable[Place], found: Sequence[Route], view: View) -> list[Place]:
    """Places on a way in ``view``, the busiest first; of those in its detail only the hubs."""
    ends = Counter(end for route in found for end in (route.leg.start, route.leg.end))
    detail = view.detail
    here = [
        place
        for place in places
        if view.holds(position(place))
        and on_the_way(place, found)
        and (detail is None or ends[place.place] >= HUB or not detail.holds(position(place)))
    ]
    return sorted(here, key=lambda place: (-ends[place.place], place.place))


def _draw_key(axes: Axes, legs: Sequence[Leg]) -> None:
    used = {leg.mode for leg in legs}
    entries = [
        (_line_style(mode, known=True), KEY[mode])
        for mode in ("rail", "sea", "multimodal", "land")
        if mode in used
    ]
    if any(leg.distance_km is None for leg in legs):
        entries.append((_line_style("rail", known=False), "thin (? km): distance not found"))
    axes.legend(
        handles=[Line2D([], [], **style) for style, _ in entries],
        labels=[text for _, text in entries],
        loc="upper left",
        bbox_to_anchor=(0.0, -0.02),
        ncols=3,
        columnspacing=1.6,
        frameon=False,
        fontsize=LEG_SIZE,
        labelcolor=INK,
        handlelength=2.6,
        borderaxespad=0.0,
        borderpad=0.0,
    )


def _draw_frame(axes: Axes, view: View) -> None:
    axes.set_xlim(view.west, view.east)
    axes.set_ylim(view.south, view.north)
    axes.set_aspect(view.aspect)
    axes.set_facecolor(WATER)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set(visible=True, color=OTHER, linewidth=0.8)
    axes.apply_aspect()
    if view.detail:
        part = view.detail
        size = (part.east - part.west, part.north - part.south)
        frame = Rectangle((part.west, part.south), *size, fill=False, ec=OTHER, lw=0.8, zorder=5)
        axes.add_patch(frame)


def _draw_ground(axes: Axes, geography: Geography, view: View) -> None:
    edge = Bbox([[view.west - 1, view.south - 1], [view.east + 1, view.north + 1]])
    fills = [(geography.land, LAND)]
    fills += [(rings, FILLS[code]) for code, rings in geography.countries.items()]
    for rings, colour in fills:
        parts = [Outline(_thinned(ring, view)).clip_to_bbox(edge) for ring in rings]
        whole = Outline.make_compound_path(
            *(part for part in parts if len(np.asarray(part.vertices)))
        )
        axes.add_patch(PathPatch(whole, facecolor=colour, edgecolor="none", zorder=1))
    seen = [_thinned(line, view) for line in geography.borders if edge.count_contains(line)]
    axes.add_collection(LineCollection(seen, colors=BORDER, linewidths=0.7, zorder=2))


def _thinned(line: Line, view: View) -> Line:
    """``line`` without points that lie too close to be told apart at the scale of ``view``."""
    cells = np.floor(line / ((view.east - view.west) / 720))
    kept = np.append(np.any(np.diff(cells, axis=0) != 0, axis=1), values=True)
    return line[kept] if kept.sum() > 3 else line


def _line_style(mode: str, *, known: bool) -> dict[str, Any]:
    if mode not in KEY:
        raise BadInput(
            f"mode {mode} has no line style", "data/route.csv:mode", f"use one of {', '.join(KEY)}"
        )
    if mode == "multimodal":
        return {"color": JOURNEY, "linewidth": 7.0, "solid_capstyle": "round"}
    if mode == "land":
        return {"color": OTHER, "linewidth": 1.2}
    style = {"color": CORRIDOR if known else UNKNOWN, "linewidth": 2.4 if known else 1.5}
    if mode == "sea":
        style |= {"linestyle": (0, (2.4, 1.2) if known else (5.2, 2.6))}
    return style


def _draw_routes(axes: Axes, found: Iterable[Route]) -> None:
    for route in found:
        style = _line_style(route.leg.mode, known=route.leg.distance_km is not None)
        layer = 3 + list(KEY).index(route.leg.mode) / len(KEY)
        for line in route.lines:
            axes.plot(*line.T, zorder=layer, **style)


def _draw_dots(axes: Axes, shown: Iterable[Place]) -> None:
    for place in shown:
        axes.plot(
            *position(place).T,
            marker="s" if place.kind == "sea port" else "o",
            markersize=5.5,
            color=COLOURS.get(place.country, INK),
            markeredgecolor=PAPER,
            markeredgewidth=0.9,
            zorder=6,
        )
