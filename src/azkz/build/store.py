"""Results kept by what they were made from: the same key always holds the same bytes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

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
        try:
            digest, _, content = self._path(key).read_bytes().partition(b"\n")
        except OSError:
            return None
        return content if digest.decode("ascii", "replace") == _hash(content) else None

    def put(self, key: str, content: bytes) -> None:
        """Keep a result."""
        write_atomically(self._path(key), _hash(content).encode() + b"\n" + content)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
