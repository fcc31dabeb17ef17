"""Wall time, CPU time and memory of a command with all the processes that it starts; on Linux."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from azkz.errors import BadInput, CheckFailed

_SET_CHILD_SUBREAPER = 36
_EACH = 0.2
"""Seconds between two looks at the memory."""

_SHOWN = 3000


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took: ``wall`` and ``cpu`` in seconds; ``said`` is what it printed."""

    wall: float
    cpu: float
    said: str


def adopt() -> None:
    """Let processes whose parent has ended be this one's, so that none is missed.

    Raises
    ------
    BadInput
        The system is not Linux.
    """
    if sys.platform != "linux":
        raise BadInput("processes are measured on Linux alone", sys.platform, "run it there")
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> Measured:
    """Run a command in a folder; its wall time ends with it, its CPU time with its last process.

    Raises
    ------
    CheckFailed
        It ended with another exit code than 0; the message has the end of what it printed.
    """
    own, before = _children().get(os.getpid(), []), _spent()
    begun = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - begun
    _await_orphans(own)
    if done.returncode:
        name = " ".join(
            Path(command[0]).name if not at else word for at, word in enumerate(command)
        )
        raise CheckFailed(f"exit code {done.returncode}\n{done.stdout[-_SHOWN:]}", name)
    return Measured(wall, _spent() - before, done.stdout)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _await_orphans(own: Sequence[int]) -> None:
    """Wait for the processes that were left to this one; ``own`` are those that it had before."""
    while left := set(_children().get(os.getpid(), ())).difference(own):
        for process in left:
            with suppress(ChildProcessError):
                os.waitpid(process, 0)


class PeakMemory:
    """The most memory that the processes below this one had together while the block ran.

    ``bytes`` is the largest sum of their proportional set sizes (PSS), in which a page that several
    share counts once.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_EACH):
            self.bytes = max(self.bytes, sum(map(_pss, _below(os.getpid()))))


def _below(root: int) -> list[int]:
    """The processes that ``root`` has started, and those that they have."""
    children, found, todo = _children(), [], [root]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def _children() -> dict[int, list[int]]:
    """The processes of this machine by their parents."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))
    return children


def _pss(process: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
