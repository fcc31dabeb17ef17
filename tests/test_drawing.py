"""A figure is painted once, and its labels are placed without painting it."""

from __future__ import annotations

import io
import re

import pytest
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from azkz.report import figures, labels, style
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


@pytest.mark.parametrize("names", [("", ""), ("months", ""), ("", "place"), ("months", "place")])
def test_titles_of_axes_stand_where_matplotlib_puts_them(
    names: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that are there; for those that are not no place is looked for."""
    looked: list[str] = []
    plain = vars(Axis)["_get_tick_boxes_siblings"]

    def noted(self: Axis, renderer: object) -> object:
        looked.append(self.get_label_text())
        return plain(self, renderer)

    monkeypatch.setattr(Axis, "_get_tick_boxes_siblings", noted)
    own = svg_bytes(named(*names))
    assert set(looked) == {name for name in names if name}
    monkeypatch.setattr(labels, "fix_no_titles", lambda _: None)
    monkeypatch.setattr(figures, "fix_no_titles", lambda _: None)
    assert svg_bytes(named(*names)) == own


def named(across: str, up: str) -> Figure:
    """A line with a label, in axes with these titles."""
    with style.figure() as (figure, axes):
        axes.plot([2020, 2021], [100.0, 340.0])
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        labels.place(axes, [labels.Label(2021, 340.0, "340")])
    return figure
