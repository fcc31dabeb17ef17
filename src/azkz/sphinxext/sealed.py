"""Long lists and the cells of tables, kept from transforms that have nothing to do with them.

The lists of the annexes and the tables of the chapters hold most nodes of the report, and Sphinx
goes through every node dozens of times. A sealed node is one: what it holds are plain lists, rows
and paragraphs of text, codes and links, made by the report, in which there is nothing to number,
translate, highlight or leave out. It is opened before the pages are written.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import ReferencesResolver, SphinxPostTransform

from azkz.sphinxext.site import FinishPage


class sealed(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """Holds a node as its attribute ``content``."""


def seal(content: nodes.Node) -> sealed:
    """What transforms need not see."""
    return sealed(content=content)


class OpenForPdf(SphinxPostTransform):
    """Opens what is sealed before anything is resolved, for the PDF."""

    default_priority = 1
    formats = ("typst",)

    def run(self, **_kwargs: Any) -> None:
        """Go through one page."""
        for node in list(self.document.findall(sealed)):
            node.replace_self(node["content"])


class OpenForHtml(SphinxPostTransform):
    """Opens what is sealed when all else is done; resolves its links and finishes it before."""

    default_priority = 999
    formats = ("html",)

    def run(self, **_kwargs: Any) -> None:
        """Go through one page."""
        for node in list(self.document.findall(sealed)):
            alone = nodes.document(self.document.settings, self.document.reporter)
            alone += node["content"]
            ReferencesResolver(alone).run()
            FinishPage(alone).run()
            node.replace_self(alone.children)
