"""The ground of the map: land, borders and the courses of legs, and the parts that are shown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from azkz.errors import BadInput
from azkz.ledger import Leg, Place

Line = NDArray[np.float64]
"""Points of a line or a closed ring, one (longitude, latitude) in degrees a row."""

DOT = 0.06
"""Half the width of a place's dot on the larger view, in degrees."""


@dataclass(frozen=True, slots=True)
class View:
    """A part of the map in degrees. What lies inside ``detail`` is left to that view to name."""

    name: str
    west: float
    east: float
    south: float
    north: float
    detail: View | None = None

    @property
    def aspect(self) -> float:
        """How many degrees of longitude are as long as one of latitude, at middle height."""
        return 1 / cos(radians((self.south + self.north) / 2))

    @property
    def height(self) -> float:
        """Height of the panel when its width is 1."""
        return (self.north - self.south) / (self.east - self.west) * self.aspect

    def holds(self, line: Line) -> bool:
        """Whether all points of ``line`` lie inside."""
        low, high = (self.west, self.south), (self.east, self.north)
        return bool(((line >= low) & (line <= high)).all())


CASPIAN = View("detail", 40.5, 54.3, 38.5, 44.5)
OVERVIEW = View("overview", 26.0, 111.5, 32.0, 55.6, detail=CASPIAN)


@dataclass(frozen=True, slots=True)
class GroundName:
    """The name of a country or a sea, and the view and the place where it is written."""

    name: str
    on: str
    view: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Geography:
    """What the folder of map data holds. Rings turn left round land, right round water in it."""

    land: tuple[Line, ...]
    countries: Mapping[str, tuple[Line, ...]]
    borders: tuple[Line, ...]
    courses: Mapping[str, tuple[Line, ...]]
    names: tuple[GroundName, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A leg and the curves that show it; more than one where it branches."""

    leg: Leg
    lines: tuple[Line, ...]


def read_geo(folder: Path) -> Geography:
    """What ``land.geojson`` and ``drawing.geojson`` in ``folder`` hold.

    Raises
    ------
    BadInput
        A file is missing or is no GeoJSON.
    """
    ground, drawing = _features(folder / "land.geojson"), _features(folder / "drawing.geojson")
    return Geography(
        land=tuple(line for feature in ground["land"] for line in _lines(feature)),
        countries={feature["id"]: _lines(feature) for feature in ground["country"]},
        borders=tuple(line for feature in ground["border"] for line in _lines(feature)),
        courses={feature["properties"]["leg"]: _lines(feature) for feature in drawing["course"]},
        names=tuple(_name(feature) for feature in drawing["name"]),
    )


def position(place: Place) -> Line:
    """The one point of ``place``."""
    return np.array([[place.lon, place.lat]])


def routes(
    places: Iterable[Place], legs: Iterable[Leg], courses: Mapping[str, tuple[Line, ...]]
) -> list[Route]:
    """Curves for those ``legs`` whose two ends are among ``places``, straight if without course."""
    known = {place.place: position(place) for place in places}
    found = []
    for leg in legs:
        if leg.start in known and leg.end in known:
            straight = (np.concatenate([known[leg.start], known[leg.end]]),)
            lines = courses.get(leg.leg, straight)
            found.append(Route(leg, tuple(smooth(line) for line in lines)))
    return found


def on_the_way(place: Place, found: Iterable[Route]) -> bool:
    """Whether a curve of ``found`` ends at ``place`` or passes it."""
    return any(_passes(line, position(place)) for route in found for line in route.lines)


def _passes(line: Line, point: Line) -> bool:
    """Whether ``line`` comes as near to ``point`` as the dot of a place is wide."""
    starts, steps = line[:-1], np.diff(line, axis=0)
    squares = np.maximum((steps**2).sum(axis=1), 1e-12)
    along = np.clip(((point - starts) * steps).sum(axis=1) / squares, 0.0, 1.0)
    return bool(np.hypot(*(starts + along[:, None] * steps - point).T).min() < DOT)


def smooth(line: Line) -> Line:
    """A curve through all points of ``line``; close points do not make it swing out."""
    steps = np.sqrt(np.hypot(*np.diff(line, axis=0).T))
    knots = np.concatenate([[0.0], np.cumsum(steps)])
    slopes = np.gradient(line, knots, axis=0)
    at = np.linspace(0.0, knots[-1], 20 * len(line))
    index = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(line) - 2)
    width = (knots[index + 1] - knots[index])[:, None]
    t = (at[:, None] - knots[index][:, None]) / width
    curve: Line = (
        (1 + 2 * t) * (1 - t) ** 2 * line[index]
        + t * (1 - t) ** 2 * width * slopes[index]
        + t**2 * (3 - 2 * t) * line[index + 1]
        + t**2 * (t - 1) * width * slopes[index + 1]
    )
    return curve


def _features(path: Path) -> dict[str, list[Any]]:
    kinds: dict[str, list[Any]] = defaultdict(list)
    try:
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            kinds[feature["properties"]["kind"]].append(feature)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BadInput(
            "this is no map data", str(path), "restore data/geo from the repository"
        ) from error
    return kinds


def _lines(feature: Mapping[str, Any]) -> tuple[Line, ...]:
    nested = feature["geometry"]["coordinates"]
    if feature["geometry"]["type"] == "MultiPolygon":
        nested = [ring for polygon in nested for ring in polygon]
    return tuple(np.asarray(line, dtype=np.float64) for line in nested)


def _name(feature: Mapping[str, Any]) -> GroundName:
    about, (lon, lat) = feature["properties"], feature["geometry"]["coordinates"]
    return GroundName(about["name"], about["on"], about["view"], lon, lat)
