"""The process that prints: it sets annexes early, tells what is wrong, and ends when it should."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from azkz.build.assembly import run_parts
from azkz.build.chapter import Chapter
from azkz.build.edition import Edition
from azkz.build.forking import can_fork
from azkz.build.plan import Plan
from azkz.build.printing import Printing
from azkz.build.progress import Steps
from azkz.build.request import Request
from azkz.paths import Checkout
from azkz.sphinxext.printed import Annexes
from azkz.sphinxext.records import Records
from azkz.typst import apart, press
from azkz.typst.errors import PdfFailed
from cluster_parts import small as template
from cluster_parts import until
from test_apart import DAY, MARK, facts, lists, order_words
from test_beside import _runs
from test_sphinxext import DERIVED, NUMBER, VERDICT, build, make_stage

pytestmark = pytest.mark.skipif(not can_fork(), reason="processes are forked on Linux alone")

NOTHING = b'{"cells": []}'
TRADE = Chapter("trade", NOTHING, numbers=[NUMBER, DERIVED], verdicts=[VERDICT], why="it is new")
EDITION = Edition("2026.11", "A small book", DAY, {})


@dataclass(frozen=True)
class Small:
    """A checkout with a small book: where it is staged, and where it is printed."""

    place: Checkout

    @property
    def work(self) -> Path:
        """The folder of its build."""
        return self.place.build / EDITION.name

    @property
    def pdf(self) -> Path:
        """The folder of the PDF."""
        return self.work / "pdf"

    def printing(self, *chapters: str, jobs: int = 2) -> Printing:
        """What prints the book, with these chapters to come; one if none is named."""
        templates = {name: template(name) for name in chapters or ("trade",)}
        plan = Plan(Request(EDITION.name, jobs=jobs), EDITION, True, templates, "")
        return Printing(self.place, plan, facts(self.work / "book"))

    def make(self, printing: Printing) -> None:
        """Make site and PDF of it."""
        run_parts(self.work, ("html", "pdf"), Steps(io.StringIO()), printing)


def make_small(folder: Path) -> Small:
    """A small book, staged in a checkout of its own."""
    stage = make_stage(folder)
    made = Small(Checkout(folder / "checkout"))
    shutil.copytree(stage, made.place.root)
    shutil.copytree(stage, made.work / "book")
    shutil.copytree(folder / "data", made.place.data)
    return made


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """A small book."""
    return make_small(tmp_path)


@pytest.fixture
def printing(small: Small) -> Iterator[Printing]:
    """What prints the small book; it is ended."""
    made = small.printing()
    yield made
    made.stop()


def process_of(printing: Printing) -> Path:
    """Where the system tells of the process that prints."""
    return Path("/proc") / str(printing._process.pid)


def test_what_is_ordered_is_printed(small: Small, printing: Printing) -> None:
    """After the annexes have been set, by the same process, which ends with it."""
    printing.take(TRADE)
    order_words(small.pdf, "What was ordered.")
    process = process_of(printing)
    printing.begin()
    printing.result()
    assert set(lists(small.pdf)) == {"book-numbers-trade.typ", "book-sources.typ"}
    assert (small.pdf / press.PROOF).is_file()
    assert "What was ordered." in PdfReader(small.pdf / "a.pdf").pages[-1].extract_text()
    until(lambda: not _runs(process))


def test_lists_that_were_set_early_are_printed(small: Small, printing: Printing) -> None:
    """Sphinx finds them, made from the same as what it has read, and does not write them again."""
    printing.take(TRADE)
    until((small.pdf / press.PROOF).exists)
    for name, text in lists(small.pdf).items():
        (small.pdf / name).write_bytes(text + MARK.encode())
    small.make(printing)
    assert all(text.endswith(MARK.encode()) for text in lists(small.pdf).values())
    (found,) = small.pdf.glob("*.pdf")
    words = " ".join("".join(page.extract_text() for page in PdfReader(found).pages).split())
    assert "Twice the turnover" in words
    (attached,) = PdfReader(found).attachments["evidence.csv"]
    assert b'trade-0002,"Trade turnover, ' in attached


def test_a_last_chapter_without_numbers_leaves_nothing_out(small: Small) -> None:
    """It adds nothing to the records, and the sources are still to be listed; it has no list."""
    printing = small.printing("trade", "energy")
    try:
        printing.take(TRADE)
        printing.take(Chapter("energy", NOTHING, why="it is new"))
        printing.take_figures([])
        order_words(small.pdf, "What was ordered.")
        printing.begin()
        printing.result()
    finally:
        printing.stop()
    assert apart.read(small.pdf).files.keys() == {"book/numbers-trade", "book/sources"}


def test_what_other_code_has_left_is_not_printed(small: Small, printing: Printing) -> None:
    """Neither lists of an earlier build nor its PDF, where the pages are made anew."""
    printing.take(TRADE)
    small.make(printing)
    (made,) = small.pdf.glob("*.pdf")
    right = lists(small.pdf), made.read_bytes()
    for path in small.pdf.glob("book-*.typ"):
        path.write_text(path.read_text(encoding="utf-8").replace("turnover", "T."), "utf-8")
    note = made.with_suffix(".printed")
    given = note.read_text(encoding="ascii").partition(" ")[0]
    made.write_bytes(b"of other code")
    note.write_text(press._printed(made, given), encoding="ascii")
    (small.work / "assembled").write_text("of other code", encoding="ascii")
    again = small.printing()
    try:
        again.start()
        small.make(again)
    finally:
        again.stop()
    assert (lists(small.pdf), made.read_bytes()) == right


def test_it_begins_when_a_processor_is_free(small: Small) -> None:
    """When no chapter waits, and only where one has run: else all are there at once."""
    names = ("trade", "energy", "culture")
    for jobs, begins in ((1, [False, False, True]), (2, [False, True, True]), (3, [True] * 3)):
        for why in ("it is new", ""):
            printing = small.printing(*names, jobs=jobs)
            began = []
            try:
                for name in names:
                    printing.take(Chapter(name, NOTHING, why=why))
                    began.append(printing._process is not None)
            finally:
                printing.stop()
            assert began == (begins if why else [False] * 3)


def test_an_error_of_the_report_arrives_as_it_was_raised(small: Small, printing: Printing) -> None:
    """As from any process beside the command: what Typst warns of is an error."""
    printing.start()
    order_words(small.pdf, '#text(font: "No Such Font")[a]')
    printing.begin()
    with pytest.raises(PdfFailed, match="no such font"):
        printing.result()


def test_any_other_error_is_told_by_its_name(printing: Printing) -> None:
    """Nothing was ordered."""
    printing.start()
    printing.begin()
    with pytest.raises(RuntimeError, match=r"FileNotFoundError: .*order\.json"):
        printing.result()


@pytest.mark.parametrize("taken", [True, False])
def test_a_killed_process_is_told(small: Small, printing: Printing, *, taken: bool) -> None:
    """When its work is awaited, and not before: chapters go on."""
    printing.start()
    if taken:
        printing.take(TRADE)
        until((small.pdf / press.PROOF).exists)
    process = process_of(printing)
    os.kill(int(process.name), signal.SIGKILL)
    until(lambda: not _runs(process))
    printing.take_figures([])
    printing.begin()
    with pytest.raises(RuntimeError, match="the process was ended: -9"):
        printing.result()
    printing.stop()


def test_a_book_is_not_made_where_the_process_was_killed(small: Small, printing: Printing) -> None:
    """The site may be whole by then; the build fails, and no process is left."""
    printing.take(TRADE)
    process = process_of(printing)
    os.kill(int(process.name), signal.SIGKILL)
    with pytest.raises(RuntimeError, match="the process was ended: -9"):
        small.make(printing)
    assert not list(small.pdf.glob("*.pdf"))
    assert not _runs(process)


@pytest.mark.parametrize("taken", [True, False])
def test_stop_leaves_no_process(printing: Printing, *, taken: bool) -> None:
    """Neither one at work nor one that waits; it may be called again, and before any was there."""
    printing.stop()
    printing.start()
    if taken:
        printing.take(TRADE)
    process = process_of(printing)
    assert _runs(process)
    printing.stop()
    assert printing._process.exitcode == -signal.SIGKILL
    until(lambda: not _runs(process))
    printing.stop()


def test_it_ends_with_who_started_it(small: Small, tmp_path: Path) -> None:
    """Also where that is killed and can say nothing."""
    code = f"""
        import os, time
        from pathlib import Path
        from azkz.paths import Checkout
        from test_printing import TRADE, Small
        printing = Small(Checkout(Path({str(small.place.root)!r}))).printing()
        printing.take(TRADE)
        Path("pid.part").write_text(str(printing._process.pid))
        os.rename("pid.part", "pid")
        time.sleep(600)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    paths = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    with subprocess.Popen(command, cwd=tmp_path, env=path) as parent:
        until((tmp_path / "pid").exists)
        child = Path("/proc") / (tmp_path / "pid").read_text(encoding="utf-8")
        assert _runs(child)
        parent.kill()
    until(lambda: not _runs(child))


def test_annexes_that_cannot_be_set_early_are_written_by_sphinx(
    small: Small, printing: Printing, tmp_path: Path
) -> None:
    """The book is the one that Sphinx writes alone."""
    printing.take(replace(TRADE, numbers=[{"id": "trade.that-says-nothing"}]))
    small.make(printing)
    assert list(small.pdf.glob("*.pdf"))
    assert not (small.pdf / press.PROOF).exists()
    alone = build(make_stage(tmp_path / "alone"), "typst")
    assert lists(small.pdf) == lists(alone)
    assert apart.read(small.pdf) == apart.read(alone)


def test_what_is_wrong_with_the_annexes_is_told_by_sphinx(
    small: Small, printing: Printing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where nothing is set early: by the error itself."""

    def refuse(_annexes: Annexes, _book: Records) -> None:
        raise PdfFailed("a source has no name", "book/sources")

    monkeypatch.setattr(Annexes, "sources", refuse)
    # The process that sets them early stumbles over something else, and tells nothing.
    printing.take(replace(TRADE, notebook=b""))
    with pytest.raises(PdfFailed, match="a source has no name"):
        small.make(printing)
    assert not list(small.pdf.glob("*.pdf"))
