"""What the process that prints does: it writes annexes, sets them, and prints the book.

Typst does not set again what it has set in the same process.
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from azkz.build.beside import answer
from azkz.build.forking import belong_to_command

if TYPE_CHECKING:
    from azkz.sphinxext.printed import Annexes
    from azkz.typst.press import Cover

Facts = Mapping[str, Any]

BEHIND = 3
"""By so much printing is nicer to others: pages and PDF are ready at the same time then."""


@dataclass(frozen=True, slots=True)
class Told:
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
class Job:
    """What is to be printed: into which folder, what the build says of itself, and the pages.

    ``contents`` is the table of contents; ``titles`` are the headings of the pages with annexes.
    """

    folder: Path
    about: Facts
    author: str
    contents: Mapping[str, Any]
    titles: Mapping[str, str]


def serve(pipe: Any, job: Job) -> None:
    """Take what is told until the book is to be printed; answer when that is done."""
    belong_to_command()
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

    def __init__(self, job: Job) -> None:
        self._job = job
        self._annexes: Annexes | None = None
        self._pictures: list[str] = []
        self._digest = ""

    def set_proof(self, told: Told) -> None:
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

    def _cover(self) -> Cover:
        from azkz.build.sphinx import on_cover
        from azkz.typst.builder import cover

        return cover(on_cover(self._job.about), self._job.author)

    def print_book(self) -> None:
        """Print what is ordered; the pages go before: what follows them takes one processor."""
        from azkz.typst import press

        # Each thread is nice by itself, and those that set have begun with the proofs.
        for thread in Path("/proc/self/task").iterdir():
            # One may have ended since.
            with suppress(ProcessLookupError):
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
