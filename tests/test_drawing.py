"""A figure is painted once, and its labels are placed without painting it."""

from __future__ import annotations

import io
import re

import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from azkz.report import labels, style
from azkz.report.figures import svg_bytes


def drawn() -> Figure:
    """A line with names at its points and at its end."""
    with style.figure() as (figure, axes):
        axes.plot([2020, 2021, 2022, 2023], [100.0, 340.0, 280.0, 530.0], marker="o")
        axes.set_xlim(2019.5, 2026)
        labels.place(axes, [labels.Label(2021, 340.0, "340"), labels.Label(2023, 530.0, "530")])
        labels.line_ends(axes, [labels.Label(2023, 530.0, "Kazakh count")])
    return figure


def test_printing_gives_what_savefig_gives() -> None:
    """The same bytes, but for the licence block and spaces at the ends of lines."""
    file = io.StringIO()
    figure = drawn()
    own = svg_bytes(figure)
    dpi, canvas = figure.dpi, figure.canvas
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    plain = re.sub(r"\s*<metadata>.*?</metadata>", "", file.getvalue(), flags=re.DOTALL)
    assert own == "\n".join(line.rstrip() for line in plain.splitlines()) + "\n"
    assert (figure.dpi, figure.canvas) == (dpi, canvas)
    assert "Kazakh count" in own


def test_a_figure_is_painted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text of it is written once, all by the printer."""
    written: dict[type, list[str]] = {RendererAgg: [], RendererSVG: []}
    for kind, texts in written.items():
        plain = kind.draw_text  # type: ignore[attr-defined]

        def noted(
            self: object,
            gc: object,
            x: float,
            y: float,
            s: str,
            *rest: object,
            plain: object = plain,
            texts: list[str] = texts,
            **more: object,
        ) -> object:
            texts.append(s)
            return plain(self, gc, x, y, s, *rest, **more)  # type: ignore[operator]

        monkeypatch.setattr(kind, "draw_text", noted)
    svg_bytes(drawn())
    assert written[RendererAgg] == []
    assert sorted(set(written[RendererSVG])) == sorted(written[RendererSVG])
    assert {"340", "530", "Kazakh count"} <= set(written[RendererSVG])
