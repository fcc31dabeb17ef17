"""The process that prints: it sets the annexes while the last chapters run, then the whole book.

When no chapter waits any more, a processor is free until all pages are read. The annexes follow
from what the chapters hand over and from the ledger, and are half of the book. Typst does not set
again what it has set in the same process.
"""

from __future__ import annotations

import gc
import json
import os
import re
import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

import yaml

from azkz.build.beside import answer, awaited
from azkz.build.chapter import Chapter
from azkz.build.forking import context, end_with_parent
from azkz.build.plan import Plan
from azkz.build.stage import about, contents, numbers
from azkz.paths import NUMBERS, Checkout

if TYPE_CHECKING:
    from azkz.sphinxext.printed import Annexes

BEHIND = 3
"""By so much printing is nicer to others: pages and PDF are ready at the same time then."""

_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of all chapters that are done, in the form of the records' files.

    ``notebooks`` are those of chapters that were not told of before, by name, ``drawings`` SVG of
    the build itself. ``whole`` says whether all chapters are done.
    """

    numbers: Facts
    verdicts: Sequence[Facts]
    notebooks: Mapping[str, bytes]
    drawings: Sequence[str]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Job:
    """What is to be printed: into which folder, what the build says of itself, and the pages.

    ``contents`` is the table of contents; ``titles`` are the headings of the pages with annexes.
    """

    folder: Path
    about: Facts
    author: str
    contents: Mapping[str, Any]
    titles: Mapping[str, str]


class Printing:
    """Takes chapters as they are done, and prints what is ordered (``azkz.typst.press.order``)."""

    def __init__(self, place: Checkout, plan: Plan, facts: Facts) -> None:
        built = list(plan.templates)
        config = yaml.safe_load((place.root / "_config.yml").read_text(encoding="utf-8"))
        self._job = _Job(
            folder=place.build / plan.folder_name / "pdf",
            about=about(place, plan.edition, built, facts),
            author=str(config.get("author", "")),
            contents=contents(place, built),
            titles={page: _title(place, page) for page in (NUMBERS, "book/sources")},
        )
        _forget(self._job.folder)
        self._awaited = len(built)
        # As many chapters may run while a processor is free.
        self._few = plan.request.jobs - 1
        self._taken: list[Chapter] = []
        self._told = 0
        self._guard = Lock()
        self._process: Any = None

    def take(self, chapter: Chapter) -> None:
        """Let the list of its numbers be set, as soon as there is a processor for it."""
        with self._guard:
            self._awaited -= 1
            self._taken.append(chapter)
            if self._awaited <= self._few and any(chapter.why for chapter in self._taken):
                self._send(whole=not self._awaited)

    def take_figures(self, figures: Sequence[Mapping[str, Any]]) -> None:
        """After all chapters: let what the build draws be considered in the list of sources."""
        with self._guard:
            if self._process:
                self._send(figures, whole=True)

    def _send(self, figures: Sequence[Mapping[str, Any]] = (), *, whole: bool) -> None:
        self.start()
        new = {chapter.name: chapter.notebook for chapter in self._taken[self._told :]}
        self._told = len(self._taken)
        told = _Told(
            numbers=numbers(self._taken, figures),
            verdicts=[verdict for chapter in self._taken for verdict in chapter.verdicts],
            notebooks=new,
            drawings=[str(figure["svg"]) for figure in figures],
            whole=whole,
        )
        # Whether the process is still there is asked when it is to print.
        with suppress(OSError):
            self._pipe.send(told)

    def start(self) -> None:
        """Let there be a process, which waits."""
        if self._process is None:
            self._pipe, other = context().Pipe()
            self._process = context().Process(target=_serve, args=(other, self._job), daemon=True)  # type: ignore[attr-defined]
            self._process.start()
            other.close()

    def begin(self) -> None:
        """Let it print; this may be called in a process forked from the one that has started it."""
        with suppress(OSError):
            self._pipe.send(None)

    def result(self) -> None:
        """Wait for the PDF.

        Raises
        ------
        ReportError
            What printing raised.
        RuntimeError
            It raised something else, or its process was killed.
        """
        awaited(self._pipe, self._process)

    def stop(self) -> None:
        """End it; nothing where it has ended."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()


def _forget(folder: Path) -> None:
    from azkz.typst import apart

    apart.forget(folder)


