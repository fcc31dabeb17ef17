"""What a preview shows before chapters have run: everything but new pictures and tables."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest

from azkz.build.chapter import Chapter, execute, read
from azkz.build.draft import Drafts
from azkz.build.evaluate import SAID
from azkz.build.live import Live
from azkz.build.outcome import Outcome
from azkz.build.plan import Plan, make_plan, plan_unchecked
from azkz.build.progress import Steps
from azkz.build.publish import file_hashes
from azkz.build.request import Request
from azkz.build.run import build
from azkz.build.running import run_chapters
from azkz.build.workers import Lasting, workers
from azkz.errors import Faults
from azkz.paths import Checkout
from conftest import copy_checkout

DAY = date(2026, 11, 30)
CHAPTER = "agreement"


def planned(place: Checkout) -> Plan:
    """A plan for one chapter, made from the files as they stand."""
    request = Request("2026.11", chapters=(CHAPTER,), parts=("html",))
    return make_plan(place, request, Steps(sys.stderr), DAY)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout in which the chapter has run, as a build leaves it."""
    place = copy_checkout(tmp_path_factory.mktemp("draft"), with_store=False)
    plan = planned(place)
    [made] = run_chapters(place, plan, Steps(sys.stderr))
    _leave(place, plan, made)
    return place


def _leave(place: Checkout, plan: Plan, made: Chapter) -> None:
    folder = place.build / plan.folder_name / "book" / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{CHAPTER}.ipynb").write_bytes(made.notebook)


def drafted(place: Checkout, plan: Plan) -> list[Chapter] | None:
    """What can be shown of the plan at once."""
    with workers(1) as pool:
        return Drafts(place, plan, pool).take()


def test_where_nothing_has_to_run_there_is_no_draft(ran: Checkout) -> None:
    """Other prose does not make a chapter run."""
    assert drafted(ran, planned(ran)) is None


def test_a_draft_says_what_the_run_will_say(ran: Checkout) -> None:
    """After a change of code and one of the ledger: numbers, verdicts, prose; old pictures."""
    path = ran.notebooks / f"{CHAPTER}.ipynb"
    rows = ran.data / "observations.csv"
    sound, text = path.read_bytes(), rows.read_text(encoding="utf-8")
    before = read(CHAPTER, _left(ran))
    try:
        _change_code(path)
        rows.write_text(text.replace(",2.56,", ",7.56,", 1), encoding="utf-8")
        plan = planned(ran)
        made = drafted(ran, plan)
        assert made is not None
        [draft] = made
        truth = read(CHAPTER, execute(ran, plan.templates[CHAPTER], plan.edition.parameters))
    finally:
        path.write_bytes(sound)
        rows.write_text(text, encoding="utf-8")
    for part in SAID:
        assert getattr(draft, part) == getattr(truth, part)
    assert draft.numbers != before.numbers
    assert draft.figures == before.figures
    assert [figure["id"] for figure in draft.figures] == [f["id"] for f in truth.figures]
    assert _prose(draft.notebook) == _prose(truth.notebook) != _prose(before.notebook)


def test_a_draft_that_says_the_same_is_the_last_run_again(ran: Checkout) -> None:
    """A row of which the chapter prints nothing: it has to run, and its page stays as it is."""
    rows = ran.data / "observations.csv"
    text = rows.read_text(encoding="utf-8")
    try:
        rows.write_text(text.replace("600 in turns", "600 in some turns", 1), encoding="utf-8")
        made = drafted(ran, planned(ran))
    finally:
        rows.write_text(text, encoding="utf-8")
    assert made is not None
    assert made[0].notebook == _left(ran)


def test_what_cannot_be_evaluated_has_no_draft(ran: Checkout) -> None:
    """Its error is told by the run."""
    path = ran.notebooks / f"{CHAPTER}.ipynb"
    sound = path.read_bytes()
    try:
        _change_code(path, "raise ValueError('no')")
        assert drafted(ran, planned(ran)) is None
    finally:
        path.write_bytes(sound)


def test_what_has_never_run_has_no_draft(tmp_path: Path) -> None:
    """There are no pictures to show beside its numbers."""
    place = copy_checkout(tmp_path, with_store=False)
    assert drafted(place, planned(place)) is None


