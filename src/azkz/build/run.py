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
from azkz.build import released
from azkz.build.assembly import run_parts
from azkz.build.chapter import Chapter
from azkz.build.draft import Drafts
from azkz.build.edition import described
from azkz.build.forking import can_fork
from azkz.build.live import Live
from azkz.build.lock import build_lock
from azkz.build.manifest import correction, manifest
from azkz.build.outcome import Outcome
from azkz.build.plan import Plan, faults, make_plan, plan_unchecked
from azkz.build.printing import Printing
from azkz.build.progress import Steps
from azkz.build.publish import assemble, file_hashes, list_editions, replace_folder, restore
from azkz.build.released import ReleaseDiffers
from azkz.build.request import Request
from azkz.build.running import run_chapters
from azkz.build.sphinx import load
from azkz.build.stage import stage, write_json
from azkz.build.store import Store, write_atomically
from azkz.build.telling import Teller, Told
from azkz.build.workers import executor
from azkz.errors import ReportError
from azkz.paths import RECORDS, Checkout
from azkz.report.spreadsheet import numbers_csv


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
    parts = run_parts(work, plan.request.parts, steps, printing)
    if before_publishing:
        before_publishing()
    with steps.step("publish") as step:
        site, differs = _publish(place, plan, work, parts, built)
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


def _publish(
    place: Checkout,
    plan: Plan,
    work: Path,
    parts: Mapping[str, Path],
    built: Sequence[Chapter],
) -> tuple[Path, ReleaseDiffers | None]:
    """Put the site into its place; a released edition is published as it was released, or not."""
    edition = plan.edition
    new = work / "site.new"
    pdf = next(parts["pdf"].glob("*.pdf")) if "pdf" in parts else None
    numbers = _read_numbers(work)
    content = {
        "edition": edition.name,
        "as_of": edition.as_of.isoformat(),
        "package": azkz.__version__,
        "ledger_sha256": plan.ledger_sha256,
        "numbers": numbers,
        "verdicts": _read_verdicts(work),
        **correction(edition),
    }
    whole = place.site / edition.name
    assemble(new, parts.get("html"), pdf, edition, whole if plan.complete else work / "site")
    write_json(new / "numbers.json", content)
    write_atomically(new / "numbers.csv", numbers_csv(numbers).encode())
    hashes = file_hashes(new)
    keys = {chapter.name: chapter.key for chapter in built}
    made = manifest(edition, plan.ledger_sha256, plan.templates, keys, hashes, newest=plan.newest)
    write_json(new / "manifest.json", made)
    differs = released.compare(place, edition.name, new) if plan.complete else None
    public = plan.complete and not differs
    site = whole if public else work / "site"
    # Only what was published is put back by the next build if this one is stopped here.
    aside = place.build / ".replaced" / plan.folder_name if public else work / "site.old"
    replace_folder(new, site, aside)
    if public:
        list_editions(place)
    return site, differs


def _read_numbers(work: Path) -> list[dict[str, Any]]:
    text = (work / "book" / RECORDS / "numbers.json").read_text(encoding="utf-8")
    numbers: list[dict[str, Any]] = json.loads(text)["numbers"]
    return numbers


def _read_verdicts(work: Path) -> list[dict[str, Any]]:
    text = (work / "book" / RECORDS / "verdicts.json").read_text(encoding="utf-8")
    return sorted(json.loads(text), key=lambda verdict: str(verdict["claim"]))


def _left_out(parts: Mapping[str, Path]) -> list[dict[str, Any]]:
    path = next(iter(parts.values())) / RECORDS / "left-out.json"
    passages: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return passages
