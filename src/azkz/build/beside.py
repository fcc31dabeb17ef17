"""A call in a process of its own, beside what this one does, with all that is imported already."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable
from functools import partial
from typing import Any

from azkz.build.forking import belong_to_command
from azkz.errors import ReportError


class Beside:
    """A call that waits for a signal, then runs in a forked process; it ends with this one.

    It is forked at once, when this process has nothing under way that a fork would carry along,
    and begins when ``begin`` is called, here or in a process that was forked later. While it waits
    it calls ``ready``, to import things.
    """

    def __init__(
        self, call: Callable[..., None], *, ready: Callable[[], None] | None = None, **named: Any
    ) -> None:
        context = multiprocessing.get_context("fork")
        self._begun = False
        self._pipe, other = context.Pipe()
        self._process = context.Process(
            target=_run, args=(other, self._pipe, ready, partial(call, **named)), daemon=True
        )
        self._process.start()
        other.close()

    def begin(self) -> None:
        """Let the call begin; nothing where it has begun."""
        if not self._begun:
            self._begun = True
            self._pipe.send(True)

    def result(self) -> None:
        """Wait for its end.

        Raises
        ------
        ReportError
            What the call raised.
        RuntimeError
            It raised something else, or its process was killed.
        """
        awaited(self._pipe, self._process)

    def stop(self) -> None:
        """End it; nothing where it has ended."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._pipe.close()


def awaited(pipe: Any, process: Any) -> None:
    """Wait for the ``answer`` of a process, and raise what it says that was raised.

    Raises
    ------
    ReportError
        It was one of the report's own.
    RuntimeError
        It was another, or the process was killed.
    """
    try:
        error = pipe.recv()
    except (EOFError, ConnectionResetError) as gone:
        process.join()
        raise RuntimeError(f"the process was ended: {process.exitcode}") from gone
    process.join()
    if isinstance(error, ReportError):
        raise error
    if error is not None:
        raise RuntimeError(error)


def answer(pipe: Any, call: Callable[[], None]) -> None:
    """Call, and send what was raised; None where nothing was."""
    try:
        call()
    except ReportError as error:
        # Dask lets errors be sent with what they follow from, which may lead back to them.
        error.__cause__ = error.__context__ = None
        pipe.send(error)
    except Exception as error:  # noqa: BLE001
        pipe.send(f"{type(error).__name__}: {error}")
    else:
        pipe.send(None)


def _run(
    pipe: Any, parents: Any, ready: Callable[[], None] | None, call: Callable[[], None]
) -> None:
    belong_to_command()
    parents.close()
    # The process ends with its call. Till then the collector would go again and again through
    # millions of nodes that are all in use.
    gc.disable()

    def run() -> None:
        if ready:
            ready()
        if not _told(pipe):
            os._exit(0)
        call()

    answer(pipe, run)


def _told(pipe: Any) -> bool:
    """Whether it is told to begin; if not, who would tell it has ended."""
    try:
        pipe.recv()
    except EOFError:
        return False
    return True
