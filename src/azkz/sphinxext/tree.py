"""Small pieces of docutils trees: paragraphs, tables, lists of terms, sections."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from docutils import nodes

Content = Sequence[nodes.Node]


def paragraph(*content: nodes.Node, classes: Sequence[str] = ()) -> nodes.paragraph:
    """A paragraph."""
    return nodes.paragraph("", "", *content, classes=list(classes))


def text(words: str, *classes: str) -> nodes.Node:
    """Running text, in a span of its own if it has classes."""
    return nodes.inline(words, words, classes=list(classes)) if classes else nodes.Text(words)


def foreign(words: str, language: str, *classes: str) -> nodes.inline:
    """Text in another language than the page's; docutils makes a ``lang`` attribute of it."""
    return nodes.inline(words, words, classes=[*classes, f"language-{language}"])


def outside(address: str, words: str) -> nodes.Node:
    """A link to another site."""
    return nodes.reference("", words, refuri=address, internal=False, classes=["address"])


def joined(parts: Iterable[Content], between: str) -> list[nodes.Node]:
    """Several pieces in a line, with ``between`` between them."""
    found: list[nodes.Node] = []
    for part in parts:
        if found:
            found.append(nodes.Text(between))
        found.extend(part)
    return found


def grid(
    head: Sequence[Content],
    rows: Sequence[Sequence[Content]],
    *,
    right: Collection[int] = (),
    anchors: Sequence[str] = (),
    classes: Sequence[str] = (),
) -> nodes.table:
    """A table; ``right`` are columns of figures, ``anchors`` the ids of the rows' first cells."""
    table = nodes.table(classes=["report-table", *classes])
    group = nodes.tgroup(cols=len(head))
    table += group
    for _ in head:
        group += nodes.colspec(colwidth=1)
    names = list(anchors) or [""] * len(rows)
    group += nodes.thead("", _row(head, right))
    group += nodes.tbody(
        "", *(_row(row, right, name) for row, name in zip(rows, names, strict=True))
    )
    return table


def _row(cells: Sequence[Content], right: Collection[int], anchor: str = "") -> nodes.row:
    row = nodes.row()
    for index, cell in enumerate(cells):
        content = paragraph(*cell)
        if anchor and not index:
            # On the paragraph, because not every writer gives a row an id.
            content["ids"].append(anchor)
        row += nodes.entry("", content, classes=["right"] if index in right else [])
    return row


def term(name: Content, *meaning: nodes.Node, anchor: str = "") -> nodes.definition_list_item:
    """An entry of a list of terms; ``anchor`` is the id of the term."""
    head = nodes.term("", "", *name)
    if anchor:
        head["ids"].append(anchor)
    return nodes.definition_list_item("", head, nodes.definition("", *meaning))


def bullets(items: Iterable[Content], anchors: Sequence[str] = ()) -> nodes.bullet_list:
    """A list of one-paragraph items; ``anchors`` are their ids."""
    found = nodes.bullet_list(bullet="*")
    for index, item in enumerate(items):
        entry = nodes.list_item("", paragraph(*item))
        if anchors:
            entry["ids"].append(anchors[index])
        found += entry
    return found


def section(
    document: nodes.document, title: str, anchor: str, *content: nodes.Node
) -> nodes.section:
    """A section that the page's own table of contents lists."""
    found = nodes.section("", nodes.title(title, title), *content, ids=[nodes.make_id(anchor)])
    document.note_implicit_target(found, found)
    return found


def count_of(count: int, singular: str) -> str:
    """``1 source``, ``2 sources``."""
    return f"{count}\u00a0{singular}{'' if count == 1 else 's'}"
