"""Texts that are laid out once: they stand where matplotlib alone would put them."""

from __future__ import annotations

import io
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from azkz.build.lean_text import lay_out_once

LOOKS: tuple[dict[str, Any], ...] = (
    {},
    {"text": "another"},
    {"text": "two\nlines"},
    {"text": "two\nlines", "linespacing": 2.0},
    {"text": "two\nlines", "multialignment": "right"},
    {"text": "$x^2$"},
    {"text": "$x^2$", "parse_math": False},
    {"size": 20},
    {"weight": "bold"},
    {"family": "monospace"},
    {"rotation": 30},
    {"rotation": 30, "rotation_mode": "anchor"},
    {"ha": "right"},
    {"va": "top"},
    {"wrap": True, "x": 0.9, "text": "so long that it has to be wrapped " * 5},
)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts in the order in which matplotlib has laid them out itself."""
    found: list[str] = []
    own = getattr(Text, "_get_layout")  # noqa: B009

    def count(text: Text, renderer: Any) -> Any:
        found.append(text.get_text())
        return own(text, renderer)

    monkeypatch.setattr(Text, "_get_layout", count)
    lay_out_once()
    return found


def renderers(figure: Figure) -> dict[str, Any]:
    """What draws a figure, or measures for it."""
    vectors = RendererSVG(400, 300, io.StringIO())
    return {
        "pixels": FigureCanvasAgg(figure).get_renderer(),
        "vectors": vectors,
        "both": MixedModeRenderer(figure, 4, 3, 100, vectors),
    }


def laid_out(text: Any, renderer: Any) -> Any:
    """By matplotlib, as it is now."""
    return text._get_layout(renderer)


def layout(figure: Figure, kind: str, **look: Any) -> str:
    """Where a text stands in the figure."""
    text = figure.text(**{"x": 0.5, "y": 0.5, "s": look.pop("text", "a text"), **look})
    vars(text)["_renderer"] = renderer = renderers(figure)[kind]
    return repr(laid_out(text, renderer))


@pytest.mark.parametrize("kind", ["pixels", "vectors", "both"])
def test_layouts_are_those_of_matplotlib(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a text looks like, one after the other and again in another figure."""
    expected = [layout(Figure(), kind, **look) for look in LOOKS]
    assert len(set(expected)) >= len(LOOKS) - 1
    monkeypatch.setattr(Text, "_get_layout", getattr(Text, "_get_layout"))  # noqa: B009
    lay_out_once()
    for _ in range(2):
        assert [layout(Figure(), kind, **look) for look in LOOKS] == expected


def test_each_is_measured_once(measured: list[str]) -> None:
    """Wherever it stands and whatever else is drawn; the two kinds of renderers measure apart."""
    for figure in (Figure(), Figure()):
        for kind in ("pixels", "vectors", "both"):
            layout(figure, kind)
            layout(figure, kind, x=0.1, color="red")
    assert measured == ["a text", "a text"]


def test_what_changes_the_measures_is_seen(measured: list[str]) -> None:
    """The resolution, and which fonts a family stands for."""
    before = layout(Figure(), "pixels")
    assert layout(Figure(dpi=50), "pixels") != before
    with mpl.rc_context({"font.sans-serif": ["DejaVu Serif"]}):
        assert layout(Figure(), "pixels") != before
    assert len(measured) == 3


def test_what_draws_in_another_way_measures_itself(measured: list[str]) -> None:
    """Nothing is kept for a renderer that is not known."""

    class Own(RendererSVG):
        """May measure as it likes."""

    figure = Figure()
    text = figure.text(0.5, 0.5, "a text")
    for _ in range(2):
        laid_out(text, Own(400, 300, io.StringIO()))  # type: ignore[no-untyped-call]
    assert len(measured) == 2
