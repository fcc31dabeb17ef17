"""What room labels have in a drawing: the marks that they must not cover, and each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.transforms import Bbox, BboxBase


def marks_of(axes: Axes) -> np.ndarray:
    """Points along every line, marker and bar of the axes, in pixels, shape (n, 2)."""
    found: list[np.ndarray] = [np.empty((0, 2))]
    for line in axes.get_lines():
        path = line.get_transform().transform(
            np.column_stack(line.get_data(orig=False)).astype(float)
        )
        path = path[np.isfinite(path).all(axis=1)]
        found.append(path)
        if line.get_linestyle() not in ("None", ""):
            found += [np.linspace(a, b, 24) for a, b in pairwise(path)]
    for collection in axes.collections:
        if isinstance(collection, LineCollection):
            to_pixels = collection.get_transform()
            ends = [to_pixels.transform(np.asarray(line)) for line in collection.get_segments()]
            found += [np.linspace(a, b, 24) for line in ends for a, b in pairwise(line)]
            continue
        offsets = np.asarray(collection.get_offsets(), dtype=float)
        if offsets.size:
            found.append(collection.get_offset_transform().transform(offsets))
    for patch in axes.patches:
        corners = patch.get_window_extent().corners()
        found.append(np.vstack([np.linspace(corners[0], corners[k], 12) for k in (1, 2, 3)]))
    return np.vstack(found)


def crossed(box: Bbox, marks: np.ndarray) -> int:
    """How many of the points ``marks`` lie under a label's box."""
    inside = (
        (marks[:, 0] > box.x0) & (marks[:, 0] < box.x1)
        & (marks[:, 1] > box.y0) & (marks[:, 1] < box.y1)
    )  # fmt: skip
    return int(inside.sum())


def outside(box: Bbox, frame: BboxBase) -> int:
    """Over how many sides of the page a label's box would reach."""
    return (
        int(box.x0 < frame.x0)
        + int(box.x1 > frame.x1)
        + int(box.y0 < frame.y0)
        + int(box.y1 > frame.y1)
    )


def spread(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Centres as near as may be to ``wanted`` (ascending) at which boxes do not touch."""
    places = list(wanted)
    for _ in range(60):
        for low in range(len(places) - 1):
            need = (heights[low] + heights[low + 1]) / 2
            lack = need - (places[low + 1] - places[low])
            if lack > 1e-9:
                places[low] -= lack / 2
                places[low + 1] += lack / 2
    return places
