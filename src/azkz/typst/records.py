"""Tables with a row for each record: entries one below the other, written from the cells.

They are too wide for columns that people can read, and too long for a node for each of their cells:
``azkz.sphinxext.long_table`` tells why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from docutils import nodes

from azkz.typst import markup

if TYPE_CHECKING:
    from azkz.typst.translator import Render, Translator

RECORDS = {
    "numbers-table": "number-record",
    "changes-table": "change-record",
    "restated-table": "restated-record",
    "verdicts-table": "verdict-record",
    "gone-table": "gone-record",
}
"""Classes of such tables, and how the template sets a row of each."""

LONG_RECORD = 500
"""An entry of more letters than this may break within."""


def long_table(translator: Translator, node: nodes.Element) -> str:
    """All rows; the first cell of each ends with its id, which stands in another place."""
    record = next(RECORDS[name] for name in node["classes"] if name in RECORDS)
    return "".join(_entries(translator, node, record))


def _entries(translator: Translator, node: nodes.Element, record: str) -> Iterator[str]:
    for row, anchor in zip(node["rows"], node["anchors"], strict=True):
        name, key = _parted(row[0])
        place = translator.anchor([anchor]) if anchor else ""
        letters = sum(_length(part) for cell in row for part in cell)
        yield markup.block(
            record,
            markup.content(place + _line(translator, name)),
            markup.content(translator.text(key.astext())),
            *(markup.content(_line(translator, cell)) for cell in row[1:]),
            breakable=markup.boolean(value=letters > LONG_RECORD),
        )


def _parted(cell: Sequence[nodes.Node]) -> tuple[list[nodes.Node], nodes.Node]:
    """The name of a record and its id, the one piece of code in the first cell."""
    (key,) = (part for part in cell if isinstance(part, nodes.literal))
    return [part for part in cell if part is not key], key


def _length(node: nodes.Node) -> int:
    return len(node) if isinstance(node, nodes.Text) else len(node.astext())


def _line(translator: Translator, content: Sequence[nodes.Node]) -> str:
    return "".join(map(translator.render, content))


RENDERERS: dict[str, Render] = {"long_table": long_table}
