"""One build, from the ledger to the published site."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, nullcontext, suppress
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import azkz
from azkz.build.assembly import run_parts
from azkz.build.chapter import Chapter
from azkz.build.draft import Drafts
from azkz.build.edition import described
from azkz.build.forking import can_fork
from azkz.build.live import Live
from azkz.build.lock import build_lock
from azkz.build.manifest import correction
from azkz.build.outcome import Outcome
from azkz.build.plan import Plan, faults, make_plan, plan_unchecked
from azkz.build.printing import Printing
from azkz.build.progress import Steps
from azkz.build.publish import restore
from azkz.build.publishing import Publishing
from azkz.build.request import Request
from azkz.build.running import run_chapters
from azkz.build.sphinx import load
from azkz.build.stage import stage
from azkz.build.store import Store
from azkz.build.telling import Teller, Told
from azkz.build.workers import executor
from azkz.errors import ReportError
from azkz.paths import RECORDS, Checkout


def build(
    place: Checkout, request: Request, steps: Steps, today: date, live: Live | None = None
) -> Outcome:
    """Build one edition and, if it is whole, publish it; ``live`` is the preview that asks for it.

    Raises
    ------
    BadInput
        Anything wrong with what was asked for, the ledger, an edition or a notebook; no chapter has
        run then, and what is published stays as it was.
    ChapterFailed
        A chapter failed; the results of the others are kept for the next build.
    """
    with build_lock(place.build), ExitStack() as until_done:
        printing = None
        told = None if live is None or live.due else live.told
        if live and told:
            with steps.step("check") as step:
                plan = plan_unchecked(place, request, today)
                step.outcome = described(plan.edition)
            _make_ready(place, plan)
            built = _show_and_run(place, plan, steps, live, told)
        else:
            plan = make_plan(place, request, steps, today)
            _make_ready(place, plan)
            if {"html", "pdf"} <= set(plan.request.parts) and can_fork():
                printing = Printing(place, plan, _facts(plan))
                until_done.callback(printing.stop)
            built, told = _run_and_tell(place, plan, steps, live, printing)
        outcome = _assemble(place, plan, built, told, steps, printing=printing)
        Store(place.build / "store").bound()
        return outcome


def _run_and_tell(
    place: Checkout, plan: Plan, steps: Steps, live: Live | None, printing: Printing | None
) -> tuple[list[Chapter], Told]:
    """Run the chapters, and find what the pages tell of other days."""
    request = plan.request
    with nullcontext(live.pool) if live else executor(place, request, steps) as pool:
        teller = Teller(place, plan, pool)
        cluster = pool if request.cluster else None

        def take(chapter: Chapter) -> None:
            teller.take(chapter)
            if printing:
                printing.take(chapter)

        built = run_chapters(place, plan, steps, cluster, take)
        told = teller.tell(built, steps)
    if printing:
        printing.take_figures(told[1] or ())
    if live:
        live.told = told
        # Who has looked through a table knows it the next time.
        live.pool.submit(faults, place.data)
    return built, told


def _show_and_run(
    place: Checkout, plan: Plan, steps: Steps, live: Live, told: Told
) -> list[Chapter]:
    """Show drafts of the chapters, then run them: kernels would take the draft's processors.

    The ledger is checked meanwhile. Nothing is published before its check has ended, nor run.
    """
    drafts = Drafts(place, plan, live.pool)
    try:
        # What the pages would stumble over is told when the chapters have run.
        with suppress(ReportError):
            if live.show and (drafted := drafts.take()):
                silent, sound = Steps(io.StringIO()), drafts.refuse_faults
                live.show(_assemble(place, plan, drafted, told, silent, sound))
    finally:
        # An unsound ledger is the reason for whatever went wrong.
        drafts.refuse_faults()
    return run_chapters(place, plan, steps)


def _make_ready(place: Checkout, plan: Plan) -> None:
    restore(place.site / plan.edition.name, place.build / ".replaced" / plan.edition.name)
    # Sphinx is imported while chapters run: it takes as long as one of them. Kernels need nbclient
    # and Sphinx's extensions parts of it; its modules import each other, and two threads that begin
    # at different ends would find them half made.
    import nbclient  # noqa: F401

    Thread(target=load, daemon=True).start()


def _assemble(
    place: Checkout,
    plan: Plan,
    built: Sequence[Chapter],
    told: Told,
    steps: Steps,
    before_publishing: Callable[[], None] | None = None,
    printing: Printing | None = None,
) -> Outcome:
    work = place.build / plan.folder_name
    book = work / "book"
    record, figures = told
    with steps.step("stage"):
        stage(place, book, plan.edition, built, _facts(plan), figures, record)
    publishing = Publishing(place, plan)
    parts = run_parts(work, plan.request.parts, steps, printing, publishing.take_pages)
    if before_publishing:
        before_publishing()
    with steps.step("publish") as step:
        site, differs = publishing.finish(parts, built)
        step.outcome = place.shown(site)
    return Outcome(
        edition=plan.edition,
        site=site,
        published=plan.complete and not differs,
        pdf=site / f"azkz-{plan.edition.name}.pdf" if "pdf" in parts else None,
        seconds=steps.seconds,
        numbers=sum(len(c.numbers) for c in built),
        figures=sum(len(c.figures) for c in built) + len(figures or ()),
        sources=len(
            {s for c in built for r in (*c.numbers, *c.figures, *c.tables) for s in r["sources"]}
        ),
        left_out=_left_out(parts),
        reasons={chapter.name: chapter.why for chapter in built},
        differs=differs,
    )


def _facts(plan: Plan) -> dict[str, Any]:
    """What ``build.json`` says beyond the edition and its chapters."""
    return {
        "newest": plan.newest,
        "published": plan.complete,
        "version": azkz.__version__,
        "ledger_sha256": plan.ledger_sha256,
        **correction(plan.edition),
    }


def _left_out(parts: Mapping[str, Path]) -> list[dict[str, Any]]:
    path = next(iter(parts.values())) / RECORDS / "left-out.json"
    passages: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return passages
