"""Paragraphs, notes, code and everything else that stands on lines of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from azkz.typst import markup
from azkz.typst.book import ids
from azkz.typst.inline import nothing, passed

if TYPE_CHECKING:
    from azkz.typst.translator import Render, Translator

PARAGRAPHS = {
    "question": "question",
    "table-note": "table-note",
    "figure-caption": "figure-caption",
    "figure-source": "figure-source",
    "lead": "lead",
    "claim-verdict": "claim-verdict",
    "key-number-value": "card-title",
    "sd-card-title": "card-title",
}
"""Classes of paragraphs and containers that the template sets in a way of its own."""

FOLLOWED = frozenset({"table-note", "figure-source"})
"""What stands below a table and belongs to it."""

ADMONITIONS = (
    "attention", "caution", "danger", "error", "hint", "important", "note", "seealso", "tip",
    "warning",
)  # fmt: skip


def paragraph(translator: Translator, node: nodes.Element) -> str:
    """A paragraph, or one of the named kinds."""
    if len(node.children) == 1 and isinstance(node.children[0], nodes.image):
        return translator.render(node.children[0])
    body = translator.content(node)
    if body == "[]":
        return ""
    name = _named(node)
    if name not in FOLLOWED:
        return markup.block(name or "par", body)
    return markup.block(name, body, more=markup.boolean(value=followed(node)))


def followed(node: nodes.Element) -> bool:
    """Whether the next paragraph is a note or source that belongs to this one."""
    after = node.next_node(descend=False, siblings=True)
    return isinstance(after, nodes.paragraph) and not FOLLOWED.isdisjoint(after["classes"])


def container(translator: Translator, node: nodes.Element) -> str:
    """A division: transparent unless its class is one that the template knows."""
    name = _named(node)
    if name:
        inner = [child for child in node.children if isinstance(child, nodes.Element)]
        lone = len(inner) == 1 and isinstance(inner[0], nodes.paragraph)
        body = translator.children(inner[0]) if lone else translator.children(node)
        return markup.block(name, markup.content(body))
    if {"cards", "sd-row"}.intersection(node["classes"]):
        return _cards(translator, node)
    return translator.children(node)


def _named(node: nodes.Element) -> str:
    return next((PARAGRAPHS[name] for name in node["classes"] if name in PARAGRAPHS), "")


def _cards(translator: Translator, node: nodes.Element) -> str:
    cards = [markup.content(translator.children(child)) for child in node.children
             if isinstance(child, nodes.Element)]  # fmt: skip
    return markup.block("cards", *(card for card in cards if card != "[]"))


def block_quote(translator: Translator, node: nodes.Element) -> str:
    """Quoted paragraphs with whom they are by."""
    by = [child for child in node.children if isinstance(child, nodes.attribution)]
    said = "".join(translator.render(child) for child in node.children if child not in by)
    attribution = translator.content(by[0]) if by else None
    return markup.block("quote", markup.content(said), block="true", attribution=attribution)


def literal_block(translator: Translator, node: nodes.Element) -> str:
    """Code or a program's output."""
    language = node.get("language", "none")
    shown = None if language in ("none", "default", "text") else markup.string(language)
    source = markup.string(translator.printable(node.astext().rstrip()))
    return markup.block("raw", source, block="true", lang=shown)


def line_block(translator: Translator, node: nodes.Element) -> str:
    """Lines kept as they are, for verse and addresses."""
    lines = "#linebreak()".join(_lines(translator, node, 0))
    return markup.block("par", markup.content(lines))


def _lines(translator: Translator, node: nodes.Element, depth: int) -> list[str]:
    lines: list[str] = []
    for child in node.children:
        if isinstance(child, nodes.line_block):
            lines += _lines(translator, child, depth + 1)
        elif isinstance(child, nodes.line):
            lines.append(f"#h({depth * 1.5}em)" * bool(depth) + translator.children(child))
    return lines


def admonition(translator: Translator, node: nodes.Element) -> str:
    """A note set apart; the key findings of a chapter have a form of their own."""
    title = next((child for child in node.children if isinstance(child, nodes.title)), None)
    body = "".join(translator.render(child) for child in node.children if child is not title)
    named = (
        translator.content(title)
        if title is not None
        else markup.content(translator.text(_name(node)))
    )
    function = "key-findings" if "key-findings" in node["classes"] else "note"
    kind = markup.string(_kind(node))
    arguments = [named] if function == "key-findings" else [kind, named]
    return markup.block(function, *arguments, markup.content(body))


def _kind(node: nodes.Element) -> str:
    kinds = [name for name in (node.tagname, *node["classes"]) if name in ADMONITIONS]
    return kinds[0] if kinds else "note"


def _name(node: nodes.Element) -> str:
    return "See also" if node.tagname == "seealso" else node.tagname.capitalize()


def rubric(translator: Translator, node: nodes.Element) -> str:
    """A heading that is no part of the table of contents."""
    return markup.block("rubric", translator.content(node))


def transition(_translator: Translator, node: nodes.Element) -> str:
    """A line between two passages; the one above footnotes has no meaning in print."""
    return "" if "footnotes" in node["classes"] else "#transition()\n"


def footnote(translator: Translator, node: nodes.Element) -> str:
    """Printed where its mark stands; a note without a mark would be lost."""
    if translator.links.labels.get((translator.page.name, ids(node)[0])) in translator.links.wanted:
        return ""
    raise translator.failure(
        f"the note {node.astext().strip()!r} is cited nowhere", "cite it, or take it off the page"
    )


def citation(translator: Translator, node: nodes.Element) -> str:
    """An entry of the list of references."""
    label = next(child for child in node.children if isinstance(child, nodes.label))
    body = "".join(
        translator.children(child)
        if isinstance(child, nodes.paragraph)
        else translator.render(child)
        for child in node.children
        if child is not label
    )
    return markup.block("citation", translator.content(label), markup.content(body))


RENDERERS: dict[str, Render] = {
    **dict.fromkeys(ADMONITIONS, admonition),
    "admonition": admonition,
    "topic": admonition,
    "sidebar": admonition,
    "block_quote": block_quote,
    "citation": citation,
    "compact_paragraph": paragraph,
    "compound": passed,
    "container": container,
    "decoration": nothing,
    "docinfo": nothing,
    "doctest_block": literal_block,
    "document": passed,
    "footnote": footnote,
    "glossary": passed,
    "line_block": line_block,
    "literal_block": literal_block,
    "only": passed,
    "paragraph": paragraph,
    "rubric": rubric,
    "transition": transition,
}
