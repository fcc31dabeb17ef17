"""The spots where a label could stand: round a point, beside a line, on an area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Positions, one (x, y) a row. Here in points (1/72 inch) from the lower left of the figure."""

BESIDE, ABOVE = 5.0, 1.0
"""Clear space kept between labels, in points: beside one another a word space, so that two
names are not read as one."""
TOUCH, FAR = 3.5, 9.0
"""What is so near seems to belong to the label; what is farther off needs a leader. In points."""
LEADER, ON_SHARED = 12.0, 24.0
"""Cost of a point's label that needs a leader (half of it beside a line), and of labelling a
line where another runs along it, or lies between it and the label."""


class Box(NamedTuple):
    """A rectangle in points."""

    left: float
    bottom: float
    right: float
    top: float

    def crowds(self, other: Box) -> bool:
        """Whether the two share an area or stand too close to be told apart."""
        return (
            self.left < other.right + BESIDE
            and other.left < self.right + BESIDE
            and self.bottom < other.top + ABOVE
            and other.bottom < self.top + ABOVE
        )

    def inside(self, points: Points) -> NDArray[np.bool_]:
        """Which of ``points`` lie inside."""
        x, y = points[:, 0], points[:, 1]
        within = (x > self.left) & (x < self.right) & (y > self.bottom) & (y < self.top)
        return np.asarray(within, dtype=np.bool_)

    def holds(self, points: Points) -> int:
        """How many of ``points`` lie inside."""
        return int(self.inside(points).sum())

    def distances(self, points: Points) -> Points:
        """How far each of ``points`` is from the rectangle; 0 for those inside."""
        low, high = np.array(self[:2]), np.array(self[2:])
        return np.asarray(np.hypot(*np.maximum(np.maximum(low - points, points - high), 0).T))

    def shrunk(self, by: float) -> Box:
        """The rectangle that is left when every edge moves inwards."""
        return Box(self.left + by, self.bottom + by, self.right - by, self.top - by)

    def surrounds(self, other: Box) -> bool:
        """Whether ``other`` lies wholly inside."""
        return (
            self.left <= other.left
            and self.bottom <= other.bottom
            and other.right <= self.right
            and other.top <= self.top
        )


@dataclass(frozen=True, slots=True)
class Spot:
    """One place where a label could stand, with the end of its leader (none when beside it)."""

    box: Box
    anchor: tuple[float, float]
    cost: float
    has_leader: bool = False

    @property
    def middle(self) -> Points:
        """The middle of the label."""
        left, bottom, right, top = self.box
        return np.array([(left + right) / 2, (bottom + top) / 2])

    @property
    def way(self) -> Points:
        """Sampled points from the anchor towards the middle of the label, up to its edge."""
        line = np.linspace(self.anchor, self.middle, 40)
        return line[~self.box.inside(line)]

    @property
    def leader(self) -> Points:
        """Sampled points of the leader: none where the label needs none."""
        return self.way if self.has_leader else np.empty((0, 2))


def beside_point(
    point: tuple[float, float], width: float, height: float, gaps: Sequence[float]
) -> list[Spot]:
    """Spots of a label round a point: to the right first, then round, then further out."""
    directions = ((1, 0), (1, 1), (1, -1), (-1, 0), (-1, 1), (-1, -1), (0, 1), (0, -1))
    spots = []
    for gap in gaps:
        for rank, (right, up) in enumerate(directions):
            slant = 0.75 if right and up else 1.0
            x = point[0] + right * (slant * gap + width / 2)
            y = point[1] + up * (slant * gap + height / 2)
            cost = rank + gap - gaps[0] + (LEADER if gap > FAR else 0.0)
            spots.append(Spot(_box(x, y, width, height), point, cost, gap > FAR))
    return spots


def beside_line(
    line: Points, others: Points, width: float, height: float, gaps: Sequence[float]
) -> list[Spot]:
    """Spots of a label on either side of a line: near its middle, away from ``others`` first."""
    spots = []
    for share in np.linspace(0.1, 0.9, 9):
        at = min(int(share * len(line)), len(line) - 2)
        before, after = line[max(at - 2, 0)], line[min(at + 2, len(line) - 1)]
        along = (after - before) / (np.hypot(*(after - before)) or 1.0)
        for gap, side in product(gaps, (1.0, -1.0)):
            normal = side * np.array([-along[1], along[0]])
            reach = gap + abs(normal[0]) * width / 2 + abs(normal[1]) * height / 2
            x, y = line[at] + normal * reach
            box = _box(x, y, width, height)
            away = box.distances(line)
            near = int(np.argmin(away))
            cost = 14.0 * abs(share - 0.5) + float(away[near])
            cost += LEADER / 2 if away[near] > FAR else 0.0
            spot = Spot(box, (float(line[near][0]), float(line[near][1])), cost, away[near] > FAR)
            spots.append(replace(spot, cost=cost + _doubt(spot, others)))
    return spots


def _doubt(spot: Spot, others: Points) -> float:
    """What it costs that a reader may take the label for that of one of ``others``."""
    way = spot.way
    # Most of the others are nowhere near.
    ends = np.array([spot.anchor, spot.middle])
    here = Box(*ends.min(axis=0), *ends.max(axis=0)).shrunk(-2 * TOUCH).inside(others)
    near = np.any(distances(others[here], way) < TOUCH, axis=0)
    off = np.hypot(*(way - spot.anchor).T) > 2 * TOUCH
    crossing = ON_SHARED * (0.4 if spot.has_leader else 1.0)
    return ON_SHARED * bool(near[:1].any()) + crossing * bool(near[off].any())


def near_point(point: tuple[float, float], width: float, height: float, reach: float) -> list[Spot]:
    """Spots of a label that names an area: on ``point`` or up to ``reach`` away from it."""
    spots = []
    for right in np.linspace(-reach, reach, 7):
        for up in np.linspace(-reach, reach, 7):
            x, y = point[0] + right, point[1] + up
            box = _box(x, y, width, height)
            spots.append(Spot(box, point, float(abs(right) + abs(up)) / 10))
    return spots


def distances(some: Points, others: Points) -> Points:
    """How far each of ``some`` is from each of ``others``."""
    apart = some[:, None] - others[None]
    return np.asarray(np.hypot(apart[..., 0], apart[..., 1]))


def _box(x: float, y: float, width: float, height: float) -> Box:
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
