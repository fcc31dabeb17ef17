"""A kernel in a process that is forked from one that has imported the scientific stack.

It is ipykernel's own, with the shell of every notebook. What it does without is the start of
Python, two to three seconds of imports, and sockets: one notebook is its only client, sends one
cell after the other (``azkz.build.client``), and gets the kernel's messages through a pipe.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import closing, redirect_stderr, redirect_stdout
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any

import matplotlib as mpl
import numpy as np
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session
from traitlets.config import Config

from azkz.build.forking import PATH, end_with_parent
from azkz.build.lean import look_once
from azkz.build.streams import Stream

_INLINE = "module://matplotlib_inline.backend_inline"
_ARGUMENTS = ("ipykernel_launcher", "-f", "kernel.json")
"""The command line of a kernel, for cells that look at it."""

_SETTINGS = Config({
    "HistoryManager": {"enabled": False},
    # Other kernels wait for what sockets may still hold.
    "Kernel": {"_execute_sleep": 0.0},
})  # fmt: skip


def serve(pipe: Connection, folder: str, profile: str, environment: Mapping[str, str]) -> None:
    """What runs in the forked process: a kernel with ``folder`` as its own, until it is killed.

    ``profile`` is an empty folder for what IPython keeps.
    """
    os.setsid()
    end_with_parent()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    _seed()
    sys.argv = list(_ARGUMENTS)
    # What the process that asked has added to its own path is nothing to a kernel.
    sys.path[:] = PATH
    session = PipeSession(pipe)
    with (
        closing(Stream(session, "stdout")) as out,
        closing(Stream(session, "stderr")) as error,
        redirect_stdout(out),
        redirect_stderr(error),
    ):
        kernel = _kernel(session, profile)
        _use_backend(kernel.shell, environment.get("MPLBACKEND", _INLINE))
        asyncio.run(_answer(kernel, pipe))


class PipeSession(Session):
    """Sends a kernel's messages through a pipe; what they hold is the JSON that sockets carry."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__(key=b"")
        self._pipe, self._guard = pipe, threading.Lock()

    def send(
        self, _socket: Any, kind: Any, content: Any = None, parent: Any = None,
        ident: Any = None, buffers: Any = None, track: bool = False, header: Any = None,  # noqa: ARG002, FBT001, FBT002
        metadata: Any = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Send a message, or make one of this kind and send it."""
        message = kind
        if isinstance(kind, str):
            message = self.msg(kind, content, parent, header, metadata)
        packed = {**message, "content": self.pack(message["content"])}
        packed["buffers"] = [bytes(part) for part in buffers or ()]
        # A process that a cell has forked has the pipe, but is no kernel.
        if os.getpid() == self.pid:
            with self._guard:
                self._pipe.send(packed)
        return dict(message)


class _PipeKernel(IPythonKernel):
    """One whose client waits for each cell: no request is ever under way beside another."""

    def _abort_queues(self, *_: Any) -> None:
        """Nothing is queued."""


def _kernel(session: Session, profile: str) -> Any:
    """The kernel with its shell; it reads no settings and keeps no history of its user."""
    # What is drawn and shown asks the application for the kernel.
    app = IPKernelApp.instance(config=_SETTINGS)
    app.kernel = _PipeKernel.instance(
        parent=app,
        session=session,
        log=app.log,
        profile_dir=ProfileDir.create_profile_dir(profile),
        shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
    )
    app.init_shell()
    look_once(app.shell)
    return app.kernel


async def _answer(kernel: Any, pipe: Connection) -> None:
    """Say of what language the kernel is, then run each cell that is asked for."""
    session = kernel.session
    session.send(None, "language_info", kernel.language_info)
    while True:
        try:
            content = pipe.recv()
        except EOFError:
            return
        request = session.msg("execute_request", content)
        kernel.set_parent([], request)
        await kernel.execute_request(None, [], request)
        # What a cell has left to do, it may do between cells.
        await asyncio.sleep(0)


def _seed() -> None:
    """Give this process random numbers of its own: it has inherited the state of the other."""
    random.seed()
    np.random.seed()  # noqa: NPY002


def _use_backend(shell: Any, backend: str) -> None:
    """Let matplotlib draw as if it were imported only now.

    It was imported before there was a shell in which to show figures: without this all of them
    would be lost without an error.
    """
    if backend == _INLINE:
        shell.enable_matplotlib("inline")
    else:
        mpl.use(backend)
