"""Jupyter kernels that are forked from a process that has imported the scientific stack.

A kernel is the one that papermill starts itself, ``ipykernel``, with the same arguments and
environment; what it does without is the start of Python and two to three seconds of imports.
Registered with Jupyter as the kernel provisioner ``azkz-warm``.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from azkz.build.forking import PATH, context, end_with_parent

NAME = "azkz-warm"
"""The provisioner's name, and that of papermill's engine."""

_MODULE = "ipykernel_launcher"
_INLINE = "module://matplotlib_inline.backend_inline"


class ForkedProvisioner(LocalProvisioner):
    """Starts kernels by forking; all else as for kernels of this machine."""

    async def launch_kernel(self, cmd: list[str], **named: Any) -> Any:
        """Start the kernel that the command line ``cmd`` would start."""
        arguments = cmd[cmd.index(_MODULE) + 1 :]
        folder, environment = str(named.get("cwd") or Path.cwd()), dict(named["env"])
        started = _Process(arguments, folder, environment)
        self.process = started  # type: ignore[assignment]
        self.pid = self.pgid = started.pid
        self.cwd = folder
        return self.connection_info


class ForkedKernelManager(AsyncKernelManager):
    """Manages a kernel that is forked, whatever its specification says of how to start it."""

    @property
    def kernel_spec(self) -> KernelSpec | None:
        """The specification of the kernel, with this way to start it."""
        spec = super().kernel_spec
        if spec is not None:
            spec.metadata = {**spec.metadata, "kernel_provisioner": {"provisioner_name": NAME}}
        return spec


class _Process:
    """A kernel as Jupyter's provisioner looks at it: like a ``subprocess.Popen`` without pipes."""

    stdin = stdout = stderr = None

    def __init__(
        self, arguments: Sequence[str], folder: str, environment: Mapping[str, str]
    ) -> None:
        self._process = context().Process(  # type: ignore[attr-defined]
            target=_kernel, args=(tuple(arguments), folder, dict(environment))
        )
        self._process.start()
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        """The exit code; None while it runs."""
        code: int | None = self._process.exitcode
        return code

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the end; the exit code."""
        self._process.join(timeout)
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


def _kernel(arguments: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
    """What runs in the forked process: the kernel, as its command line would start it."""
    os.setsid()
    end_with_parent()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    _seed()
    sys.argv = [_MODULE, *arguments]
    # What the process that asked has added to its own path is nothing to a kernel.
    sys.path[:] = PATH
    from ipykernel.kernelapp import IPKernelApp

    from azkz.build.lean import STREAMS, look_once

    app = IPKernelApp.instance(parent_handle=os.getppid(), outstream_class=STREAMS)
    app.initialize(list(arguments))
    look_once(app.shell)
    _use_backend(app.shell, environment.get("MPLBACKEND", _INLINE))
    app.start()


def _seed() -> None:
    """Give this process random numbers of its own: it has inherited the state of the other."""
    import numpy as np

    random.seed()
    np.random.seed()  # noqa: NPY002


def _use_backend(shell: Any, backend: str) -> None:
    """Let matplotlib draw as if it were imported only now.

    It was imported before there was a shell in which to show figures: without this all of them
    would be lost without an error.
    """
    import matplotlib as mpl

    if backend == _INLINE:
        shell.enable_matplotlib("inline")
    else:
        mpl.use(backend)
