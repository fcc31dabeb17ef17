"""Tables: heading rows that repeat, columns by what they hold, numbers set to the right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from azkz.typst import columns, letters, markup
from azkz.typst.block import followed
from azkz.typst.figure import title_parts, title_words

if TYPE_CHECKING:
    from azkz.typst.translator import Render, Translator

ALIGNMENTS = {
    "right": "right",
    "text-right": "right",
    "center": "center",
    "text-center": "center",
    "left": "left",
    "text-left": "left",
}
KEPT_WHOLE = 22
"""A table of up to this many lines is not broken over two pages."""
LONG_CELL = 1200
"""A row with a cell of more letters than this may break within."""


_AS_WIDE_AS_TEXT = (nodes.table, nodes.section, nodes.container, addnodes.start_of_file)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with its place in the grid.

    It is ``plain`` where it is printed as its text, in the table's letters.
    """

    node: nodes.Element
    heading: bool
    row: int
    column: int
    text: str
    alignment: str
    plain: bool

    @property
    def spans(self) -> tuple[int, int]:
        """Columns and rows that the cell takes."""
        return 1 + int(self.node.get("morecols", 0)), 1 + int(self.node.get("morerows", 0))


def table(translator: Translator, node: nodes.Element) -> str:
    """A table, with a number and a title where it has one."""
    name = translator.label(node)
    title = next((child for child in node.children if isinstance(child, nodes.title)), None)
    groups = [child for child in node.children if isinstance(child, nodes.tgroup)]
    drawn = [_grid(translator, group) for group in groups]
    whole = markup.boolean(value=all(lines <= KEPT_WHOLE for _, lines in drawn))
    body = markup.content("\n".join(source for source, _ in drawn))
    heading: dict[str, str | None] = {}
    if title is not None:
        supplement, number = translator.number(node, "table")
        if number:
            translator.listed.figure(title_words(title))
        shown, subtitle = title_parts(translator, title)
        heading = {
            "title": shown,
            "subtitle": subtitle,
            "supplement": markup.string(supplement),
            "number": markup.string(number) if number else None,
        }
    named = markup.label(name) if name else None
    more = markup.boolean(value=followed(node))
    return markup.block("report-table", body, whole=whole, name=named, more=more, **heading)


def _grid(translator: Translator, group: nodes.Element) -> tuple[str, int]:
    cells = list(_cells(group))
    count = int(group["cols"])
    in_text = _is_in_text(group)
    parts = [_column(cells, index, in_text=in_text) for index in range(count)]
    plan = columns.layout(parts, _texts(cells))
    alignments = [_alignment(cells, index) for index in range(count)]
    long = {cell.row for cell in cells if not cell.heading and len(cell.text) > LONG_CELL}
    head = [_cell(translator, cell, alignments, long) for cell in cells if cell.heading]
    body = [_cell(translator, cell, alignments, long) for cell in cells if not cell.heading]
    rows = [markup.apply("table.header", *head)] if head else []
    source = markup.call(
        "data-table",
        *rows,
        *body,
        size=f"{plan.size}pt",
        columns=markup.array(plan.columns),
        align=markup.array(alignments),
        rows=markup.array(_heights(cells, plan)) if in_text else None,
    )
    return source, plan.lines


def _cells(group: nodes.Element) -> Iterator[Cell]:
    for part in group.children:
        if not isinstance(part, nodes.thead | nodes.tbody):
            continue
        taken: dict[tuple[int, int], bool] = {}
        for row, line in enumerate(part.children):
            column = 0
            for entry in line.children:
                if not isinstance(entry, nodes.entry):
                    continue
                while taken.get((row, column)):
                    column += 1
                cell = _read(entry, row, column, heading=isinstance(part, nodes.thead))
                wide, high = cell.spans
                taken.update(
                    {(row + down, column + right): True
                     for down in range(high) for right in range(wide)}
                )  # fmt: skip
                yield cell


def _read(entry: nodes.Element, row: int, column: int, *, heading: bool) -> Cell:
    alignment = next((ALIGNMENTS[name] for name in entry["classes"] if name in ALIGNMENTS), "")
    text = entry.astext()
    plain = _is_words_alone(entry) and letters.all_known(text, bold=heading)
    return Cell(entry, heading, row, column, text, alignment, plain)


def _column(cells: list[Cell], index: int, *, in_text: bool) -> columns.Column:
    own = [cell for cell in cells if cell.column == index and cell.spans[0] == 1]
    return columns.column(
        [cell.text for cell in own if cell.heading],
        [cell.text for cell in own if not cell.heading],
        certain=in_text and all(cell.plain for cell in own),
    )


def _is_in_text(group: nodes.Element) -> bool:
    """Whether the table is as wide as the text, not part of a list or a note."""
    node = group.parent
    while node is not None and not isinstance(node, nodes.document):
        if not isinstance(node, _AS_WIDE_AS_TEXT):
            return False
        node = node.parent
    return True


def _is_words_alone(entry: nodes.Element) -> bool:
    """Whether a cell holds words and links, in a paragraph at most."""
    parts = entry.children
    if len(parts) == 1 and isinstance(parts[0], nodes.paragraph):
        parts = parts[0].children
    return all(map(_is_words, parts))


def _is_words(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Text):
        return True
    words = isinstance(node, nodes.reference | nodes.inline) and "verdict" not in node["classes"]
    return words and all(map(_is_words, node.children))


def _heights(cells: list[Cell], plan: columns.Layout) -> list[str]:
    """The height of each row: that of one line where its cells surely take no more."""
    lines: dict[tuple[bool, int], bool] = {}
    for cell in cells:
        line = cell.spans == (1, 1) and cell.plain
        line = line and plan.holds(cell.column, cell.text, bold=cell.heading)
        for down in range(cell.spans[1]):
            row = (not cell.heading, cell.row + down)
            lines[row] = lines.get(row, True) and line
    return ["one-line" if lines[row] else "auto" for row in sorted(lines)]


def _texts(cells: list[Cell]) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in cells:
        if not cell.heading:
            rows.setdefault(cell.row, []).append(cell.text)
    return list(rows.values())


def _alignment(cells: list[Cell], index: int) -> str:
    """A column stands as most of its cells do; its heading follows."""
    own = [cell.alignment or "left" for cell in cells if cell.column == index and not cell.heading]
    own = own or [cell.alignment or "left" for cell in cells if cell.column == index]
    return max(sorted(set(own)), key=own.count) if own else "left"


def _cell(translator: Translator, cell: Cell, alignments: list[str], long: set[int]) -> str:
    body = translator.blocks(cell.node)
    if cell.heading:
        body = markup.content(markup.call("table-head", body))
    wide, high = cell.spans
    own = cell.alignment if cell.alignment != alignments[cell.column] else ""
    breaks = not cell.heading and cell.row in long
    if (wide, high) == (1, 1) and (not own or cell.heading) and not breaks:
        return body
    return markup.apply(
        "table.cell",
        body,
        colspan=str(wide) if wide > 1 else None,
        rowspan=str(high) if high > 1 else None,
        align=own or None,
        breakable="true" if breaks else None,
    )


RENDERERS: dict[str, Render] = {"table": table}
