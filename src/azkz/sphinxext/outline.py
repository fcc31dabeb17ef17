"""What Sphinx needs of a page to number figures: kept, so that it does not load every page anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx import addnodes

from azkz.sphinxext.domain import report_domain
from azkz.sphinxext.sealed import sealed

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.domains.std import StandardDomain
    from sphinx.environment import BuildEnvironment


def keep(app: Sphinx, document: nodes.document) -> None:
    """When a page has been read: keep its sections, contents and what may have a number."""
    standard = cast("StandardDomain", app.env.get_domain("std"))
    outline = nodes.Element("", *_outline(standard, document))
    for node in outline.findall():  # They would keep all of the page with them.
        node.document = None  # type: ignore[assignment]
        if isinstance(node, nodes.Element):
            node.rawsource = ""
    report_domain(app.env).data["outlines"][app.env.docname] = outline


def number_by_outlines(_app: Sphinx, env: BuildEnvironment) -> tuple[()]:
    """Before Sphinx numbers sections and figures: let it see outlines instead of pages."""
    env.get_doctree = report_domain(env).data["outlines"].__getitem__  # type: ignore[method-assign]
    return ()


def show_pages(_app: Sphinx, env: BuildEnvironment) -> tuple[()]:
    """After it: let it see pages again."""
    del env.get_doctree
    return ()


def _outline(standard: StandardDomain, parent: nodes.Element) -> Iterator[nodes.Element]:
    for child in parent.children:
        if not isinstance(child, nodes.Element):
            continue
        if isinstance(child, nodes.section):
            yield _with(child, _outline(standard, child))
        elif isinstance(child, addnodes.toctree):
            yield child.copy()
        elif standard.is_enumerable_node(child):
            # Whether it has a number is told by its title and by what is in it.
            told = (each for each in child.children if not isinstance(each, sealed))
            parts = (_part(each) for each in told if isinstance(each, nodes.Element))
            yield _with(child, parts)
            yield from _outline(standard, child)
        else:
            yield from _outline(standard, child)


def _part(node: nodes.Element) -> nodes.Element:
    return node.deepcopy() if isinstance(node, nodes.caption | nodes.title) else node.copy()


def _with(node: nodes.Element, children: Iterator[nodes.Element]) -> nodes.Element:
    made: nodes.Element = node.copy()
    made.extend(children)
    return made
