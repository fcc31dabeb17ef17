"""The directive for what was known when: a chart of each number that a page names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docutils import nodes

from azkz.report.text import vintage_figure
from azkz.sphinxext.figures import figure, page_figures
from azkz.sphinxext.numbers import unknown_record
from azkz.sphinxext.pages import RecordsDirective
from azkz.sphinxext.tree import paragraph


class Vintages(RecordsDirective):
    """``{azkz-vintages}``: charts of the numbers whose ids stand in the body, one a line.

    An older edition leaves out those that it does not know; a build of a part draws none.
    """

    has_content = True

    def fill(self) -> list[nodes.Node]:
        """A figure for each."""
        drawn = page_figures(self.env)
        if drawn is None:
            return []
        lines = enumerate(map(str.strip, self.content), self.lineno + 1)
        return [self._figure(key, line, drawn) for line, key in lines if key]

    def _figure(self, key: str, line: int, drawn: Mapping[str, Any]) -> nodes.Node:
        if key not in self.book.numbers:
            return paragraph(unknown_record(key, key, kind="num", key=key, cited_at=line))
        record = drawn[vintage_figure(key)]
        return figure(self.env, self.state.document, record, record["svg"], line)
