"""Pictures: figures with number, title, caption and source, and images that stand alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeGuard

from docutils import nodes

from azkz.typst import markup

if TYPE_CHECKING:
    from azkz.typst.translator import Render, Translator

_LENGTH = re.compile(r"(?P<number>[0-9.]+)\s*(?P<unit>%|px|pt|cm|mm|em|in)?")
_POINTS_IN_A_PIXEL = 0.75


def figure(translator: Translator, node: nodes.Element) -> str:
    """A figure: number and title above the picture, caption and source below it."""
    name = translator.label(node)
    pictures = list(node.findall(nodes.image))
    if not pictures:
        raise translator.failure("a figure holds no picture", "put an image into it")
    caption = next((child for child in node.children if isinstance(child, nodes.caption)), None)
    title, subtitle = title_parts(translator, caption) if caption is not None else (None, None)
    legends = [child for child in node.children if isinstance(child, nodes.legend)]
    below = "".join(_legend(translator, part) for legend in legends for part in legend.children)
    supplement, number = translator.number(node, "figure") if caption is not None else ("", "")
    if caption is not None and number:
        translator.listed.figure(title_words(caption))
    return markup.block(
        "report-figure",
        *(_picture(translator, picture) for picture in pictures),
        title=title,
        subtitle=subtitle,
        below=markup.content(below) if below else None,
        supplement=markup.string(supplement),
        number=markup.string(number) if number else None,
        name=markup.label(name) if name else None,
        placed=_place(translator, node),
    )


def _place(translator: Translator, node: nodes.Element) -> str:
    """Where a figure goes to: the head of a page, but never above the title of its chapter.

    The first figure of a page may go to the foot. Right below a page's title, before any other
    section, every figure stands where it is named.
    """
    section = node.parent
    if isinstance(section, nodes.section) and not isinstance(section.parent, nodes.section):
        return "none"
    first = translator.page.name not in translator.illustrated
    translator.illustrated.add(translator.page.name)
    return "auto" if first else "top"


def _legend(translator: Translator, part: nodes.Node) -> str:
    if isinstance(part, nodes.paragraph) and not part["classes"]:
        return markup.block("figure-caption", translator.content(part))
    return translator.render(part)


def title_parts(translator: Translator, caption: nodes.Element) -> tuple[str, str | None]:
    """Title and subtitle of a figure or table; the template decides how strong a title looks."""
    title, subtitle = "", ""
    for child in caption.children:
        if _is_subtitle(child):
            subtitle += translator.children(child)
        elif isinstance(child, nodes.strong):
            title += translator.children(child)
        else:
            title += translator.render(child)
    return markup.content(title), markup.content(subtitle) if subtitle else None


def _is_subtitle(node: nodes.Node) -> TypeGuard[nodes.inline]:
    return isinstance(node, nodes.inline) and "subtitle" in node["classes"]


def title_words(caption: nodes.Element) -> str:
    """The title of a figure or table as plain text."""
    return "".join(child.astext() for child in caption.children if not _is_subtitle(child))


def image(translator: Translator, node: nodes.Element) -> str:
    """A picture without a title, within a line or on its own."""
    alone = not isinstance(node.parent, nodes.TextElement) or len(node.parent.children) == 1
    return markup.call("lone-image" if alone else "box", _picture(translator, node))


def _picture(translator: Translator, node: nodes.Element) -> str:
    address = str(node["uri"])
    if not str(node.get("alt", "")).strip():
        raise translator.failure(
            f"the image {address!r} has no text alternative",
            "say in its alt text what is to be seen; readers who cannot see it depend on it",
        )
    path = translator.book.images.get(address)
    if path is None:
        raise translator.failure(
            f"the image {address!r} cannot be part of the PDF",
            "use an SVG, PNG, JPEG, GIF or WebP file that lies with the pages",
        )
    width = _length(str(node["width"])) if "width" in node else None
    return markup.apply(
        "image", markup.string(path), alt=markup.string(str(node["alt"])), width=width
    )


def _length(value: str) -> str | None:
    found = _LENGTH.fullmatch(value.strip())
    if not found:
        return None
    number, unit = float(found["number"]), found["unit"] or "px"
    return f"{number * _POINTS_IN_A_PIXEL:g}pt" if unit == "px" else f"{number:g}{unit}"


def caption(translator: Translator, node: nodes.Element) -> str:
    """The caption of something that is not a figure, such as a listing."""
    return markup.block("lone-caption", translator.content(node))


RENDERERS: dict[str, Render] = {"figure": figure, "image": image, "caption": caption}
