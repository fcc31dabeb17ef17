"""What a worker of a cluster does: one call, with the paths of its own checkout.

A call is any that a pool of processes takes. Paths in the checkout of the one who asks, wherever
they stand in its arguments, are those of the worker's checkout when it runs: no folder is shared.
"""

from __future__ import annotations

import io
import multiprocessing
import pickle
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

from azkz.build import chapter
from azkz.build.identity import Identity
from azkz.build.workers import workers
from azkz.errors import BadInput
from azkz.paths import checkout

TODO = (
    "give the worker a clone of this commit with the locked environment (uv sync --locked "
    "--extra cluster), and start it anew in that folder"
)


def packed(root: Path, call: Callable[..., Any], *arguments: Any, **named: Any) -> bytes:
    """The call as bytes, for ``perform``; ``root`` is the checkout here."""
    file = io.BytesIO()
    _Pickler(file, root).dump((call, arguments, named))
    return file.getvalue()


def perform(call: bytes, wanted: Identity) -> Any:
    """Run a packed call on this worker.

    A chapter has kernels of its own; anything else runs in a process that is forked for it, since a
    worker may have several threads, and what draws or runs a chapter's cells may not.

    Raises
    ------
    BadInput
        The worker is not as ``wanted``.
    """
    # Whatever it is asked to start ends with it (``forking.end_with_parent``): that Dask starts it
    # as a daemon, which may have no children, would only keep it from forking.
    multiprocessing.current_process().daemon = False
    place = checkout()
    if differences := Identity.of(place).differences(wanted):
        raise BadInput(f"has {'; '.join(differences)}", f"worker {_address()}", TODO)
    function, arguments, named = _Unpickler(io.BytesIO(call), place.root).load()
    if function is chapter.execute:
        return function(*arguments, **named)
    with workers(1) as pool:
        return pool.submit(function, *arguments, **named).result()


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
        return Identity.of(place)
    except OSError as error:
        raise BadInput(f"the ledger cannot be read: {error}", str(place.data)) from error


def _address() -> str:
    from distributed import get_worker

    return str(get_worker().address)


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
