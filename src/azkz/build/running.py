"""Runs the chapters of a plan, side by side: here, or on the workers of a cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait

from azkz.build import chapter as chapters_
from azkz.build.chapter import Chapter
from azkz.build.plan import Plan
from azkz.build.progress import Steps
from azkz.build.store import Store
from azkz.build.template import Template
from azkz.errors import ChapterFailed, ReportError
from azkz.paths import Checkout


def run_chapters(
    place: Checkout, plan: Plan, steps: Steps, cluster: Executor | None = None
) -> list[Chapter]:
    """Run the chapters side by side; a result that is in the store already is taken from there.

    They run on the workers of ``cluster``, or else in kernels of this process.
    """
    store = Store(place.build / "store")
    jobs = len(plan.templates) if cluster else max(1, plan.request.jobs)
    threads = ThreadPoolExecutor(max_workers=jobs)
    try:
        futures = {
            name: threads.submit(_run_chapter, place, plan, store, template, steps, cluster)
            for name, template in plan.templates.items()
        }
        wait(futures.values())
    finally:
        # Who stops the build does not wait for the chapters that run or are to come.
        threads.shutdown(wait=False, cancel_futures=True)
    return _all_or_raise(futures)


def _run_chapter(
    place: Checkout,
    plan: Plan,
    store: Store,
    template: Template,
    steps: Steps,
    cluster: Executor | None,
) -> Chapter:
    name = template.chapter
    with steps.step(name) as step:
        notebook = store.get(plan.keys[name])
        if notebook is not None:
            step.outcome = "unchanged"
            return chapters_.read(name, notebook)
        made = chapters_.read(name, _execute(place, plan, template, cluster))
        store.put(plan.keys[name], made.notebook)
        step.outcome = f"{len(made.numbers)} numbers, {len(made.figures)} figures"
        return made


def _execute(place: Checkout, plan: Plan, template: Template, cluster: Executor | None) -> bytes:
    asked = (place, template, plan.edition.parameters, plan.request.engine)
    if cluster is None:
        return chapters_.execute(*asked)
    return cluster.submit(chapters_.execute, *asked).result()


def _all_or_raise(futures: Mapping[str, Future[Chapter]]) -> list[Chapter]:
    failed = [f.exception() for f in futures.values() if f.exception() is not None]
    for error in failed:
        if not isinstance(error, ChapterFailed):
            raise error  # type: ignore[misc]
    if len(failed) == 1:
        raise failed[0]  # type: ignore[misc]
    if failed:
        raise ChaptersFailed(failed)
    return [future.result() for future in futures.values()]


class ChaptersFailed(ReportError):
    """Several chapters failed; the message has each."""

    exit_code = ChapterFailed.exit_code

    def __init__(self, errors: Sequence[BaseException | None]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in errors))
