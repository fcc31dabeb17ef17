"""Prose follows the evidence: passages that cite what is not known are left out, or refused."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from azkz.errors import Fault, Faults
from azkz.paths import RECORDS
from azkz.report.citing import not_known, unanswered
from azkz.sphinxext.domain import place, report_domain
from azkz.sphinxext.numbers import unknown_record
from azkz.sphinxext.records import Records, records

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

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

NAMES = {
    nodes.list_item: "list item",
    nodes.definition_list_item: "list item",
    nodes.row: "table row",
    nodes.table: "table",
    nodes.figure: "figure",
    nodes.section: "section",
}


class LeaveOut(SphinxTransform):
    """Takes out every passage that cites an unknown record; in the newest edition, refuses it.

    Numbers of a chapter that was not asked for are left out of the newest edition, too. A page
    whose own title cites what is unknown is always refused: nothing would be left of it.
    """

    # Before docutils numbers footnotes and Sphinx collects titles, figures and labels.
    default_priority = 300

    def apply(self, **_kwargs: Any) -> None:
        """Go through one page."""
        unknown = list(self.document.findall(unknown_record))
        if not unknown:
            return
        book = records(self.env)
        for passage, cited in _passages(unknown):
            faulty = book.newest and not all(_not_built(book, node["key"]) for node in cited)
            if faulty or isinstance(passage.parent, nodes.document):
                self._note_unknown(cited)
            else:
                self._leave_out(passage, cited)

    def _note_unknown(self, cited: Sequence[nodes.Element]) -> None:
        for node in cited:
            note = {key: node[key] for key in ("kind", "key", "cited_at")}
            report_domain(self.env).note("unknown", self.env.docname, note)

    def _leave_out(self, passage: nodes.Element, cited: Sequence[nodes.Element]) -> None:
        note = {
            "page": self.env.docname,
            "place": place(self.env, self.env.docname, cited[0]["cited_at"]),
            "passage": NAMES.get(type(passage), "paragraph"),
            "missing": sorted({node["key"] for node in cited}),
            "text": " ".join(passage.astext().split())[:200],
        }
        report_domain(self.env).note("left_out", self.env.docname, note)
        remove(passage)


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
    """Take ``node`` out, and with it whatever is left empty by that."""
    parent = node.parent
    if isinstance(node, nodes.table | nodes.figure) and "mime_type" in parent:
        # A table's note and source line go with it.
        node, parent = parent, parent.parent
    _forget(node)
    parent.remove(node)
    if _hollow(parent):
        remove(parent)


def refuse_unknown(_app: Sphinx, env: BuildEnvironment) -> None:
    """Stop the build with every citation that no record answers.

    In the newest edition a number that is not known stops it even where no page cites it.
    """
    notes = report_domain(env).data["unknown"]
    faults = [_fault(env, page, note) for page in sorted(notes) for note in notes[page]]
    book = records(env)
    if book.newest:
        cited = {note["key"] for page in notes.values() for note in page}
        faults += [_missing(book, key) for key in sorted({*book.missing} - cited)]
    if faults:
        raise Faults(sorted(faults))


def write_left_out(folder: Path, env: BuildEnvironment) -> None:
    """Write ``_azkz/left-out.json``: what an older edition leaves out, passage by passage.

    Each has ``page``, ``place``, ``passage`` (its kind), ``text``, and ``missing``: the ids of the
    numbers that it cites, with the reasons for which they are not known.
    """
    book = records(env)
    passages = [
        {**passage, "missing": {key: _reason(book, key) for key in passage["missing"]}}
        for passage in (*report_domain(env).noted("left_out"), *map(_sentence, book.left_out))
    ]
    path = folder / RECORDS / "left-out.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(passages, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _passages(
    unknown: Iterable[nodes.Element],
) -> list[tuple[nodes.Element, list[nodes.Element]]]:
    """The outermost passages, each with the unknown citations inside it."""
    found: dict[int, tuple[nodes.Element, list[nodes.Element]]] = {}
    for node in unknown:
        passage = passage_of(node)
        found.setdefault(id(passage), (passage, []))[1].append(node)
    return [entry for entry in found.values() if not _inside(entry[0], set(found))]


def _not_built(book: Records, key: str) -> bool:
    chapter = key.partition(".")[0]
    known = {row.chapter for row in book.ledger.indicators.values()}
    return chapter in known and chapter not in book.chapters


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
        bare = (nodes.title, nodes.Invisible, nodes.target)
        return all(isinstance(child, bare) for child in node.children)
    return False


def _forget(node: nodes.Element) -> None:
    """Drop the names by which links could still look for what is gone."""
    page = node.document
    for name in (name for part in node.findall(nodes.Element) for name in part["names"]):
        if page is not None:
            page.nametypes.pop(name, None)
            page.nameids.pop(name, None)


def _fault(env: BuildEnvironment, page: str, note: dict[str, Any]) -> Fault:
    book, key = records(env), note["key"]
    where = place(env, page, note["cited_at"])
    known: Collection[str] = book.ledger.sources
    if note["kind"] != "source":
        known = (
            book.numbers if note["kind"] == "num" else {*book.ledger.events, *book.ledger.claims}
        )
    return Fault(where, None, "", *unanswered(note["kind"], key, known, book.missing))


def _missing(book: Records, key: str) -> Fault:
    file = f"notebooks/{key.partition('.')[0]}.ipynb"
    return Fault(file, None, "", *not_known(key, book.missing))


def _reason(book: Records, key: str) -> str:
    if "." not in key:
        return f"{key} was not known on the day"
    in_build = key.partition(".")[0] in book.chapters
    otherwise = "no cell names it on this day" if in_build else "its chapter is not in this build"
    return book.missing.get(key, otherwise)


def _sentence(left_out: Mapping[str, Any]) -> dict[str, Any]:
    """A sentence that a chapter's own cell has left out, as a passage."""
    page = f"notebooks/{left_out['chapter']}"
    return {
        "page": page,
        "place": f"{page}.ipynb",
        "passage": "sentence",
        "missing": left_out["missing"],
        "text": left_out["text"],
    }
