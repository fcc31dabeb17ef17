"""The printing press: what stands around the book's text, and the one call of Typst.

Writing and printing are two steps, since the second needs as much memory as the first: what Sphinx
holds of the book is gone when Typst begins.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from azkz.typst import fonts, markup, packing, places
from azkz.typst.errors import PdfFailed

if TYPE_CHECKING:
    from typst import Compiler

TEMPLATE = Path(__file__).with_name("template.typ")
SOURCE = "azkz.typ"
ORDER = "order.json"
PROOF = "proof.typ"
PICTURES = "pictures.typ"
_NOTE = ".printed"
STANDARD: Final = "ua-1"
"""PDF/UA-1: the compiler refuses what a screen reader could not read."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What cover, imprint, running heads and the document's properties say.

    ``as_of`` is the day up to which evidence is known; it dates the document, so that the same
    edition is the same file. ``imprint`` holds further lines of the imprint, name and text.
    """

    title: str
    subtitle: str = ""
    edition: str = ""
    as_of: dt.date | None = None
    version: str = ""
    date: dt.date | None = None
    authors: tuple[str, ...] = ()
    imprint: tuple[tuple[str, str], ...] = ()

    @property
    def whole_title(self) -> str:
        """Title and subtitle in one line."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def dated(self) -> dt.date:
        """The date in the document's properties."""
        return self.date or self.as_of or dt.date(1970, 1, 1)


def day(value: dt.date | None) -> str:
    """A date as British English writes it: 23 November 2026."""
    return f"{value.day} {month_name[value.month]} {value.year}" if value else ""


def source(cover: Cover, body: str, leaves: int = 1) -> str:
    """The Typst document: the template with the cover's words around ``body``.

    ``leaves`` are those that the contents will take, about.
    """
    dated = cover.dated
    rule = markup.apply(
        "book.with",
        title=markup.string(cover.title),
        subtitle=markup.string(cover.subtitle),
        whole_title=markup.string(cover.whole_title),
        edition=markup.string(cover.edition),
        known=markup.string(day(cover.as_of)),
        version=markup.string(cover.version),
        date=f"datetime(year: {dated.year}, month: {dated.month}, day: {dated.day})",
        authors=markup.array(markup.string(author) for author in cover.authors),
        imprint=markup.array(
            markup.array((markup.string(name), markup.string(text))) for name, text in cover.imprint
        ),
        leaves=str(leaves),
    )
    head = markup.apply("page-head.with", *map(markup.string, (cover.title, cover.edition)))
    return f'#import "{TEMPLATE.name}": *\n#let running-head = {head}\n#show: {rule}\n\n{body}'


def write(folder: Path, cover: Cover, body: str, leaves: int = 1) -> Path:
    """Lay the source and the template into ``folder``, where the pictures are."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
    document = folder / SOURCE
    document.write_text(source(cover, body, leaves), encoding="utf-8")
    return document


def compiler_of(document: Path) -> Compiler:
    """Typst for a document, with the report's own fonts alone."""
    import typst

    return typst.Compiler(
        document, root=document.parent, font_paths=[fonts.folder()], ignore_system_fonts=True
    )


def set_proof(proof: Path, cover: Cover, body: str) -> None:
    """Set ``body`` as ``proof``, and print nothing: what this process prints later is set then."""
    shutil.copyfile(TEMPLATE, proof.with_name(TEMPLATE.name))
    proof.write_text(source(cover, body), encoding="utf-8")
    compiler_of(proof).eval("none")


def print_pdf(document: Path, output: Path, dated: dt.date) -> Sequence[str]:
    """Compile ``document`` to ``output`` and return what Typst warns of.

    Raises
    ------
    PdfFailed
        Typst refuses the document; the message is its own.
    """
    import typst

    moment = dt.datetime.combine(dated, dt.time(), dt.UTC)
    try:
        compiler = compiler_of(document)
        data, found = compiler.compile_with_warnings(pdf_standards=STANDARD, timestamp=moment)
        anchors = places.positions(compiler)
    except typst.TypstError as error:
        raise PdfFailed(
            f"the PDF cannot be set: {error.diagnostic.strip() or error.message}",
            document.name,
            "; ".join(error.hints) or "mend the page that holds this text",
        ) from error
    output.write_bytes(packing.packed(places.led(cast("bytes", data), anchors)))
    return [warning.message for warning in found]


def order(document: Path, output: str, parts: Sequence[str], dated: dt.date) -> None:
    """Note beside ``document`` what is to be printed of it: for ``print_ordered``."""
    wanted = {
        "document": document.name,
        "output": output,
        "parts": sorted(parts),
        "dated": dated.isoformat(),
    }
    (document.parent / ORDER).write_text(json.dumps(wanted), encoding="utf-8")


def print_ordered(folder: Path) -> None:
    """Print what was ordered in ``folder``, unless that has been done from the same.

    Raises
    ------
    PdfFailed
        Typst refuses the document, or warns of something; the message is its own.
    """
    wanted = json.loads((folder / ORDER).read_text(encoding="utf-8"))
    document, output = folder / wanted["document"], folder / wanted["output"]
    dated = dt.date.fromisoformat(wanted["dated"])
    given = _digest(document, wanted["parts"], dated)
    if _is_printed(output, given):
        return
    if warnings := print_pdf(document, output, dated):
        raise PdfFailed("\n".join(warnings), document.name, "mend the page that holds this")
    _note(output).write_text(_printed(output, given), encoding="ascii")


def forget(folder: Path) -> None:
    """Let what is in ``folder`` be printed anew: other code may have printed it."""
    for note in folder.glob(f"*{_NOTE}"):
        note.unlink()


def _digest(document: Path, parts: Sequence[str], dated: dt.date) -> str:
    """SHA-256 over all that a PDF is printed from: source, template, other files and day."""
    found = hashlib.sha256(dated.isoformat().encode())
    for name in (document.name, TEMPLATE.name, *parts):
        found.update(hashlib.sha256((document.parent / name).read_bytes()).digest())
    return found.hexdigest()


def _is_printed(output: Path, given: str) -> bool:
    """Whether ``output`` is whole and was printed from what has the digest ``given``."""
    try:
        return _note(output).read_text(encoding="ascii") == _printed(output, given)
    except OSError:
        return False


def _note(output: Path) -> Path:
    return output.with_suffix(_NOTE)


def _printed(output: Path, given: str) -> str:
    return f"{given} {hashlib.sha256(output.read_bytes()).hexdigest()}\n"
