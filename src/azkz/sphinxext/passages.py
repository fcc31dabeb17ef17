"""Passages of a page: what stands or falls with a citation, and what goes with what is gone."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes

EMPTIED = (
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.definition_list,
    nodes.list_item,
    nodes.definition_list_item,
    nodes.definition,
    nodes.block_quote,
    nodes.container,
    nodes.legend,
    nodes.tbody,
)
"""What goes with its last child."""

LED_TO = (nodes.bullet_list, nodes.enumerated_list, nodes.definition_list, nodes.table)
"""What a paragraph that ends in a colon leads to."""

BARE = (nodes.title, nodes.Invisible, nodes.target)
"""What does not make a section more than its heading."""


def outermost(
    unknown: Iterable[nodes.Element],
) -> list[tuple[nodes.Element, list[nodes.Element]]]:
    """The outermost passages, each with the unknown citations inside it."""
    found: dict[int, tuple[nodes.Element, list[nodes.Element]]] = {}
    for node in unknown:
        passage = passage_of(node)
        found.setdefault(id(passage), (passage, []))[1].append(node)
    return [entry for entry in found.values() if not _inside(entry[0], set(found))]


def passage_of(node: nodes.Element) -> nodes.Element:
    """The paragraph, list item or table row that stands or falls with ``node``.

    The first paragraph of a list item or definition takes the item along, as what follows it would
    hang in the air; a cell takes its row, a title what it is the title of.
    """
    inner, outer = node, node.parent
    while outer is not None:
        if isinstance(outer, nodes.row):
            return outer.parent.parent.parent if isinstance(outer.parent, nodes.thead) else outer
        if isinstance(outer, nodes.term | nodes.definition) and outer.index(inner) == 0:
            return outer.parent
        if isinstance(outer, nodes.list_item) and outer.index(inner) == 0:
            return outer
        if isinstance(inner, nodes.title | nodes.caption):
            return outer
        if isinstance(inner, nodes.paragraph) and not isinstance(outer, nodes.entry):
            return inner
        inner, outer = outer, outer.parent
    return inner


def remove(node: nodes.Element) -> None:
    """Take ``node`` out, and with it what led to it or is left empty by that."""
    parent = node.parent
    if node not in parent:
        return
    if isinstance(node, nodes.table | nodes.figure) and "mime_type" in parent:
        # A table's note and source line go with it.
        node, parent = parent, parent.parent
    lead = _lead_to(node)
    _forget(node)
    parent.remove(node)
    if lead is not None:
        remove(lead)
    elif _hollow(parent):
        remove(parent)


def holds_code_alone(section: nodes.section) -> bool:
    """Whether ``section`` holds cells, none of them with an output, and nothing else."""
    if isinstance(section.parent, nodes.document):
        return False
    silent = [_is_silent(child) for child in section.children if not isinstance(child, BARE)]
    return bool(silent) and all(silent)


def _is_silent(node: nodes.Node) -> bool:
    """Whether ``node`` is a code cell that shows nothing but its code."""
    if not isinstance(node, nodes.container) or node.get("nb_element") != "cell_code":
        return False
    parts = (part for part in node.children if isinstance(part, nodes.Element))
    outputs = (part for part in parts if part.get("nb_element") == "cell_code_output")
    return not any(part.astext().strip() for part in outputs)


def _lead_to(node: nodes.Element) -> nodes.paragraph | None:
    """The paragraph before a list or table that ends in a colon: it says what comes."""
    place = node.parent.index(node)
    before = node.parent[place - 1] if place else None
    if not isinstance(node, LED_TO) or not isinstance(before, nodes.paragraph):
        return None
    return before if before.astext().rstrip().endswith(":") else None


def _inside(node: nodes.Element, passages: set[int]) -> bool:
    outer = node.parent
    while outer is not None:
        if id(outer) in passages:
            return True
        outer = outer.parent
    return False


def _hollow(node: nodes.Element) -> bool:
    if isinstance(node, EMPTIED):
        return not node.children
    if isinstance(node, nodes.tgroup):
        return not any(isinstance(child, nodes.tbody) for child in node.children)
    if isinstance(node, nodes.table):
        return not any(isinstance(child, nodes.tgroup) for child in node.children)
    if isinstance(node, nodes.Admonition):
        return all(isinstance(child, nodes.title) for child in node.children)
    if isinstance(node, nodes.section) and not isinstance(node.parent, nodes.document):
        return all(isinstance(child, BARE) for child in node.children)
    return False


def _forget(node: nodes.Element) -> None:
    """Drop the names by which links could still look for what is gone."""
    page = node.document
    for name in (name for part in node.findall(nodes.Element) for name in part["names"]):
        if page is not None:
            page.nametypes.pop(name, None)
            page.nameids.pop(name, None)
