"""Where things lie in a checkout and in a staged book; the only place that knows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from azkz.errors import BadInput

RECORDS = "_azkz"
"""The folder of a staged book in which the build lays out its records for the pages."""

NUMBERS = "book/numbers"
"""The page that leads to the annexes of numbers, one for each chapter."""

INJECTED = "injected-parameters"
"""Tag and id of the cell in which papermill puts the edition's parameters."""


def numbers_page(chapter: str) -> str:
    """The page with the numbers of a chapter."""
    return f"{NUMBERS}-{chapter}"


@dataclass(frozen=True, slots=True)
class Checkout:
    """A copy of the repository.

    Builds write to ``_build`` and ``_site`` alone; a release and ``azkz add --write`` add to
    ``data``, and a release to the change log and the citation.
    """

    root: Path

    @property
    def data(self) -> Path:
        """The ledger: a Frictionless Data Package."""
        return self.root / "data"

    @property
    def releases(self) -> Path:
        """A folder for each edition that is released, with its numbers and manifest."""
        return self.data / "releases"

    @property
    def changelog(self) -> Path:
        """What changed, by release."""
        return self.root / "CHANGELOG.md"

    @property
    def citation(self) -> Path:
        """How to cite the newest release."""
        return self.root / "CITATION.cff"

    @property
    def notebooks(self) -> Path:
        """Chapter templates, without outputs."""
        return self.root / "notebooks"

    @property
    def editions(self) -> Path:
        """One YAML file of parameters for each edition."""
        return self.notebooks / "editions"

    @property
    def book(self) -> Path:
        """Pages written by hand."""
        return self.root / "book"

    @property
    def build(self) -> Path:
        """Work of a build."""
        return self.root / "_build"

    @property
    def site(self) -> Path:
        """What is published."""
        return self.root / "_site"

    def shown(self, path: Path) -> str:
        """``path`` as messages print it: relative to the checkout where it lies in it."""
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return str(path)


def checkout(start: Path | None = None) -> Checkout:
    """The checkout that holds ``start`` (the working directory unless said otherwise).

    A chapter's kernel starts in ``notebooks/`` and finds it the same way.

    Raises
    ------
    BadInput
        No folder upwards of ``start`` is a checkout of the report.
    """
    begin = (start or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if (folder / "_toc.yml").is_file() and (folder / "notebooks").is_dir():
            return Checkout(folder)
    raise BadInput(
        "no checkout of the report is here or in a folder above",
        str(begin),
        "change into the folder that holds _toc.yml, notebooks/ and data/",
    )
