"""The roles ``{since}`` and ``{until}``: passages that stand once, or before, something is known.

They print nothing. `` {since}`key` `` lets its passage stand where the number, event or claim is
known on the day; `` {until}`key` `` where it is not yet, as another passage takes its place then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxRole

from azkz.sphinxext.asking import ask
from azkz.sphinxext.numbers import unknown_record
from azkz.sphinxext.passages import passage_of, remove
from azkz.sphinxext.records import Records

_CITED = re.compile(r"\{(num|since|until)\}`([^`:]+)[^`]*`")
_CONDITION = re.compile(r"\{(?:since|until)\}`[^`]+` ?")


class condition(nodes.Invisible, nodes.Inline, nodes.Element):  # noqa: N801  as docutils does
    """A condition on the passage that it stands in; ``overtaken`` says that the passage goes."""


class ConditionRole(SphinxRole):
    """`` {since}`trade.turnover-2025` `` or `` {until}`event-0154` ``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The condition, and for what is not known yet the mark of every such citation."""
        key, kind = self.text.strip(), self.name.lower()
        _, line = self.get_source_info()
        book = ask(self.env, "known", key)
        known = is_known(book, key)
        # The newest edition knows everything, also where a chapter is not in the build.
        overtaken = kind == "until" and (known or book.newest)
        made: list[nodes.Node] = [condition("", overtaken=overtaken)]
        if kind == "since" and not known:
            what = "num" if "." in key else "row"
            made.append(unknown_record(key, "", kind=what, key=key, cited_at=line or 0))
        return made, []


class Stand(SphinxTransform):
    """Takes out the passages whose time is over, in every edition, and what marks the others."""

    # Before LeaveOut: what a passage cites matters only where it stands.
    default_priority = 299

    def apply(self, **_kwargs: Any) -> None:
        """Go through one page."""
        for mark in list(self.document.findall(condition)):
            if not _is_on(mark, self.document):
                continue
            if mark["overtaken"]:
                remove(passage_of(mark))
            else:
                _drop(mark)


def is_known(book: Records, key: str) -> bool:
    """Whether a number, event or claim is known on the day."""
    return key in book.numbers or key in book.ledger.events or key in book.ledger.claims


def first_standing(book: Records, passages: Iterable[str]) -> str:
    """The first of some passages of prose that stands on the day, without its conditions.

    Empty where none does.
    """
    for passage in passages:
        roles = _CITED.findall(passage)
        if all((role == "until") != is_known(book, key) for role, key in roles):
            return _CONDITION.sub("", passage).strip()
    return ""


def _is_on(node: nodes.Node, document: nodes.document) -> bool:
    """Whether the node still is on the page: what it stood in may have gone with another mark."""
    outer: nodes.Node | None = node
    while outer is not None and outer is not document:
        inner, outer = outer, outer.parent
        if outer is not None and inner not in outer.children:
            return False
    return outer is document


def _drop(mark: nodes.Element) -> None:
    """Take a mark out, with the space that parted it from the words before it, or else after it."""
    parent, at = mark.parent, mark.parent.index(mark)
    parent.remove(mark)
    before = parent[at - 1] if at else None
    if isinstance(before, nodes.Text):
        parent[at - 1] = nodes.Text(before.rstrip())
    after = parent[at] if at < len(parent) else None
    if isinstance(after, nodes.Text) and not any(node.astext() for node in parent[:at]):
        parent[at] = nodes.Text(after.lstrip())
