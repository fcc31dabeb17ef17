"""Throw-away copies of the checkout, and the changes that an author makes to them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import nbformat

from azkz.errors import BadInput
from azkz.paths import Checkout

CHAPTER = "culture"
"""The chapter whose template is changed."""

ROW = "corridor-0001"
"""The row of the ledger whose value is changed."""

_VALUES = (",2.56,", ",2.57,")


def copy_checkout(place: Checkout, target: Path) -> Checkout:
    """The files that git knows, as they stand in the checkout; nothing that was built."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=place.root, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (place.root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(place.root / name, target / name)
    return Checkout(target)


def empty(place: Checkout) -> None:
    """Remove all that was built."""
    for folder in (place.build, place.site):
        shutil.rmtree(folder, ignore_errors=True)


def change_row(place: Checkout) -> None:
    """Give one row of the ledger another value; called again, its own.

    Raises
    ------
    BadInput
        The row does not have the value that it had when this was written.
    """
    path = place.data / "observations.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if line.startswith(f"{ROW},"))
    for value, other in (_VALUES, _VALUES[::-1]):
        if lines[at].count(value) == 1:
            lines[at] = lines[at].replace(value, other)
            path.write_text("".join(lines), encoding="utf-8")
            return
    where, todo = f"data/observations.csv, {ROW}", "name its values in benchmarks/copies.py"
    raise BadInput("the value is another one", where, todo)


def change_template(place: Checkout) -> None:
    """Add a line to the last code cell but one of a chapter, so that the chapter runs again."""
    path = place.notebooks / f"{CHAPTER}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = [cell for cell in notebook.cells if cell.cell_type == "code"][-2]
    cell.source = f"_ = {len(notebook.cells)}\n{cell.source}"
    nbformat.write(notebook, path)


def change_page(place: Checkout) -> None:
    """Add a sentence to a page that is written by hand."""
    path = place.book / "glossary.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\nA sentence more.\n", encoding="utf-8")
