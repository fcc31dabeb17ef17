"""The directive for what was known when: a chart of each number that a page names."""

from __future__ import annotations

from docutils import nodes

from azkz.report.text import long_date, vintage_figure
from azkz.sphinxext.asking import EDITION, ask
from azkz.sphinxext.figures import figure, page_figures
from azkz.sphinxext.numbers import number_reference, unknown_record
from azkz.sphinxext.pages import RecordsDirective
from azkz.sphinxext.records import Number
from azkz.sphinxext.tree import paragraph


class Vintages(RecordsDirective):
    """``{azkz-vintages}``: the numbers whose ids stand in the body, one a line.

    Charts of those that were ever printed otherwise, then a list of the others. An older edition
    leaves out those that it does not know; a build of a part draws none.
    """

    has_content = True

    def question(self) -> tuple[str, str]:
        """The numbers are asked for one by one."""
        return EDITION, ""

    def fill(self) -> list[nodes.Node]:
        """A figure or a list item for each."""
        drawn = page_figures(self.env)
        if drawn is None:
            return []
        found: list[nodes.Node] = []
        same: list[nodes.Node] = []
        for line, key in enumerate(map(str.strip, self.content), self.lineno + 1):
            if not key:
                continue
            numbers = ask(self.env, "num", key).numbers
            if key not in numbers:
                mark = unknown_record(key, key, kind="num", key=key, cited_at=line)
                found.append(paragraph(mark))
            elif record := drawn.get(vintage_figure(key)):
                found.append(figure(self.env, self.state.document, record, record["svg"], line))
            else:
                same.append(nodes.list_item("", self._same(numbers[key])))
        if not same:
            return found
        lead = "Printed as they are since they were first known:"
        return [*found, paragraph(nodes.Text(lead)), nodes.bullet_list("", *same)]

    def _same(self, number: Number) -> nodes.paragraph:
        value = number_reference(number, self.env.docname)
        since = f", known from {long_date(number.known_from)}" if number.known_from else ""
        return paragraph(nodes.Text(f"{number.label}: "), value, nodes.Text(since))
