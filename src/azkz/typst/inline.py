"""Running text: emphasis, links, footnote marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from docutils import nodes

from azkz.typst import markup, places

if TYPE_CHECKING:
    from azkz.typst.translator import Render, Translator

EXTERNAL = ("http://", "https://", "mailto:", "ftp://", "doi:")
SPANS = {
    "number": "number-text",
    "verdict": "verdict",
    "claim-place": "aside-text",
    "source-about": "aside-text",
    "indicator-about": "aside-text",
}
"""Classes of spans that the template sets in a way of its own."""

_LANGUAGE = re.compile(r"language-(?P<code>[a-z]{2,3})")
_ALLOWED_IN_ADDRESS = "%/:=&?~#+!$,;'@()*[]"


def passed(translator: Translator, node: nodes.Element) -> str:
    """A node that adds nothing of its own."""
    return translator.children(node)


def nothing(_translator: Translator, _node: nodes.Element) -> str:
    """A node that has no place in print."""
    return ""


def styled(function: str) -> Render:
    """A node that is one Typst function around its content."""

    def render(translator: Translator, node: nodes.Element) -> str:
        return markup.call(function, translator.content(node))

    return render


def literal(translator: Translator, node: nodes.Element) -> str:
    """Code within a sentence."""
    return markup.raw(translator.printable(node.astext()))


def inline(translator: Translator, node: nodes.Element) -> str:
    """A span: kinds that the template knows, and text in another language."""
    body = translator.children(node)
    if not body:
        return ""
    for name in node["classes"]:
        if name in SPANS:
            body = markup.call(SPANS[name], markup.content(body))
        if language := _LANGUAGE.fullmatch(name):
            # Screen readers change their voice by it, and hyphenation its rules.
            code = markup.string(language["code"])
            body = markup.call("text", markup.content(body), lang=code, region="none")
    return body


def reference(translator: Translator, node: nodes.Element) -> str:
    """A link. What leads to a place that the book does not hold stays as plain text."""
    body = translator.children(node)
    address = _address(translator, node)
    if body and address:
        # All links look as numbers do.
        return markup.call("link", address, markup.content(body))
    if body and "number" in node["classes"]:
        return markup.call("number-text", markup.content(body))
    return body


def _address(translator: Translator, node: nodes.Element) -> str:
    uri = str(node.get("refuri", ""))
    if uri.startswith(EXTERNAL):
        return markup.string(quote(uri, safe=_ALLOWED_IN_ADDRESS))
    name = translator.target(node)
    if name in translator.links.anchors and (address := places.address(name)):
        return markup.string(address)
    return markup.label(name) if name else ""


def footnote_reference(translator: Translator, node: nodes.Element) -> str:
    """The mark of a note: the first carries the note itself, later ones lead to it."""
    note = translator.footnotes.get((translator.page.name, node.get("refid", "")))
    if note is None:
        raise translator.failure(
            f"the note {node.astext()!r} has no text", "write the note on the same page"
        )
    name = f"note:{translator.page.name}#{note['ids'][0]}"
    if name in translator.written_footnotes:
        return markup.call("footnote", markup.label(name))
    translator.written_footnotes.add(name)
    parts = [child for child in note.children if not isinstance(child, nodes.label)]
    lone = parts[0] if len(parts) == 1 and isinstance(parts[0], nodes.paragraph) else None
    body = translator.children(lone) if lone else "".join(map(translator.render, parts))
    return markup.call("footnote", markup.content(body)) + "#" + markup.label(name)


def target(translator: Translator, node: nodes.Element) -> str:
    """A place to link to; it may hold text."""
    return translator.children(node)


def raw(_translator: Translator, node: nodes.Element) -> str:
    """Markup of another format: only a line break has a meaning here."""
    if "html" in node.get("format", "") and node.astext().lstrip().startswith("<br"):
        return "#linebreak()"
    return ""


RENDERERS: dict[str, Render] = {
    "emphasis": styled("emph"),
    "strong": styled("strong"),
    "subscript": styled("sub"),
    "superscript": styled("super"),
    "title_reference": styled("emph"),
    "literal_emphasis": styled("emph"),
    "literal_strong": styled("strong"),
    "literal": literal,
    "inline": inline,
    "abbreviation": passed,
    "acronym": passed,
    "generated": passed,
    "manpage": passed,
    "PassthroughTextElement": passed,
    "problematic": passed,
    "reference": reference,
    "number_reference": reference,
    "download_reference": passed,
    "pending_xref": passed,
    "footnote_reference": footnote_reference,
    "target": target,
    "raw": raw,
    "comment": nothing,
    "index": nothing,
    "meta": nothing,
    "pending": nothing,
    "substitution_definition": nothing,
    "system_message": nothing,
    "tabular_col_spec": nothing,
    "highlightlang": nothing,
    "toctree": nothing,
}
