"""Figures and tables of executed notebooks as docutils nodes, for the HTML and for the PDF."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes

from azkz.errors import BadInput
from azkz.sphinxext.domain import cross_reference, report_domain
from azkz.sphinxext.numbers import (
    number_reference,
    parse,
    row_reference,
    source_reference,
    unknown_record,
)
from azkz.sphinxext.records import depend
from azkz.sphinxext.tree import Content, grid, joined, paragraph

if TYPE_CHECKING:
    from myst_nb.core.render import MimeData, NbElementRenderer
    from sphinx.environment import BuildEnvironment

Record = Mapping[str, Any]
Cell = str | Sequence[Mapping[str, str]]

_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


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
        if not _ID.fullmatch(str(record["id"])):
            raise BadInput(f"{record['id']!r} is not an id", f"a {kind}", "use a-z, 0-9, . and -")
        return render(renderer, data, record)


def _figure(renderer: NbElementRenderer, data: MimeData, record: Record) -> list[nodes.Element]:
    env = _environment(renderer)
    figure = nodes.figure(classes=["report-figure"])
    figure += nodes.image(uri=_write_svg(renderer, data.string), alt=record["alt"])
    figure += _caption(env, record, data.line)
    figure += _legend(env, record, data.line)
    _register(renderer, figure, record, data.line)
    columns, rows = _data(record)
    note = {"id": record["id"], "columns": columns, "rows": rows}
    report_domain(env).note("figures", env.docname, note)
    return [figure]


def _caption(env: BuildEnvironment, record: Record, line: int | None) -> nodes.caption:
    caption = nodes.caption("", "", nodes.strong("", "", *parse(env, record["title"], line)))
    if record.get("subtitle"):
        caption += nodes.Text(" ")
        caption += nodes.inline("", "", *parse(env, record["subtitle"], line), classes=["subtitle"])
    return caption


def _legend(env: BuildEnvironment, record: Record, line: int | None) -> nodes.legend:
    legend = nodes.legend()
    if record.get("caption"):
        legend += paragraph(*parse(env, record["caption"], line), classes=["figure-caption"])
    legend += source_line(env, record)
    address = f"{'../' * env.docname.count('/')}{data_file(record['id'])}"
    data = nodes.reference("", "Data (CSV)", refuri=address, internal=True)
    tools = nodes.container(classes=["html-only", "figure-tools"])
    tools += paragraph(data)
    legend += tools
    return legend


def _table(renderer: NbElementRenderer, data: MimeData, record: Record) -> list[nodes.Element]:
    env = _environment(renderer)
    columns = record["columns"]
    table = grid(
        [[nodes.Text(column["label"])] for column in columns],
        [[_cell(env, cell, data.line) for cell in row] for row in record["rows"]],
        right=[index for index, column in enumerate(columns) if column["align"] == "right"],
    )
    title = parse(env, record["title"], data.line)
    table.insert(0, nodes.title("", "", *title))
    _register(renderer, table, record, data.line)
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
    key, numbers = figure["number"], depend(env).numbers
    if key in numbers:
        return number_reference(numbers[key], env.docname, figure["text"])
    return unknown_record(key, key, kind="num", key=key, cited_at=line or 0)


_RENDERERS: dict[
    str, tuple[str, Callable[[NbElementRenderer, MimeData, Record], list[nodes.Element]]]
] = {"figure": ("image/svg+xml", _figure), "table": ("text/html", _table)}


def source_line(env: BuildEnvironment, record: Record) -> nodes.paragraph:
    """``Sources: …`` with each publisher linked: to its page, or to its list if it has several."""
    content = _linked_publishers(env, record["source_line"], record["sources"])
    return paragraph(*content, classes=["figure-source"])


def _linked_publishers(env: BuildEnvironment, text: str, keys: Sequence[str]) -> list[nodes.Node]:
    book = depend(env)
    by_publisher: dict[str, list[str]] = {}
    for key in keys:
        if key in book.ledger.sources:
            by_publisher.setdefault(book.ledger.sources[key].publisher, []).append(key)
    if not by_publisher:
        return [nodes.Text(text)]
    # Longest first, so that a name within another name does not cut it in two.
    names = sorted(by_publisher, key=lambda name: (-len(name), name))
    found: list[nodes.Node] = []
    for part in re.split(f"({'|'.join(map(re.escape, names))})", text):
        own = by_publisher.get(part, [])
        if len(own) == 1:
            found.append(source_reference(book, own[0], env.docname, part))
        elif own:
            anchor = book.publishers[part]
            found.append(cross_reference("publisher", part, anchor, part, env.docname, "source"))
        elif part:
            found.append(nodes.Text(part))
    return found


def _register(
    renderer: NbElementRenderer, node: nodes.Element, record: Record, line: int | None
) -> None:
    """Give ``node`` its id and name, so that it is numbered and can be linked to."""
    document = renderer.renderer.document
    node["names"].append(str(record["id"]))
    node.source, node.line = document["source"], line
    document.note_explicit_target(node, node)


def _write_svg(renderer: NbElementRenderer, svg: str) -> str:
    content = svg.encode()
    name = f"{hashlib.sha256(content).hexdigest()[:20]}.svg"
    uri: str = renderer.write_file([name], content, overwrite=False, exists_ok=True)
    return uri


def _data(record: Record) -> tuple[list[str], list[list[Any]]]:
    columns, rows = list(record["columns"]), [list(row) for row in record["rows"]]
    if not {"observation", "observations"}.intersection(columns):
        ids = " ".join(record["observations"])
        columns, rows = [*columns, "observations"], [[*row, ids] for row in rows]
    return columns, rows


def data_file(key: str) -> str:
    """Where the data of a figure lie below the HTML."""
    return f"data/{key}.csv"


def _environment(renderer: NbElementRenderer) -> BuildEnvironment:
    env: BuildEnvironment = renderer.renderer.sphinx_env
    return env
