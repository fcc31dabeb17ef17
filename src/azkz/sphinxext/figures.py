"""Figures as docutils nodes, with all that they carry: those of chapters and those of the build."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes

from azkz.errors import BadInput
from azkz.sphinxext.asking import EDITION, ask
from azkz.sphinxext.domain import cross_reference, place, report_domain
from azkz.sphinxext.numbers import parse, source_reference
from azkz.sphinxext.pages import RecordsDirective
from azkz.sphinxext.records import laid_out, records
from azkz.sphinxext.tree import paragraph

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

Record = Mapping[str, Any]

_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")

FILE = "figures.json"
"""The figures that the build itself has drawn: their records, each with its ``svg``."""


class PageFigure(RecordsDirective):
    """``{azkz-figure} ID``: a figure that the build has drawn, on a page.

    An older edition may not have it and then shows nothing; nor does a build that draws none. In
    the newest edition an id that is not there is refused.
    """

    required_arguments = 1

    def question(self) -> tuple[str, str]:
        """What the build has drawn is no part of the records."""
        return EDITION, ""

    def fill(self) -> list[nodes.Node]:
        """The figure, or nothing."""
        key, line = self.arguments[0], self.get_source_info()[1]
        drawn = page_figures(self.env)
        if drawn is None or (key not in drawn and not self.book.newest):
            return []
        if key not in drawn:
            near = get_close_matches(key, drawn, 5) or sorted(drawn)
            todo = f"the build draws: {', '.join(near) or 'none'}"
            raise BadInput(f"no figure {key!r}", place(self.env, self.env.docname, line), todo)
        record = drawn[key]
        return [figure(self.env, self.state.document, record, record["svg"], line)]


def page_figures(env: BuildEnvironment) -> dict[str, Record] | None:
    """The figures of the build by id; None where it draws none, as it holds but a part."""
    records = laid_out(env, FILE)
    return None if records is None else {record["id"]: record for record in records}


def figure(
    env: BuildEnvironment, document: nodes.document, record: Record, svg: str, line: int | None
) -> nodes.figure:
    """Picture, title, caption, source line and the link to the data, as a numbered figure.

    ``record`` is that of ``azkz.report.figures.figure_record``; its data are kept for the build,
    which writes them beside the HTML.
    """
    found = nodes.figure(classes=["report-figure"])
    found += nodes.image(uri=_write_svg(env, svg), alt=record["alt"])
    found += _caption(env, record, line)
    found += _legend(env, record, line)
    register(document, found, record, line)
    columns, rows = _data(record)
    note = {"id": record["id"], "columns": columns, "rows": rows}
    report_domain(env).note("figures", env.docname, note)
    return found


def register(
    document: nodes.document, node: nodes.Element, record: Record, line: int | None
) -> None:
    """Give ``node`` its id and name, so that it is numbered and can be linked to.

    Raises
    ------
    BadInput
        The id could not stand in an address.
    """
    if not _ID.fullmatch(str(record["id"])):
        what, kind = f"{record['id']!r} is not an id", f"a {record['kind']}"
        raise BadInput(what, kind, "use a-z, 0-9, . and -")
    node["names"].append(str(record["id"]))
    node.source, node.line = document["source"], line
    document.note_explicit_target(node, node)


def source_line(env: BuildEnvironment, record: Record) -> nodes.paragraph:
    """``Sources: …`` with each publisher linked: to its page, or to its list if it has several."""
    content = _linked_publishers(env, record["source_line"], record["sources"])
    return paragraph(*content, classes=["figure-source"])


def data_file(key: str) -> str:
    """Where the data of a figure lie below the HTML."""
    return f"data/{key}.csv"


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


def _linked_publishers(env: BuildEnvironment, text: str, keys: Sequence[str]) -> list[nodes.Node]:
    book = records(env)
    by_publisher: dict[str, list[str]] = {}
    for key in keys:
        ask(env, "source", key)
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
            anchor = ask(env, "publisher", part).publishers[part]
            found.append(cross_reference("publisher", part, anchor, part, env.docname, "source"))
        elif part:
            found.append(nodes.Text(part))
    return found


def _write_svg(env: BuildEnvironment, svg: str) -> str:
    """Put a drawing among the outputs of notebooks, under a name made from its content.

    Returns its path from the book's root.
    """
    content = svg.encode()
    # MyST-NB's own folder for what cells show, which the doctrees refer to.
    folder = Path(cast("Any", env).mystnb_config.output_folder)
    path = folder / file_of(content)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return f"/{Path(os.path.relpath(path, env.srcdir)).as_posix()}"


def file_of(drawing: bytes) -> str:
    """The name of a drawing's file."""
    return f"{hashlib.sha256(drawing).hexdigest()[:20]}.svg"


def _data(record: Record) -> tuple[list[str], list[list[Any]]]:
    columns, rows = list(record["columns"]), [list(row) for row in record["rows"]]
    if not {"observation", "observations"}.intersection(columns):
        ids = " ".join(record["observations"])
        columns, rows = [*columns, "observations"], [[*row, ids] for row in rows]
    return columns, rows
