"""The Sphinx domain ``azkz``: links to numbers and sources, and what pages leave for the build."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import Domain
from sphinx.util.nodes import make_refnode

from azkz.paths import INJECTED, numbers_page

if TYPE_CHECKING:
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

PAGES = {
    "row": "book/evidence",
    "source": "book/sources",
    "publisher": "book/sources",
    "claim": "book/audit",
    "indicator": "book/indicators",
}
"""The page that holds the anchors of each kind of record; numbers have one for each chapter."""


def page_of(kind: str, target: str) -> str:
    """The page with the anchor of a record."""
    return numbers_page(target.partition(".")[0]) if kind == "num" else PAGES[kind]


CELL_LINES = 10_000
"""MyST-NB numbers the lines of a notebook's cells from this multiple of the cell's number."""


class ReportDomain(Domain):
    """Resolves links to records and keeps, page by page, what is known only after reading.

    ``unknown`` are citations that no record answers, ``left_out`` the passages that an older
    edition leaves out, ``figures`` the data of the figures: each a list by page. ``asked`` has what
    each page was told by the records (``azkz.sphinxext.asking``), ``outlines`` its outline.
    """

    name = "azkz"
    label = "Across the Caspian"
    initial_data = {  # noqa: RUF012  as in Sphinx
        "unknown": {}, "left_out": {}, "figures": {}, "asked": {}, "outlines": {},
    }  # fmt: skip
    data_version = 2

    def note(self, kind: str, page: str, record: Mapping[str, Any]) -> None:
        """Keep ``record`` with ``page``."""
        self.data[kind].setdefault(page, []).append(dict(record))

    def noted(self, kind: str) -> list[dict[str, Any]]:
        """All records of ``kind``, page by page."""
        pages = self.data[kind]
        return [record for page in sorted(pages) for record in pages[page]]

    def clear_doc(self, docname: str) -> None:
        """Forget a page that is to be read again."""
        for kind in self.initial_data:
            self.data[kind].pop(docname, None)

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        """Take over the pages that another process has read."""
        for kind in self.initial_data:
            found = otherdata[kind]
            self.data[kind].update({page: found[page] for page in docnames if page in found})

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """A link to the row of a number, observation, source or claim on its page."""
        page = page_of(typ, target)
        if page not in env.all_docs:
            return None
        text = nodes.Text(contnode.astext())
        link = make_refnode(builder, fromdocname, page, node["anchor"], text)
        link["classes"].extend(node["classes"])
        if typ == "num":
            link["number"] = target
        return link

    def resolve_any_xref(
        self,
        env: BuildEnvironment,  # noqa: ARG002  the signature is Sphinx's
        fromdocname: str,  # noqa: ARG002
        builder: Builder,  # noqa: ARG002
        target: str,  # noqa: ARG002
        node: addnodes.pending_xref,  # noqa: ARG002
        contnode: nodes.Element,  # noqa: ARG002
    ) -> list[tuple[str, nodes.Element]]:
        """Nothing: records are cited by their own roles alone."""
        return []


def report_domain(env: BuildEnvironment) -> ReportDomain:
    """The domain of the book that ``env`` builds."""
    return cast("ReportDomain", env.get_domain("azkz"))


def cross_reference(
    kind: str, target: str, anchor: str, text: str, page: str, *classes: str
) -> addnodes.pending_xref:
    """A link from ``page`` to a record, to be resolved when all pages are read."""
    link = addnodes.pending_xref(
        "",
        nodes.Text(text),
        refdomain="azkz",
        reftype=kind,
        reftarget=target,
        refdoc=page,
        refwarn=True,
        anchor=anchor,
    )
    link["classes"].extend(classes)
    return link


def page_reference(target: str, page: str, words: str) -> addnodes.pending_xref:
    """A link to another page of the book."""
    return addnodes.pending_xref(
        "",
        nodes.inline(words, words),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{target}",
        refdoc=page,
        refexplicit=True,
        refwarn=True,
    )


def _cell_ids(notebook: Path) -> list[str]:
    return [cell["id"] for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]]


def place(env: BuildEnvironment, page: str, line: int) -> str:
    """File and line of a page, or file, cell and line of a notebook, as messages print them.

    Cells are counted as in the template, which does not have papermill's cell of parameters.
    """
    file = Path(env.doc2path(page)).relative_to(env.srcdir).as_posix()
    if file.endswith(".ipynb") and line >= CELL_LINES:
        cell, within = divmod(line, CELL_LINES)
        cell -= INJECTED in _cell_ids(Path(env.doc2path(page)))[:cell]
        # Lines of prose come one too high, those of outputs always as the first.
        return f"{file}, cell {cell}, line {max(within - 1, 1)}"
    return f"{file}:{line}" if line else file
