"""Lists: with bullets, numbered, and of terms with what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from azkz.typst import markup

if TYPE_CHECKING:
    from azkz.typst.translator import Render, Translator

NUMBERINGS = {
    "arabic": "1.",
    "loweralpha": "a.",
    "upperalpha": "A.",
    "lowerroman": "i.",
    "upperroman": "I.",
}


LONG_TERM = 40
"""A term of more letters than this stands on a line of its own."""


def bullet_list(translator: Translator, node: nodes.Element) -> str:
    """A list with bullets."""
    return markup.block("list", *_items(translator, node), tight=markup.boolean(value=_tight(node)))


def enumerated_list(translator: Translator, node: nodes.Element) -> str:
    """A numbered list."""
    numbering = NUMBERINGS.get(node.get("enumtype", "arabic"), "1.")
    start = str(node["start"]) if node.get("start", 1) != 1 else None
    tight = markup.boolean(value=_tight(node))
    items = _items(translator, node)
    options = {"numbering": markup.string(numbering), "start": start, "tight": tight}
    return markup.block("enum", *items, **options)


def _items(translator: Translator, node: nodes.Element) -> list[str]:
    return [
        markup.content(translator.anchors(item) + translator.blocks(item)[1:-1])
        for item in node.children
        if isinstance(item, nodes.Element)
    ]


def _tight(node: nodes.Element) -> bool:
    return all(
        sum(isinstance(part, nodes.paragraph) for part in item.children) <= 1
        for item in node.children
        if isinstance(item, nodes.Element)
    )


def definition_list(translator: Translator, node: nodes.Element) -> str:
    """Terms and what they mean; a glossary is one of these.

    A short meaning runs on behind its term, a long term or meaning takes lines of its own.
    """
    entries = [item for item in node.children if isinstance(item, nodes.Element)]
    items = [_definition(translator, item) for item in entries]
    if "annex" in node["classes"]:
        return markup.block("annex-terms", *items)
    return markup.block("terms" if all(map(_brief, entries)) else "long-terms", *items)


def _brief(entry: nodes.Element) -> bool:
    head = next(iter(entry.children), nodes.Text("")).astext()
    meaning = entry.children[-1].children if entry.children else []
    return (
        len(head) <= LONG_TERM
        and len(meaning) <= 1
        and all(isinstance(part, nodes.paragraph) for part in meaning)
    )


def _definition(translator: Translator, entry: nodes.Element) -> str:
    terms: list[str] = []
    meaning: list[str] = []
    for child in entry.children:
        if isinstance(child, nodes.term | nodes.field_name):
            terms.append(translator.anchors(child) + translator.children(child))
        elif isinstance(child, nodes.classifier):
            terms.append(translator.text(f"({child.astext()})"))
        elif isinstance(child, nodes.definition | nodes.field_body):
            meaning.append(translator.blocks(child)[1:-1])
    head = markup.content(translator.text(", ").join(terms))
    return markup.apply("terms.item", head, markup.content("".join(meaning)))


RENDERERS: dict[str, Render] = {
    "bullet_list": bullet_list,
    "definition_list": definition_list,
    "enumerated_list": enumerated_list,
    "field_list": definition_list,
}
