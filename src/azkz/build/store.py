"""Results kept by what they were made from: the same key always holds the same bytes."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

LIMIT = 400_000_000
"""Bytes that a store may hold after a build: some twenty editions."""

PART = ".part-"
"""How the name of a file begins that is still being written."""


def key_of(*parts: str) -> str:
    """The key for what these parts determine."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it is either whole or not there, whenever the process is stopped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PART)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class Store:
    """A folder of results. An entry starts with the hash of its content, which is checked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> bytes | None:
        """The result under ``key``; None where there is none or it is damaged."""
        path = self._path(key)
        try:
            digest, _, content = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if digest.decode("ascii", "replace") != _hash(content):
            return None
        # The time of an entry is that of its last use.
        with suppress(OSError):
            os.utime(path)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep a result."""
        write_atomically(self._path(key), _hash(content).encode() + b"\n" + content)

    def clean(self, older_than: float = 0.0) -> tuple[int, int]:
        """Remove entries that were not used for ``older_than`` seconds; how many, and bytes.

        What a process that was killed has left half-written goes, too.
        """
        until = time.time() - older_than
        return _remove((path, found) for path, found in self._entries() if found.st_mtime <= until)

    def bound(self, limit: int = LIMIT) -> tuple[int, int]:
        """Remove the entries unused for longest until ``limit`` bytes are left; as ``clean``."""
        entries = sorted(self._entries(), key=lambda entry: entry[1].st_mtime, reverse=True)
        held, surplus = 0, []
        for path, found in entries:
            held += found.st_size
            if held > limit:
                surplus.append((path, found))
        return _remove(surplus)

    def _entries(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in sorted(self.folder.glob("*/*")):
            with suppress(OSError):
                yield path, path.stat()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key


def _remove(entries: Iterable[tuple[Path, os.stat_result]]) -> tuple[int, int]:
    count = held = 0
    for path, found in entries:
        path.unlink(missing_ok=True)
        count, held = count + 1, held + found.st_size
    return count, held


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
