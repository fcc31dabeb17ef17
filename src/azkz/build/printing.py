"""The process that prints: it sets the annexes while the last chapters run, then the whole book.

When no chapter waits any more, a processor is free until all pages are read. The annexes follow
from what the chapters hand over and from the ledger, and are near to half of the book.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

import yaml

from azkz.build.beside import awaited
from azkz.build.chapter import Chapter
from azkz.build.forking import context
from azkz.build.plan import Plan
from azkz.build.print_shop import Facts, Job, Told, serve
from azkz.build.stage import about, contents, numbers
from azkz.paths import NUMBERS, Checkout

_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


class Printing:
    """Takes chapters as they are done, and prints what is ordered (``azkz.typst.press.order``)."""

    def __init__(self, place: Checkout, plan: Plan, facts: Facts) -> None:
        built = list(plan.templates)
        config = yaml.safe_load((place.root / "_config.yml").read_text(encoding="utf-8"))
        self._job = Job(
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
        told = Told(
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
            self._process = context().Process(target=serve, args=(other, self._job), daemon=True)  # type: ignore[attr-defined]
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
