"""Makes the parts of a report from its staged book; of a site only the pages that have changed.

What all pages have in common is their frame: the code, the environment, configuration, style and
the edition. Where it is the same as when the site was made, Sphinx goes on from there; what each
page rests on beyond it is known to ``azkz.sphinxext.asking`` and ``sharing``.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import azkz
from azkz.build.beside import Beside
from azkz.build.environment import environment
from azkz.build.files import files_below
from azkz.build.forking import can_fork
from azkz.build.printing import Printing
from azkz.build.progress import Steps
from azkz.build.request import PARTS
from azkz.build.stage import as_json
from azkz.build.store import write_atomically
from azkz.paths import RECORDS

_BUILDERS = {"html": "html", "pdf": "typst"}
"""Sphinx's builder for each part."""

_PAGES = (".md", ".ipynb")

_PROCESSES = 2
"""Processes that read and write the pages of a new site."""


def run_parts(
    work: Path,
    parts: tuple[str, ...],
    steps: Steps,
    printing: Printing | None = None,
    take_pages: Callable[[Path], None] | None = None,
) -> dict[str, Path]:
    """Make the parts that are asked for below ``work``, from one reading of ``work/book``.

    Where a site and a PDF are made, ``printing`` prints, and ``take_pages`` is called with the
    folder of the pages meanwhile. Returns the folder of each.
    """
    from azkz.build import sphinx
    from azkz.typst import apart, press

    made = {part: work / part for part in PARTS if part in parts}
    kept = _Kept(work, made)
    for folder in kept.stale():
        shutil.rmtree(work / folder, ignore_errors=True)
    if kept.fresh:
        press.forget(work / "pdf")
    if printing is None:
        apart.forget(work / "pdf")
    run = {
        part: partial(sphinx.run_sphinx, work / "book", folder, work / "doctrees", _BUILDERS[part])
        for part, folder in made.items()
    }
    if len(run) > 1 and can_fork():
        sphinx.load()
        if printing:
            printing.start()
        press_ = printing or Beside(press.print_ordered, folder=made["pdf"])
        meanwhile = partial(take_pages or _leave, made["html"])
        _run_beside(run["html"], run["pdf"], made["pdf"], kept, steps, press_, meanwhile)
        return made
    for at, (part, call) in enumerate(run.items()):
        with steps.step(part):
            fresh = kept.fresh and not at
            processes = _processes(fresh=fresh)
            call(fresh=fresh, when_read=lambda _: kept.forget(), processes=processes)
            if part == "html":
                kept.remember()
            else:
                press.print_ordered(made[part])
    return made


def _run_beside(
    html: Callable[..., None],
    pdf: Callable[..., None],
    folder: Path,
    kept: _Kept,
    steps: Steps,
    printing: Printing | Beside,
    meanwhile: Callable[[], None],
) -> None:
    """Write the PDF into ``folder`` as soon as the pages are read, and print it: beside the site.

    It is written by a process that is forked from the one that has read the pages, and printed by
    ``printing``, another one, which does not hold them in its memory. ``meanwhile`` is called when
    the site is there.
    """
    from azkz.build import second

    def read(app: Any) -> None:
        kept.forget()
        for process in writing:
            # The pages are read for a second time.
            process.stop()
        writing[:] = [Beside(write, app=app)]
        writing[0].begin()

    def write(app: Any) -> None:
        second.write(app, _BUILDERS["pdf"], folder)
        # From here: the process that has asked for it is busy with the pages.
        printing.begin()

    writing: list[Beside] = []
    try:
        with steps.step("html"):
            html(fresh=kept.fresh, when_read=read, processes=_processes(fresh=kept.fresh))
            kept.remember()
        with steps.step("pdf"):
            if writing:
                meanwhile()
                writing[0].result()
            else:
                # No page had to be read again.
                pdf(fresh=False)
                printing.begin()
            printing.result()
    finally:
        for process in (*writing, printing):
            process.stop()


def _leave(_folder: Path) -> None:
    """Nothing is done with the pages before all parts are there."""


def _processes(*, fresh: bool) -> int:
    return _PROCESSES if fresh and can_fork() else 1


class _Kept:
    """What is known of the site that an earlier build has left in ``work``.

    It is forgotten while pages are written: one that was stopped then is made anew.
    """

    def __init__(self, work: Path, made: dict[str, Path]) -> None:
        self._record = work / "assembled"
        self._frame = frame(work / "book")
        html = "html" in made and (work / "html").is_dir() and (work / "doctrees").is_dir()
        self.fresh = not (html and _read(self._record) == self._frame)
        if self.fresh:
            self.forget()

    def stale(self) -> list[str]:
        """The folders of which nothing can be used again."""
        # What is to be printed may be there already.
        return ["doctrees", "html"] if self.fresh else []

    def forget(self) -> None:
        """Let no build go on from here."""
        self._record.unlink(missing_ok=True)

    def remember(self) -> None:
        """The site is whole."""
        write_atomically(self._record, self._frame.encode())


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def frame(book: Path) -> str:
    """SHA-256 over what all pages of the staged ``book`` have in common."""
    digest = hashlib.sha256("\n".join(environment()).encode())
    for path in files_below(Path(azkz.__file__).parent):
        _add(digest, path.as_posix(), path.read_bytes())
    for path in files_below(book):
        name = path.relative_to(book).as_posix()
        own = name.startswith(f"{RECORDS}/") or path.suffix in _PAGES
        _add(digest, name, b"" if own else path.read_bytes())
    about = json.loads((book / RECORDS / "build.json").read_text(encoding="utf-8"))
    _add(digest, "edition", as_json({**about, "ledger_sha256": ""}))
    return digest.hexdigest()


def _add(digest: Any, name: str, content: bytes) -> None:
    digest.update(f"{name}\0{len(content)}\0".encode())
    digest.update(content)
