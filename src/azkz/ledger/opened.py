"""The ledger below a folder, read once for as long as none of its files changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from azkz.ledger.read import TABLES
from azkz.ledger.vintage import Ledger


def opened(folder: Path) -> Ledger:
    """The whole ledger below ``folder``; read again when one of its tables has changed.

    Raises
    ------
    BadInput
        A file is missing or a row cannot be read.
    """
    return _read(folder, tuple(_stamp(folder / f"{table}.csv") for table in TABLES))


def _stamp(path: Path) -> tuple[int, int]:
    # A file that is not there is told by what reads it.
    if not path.is_file():
        return 0, 0
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=2)
def _read(folder: Path, _stamps: tuple[tuple[int, int], ...]) -> Ledger:
    return Ledger.load(folder)