def _title(place: Checkout, page: str) -> str:
    found = _TITLE.search((place.root / f"{page}.md").read_text(encoding="utf-8"))
    return found[1].strip() if found else ""


def _serve(pipe: Any, job: _Job) -> None:
    # Whom the user stops is the command; this ends when it misses it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    # It ends with the book, of which all is in use till then.
    gc.disable()
    shop = _Shop(job)
    for told in _messages(pipe):
        # What is wrong with the annexes is wrong, and told, when Sphinx writes the book.
        with suppress(Exception):
            shop.set_proof(told)
    answer(pipe, shop.print_book)


def _messages(pipe: Any) -> Iterator[Any]:
    """What it is told until it is to print. It is taken at once: who tells it has other work."""
    found: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_take, args=(pipe, found), daemon=True).start()
    yield from iter(found.get, None)


def _take(pipe: Any, found: SimpleQueue[Any]) -> None:
    # Where the other side is gone, this process ends with it.
    with suppress(EOFError, OSError):
        while (told := pipe.recv()) is not None:
            found.put(told)
        found.put(None)


class _Shop:
    """What the process holds: the annexes as far as they are written, and pictures to be set."""

    def __init__(self, job: _Job) -> None:
        self._job = job
        self._annexes: Annexes | None = None
        self._pictures: list[str] = []
        self._digest = ""

    def set_proof(self, told: _Told) -> None:
        """Write what follows from what is told, and set it."""
        from azkz.sphinxext.printed import SOURCES, Annexes
        from azkz.sphinxext.records import made
        from azkz.typst import apart, book, press

        records = made(self._job.about, told.numbers, told.verdicts)
        if self._annexes is None:
            self._annexes = Annexes(self._cover(), self._job.titles)
        for name, notebook in told.notebooks.items():
            self._annexes.numbers(records, name)
            self._keep_pictures(_drawings(notebook))
        self._keep_pictures(told.drawings)
        folder, cover = self._job.folder, self._cover()
        press.set_proof(folder / press.PICTURES, cover, apart.pictures(self._pictures))
        self._pictures.clear()
        further = (SOURCES,) if told.whole else ()
        if self._annexes.digest(records, *further) == self._digest:
            return
        if told.whole:
            self._annexes.sources(records)
        written = self._annexes.write(records, folder)
        self._digest = written.digest
        planned = book.plan(*_toctrees(self._job.contents)).values()
        proof = apart.proof(written, {page.name: page.kind for page in planned})
        press.set_proof(folder / press.PROOF, cover, proof)

    def _keep_pictures(self, drawings: Iterable[str]) -> None:
        from azkz.sphinxext.figures import file_of

        folder = self._job.folder / "_images"
        folder.mkdir(parents=True, exist_ok=True)
        for drawing in drawings:
            content = drawing.encode()
            name = file_of(content)
            (folder / name).write_bytes(content)
            self._pictures.append(f"_images/{name}")

    def _cover(self) -> Any:
        from azkz.build.sphinx import on_cover
        from azkz.typst.builder import cover

        return cover(on_cover(self._job.about), self._job.author)

    def print_book(self) -> None:
        """Print what is ordered; the pages go before: what follows them takes one processor."""
        from azkz.typst import press

        # Each thread is nice by itself, and those that set have begun with the proofs.
        for thread in Path("/proc/self/task").iterdir():
            os.setpriority(os.PRIO_PROCESS, int(thread.name), BEHIND)
        press.print_ordered(self._job.folder)


def _drawings(notebook: bytes) -> Iterator[str]:
    """The SVG of each figure in an executed notebook."""
    for cell in json.loads(notebook)["cells"]:
        for output in cell.get("outputs", ()):
            if drawing := output.get("data", {}).get("image/svg+xml"):
                yield "".join(drawing)


def _toctrees(contents: Mapping[str, Any]) -> tuple[str, dict[str, Any], dict[str, str]]:
    """The table of contents as ``azkz.typst.book.plan`` takes it."""
    from azkz.typst.book import Toctree

    root = str(contents["root"])
    found: dict[str, Any] = {root: []}
    for part in contents["parts"]:
        found[root].append(Toctree(part.get("caption", ""), _files(part["chapters"])))
        for entry in part["chapters"]:
            found[str(entry["file"])] = [Toctree("", _files(entry.get("sections", ())))]
    return root, found, {}


def _files(entries: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(str(entry["file"]) for entry in entries)
