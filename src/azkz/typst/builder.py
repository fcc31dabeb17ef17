"""The Sphinx builder ``typst``: the pages of the table of contents as one book, to be printed."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.util import logging

from azkz.typst import fonts, gathering, press
from azkz.typst.apart import Apart, Place
from azkz.typst.book import Book, Page, Toctree, plan
from azkz.typst.errors import PdfFailed
from azkz.typst.writer import translate

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

SETTINGS: dict[str, tuple[Any, type | tuple[type, ...]]] = {
    "typst_title": ("", str),
    "typst_edition": ("", str),
    "typst_as_of": ("", str),
    "typst_date": ("", str),
    "typst_version": ("", str),
    "typst_imprint": ([], list),
}
"""Name, default and type of every setting; none of them makes Sphinx read a page again."""

WANTED = "typst-lists-wanted"
"""Event: who writes lists apart does so, into the folder and for the cover that it is called with.

A handler returns an ``azkz.typst.apart.Apart``.
"""

ROOT_TITLE = "At a glance"
"""What the root page is called in the book, whose title stands on the cover."""

IMAGE_TYPES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
"""Pictures that Typst takes, the best first."""

MIME_TYPES = ("image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain")
"""What to print of a notebook's output that comes in several forms, the best first."""


class TypstBuilder(Builder):
    """Assembles the whole book and writes it as Typst; ``press.print_ordered`` makes the PDF."""

    name = "typst"
    format = "typst"
    epilog = "The book is in %(outdir)s, to be printed."
    allow_parallel = False
    supported_image_types = list(IMAGE_TYPES)  # noqa: RUF012  as in Sphinx
    # Fetching pictures from the network would make the book depend on it; the translator
    # refuses them by name.
    supported_remote_images = True

    def get_outdated_docs(self) -> str:
        """Everything: the book is one file."""
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:  # noqa: ARG002
        """A page as the translator knows it: a percent sign and its name."""
        return f"%{docname}" if docname in self.env.all_docs else docname

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:  # noqa: ARG002
        """The same from everywhere, as all pages end up in one file."""
        return self.get_target_uri(to, typ)

    def write(self, *_ignored: Any) -> None:
        """Write the Typst source of the whole book."""
        folder = Path(self.outdir)
        folder.mkdir(parents=True, exist_ok=True)
        settings = {name: self.config[name] for name in SETTINGS}
        root_title = self.env.titles[self.config.root_doc].astext()
        self.cover = cover(settings, self.config.author, root_title)
        self.apart = self.events.emit_firstresult(WANTED, folder, self.cover) or Apart()
        tree = self.assemble_doctree()
        self.post_process_images(tree)
        body, missing, leaves = translate(tree, self.book())
        for page, letters in sorted(missing.items()):
            shown = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in sorted(letters))
            logger.info("%s: no font of the PDF holds %s", page, shown)
        self.document = press.write(folder, self.cover, body, leaves)

    def finish(self) -> None:
        """Copy the pictures and order the print."""
        folder = Path(self.outdir, "_images")
        folder.mkdir(parents=True, exist_ok=True)
        for source, name in self.images.items():
            shutil.copyfile(Path(self.srcdir, source), folder / name)
        for path in folder.iterdir():
            if path.name not in self.images.values():
                path.unlink()
        parts = [f"_images/{name}" for name in self.images.values()]
        parts += [*self.apart.files.values(), *self.apart.attached]
        press.order(self.document, filename(self.config), parts, self.cover.dated)

    def assemble_doctree(self) -> nodes.document:
        """The pages of the table of contents in one tree, with their references resolved."""
        root = self.config.root_doc
        tree = gathering.gathered(self.env, root, self.apart)
        tree["docname"] = root
        gathering.resolve(self.env, tree, root)
        return tree

    def book(self) -> Book:
        """What the translator has to know of the project."""
        root = self.config.root_doc
        return Book(
            root=root,
            pages=self.pages(),
            root_title=ROOT_TITLE,
            numbers=dict(self._figure_numbers()),
            numbered_by_sphinx=bool(self.config.numfig),
            number_formats=self.config.numfig_format,
            images={source: f"_images/{name}" for source, name in self.images.items()},
            files={name: str(self.env.doc2path(name, base=False)) for name in self.env.all_docs},
            known=fonts.known,
            apart=self.apart,
        )

    def pages(self) -> dict[str, Page]:
        """The pages in order, with the chapter numbers that the web pages show."""
        root = self.config.root_doc
        listed = self.env.toctree_includes
        toctrees = {name: [Toctree("", tuple(pages))] for name, pages in listed.items()}
        toctrees[root] = list(self._toctrees(root))
        numbers = {
            name: ".".join(str(part) for part in sections[""])
            for name, sections in self.env.toc_secnumbers.items()
            if sections.get("")
        }
        return plan(root, toctrees, numbers)

    def _toctrees(self, docname: str) -> Iterator[Toctree]:
        for node in self.env.get_doctree(docname).findall(addnodes.toctree):
            yield Toctree(node.get("caption") or "", tuple(map(str, node["includefiles"])))

    def _figure_numbers(self) -> Iterator[tuple[Place, str]]:
        for docname, kinds in self.env.toc_fignumbers.items():
            for numbers in kinds.values():
                for name, number in numbers.items():
                    yield (docname, name), ".".join(str(part) for part in number)


def cover(settings: Mapping[str, Any], author: str, root_title: str = "") -> press.Cover:
    """The cover from the ``SETTINGS``.

    Without a title the root page's is taken; a title of two parts, with a colon between them, is
    parted into title and subtitle.
    """
    title, _, subtitle = (settings["typst_title"] or root_title).partition(": ")
    return press.Cover(
        title=title,
        subtitle=subtitle,
        edition=settings["typst_edition"],
        as_of=_date(settings, "typst_as_of"),
        version=settings["typst_version"],
        date=_date(settings, "typst_date"),
        authors=(author,) if author else (),
        imprint=tuple((str(name), str(text)) for name, text in settings["typst_imprint"]),
    )


def filename(config: Config) -> str:
    """The name of the PDF."""
    return f"azkz-{config.typst_edition or 'report'}.pdf"


def _date(settings: Mapping[str, Any], name: str) -> dt.date | None:
    value = str(settings[name])
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError as error:
        raise PdfFailed(f"{value!r} is not a date", name, "write it as 2026-11-23") from error


def prefer_pictures(_app: Sphinx, config: Config) -> None:
    """Tell MyST-NB which form of an output to print; a builder it does not know gets none."""
    if "nb_mime_priority_overrides" in config:
        own = [("typst", mime, rank * 10) for rank, mime in enumerate(MIME_TYPES, start=1)]
        config.nb_mime_priority_overrides = [*own, *config.nb_mime_priority_overrides]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the builder and its settings."""
    for name, (default, types) in SETTINGS.items():
        app.add_config_value(name, default, "", types)
    app.add_builder(TypstBuilder)
    app.add_event(WANTED)
    app.connect("config-inited", prefer_pictures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
