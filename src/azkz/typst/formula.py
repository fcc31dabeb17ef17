"""Formulas as pictures: LaTeX source drawn by matplotlib, which is there for the figures anyway."""

from __future__ import annotations

import io
from dataclasses import dataclass

from azkz.typst import markup

SIZE = 11.0
"""Size of the letters in points, that of the report's text."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A drawn formula: the picture, its size and how far it reaches below the line, in points."""

    source: str
    svg: str
    width: float
    height: float
    depth: float

    def arguments(self) -> tuple[str, str, str]:
        """What the template's functions take: picture, width, text alternative."""
        return markup.string(self.svg), f"{self.width:.3f}pt", markup.string(self.source)


def draw(source: str) -> Formula:
    """Draw a formula.

    Raises
    ------
    ValueError
        The formula uses a command that matplotlib does not know.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    formula = f"${' '.join(source.split())}$"
    font = FontProperties(size=SIZE, math_fontfamily="stix")
    width, height, depth, _, _ = MathTextParser("path").parse(formula, dpi=72, prop=font)
    sheet = Figure(figsize=(width / 72.0, height / 72.0))
    sheet.text(0, depth / height, formula, fontproperties=font)
    drawn = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": source}):
        sheet.savefig(drawn, format="svg", transparent=True, metadata={"Date": None})
    return Formula(" ".join(source.split()), drawn.getvalue(), width, height, depth)
