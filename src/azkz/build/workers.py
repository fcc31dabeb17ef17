"""Processes that have imported the scientific stack once and evaluate chapters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from azkz.build.chapter import Chapter
from azkz.build.edition import Parameters
from azkz.build.evaluate import evaluate
from azkz.build.forking import belong_to_command, context
from azkz.build.progress import Steps
from azkz.build.request import Request
from azkz.build.template import Template
from azkz.ledger.opened import opened
from azkz.paths import Checkout


@contextmanager
def executor(place: Checkout, request: Request, steps: Steps) -> Iterator[Executor]:
    """Where a build evaluates: on the cluster that was asked for, or in processes of this machine.

    On a cluster its chapters run, too.

    Raises
    ------
    BadInput
        The cluster cannot be used.
    """
    if not request.cluster:
        # Chapters run beside. Each process looks through the code of those that it evaluates.
        with workers(max(1, request.jobs // 2)) as pool:
            yield pool
        return
    from azkz.build.cluster import cluster

    with ExitStack() as stack:
        with steps.step("cluster") as step:
            found = stack.enter_context(cluster(request.cluster, place))
            step.outcome = f"{found.workers} worker{'s' * (found.workers != 1)}"
        yield found


@contextmanager
def workers(jobs: int) -> Iterator[Executor]:
    """``jobs`` processes, until the block ends; what fails in it does not wait for them."""
    pool = processes(jobs)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown(wait=True, cancel_futures=True)


def processes(jobs: int) -> ProcessPoolExecutor:
    """``jobs`` processes; they end with this one, however it ends.

    They are forked from one that has imported what chapters import and has no threads; where the
    system has no such way, each imports by itself.
    """
    return ProcessPoolExecutor(jobs, context(), initializer=belong_to_command)


class Lasting(Executor):
    """``jobs`` processes for many builds: where one was lost, all are started anew.

    What was under way in it is lost with it: its futures raise ``BrokenProcessPool``.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs, self._pool = jobs, processes(jobs)

    def submit(self, call: Any, /, *given: Any, **named: Any) -> Future[Any]:
        """As every executor does."""
        try:
            return self._pool.submit(call, *given, **named)
        except BrokenProcessPool:
            self._pool = processes(self._jobs)
            return self._pool.submit(call, *given, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  as in Python
        """End the processes."""
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)


def evaluate_all(
    pool: Executor, templates: Mapping[str, Template], parameters: Parameters, folder: Path
) -> list[Chapter]:
    """The numbers and verdicts of chapters, from the ledger below ``folder``, side by side.

    Raises
    ------
    ChapterFailed
        A chapter failed: the first of them.
    """
    return [each.result() for each in submit_all(pool, templates, parameters, folder).values()]


def submit_all(
    pool: Executor, templates: Mapping[str, Template], parameters: Parameters, folder: Path
) -> dict[str, Future[Chapter]]:
    """By chapter: its numbers and verdicts when they are there, or the error that stopped it."""
    return {
        name: pool.submit(_evaluate, template, parameters, folder)
        for name, template in templates.items()
    }


def _evaluate(template: Template, parameters: Parameters, folder: Path) -> Chapter:
    return evaluate(template, parameters, opened(folder))
