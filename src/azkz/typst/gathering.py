"""All pages of the book in one tree, with what is printed alone, and with its links resolved.

Each walk through that tree takes its time, and Sphinx walks through it once for everything that any
extension could want to change. So what is never printed is taken out first, and what concerns other
formats is not looked for. Nothing gets lost by it: the translator refuses a node that it does not
know.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransformer

from azkz.typst.apart import Apart
from azkz.typst.section import begins_annex
from azkz.typst.translator import LEFT_OUT

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

UNNEEDED = frozenset({
    "myst_nb.ext.execution_tables.ExecutionStatsPostTransform",
    "myst_nb.ext.glue.crossref.ReplacePendingGlueReferences",
    "sphinx.domains.c.AliasTransform",
    "sphinx.domains.cpp.AliasTransform",
    "sphinx.transforms.post_transforms.PropagateDescDomain",
    "sphinx.transforms.post_transforms.code.HighlightLanguageTransform",
    "sphinx.transforms.post_transforms.code.TrimDoctestFlagsTransform",
    "sphinx.transforms.post_transforms.images.DataURIExtractor",
    "sphinx.transforms.post_transforms.images.ImageDownloader",
})  # fmt: skip
"""Post-transforms for nodes that the translator refuses, or for how code looks on the web."""


def gathered(env: BuildEnvironment, root: str, apart: Apart) -> nodes.document:
    """The page ``root`` with the pages of its tables of contents in place of these, and so on.

    Pages of which the lists are ``apart`` lose these.
    """
    return _page(env, root, {root}, apart)


def _page(env: BuildEnvironment, name: str, seen: set[str], apart: Apart) -> nodes.document:
    tree = env.get_doctree(name)
    if name in apart.files or name in apart.joined:
        _lose_list(tree)
    for toctree in list(_toctrees(tree)):
        parts: list[nodes.Node] = []
        for listed in map(str, toctree["includefiles"]):
            if listed not in seen:
                seen.add(listed)
                part = addnodes.start_of_file(docname=listed)
                part.children = _page(env, listed, seen, apart).children
                parts.append(part)
        toctree.parent.replace(toctree, parts)
    return tree


def _lose_list(tree: nodes.document) -> None:
    for page in tree.children:
        if isinstance(page, nodes.section):
            page.children = list(takewhile(lambda child: not begins_annex(child), page.children))


def _toctrees(node: nodes.Element) -> Iterator[addnodes.toctree]:
    """The tables of contents below ``node``, which loses all that is never printed."""
    node.children = [child for child in node.children if _is_printed(child)]
    for child in node.children:
        if isinstance(child, addnodes.toctree):
            yield child
        elif isinstance(child, nodes.Element) and child.children:
            yield from _toctrees(child)


def _is_printed(node: nodes.Node) -> bool:
    return not isinstance(node, nodes.Element) or LEFT_OUT.isdisjoint(node["classes"])


def resolve(env: BuildEnvironment, tree: nodes.document, root: str) -> None:
    """Resolve the references of the whole book, and choose what is printed of outputs."""
    transforms = [
        transform
        for transform in env.app.registry.get_post_transforms()
        if _name(transform) not in UNNEEDED
    ]
    before = env.temp_data.get("docname")
    env.temp_data["docname"] = root
    try:
        transformer = SphinxTransformer(tree)
        transformer.set_environment(env)
        transformer.add_transforms(transforms)
        transformer.apply_transforms()
    finally:
        env.temp_data["docname"] = before
    env.events.emit("doctree-resolved", tree, root)


def _name(transform: type[Any]) -> str:
    return f"{transform.__module__}.{transform.__name__}"
