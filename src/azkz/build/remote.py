"""What a worker of a cluster does: one call, with the paths of its own checkout.

A call is any that a pool of processes takes. Paths in the checkout of the one who asks, wherever
they stand in its arguments, are those of the worker's checkout when it runs: no folder is shared.
"""

from __future__ import annotations

import io
import multiprocessing
import pickle
from collections.abc import Callable
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePath
from threading import Lock
from typing import TYPE_CHECKING, Any

from azkz.build import chapter
from azkz.build.identity import Identity
from azkz.build.manifest import code_hash
from azkz.build.workers import processes
from azkz.errors import BadInput
from azkz.paths import Checkout, checkout

if TYPE_CHECKING:
    from distributed import Worker

TODO = (
    "give the worker a clone of this commit with the locked environment (uv sync --locked "
    "--extra cluster), and start it anew in that folder"
)

_starting = Lock()


def packed(root: Path, call: Callable[..., Any], *arguments: Any, **named: Any) -> bytes:
    """The call as bytes, for ``perform``; ``root`` is the checkout here."""
    file = io.BytesIO()
    _Pickler(file, root).dump((call, arguments, named))
    return file.getvalue()


def perform(call: bytes, wanted: Identity) -> Any:
    """Run a packed call on this worker.

    A chapter has kernels of its own; anything else runs in a process of this worker's own: it may
    have several threads, and what draws or runs a chapter's cells may not.

    Raises
    ------
    BadInput
        The worker is not as ``wanted``.
    """
    # Whatever it is asked to start ends with it (``forking.end_with_parent``): that Dask starts it
    # as a daemon, which may have no children, would only keep it from forking.
    multiprocessing.current_process().daemon = False
    if wrong := _wrong(wanted):
        raise BadInput(wrong, f"worker {_worker().address}", TODO)
    function, arguments, named = _Unpickler(io.BytesIO(call), checkout().root).load()
    if function is chapter.execute:
        return function(*arguments, **named)
    return _evaluated(function, arguments, named)


def _wrong(wanted: Identity) -> str:
    try:
        return "; ".join(own_identity().differences(wanted))
    except BadInput as error:
        return str(error)


def _evaluated(function: Callable[..., Any], arguments: Any, named: Any) -> Any:
    try:
        # One at a time, or each thread of a new worker would start processes.
        with _starting:
            sent = _processes().submit(function, *arguments, **named)
        return sent.result()
    except BrokenProcessPool:
        _processes.cache_clear()
        raise


@cache
def _processes() -> Executor:
    return processes(_worker().state.nthreads)


def _worker() -> Worker:
    from distributed import get_worker

    return get_worker()


def known() -> None:
    """Nothing: what can be asked to do it has this package, and can pass calls on."""


def own_identity() -> Identity:
    """That of the worker that is asked.

    Raises
    ------
    BadInput
        It does not run in a checkout, or its ledger cannot be read.
    """
    place = checkout()
    try:
        return _identity(place)
    except OSError as error:
        raise BadInput(f"the ledger cannot be read: {error}", str(place.data)) from error


def _identity(place: Checkout) -> Identity:
    """As it is now: code that was changed under a worker is partly the one and partly the other."""
    found = Identity.of(place)
    return found if found.code == code_hash.__wrapped__() else replace(found, code="changed")


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, root: Path) -> None:
        super().__init__(file)
        self._root = root

    def persistent_id(self, obj: Any) -> str | None:
        """The path in the checkout, for what is one."""
        if isinstance(obj, PurePath) and obj.is_relative_to(self._root):
            return obj.relative_to(self._root).as_posix()
        return None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, root: Path) -> None:
        super().__init__(file)
        self._root = root

    def persistent_load(self, pid: Any) -> Path:
        """The path in the checkout here."""
        return self._root / str(pid)
