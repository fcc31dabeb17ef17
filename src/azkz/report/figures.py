"""Turns a drawing into an output that carries title, caption, alt text, sources and data."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from azkz.errors import BadInput, NoEvidence
from azkz.ledger import Ledger
from azkz.report.numbers import sources_of
from azkz.report.style import fix_no_titles

_MAXIMUM_NAMED = 6
_TEXTS = re.compile(r"(?:>|<!--)([^<>]+)")
"""The texts of a drawing in SVG; of those that are drawn as shapes it has comments."""
_NOT_KNOWN = re.compile(r"\bnan\b")
"""How a value that is not known looks when it is put into a text as a figure."""


def figure_record(
    key: str,
    ledger: Ledger,
    svg: str,
    data: pd.DataFrame,
    observations: Iterable[str],
    *,
    where: str = "",
    **texts: str,
) -> dict[str, Any]:
    """What goes with the drawing (see the design's list of what a figure carries).

    ``svg`` is the drawing as ``svg_bytes`` gives it; ``where`` is what messages name: the chapter's
    notebook unless said.

    Raises
    ------
    NoEvidence
        There are no data, or no observation or source is behind them.
    BadInput
        A text is empty, or prints a value that is not known, or an observation is not in the
        ledger as known on the day.
    """
    where = where or f"notebooks/{key.partition('.')[0]}.ipynb"
    empty = [name for name, text in texts.items() if not text.strip()]
    if empty:
        raise BadInput(f"figure {key} has no {', '.join(empty)}", where, "write it")
    if data.empty:
        raise NoEvidence(f"figure {key} has no data", where, "give it what is drawn, a row a mark")
    shown = {**texts, "drawing": "\n".join(_TEXTS.findall(svg))}
    not_known = [name for name, text in shown.items() if _NOT_KNOWN.search(text)]
    if not_known:
        what = f"figure {key} prints in its {', '.join(not_known)} what is not known"
        raise BadInput(what, where, "draw and say only what is known on the day")
    ids = sorted({*observations, *_cited(data)})
    if not ids:
        raise NoEvidence(
            f"figure {key} rests on no observation", where, "give data a column observation"
        )
    unknown = [i for i in ids if i not in ledger.observations and i not in ledger.events]
    if unknown:
        raise BadInput(f"figure {key} draws rows not known on the day: {unknown[:5]}", where)
    sources = sources_of(ledger, ids)
    if not sources:
        raise NoEvidence(f"figure {key} has no source", where, "draw rows whose source is known")
    return {
        "kind": "figure",
        "id": key,
        **texts,
        "sources": sources,
        "source_line": source_line(ledger, sources),
        "columns": [str(column) for column in data.columns],
        "rows": [[_plain(value) for value in row] for row in data.itertuples(index=False)],
        "observations": ids,
    }


def page_figure(
    key: str,
    ledger: Ledger,
    drawing: Figure,
    data: pd.DataFrame,
    observations: Iterable[str] = (),
    **texts: str,
) -> dict[str, Any]:
    """The record of a figure that the build draws for a page of its own, with its ``svg``.

    ``texts`` are title, subtitle, caption, alt and unit, as in ``Report.figure``.

    Raises
    ------
    NoEvidence, BadInput
        As ``figure_record`` does.
    """
    where, svg = "the figures of the build", svg_bytes(drawing)
    record = figure_record(key, ledger, svg, data, observations, where=where, **texts)
    return {**record, "svg": svg}


def source_line(ledger: Ledger, sources: Sequence[str]) -> str:
    """``Sources: …``: publishers, those most often cited first, the rest counted."""
    publishers: dict[str, int] = {}
    for key in sources:
        publisher = ledger.sources[key].publisher
        publishers[publisher] = publishers.get(publisher, 0) + 1
    ranked = sorted(publishers, key=lambda name: (-publishers[name], name))
    named, rest = ranked[:_MAXIMUM_NAMED], len(ranked) - _MAXIMUM_NAMED
    more = f"; and {rest} more" if rest > 0 else ""
    return f"Source{'s' if len(ranked) > 1 else ''}: {'; '.join(named)}{more}."


def svg_bytes(figure: Figure) -> str:
    """The drawing as SVG, the same text for the same drawing: no date, no creator, fixed ids."""
    file, canvas, dpi = io.StringIO(), figure.canvas, figure.dpi
    fix_no_titles(figure)
    try:
        # ``savefig`` draws once more before, to lay out what is laid out by drawing.
        FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None, "Creator": None})
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi
    text = file.getvalue()
    # The licence block that matplotlib writes says nothing of the figure.
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _cited(data: pd.DataFrame) -> set[str]:
    if "observation" not in data.columns:
        return set()
    ids: set[str] = set()
    for cell in data["observation"].dropna():
        ids.update(str(cell).split())
    return ids


def _plain(value: Any) -> Any:
    """A value that JSON can hold; numpy's scalars and time stamps cannot be written as they are."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if pd.isna(value):
        return None
    if hasattr(value, "item"):
        value = value.item()
    return value if isinstance(value, bool | int | float | str) else str(value)
