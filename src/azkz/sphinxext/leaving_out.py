"""Prose follows the evidence: passages that cite what is not known are left out, or refused."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from azkz.errors import Fault, Faults
from azkz.paths import RECORDS
from azkz.report.citing import not_known, unanswered
from azkz.sphinxext.asking import ask
from azkz.sphinxext.domain import place, report_domain
from azkz.sphinxext.numbers import unknown_record
from azkz.sphinxext.passages import holds_code_alone, outermost, remove
from azkz.sphinxext.records import Records, records

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

REFERENCES = ("ref", "numref")
"""Roles that may lead to a figure or table."""

_FIGURE = re.compile(r"[a-z]+\.(?!ipynb$|md$)[a-z0-9]+(?:-[a-z0-9]+)*")

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

    A reference to a figure or table that no chapter draws is such a citation. Numbers of a chapter
    that was not asked for are left out of the newest edition, too, and so is what counts nothing.
    A page whose own title cites what is unknown is always refused: nothing would be left of it.
    An older edition has no sections in which nothing is left but code.
    """

    # Before docutils numbers footnotes and Sphinx collects titles, figures and labels.
    default_priority = 300

    def apply(self, **_kwargs: Any) -> None:
        """Go through one page."""
        self._mark_figures()
        for passage, marks in outermost(list(self.document.findall(unknown_record))):
            cited = [node for node in marks if node["kind"] != "count"]
            if not cited:
                remove(passage)
            elif self._is_faulty(cited) or isinstance(passage.parent, nodes.document):
                self._note_unknown(cited)
            else:
                self._leave_out(passage, cited)
        if not records(self.env).newest:
            for section in reversed(list(self.document.findall(nodes.section))):
                if holds_code_alone(section):
                    remove(section)

    def _mark_figures(self) -> None:
        """Put a mark in the place of every reference to a figure that is not there."""
        for link in list(self.document.findall(nodes.Element)):
            key = _figure_of(link)
            if key and not _is_drawn(ask(self.env, "figure", key), key):
                mark = unknown_record(key, key, kind="figure", key=key, cited_at=_line(link))
                link.replace_self(mark)

    def _is_faulty(self, cited: Sequence[nodes.Element]) -> bool:
        book = records(self.env)
        return book.newest and not all(_not_built(book, node["key"]) for node in cited)

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


def _not_built(book: Records, key: str) -> bool:
    return key.partition(".")[0] in book.others


def _figure_of(node: nodes.Element) -> str:
    """The target of a reference, if it is written as the ids of figures are."""
    target = ""
    if isinstance(node, addnodes.pending_xref) and node.get("reftype") in REFERENCES:
        target = node["reftarget"]
    if isinstance(node, nodes.reference) and node.get("id_link"):
        # A link as `[text](#id)`, which MyST resolves after this.
        target = node["refuri"].removeprefix("#")
    return target if _FIGURE.fullmatch(target) else ""


def _is_drawn(book: Records, key: str) -> bool:
    return key in book.figures or key.partition(".")[0] not in {*book.chapters, *book.others}


def _line(node: nodes.Node | None) -> int:
    """The line on which ``node``, or what it stands in, begins."""
    while node is not None:
        if node.line:
            return node.line
        node = node.parent
    return 0


def _fault(env: BuildEnvironment, page: str, note: dict[str, Any]) -> Fault:
    book, key = records(env), note["key"]
    where = place(env, page, note["cited_at"])
    answers: dict[str, Collection[str]] = {
        "num": book.numbers,
        "source": book.ledger.sources,
        "row": {*book.ledger.events, *book.ledger.claims},
        "figure": book.figures,
    }
    known = answers[note["kind"]]
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
