"""Figures and tables of executed notebooks as docutils nodes, for the HTML and for the PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes

from azkz.sphinxext.asking import ask
from azkz.sphinxext.figures import Record, figure, register, source_line
from azkz.sphinxext.numbers import number_reference, parse, row_reference, unknown_record
from azkz.sphinxext.sealed import seal
from azkz.sphinxext.tree import Content, grid, joined, paragraph

if TYPE_CHECKING:
    from myst_nb.core.render import MimeData, NbElementRenderer
    from sphinx.environment import BuildEnvironment

Cell = str | Sequence[Mapping[str, str]]


class ReportOutputs:
    """The MyST-NB plugin (entry point ``myst_nb.mime_renderers``) for outputs of a report."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = (
        # A table is offered as HTML alone, whatever it becomes.
        ("typst", "text/html", 90),
    )

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer,
        data: MimeData,
        inline: bool,  # noqa: FBT001  the signature is MyST-NB's
    ) -> list[nodes.Element] | None:
        """The nodes of a figure or table, none for a record; None for what is not the report's."""
        record = data.output_metadata.get("azkz")
        if inline or not isinstance(record, Mapping):
            return None
        kind = str(record.get("kind"))
        mime_type, render = _RENDERERS.get(kind, ("", None))
        if render is None or data.mime_type != mime_type:
            return []
        return render(renderer, data, record)


def _figure(renderer: NbElementRenderer, data: MimeData, record: Record) -> list[nodes.Element]:
    env, document = _environment(renderer), renderer.renderer.document
    return [figure(env, document, record, data.string, data.line)]


def _table(renderer: NbElementRenderer, data: MimeData, record: Record) -> list[nodes.Element]:
    env = _environment(renderer)
    columns = record["columns"]
    table = grid(
        [[nodes.Text(column["label"])] for column in columns],
        [[_cell(env, cell, data.line) for cell in row] for row in record["rows"]],
        right=[index for index, column in enumerate(columns) if column["align"] == "right"],
    )
    if not any(table.findall(unknown_record)):
        # The frame of a table is numbered and referred to; its cells only lead elsewhere.
        table[:] = [seal(group) for group in table.children]
    title = parse(env, record["title"], data.line)
    table.insert(0, nodes.title("", "", *title))
    register(renderer.renderer.document, table, record, data.line)
    found: list[nodes.Element] = [table]
    if record.get("note"):
        found.append(paragraph(*parse(env, record["note"], data.line), classes=["table-note"]))
    if record.get("source_line"):
        found.append(source_line(env, record))
    return found


def _cell(env: BuildEnvironment, cell: Cell, line: int | None) -> Content:
    """Text with its roles, or figures that lead to their numbers or rows."""
    if isinstance(cell, str):
        return parse(env, cell, line)
    return joined(([_figure_link(env, figure, line)] for figure in cell), ", ")


def _figure_link(env: BuildEnvironment, figure: Mapping[str, str], line: int | None) -> nodes.Node:
    if not figure.keys() & {"row", "number"}:
        return nodes.Text(figure["text"])
    if "row" in figure:
        return row_reference(figure["row"], env.docname, figure["text"])
    key = figure["number"]
    numbers = ask(env, "num", key).numbers
    if key in numbers:
        return number_reference(numbers[key], env.docname, figure["text"])
    return unknown_record(key, key, kind="num", key=key, cited_at=line or 0)


_RENDERERS: dict[
    str, tuple[str, Callable[[NbElementRenderer, MimeData, Record], list[nodes.Element]]]
] = {"figure": ("image/svg+xml", _figure), "table": ("text/html", _table)}


def _environment(renderer: NbElementRenderer) -> BuildEnvironment:
    env: BuildEnvironment = renderer.renderer.sphinx_env
    return env