def _left(place: Checkout) -> bytes:
    plan = planned(place)
    return (place.build / plan.folder_name / "book" / "notebooks" / f"{CHAPTER}.ipynb").read_bytes()


def _change_code(path: Path, line: str = "added = 1") -> None:
    """A cell of code that was not there, a line in another, and a sentence."""
    notebook = nbformat.read(path, as_version=4)
    code = [at for at, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    notebook.cells[code[4]].source += f"\n{line}"
    notebook.cells.insert(code[6], nbformat.v4.new_code_cell("also = 2", id="also"))
    words = next(cell for cell in notebook.cells[1:] if cell.cell_type == "markdown")
    words.source += "\n\nA sentence that was not here."
    nbformat.write(notebook, path)


def _prose(content: bytes) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(content)["cells"]]


def test_an_unsound_ledger_is_told_though_evaluation_has_begun(ran: Checkout) -> None:
    """All its faults, whatever the drafts made of it; when it is sound again there is a draft."""
    rows = ran.data / "observations.csv"
    text = rows.read_text(encoding="utf-8")
    request = Request("2026.11", chapters=(CHAPTER,), parts=("html",))
    with workers(1) as pool:
        try:
            rows.write_text(text.replace(",2.56,", ",much,", 1), encoding="utf-8")
            made = Drafts(ran, plan_unchecked(ran, request, DAY), pool)
            assert made.take() is None
            with pytest.raises(Faults, match="much"):
                made.refuse_faults()
            rows.write_text(text.replace(",2.56,", ",7.56,", 1), encoding="utf-8")
            made = Drafts(ran, plan_unchecked(ran, request, DAY), pool)
            assert made.take() is not None
            made.refuse_faults()
        finally:
            rows.write_text(text, encoding="utf-8")


def test_drafts_are_made_before_the_ledger_is_checked(ran: Checkout) -> None:
    """The pages of a draft are written while the check goes on."""
    asked: list[str] = []

    class Noting(ThreadPoolExecutor):
        def submit(self, call: Any, /, *given: Any, **named: Any) -> Future[Any]:
            asked.append(call.__name__)
            return super().submit(call, *given, **named)

    notebook = ran.notebooks / f"{CHAPTER}.ipynb"
    text = notebook.read_text(encoding="utf-8")
    request = Request("2026.11", chapters=(CHAPTER,), parts=("html",))
    with Noting(1) as pool:
        try:
            notebook.write_text(
                text.replace('"import', '"# anew\\n",\n"import', 1), encoding="utf-8"
            )
            assert Drafts(ran, plan_unchecked(ran, request, DAY), pool).take() is not None
        finally:
            notebook.write_text(text, encoding="utf-8")
    assert asked == ["_open", "_open", "_draft", "faults"]


def test_nothing_of_an_unsound_ledger_is_published(tmp_path: Path) -> None:
    """A preview's pages stay as they are while the ledger has faults, which are told."""
    place = copy_checkout(tmp_path, with_store=False)
    rows = place.data / "observations.csv"
    text = rows.read_text(encoding="utf-8")
    request = Request("2026.11", chapters=(CHAPTER,), parts=("html",))
    shown: list[Outcome] = []
    with workers(1) as pool:
        live = Live(pool)
        site = build(place, request, Steps(sys.stderr), DAY, live).site
        live.due, live.show = False, shown.append
        before = file_hashes(site)
        rows.write_text(text.replace(",2.56,", ",much,", 1), encoding="utf-8")
        with pytest.raises(Faults, match="much"):
            build(place, request, Steps(sys.stderr), DAY, live)
        assert not shown
        assert file_hashes(site) == before
        rows.write_text(text.replace(",2.56,", ",7.56,", 1), encoding="utf-8")
        build(place, request, Steps(sys.stderr), DAY, live)
        assert len(shown) == 1
        assert file_hashes(site) != before


def test_processes_that_last_are_started_anew_when_one_was_lost() -> None:
    """A preview goes on evaluating after a process was killed for want of memory."""
    pool = Lasting(1)
    try:
        first = pool.submit(os.getpid).result()
        assert pool.submit(os.getpid).result() == first
        with pytest.raises(BrokenProcessPool):
            pool.submit(os._exit, 1).result()
        assert pool.submit(os.getpid).result() != first
    finally:
        pool.shutdown(cancel_futures=True)
