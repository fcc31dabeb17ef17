"""Lets matplotlib lay out each text once: it measures every one for each step of a drawing.

How a text is laid out about its point depends on the text, its font and how it is aligned, and on
what draws; not on the figure, nor on where it stands there.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.text import Text

_LAYOUT = "_get_layout"
"""matplotlib's own name of what lays out a text."""

_FONTS: tuple[Any, ...] = (
    "font.serif", "font.sans-serif", "font.cursive", "font.fantasy", "font.monospace",
)  # fmt: skip
"""Settings that say which fonts a generic family stands for."""

_HOW = (
    "get_text", "get_usetex", "get_parse_math", "get_rotation", "get_rotation_mode",
    "get_horizontalalignment", "get_verticalalignment", "_get_multialignment",
)  # fmt: skip


def lay_out_once() -> None:
    """Keep in this process what texts measure, for the renderers of SVG and of pixels."""
    own = getattr(Text, _LAYOUT)
    kept: dict[tuple[Hashable, ...], Any] = {}

    def layout(text: Text, renderer: Any) -> Any:
        kind = _kind(renderer)
        if kind is None or text.get_wrap():
            return own(text, renderer)
        key = kind, *_looks(text)
        if key not in kept:
            kept[key] = own(text, renderer)
        return kept[key]

    setattr(Text, _LAYOUT, layout)


def _kind(renderer: Any) -> Hashable:
    """What of a renderer a text's measures depend on; None where that is not known."""
    if isinstance(renderer, MixedModeRenderer):
        renderer = vars(renderer)["_renderer"]
    if type(renderer) is RendererSVG:
        return RendererSVG
    if type(renderer) is RendererAgg:
        return RendererAgg, renderer.dpi
    return None


def _looks(text: Any) -> tuple[Hashable, ...]:
    how = (getattr(text, name)() for name in _HOW)
    fonts = (tuple(mpl.rcParams[name]) for name in _FONTS)
    dpi = text.get_figure(root=True).dpi
    return dpi, hash(text.get_fontproperties()), vars(text)["_linespacing"], *how, *fonts
