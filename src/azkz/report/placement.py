"""Finds places for the labels of a drawing: no two overlap, dots and lines stay in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from azkz.report.spots import ABOVE, BESIDE, TOUCH, Box, Points, Spot, distances

SHUT_IN, LEFT_OUT = 1e6, 1e4
"""Cost of two labels on each other and of a label left out: the second is always cheaper."""
ON_DOT, NEAR_DOT, ON_LINE, ON_LEADER = 60.0, 15.0, 10.0, 40.0
"""Cost of a dot that a label covers or touches, of a sampled point of a line, of a leader."""
CLEAR = 1.5
"""A line that runs so near to a label touches it, as lines have a width. In points."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What labels must not hide: dots and sampled lines, and the frame they must stay in."""

    frame: Box
    dots: Points
    lines: Points
    taken: tuple[Box, ...] = ()

    def admits(self, spot: Spot) -> bool:
        """Whether ``spot`` lies in the frame and clear of what is taken."""
        return self.frame.surrounds(spot.box) and not any(map(spot.box.crowds, self.taken))

    def cost(self, spot: Spot) -> float:
        """Price of ``spot`` before other labels are looked at."""
        box = spot.box
        dots = ON_DOT * box.holds(self.dots) + NEAR_DOT * box.shrunk(-TOUCH).holds(self.dots)
        return (
            spot.cost + dots + self._astray(spot) + ON_LINE * box.shrunk(-CLEAR).holds(self.lines)
        )

    def _astray(self, spot: Spot) -> float:
        """What it costs that the leader of ``spot`` passes a dot before it reaches its own."""
        if not spot.has_leader:
            return 0.0
        foreign = self.dots[np.hypot(*(self.dots - spot.anchor).T) > TOUCH]
        return NEAR_DOT * bool(np.any(distances(foreign, spot.leader) < 2 * TOUCH))


def place_labels(scene: Scene, wanted: Sequence[Sequence[Spot]]) -> list[Spot | None]:
    """One spot for each label, or None for a label that finds no free one.

    Labels take the cheapest free spot in turn; then every two of them move together to the
    spots that are best for both, until no two can gain. This is done with each label going
    first once, and the cheapest outcome stands. Of two that exclude each other the earlier
    stays. The same input gives the same answer.
    """
    free = [[spot for spot in choices if scene.admits(spot)] for choices in wanted]
    spots = [spot for choices in free for spot in choices]
    left_out = [LEFT_OUT * (2 - rank / len(wanted)) for rank in range(len(wanted))]
    cost = np.array([scene.cost(spot) for spot in spots] + left_out)
    ends = np.cumsum([0] + [len(choices) for choices in free])
    options = [
        np.array([*range(ends[rank], ends[rank + 1]), len(spots) + rank])
        for rank in range(len(wanted))
    ]
    crowding = _crowding(spots, spare=len(wanted))
    outcomes = [_settle(first, options, cost, crowding) for first in range(len(options))]
    totals = [cost[at].sum() + crowding[np.ix_(at, at)].sum() / 2 for at in outcomes]
    if not outcomes:
        return []
    chosen = outcomes[int(np.argmin(np.round(totals, 6)))]
    return [spots[at] if at < len(spots) else None for at in chosen]


def _settle(
    first: int, options: Sequence[NDArray[np.int_]], cost: Points, crowding: Points
) -> NDArray[np.int_]:
    """Rows of ``cost`` that the labels take when label ``first`` begins, then the next."""
    chosen = np.array([option[-1] for option in options], dtype=np.int_)
    for rank in (*range(first, len(options)), *range(first)):
        option = options[rank]
        taken = crowding[np.ix_(option, np.delete(chosen, rank))].sum(axis=1)
        chosen[rank] = option[np.argmin(cost[option] + taken)]
    load = crowding[:, chosen].sum(axis=1)
    moved = True
    while moved:
        pairs = combinations(range(len(options)), 2)
        moved = False
        for pair in pairs:
            moved |= _move_both(chosen, pair, options, cost, crowding, load)
    return chosen


def _move_both(
    chosen: NDArray[np.int_],
    pair: tuple[int, int],
    options: Sequence[NDArray[np.int_]],
    cost: Points,
    crowding: Points,
    load: Points,
) -> bool:
    """Move two labels to the spots that are best for both; False if they stand there already.

    ``load`` is what each spot costs together with all that are chosen; it is kept up to date. Costs
    of two together are whole numbers, so that sums of them are exact in any order.
    """
    first, second = options[pair[0]], options[pair[1]]
    at, other = chosen[list(pair)]
    one = cost[first] + (load[first] - crowding[first, at] - crowding[first, other])
    two = cost[second] + (load[second] - crowding[second, at] - crowding[second, other])
    now = (one[first == at] + two[second == other] + crowding[at, other])[0]
    if one.min() + two.min() > now - 1e-6:
        return False
    total = one[:, None] + two[None, :] + crowding[np.ix_(first, second)]
    best = np.unravel_index(np.argmin(total), total.shape)
    if total[best] > now - 1e-6:
        return False
    chosen[list(pair)] = first[best[0]], second[best[1]]
    load += crowding[:, chosen[list(pair)]].sum(axis=1) - crowding[:, [at, other]].sum(axis=1)
    return True


def _crowding(spots: Sequence[Spot], spare: int) -> Points:
    """What every two spots cost together; the last ``spare`` rows and columns are free."""
    boxes = np.array([spot.box for spot in spots]).reshape(-1, 4)
    left, bottom, right, top = boxes.T
    crowds = (left[:, None] < right + BESIDE) & (left < right[:, None] + BESIDE)
    crowds &= (bottom[:, None] < top + ABOVE) & (bottom < top[:, None] + ABOVE)
    cost = np.zeros((len(spots) + spare, len(spots) + spare))
    cost[: len(spots), : len(spots)] = SHUT_IN * crowds
    for at, spot in enumerate(spots):
        if spot.has_leader:
            x, y = spot.leader.T[:, :, None]
            crossed = ((x > left) & (x < right) & (y > bottom) & (y < top)).any(axis=0)
            cost[at, : len(spots)] += ON_LEADER * crossed
            cost[: len(spots), at] += ON_LEADER * crossed
    return cost
