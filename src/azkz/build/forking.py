"""Processes forked from one that has imported the scientific stack once and has no threads."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from typing import Any

PRELOADED = "azkz.build.warm"
"""The module that the process to fork from imports."""

COMMAND = "azkz.cli"
"""What the command itself imports."""

PATH = [folder for folder in sys.path if folder]
"""Where Python looked for modules when this was imported: in the warm process, at its start."""


_SELDOM = 100_000
"""New objects between two looks for cyclic garbage: a chapter makes little of it, and ends soon."""


def collect_seldom() -> None:
    """Look for cyclic garbage less often, here and in what is forked from here."""
    gc.set_threshold(_SELDOM, *gc.get_threshold()[1:])


def can_fork() -> bool:
    """Whether processes may be forked here.

    Windows has no such way; on macOS what the system's own libraries have started does not survive
    a fork, so that Python does without it there, too.
    """
    return sys.platform == "linux" and "forkserver" in multiprocessing.get_all_start_methods()


def context() -> BaseContext:
    """How processes are started: forked from the warm one; each by itself where that cannot be.

    The warm process is started with the first of them, once for all of this process, and ends with
    it.
    """
    if not can_fork():
        return multiprocessing.get_context("spawn")
    # The order of sets is the same in each process that is forked, as in papermill's own kernels.
    os.environ["PYTHONHASHSEED"] = "0"
    made = multiprocessing.get_context("forkserver")
    # Each process imports anew what the command's own script does.
    command = [name for name in (COMMAND,) if name in sys.modules]
    made.set_forkserver_preload([PRELOADED, *command])
    return made


def begin() -> None:
    """Let the warm process start while this one goes on with what it has to do before."""
    if can_fork():
        context()
        forkserver.ensure_running()


def serve(*arguments: Any) -> None:
    """Be a kernel, in a process that was forked: ``azkz.build.forked.serve``.

    It is named from here, since who asks for a kernel and the kernel itself each do without all
    that the other imports.
    """
    from azkz.build import forked

    forked.serve(*arguments)


def belong_to_command() -> None:
    """Leave it to the command to be stopped by the user, and end when it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()


def end_with_parent() -> None:
    """Let this process end when the one that asked for it does, however that ends."""
    threading.Thread(target=_wait_and_end, daemon=True).start()


def _wait_and_end() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        if hasattr(os, "killpg") and os.getpid() == os.getpgid(0):
            os.killpg(0, signal.SIGKILL)
        os._exit(1)
