"""One build at a time in a checkout."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from azkz.errors import BadInput


@contextmanager
def build_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a checkout's ``_build``; the system lets it go however the process ends.

    Raises
    ------
    BadInput
        Another build holds it; the message has its process id.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ".lock"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise BadInput(
                f"another build is at work here (process {holder})",
                f"{folder.name}/.lock",
                "wait until it has ended, or build in another checkout",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
