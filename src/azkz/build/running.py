"""Runs the chapters of a build side by side, those alone whose result is not there already.

They run here, or on the workers of a cluster.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

from azkz.build import chapter as chapters_
from azkz.build.chapter import Chapter
from azkz.build.grafting import kept_code, note_code
from azkz.build.memo import Memo
from azkz.build.plan import Plan
from azkz.build.progress import Steps
from azkz.build.recipes import remembered, why
from azkz.build.stage import write_json
from azkz.build.store import Store
from azkz.build.template import Template
from azkz.errors import ChapterFailed, ReportError
from azkz.ledger.opened import opened
from azkz.paths import Checkout

_MEMORY = "chapters"
"""The folder of an edition's work that says what its chapters were last made from."""


def run_chapters(
    place: Checkout,
    plan: Plan,
    steps: Steps,
    cluster: Executor | None = None,
    then: Callable[[Chapter], None] | None = None,
) -> list[Chapter]:
    """Run the chapters side by side; a result that is in the store already is taken from there.

    They run on the workers of ``cluster``, or else in kernels of this process. ``then`` is called
    with each that is done, while others still run.

    Raises
    ------
    ChapterFailed, ChaptersFailed
        One failed, or several; the results of the others are kept.
    """
    memo = Memo(Store(place.build / "store"), opened(place.data))
    jobs = len(plan.templates) if cluster else max(1, plan.request.jobs)
    threads = ThreadPoolExecutor(max_workers=jobs)
    try:
        futures = {
            each.chapter: threads.submit(_run_one, then, place, plan, memo, each, steps, cluster)
            for each in plan.longest_first
        }
        wait(futures.values())
    finally:
        # Who stops the build does not wait for the chapters that run or are to come.
        threads.shutdown(wait=False, cancel_futures=True)
    return _all_or_raise({name: futures[name] for name in plan.templates})


def _run_one(then: Callable[[Chapter], None] | None, *given: Any) -> Chapter:
    made = _run_chapter(*given)
    if then is not None:
        then(made)
    return made


def _run_chapter(
    place: Checkout,
    plan: Plan,
    memo: Memo,
    template: Template,
    steps: Steps,
    cluster: Executor | None,
) -> Chapter:
    name, reason = template.chapter, ""
    recipe = plan.recipes[name]
    memory = place.build / plan.folder_name / _MEMORY / f"{name}.json"
    with steps.step(name) as step:
        kept = memo.get(recipe)
        prose = kept_code(memo, recipe, template) if kept is None else None
        if prose is not None:
            made = chapters_.read(name, prose.content)
            kept = memo.put(recipe, made.asked, prose.content)
            step.outcome = "only its prose changed"
        elif kept is None:
            notebook = _execute(place, plan, template, cluster)
            made = chapters_.read(name, notebook)
            kept = memo.put(recipe, made.asked, notebook)
            note_code(memo, recipe, template, made.asked, kept.key)
            reason = why(_read(memory), recipe, kept.rows)
            step.outcome = f"{len(made.numbers)} numbers, {len(made.figures)} figures"
        else:
            made = chapters_.read(name, kept.content)
            step.outcome = "unchanged"
        write_json(memory, remembered(recipe, kept.rows))
        return replace(made, key=kept.key, why=reason)


def _execute(place: Checkout, plan: Plan, template: Template, cluster: Executor | None) -> bytes:
    asked = (place, template, plan.edition.parameters, plan.request.engine)
    if cluster is None:
        return chapters_.execute(*asked)
    return cluster.submit(chapters_.execute, *asked).result()


def _read(memory: Path) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


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
