"""Writes the names of places, legs and grounds on the map, where they hide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from azkz.ledger import Leg, Place
from azkz.report.geography import GroundName, Line, Route, View, position
from azkz.report.placement import ON_LINE, Scene, place_labels
from azkz.report.spots import Box, Points, Spot, beside_line, beside_point, near_point
from azkz.report.style import COLOURS, CORRIDOR, INK, OTHER
from azkz.report.text import FIXED, print_value

PLACE_SIZE, LEG_SIZE, GROUND_SIZE = 11.5, 10.5, 10.0
"""Font sizes in points in a figure 7.2 inches wide: large, as telephones show it at half size."""
SAME = 3.0
"""Dots so near to each other, in points, are one dot to the eye."""
SEA = "#4a6a85"


@dataclass(frozen=True, slots=True)
class Label:
    """A text with its look; ``size`` in points."""

    text: str
    size: float
    colour: str
    style: str = "normal"


def write_labels(
    axes: Axes,
    names: Iterable[GroundName],
    shown: Sequence[Place],
    found: Sequence[Route],
    view: View,
) -> tuple[tuple[Annotation, ...], tuple[Place | Leg, ...]]:
    """Write the names of ``shown`` places, then of legs, then, where room is left, of grounds.

    Returns the labels, and the places and legs for whose labels no room was found.
    """
    scene = _scene(axes, shown, found)
    whole = [route for route in found if is_labelled(route, view)]
    groups = _together(axes, shown)
    owners: list[tuple[Place | Leg, ...]] = [*groups, *((route.leg,) for route in whole)]
    wanted = [_of_places(axes, group) for group in groups]
    wanted += [_of_leg(axes, route, found) for route in whole]
    spots = place_labels(scene, [choice for _, choice in wanted])
    labels = _write(axes, [label for label, _ in wanted], spots)
    ground = [_of_ground(axes, name) for name in names if name.view == view.name]
    scene = _with_labels(scene, spots)
    clear = [[spot for spot in choice if scene.cost(spot) < ON_LINE] for _, choice in ground]
    labels += _write(axes, [label for label, _ in ground], place_labels(scene, clear))
    without = [owner for owner, spot in zip(owners, spots, strict=True) if spot is None]
    return tuple(labels), tuple(chain.from_iterable(without))


def is_labelled(route: Route, view: View) -> bool:
    """Whether ``view`` is the smallest that holds all of ``route``."""
    detail = view.detail
    in_detail = detail is not None and all(detail.holds(line) for line in route.lines)
    return all(view.holds(line) for line in route.lines) and not in_detail


def _together(axes: Axes, shown: Iterable[Place]) -> list[tuple[Place, ...]]:
    """Places in groups whose dots lie on each other at this scale, as they share one label."""
    groups: list[tuple[Place, ...]] = []
    for place in shown:
        here = _points(axes, position(place))
        for rank, group in enumerate(groups):
            if np.hypot(*(here - _points(axes, position(group[0])))[0]) < SAME:
                groups[rank] = (*group, place)
                break
        else:
            groups.append((place,))
    return groups


def _of_places(axes: Axes, group: Sequence[Place]) -> tuple[Label, list[Spot]]:
    colours = {COLOURS.get(place.country, INK) for place in group}
    text = "\n".join(place.place for place in group)
    label = Label(text, PLACE_SIZE, colours.pop() if len(colours) == 1 else INK)
    x, y = _points(axes, position(group[0]))[0]
    return label, beside_point((x, y), *_size(axes, label), gaps=(5, 8, 14, 22, 30))


def _of_leg(axes: Axes, route: Route, found: Iterable[Route]) -> tuple[Label, list[Spot]]:
    leg, overland = route.leg, route.leg.mode == "land"
    far = "?" if leg.distance_km is None else print_value(leg.distance_km, 0)
    way = "overland " if overland else ""
    text = f"{leg.start}–{leg.end}\n{way}{far}{FIXED}km"
    label = Label(text, LEG_SIZE, OTHER if overland else CORRIDOR)
    others = [line for other in found if other is not route for line in other.lines]
    along = [_sampled(axes, line) for line in (route.lines[0], *others)]
    gaps = (4, 8, 14, 22, 30)
    return label, beside_line(along[0], _stacked(along[1:]), *_size(axes, label), gaps=gaps)


def _of_ground(axes: Axes, name: GroundName) -> tuple[Label, list[Spot]]:
    on_water = name.on == "water"
    style = "italic" if on_water else "normal"
    label = Label(name.name, GROUND_SIZE, SEA if on_water else OTHER, style)
    x, y = _points(axes, np.array([[name.lon, name.lat]]))[0]
    return label, near_point((x, y), *_size(axes, label), reach=24)


def _scene(axes: Axes, shown: Sequence[Place], found: Iterable[Route]) -> Scene:
    per_point = 72 / axes.figure.dpi
    frame = axes.get_window_extent()
    dots = [_points(axes, position(place)) for place in shown]
    lines = _stacked([_sampled(axes, line) for route in found for line in route.lines])
    return Scene(
        frame=Box(*(np.asarray(frame.extents) * per_point)).shrunk(2.0),
        dots=_stacked(dots),
        lines=np.unique(np.round(lines / 4) * 4, axis=0),
    )


def _points(axes: Axes, line: Line) -> Points:
    """``line`` in points from the lower left corner of the figure."""
    on_paper: Points = axes.transData.transform(line) * 72 / axes.figure.dpi
    return on_paper


def _sampled(axes: Axes, line: Line) -> Points:
    """The part of ``line`` within ``axes`` as one point every four, in points."""
    view = Box(*axes.viewLim.extents)
    on_paper = _points(axes, line[view.inside(line)])
    if len(on_paper) < 2:
        return on_paper
    far = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(on_paper, axis=0).T))])
    at = np.arange(0.0, far[-1], 4.0)
    return np.column_stack([np.interp(at, far, on_paper[:, axis]) for axis in (0, 1)])


def _stacked(parts: Sequence[Points]) -> Points:
    return np.concatenate([np.empty((0, 2)), *parts])


def _with_labels(scene: Scene, spots: Iterable[Spot | None]) -> Scene:
    there = [spot for spot in spots if spot]
    lines = np.concatenate([scene.lines, *(spot.leader for spot in there)])
    return replace(scene, lines=lines, taken=tuple(spot.box for spot in there))


def _size(axes: Axes, label: Label) -> tuple[float, float]:
    """Width and height of ``label`` in points."""
    text = axes.text(0, 0, label.text, fontsize=label.size, fontstyle=label.style)
    extent = text.get_window_extent()
    text.remove()
    return extent.width * 72 / axes.figure.dpi, extent.height * 72 / axes.figure.dpi


def _write(axes: Axes, labels: Iterable[Label], spots: Iterable[Spot | None]) -> list[Annotation]:
    written = []
    to_data = axes.transData.inverted()
    for label, spot in zip(labels, spots, strict=True):
        if spot is None:
            continue
        anchor = np.array(spot.anchor)
        x, y = to_data.transform(anchor * axes.figure.dpi / 72)
        leader = {"arrowstyle": "-", "color": label.colour, "linewidth": 0.7, "shrinkA": 0}
        text = axes.annotate(
            label.text,
            xy=(x, y),
            xytext=spot.middle - anchor,
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=label.size,
            fontstyle=label.style,
            color=label.colour,
            arrowprops=leader if spot.has_leader else None,
            zorder=7,
        )
        written.append(text)
    return written
