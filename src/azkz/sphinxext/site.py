"""What the HTML needs beyond its pages: data files, folded code, frames around wide tables.

Code is shown in the newest edition alone: its strings name evidence of every day.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from jinja2 import FileSystemBytecodeCache
from myst_nb.sphinx_ext import add_global_html_resources
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from azkz.report.spreadsheet import as_csv
from azkz.report.text import long_date
from azkz.sphinxext.domain import report_domain
from azkz.sphinxext.figures import data_file
from azkz.sphinxext.leaving_out import write_left_out
from azkz.sphinxext.long_table import keep_whole
from azkz.sphinxext.notebooks import READER
from azkz.sphinxext.numbers import mark_numbers, number_link
from azkz.sphinxext.records import records
from azkz.sphinxext.tree import paragraph

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)


class table_frame(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes so
    """Holds a table that is wider than the screen; it scrolls by itself, by keyboard too."""


class FoldCode(SphinxTransform):
    """Folds the code of every cell, and that of cells without an output into the next one.

    A cell tagged ``show-input`` stays open and by itself. In an edition that is not the newest the
    code is taken out, and the page says so: its strings name evidence of days to come.
    """

    default_priority = 400

    def apply(self, **_kwargs: Any) -> None:
        """Mark the cells of one page for MyST-NB, which folds what is marked."""
        containers = list(self.document.findall(nodes.container))
        cells = [cell for cell in containers if cell.get("nb_element") == "cell_code"]
        if not cells:
            return
        book = records(self.env)
        if not book.newest:
            for cell in cells:
                _take_out(cell)
            _last_section(self.document).append(_elsewhere(long_date(book.as_of)))
            return
        for cell in cells:
            if not _is_open(cell):
                cell.setdefault("hide_mode", "input")
                cell.setdefault("prompt_show", self.config.nb_code_prompt_show)
                cell.setdefault("prompt_hide", self.config.nb_code_prompt_hide)
                _join(cell)


def _take_out(cell: nodes.container) -> None:
    """Leave of ``cell`` what it shows, or nothing."""
    code = _code(cell)
    if code is not None:
        cell.remove(code)
    cell.attributes.pop("hide_mode", None)
    if not cell.children:
        cell.parent.remove(cell)


def _last_section(document: nodes.document) -> nodes.Element:
    """Where the text of a page ends."""
    place: nodes.Element = document
    while place.children and isinstance(place.children[-1], nodes.section):
        place = place.children[-1]
    return place


def _elsewhere(day: str) -> nodes.container:
    words = (
        "The code of this chapter is shown in the newest edition only, because it may name "
        f"evidence that became known after {day}."
    )
    return nodes.container(
        "", paragraph(nodes.Text(words)), classes=["html-only", "code-elsewhere"]
    )


def _is_open(cell: nodes.Element) -> bool:
    return "tag_show-input" in cell["classes"]


def _join(cell: nodes.container) -> None:
    """Put the code of ``cell`` before that of the next cell, if ``cell`` has no output."""
    following = cell.next_node(descend=False, siblings=True)
    if not isinstance(following, nodes.container) or _is_open(following):
        return
    code, next_code = _code(cell), _code(following)
    if code and next_code and len(cell.children) == 1:
        next_code.insert(0, list(code.children))
        cell.parent.remove(cell)


def _code(cell: nodes.container) -> nodes.Element | None:
    parts = (part for part in cell.children if isinstance(part, nodes.Element))
    return next((part for part in parts if part.get("nb_element") == "cell_code_source"), None)


class RefuseFormulas(SphinxTransform):
    """Warns of formulas: the page would ask another host for the script that draws them."""

    default_priority = 400

    def apply(self, **_kwargs: Any) -> None:
        """Go through one page."""
        for node in self.document.findall(lambda n: isinstance(n, nodes.math | nodes.math_block)):
            logger.warning(
                "a formula needs a script from another host: say it in words", location=node
            )


class FinishPage(SphinxPostTransform):
    """Gives numbers, figures and tables the form that they have in HTML alone."""

    default_priority = 300
    formats = ("html",)

    def run(self, **_kwargs: Any) -> None:
        """Go through one page whose links are resolved."""
        mark_numbers(self.document)
        self._keep_numbers_whole()
        for figure in self.document.findall(nodes.figure):
            if "report-figure" in figure["classes"]:
                self._link_picture(next(figure.findall(nodes.image)))
        for table in list(self.document.findall(nodes.table)):
            title = next((c.astext() for c in table.children if isinstance(c, nodes.title)), "")
            frame = table_frame(label=title or "Table")
            table.replace_self(frame)
            frame += table

    def _keep_numbers_whole(self) -> None:
        """Let no line end between a typed number and what it counts, or a day and its month."""
        for text in list(self.document.findall(nodes.Text)):
            kept = keep_whole(text)
            if kept != text and _is_typed_prose(text):
                text.parent.replace(text, nodes.Text(kept))

    def _link_picture(self, picture: nodes.image) -> None:
        """Let the picture open alone, at any size: its text is small on a phone."""
        _pages, name = self.env.images[picture["uri"]]
        address = f"{'../' * self.env.docname.count('/')}{self.app.builder.imagedir}/{name}"
        # A title, not a label: the link keeps the picture's text alternative as its name.
        link = nodes.reference("", "", refuri=address, reftitle="Open the figure", internal=True)
        picture.replace_self(link)
        link += picture


def _is_typed_prose(text: nodes.Text) -> bool:
    """Whether ``text`` is neither code nor a number of the report, which has its own spaces."""
    around: nodes.Node | None = text.parent
    while around is not None:
        if isinstance(around, nodes.literal | nodes.FixedTextElement | number_link):
            return False
        around = around.parent
    return True


def visit_table_frame(translator: HTML5Translator, node: table_frame) -> None:
    """A group that can be focused, so that the arrow keys scroll it."""
    label = escape(node["label"], quote=True)
    translator.body.append(
        f'<div class="table-frame" role="group" tabindex="0" aria-label="{label}">\n'
    )


def depart_table_frame(translator: HTML5Translator, _node: table_frame) -> None:
    """The end of the frame."""
    translator.body.append("</div>\n")


def keep_templates(app: Sphinx) -> None:
    """Keep compiled templates beside the doctrees, for the next time that a page is written."""
    templates = getattr(app.builder, "templates", None)
    if templates is not None:
        folder = Path(app.doctreedir, "templates")
        folder.mkdir(exist_ok=True)
        templates.environment.bytecode_cache = FileSystemBytecodeCache(str(folder))


def configure_notebooks(app: Sphinx) -> None:
    """Read notebooks as ``notebooks`` does; put their pictures beside the doctrees with them.

    MyST-NB puts them beside the output folder, where another builder that shares the doctrees
    would not look.
    """
    config: Any = app.env.mystnb_config  # type: ignore[attr-defined]
    app.env.mystnb_config = config.copy(  # type: ignore[attr-defined]
        output_folder=str(Path(app.doctreedir, "outputs")),
        custom_formats={".ipynb": (READER, {}, False)},
    )


def copy_style_sheet(app: Sphinx) -> None:
    """Put MyST-NB's style sheet in its place before the pages are written.

    It comes last otherwise, and pages name it with or without a check sum, depending on whether an
    earlier build has left it there.
    """
    if app.builder.format == "html":
        Path(app.outdir, "_static").mkdir(parents=True, exist_ok=True)
        add_global_html_resources(app, None)


def write_files(app: Sphinx, error: Exception | None) -> None:
    """After a build: what was left out, and in HTML the data of every figure."""
    if error is not None:
        return
    write_left_out(Path(app.outdir), app.env)
    if app.builder.format == "html":
        for figure in report_domain(app.env).noted("figures"):
            content = as_csv(figure["columns"], figure["rows"]).encode()
            path = Path(app.outdir, data_file(figure["id"]))
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_file() or path.read_bytes() != content:
                path.write_bytes(content)
