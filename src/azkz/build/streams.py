"""The standard streams of a forked kernel.

What cells print is sent when they end, show something, or ask for it. What is written to the file
descriptor below, by libraries in C and by other processes, is kept in memory until then; it stands
where it was written among what was printed.
"""

from __future__ import annotations

import codecs
import fcntl
import io
import os
import threading
from typing import Any

from jupyter_client.session import Session, extract_header

_DESCRIPTORS = {"stdout": 1, "stderr": 2}


class Stream(io.TextIOBase):
    """Standard output or error, by its ``name``, as messages of a kernel's ``session``."""

    encoding = "UTF-8"

    def __init__(self, session: Session, name: str) -> None:
        self.name, self._session = name, session
        self._parent: dict[str, Any] = {}
        self._process, self._guard = os.getpid(), threading.RLock()
        self._written: list[str] = []
        self._below = _Below(_DESCRIPTORS[name])

    def write(self, text: str) -> int:
        """Keep the text, to be sent with what stands beside it."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._process:
            # A process that a cell has forked is one of those below.
            self._below.write(text)
            return len(text)
        with self._guard:
            self._written += (self._below.read(), text)
        return len(text)

    def flush(self) -> None:
        """Send what was written."""
        if os.getpid() != self._process:
            return
        with self._guard:
            text = "".join((*self._written, self._below.read()))
            self._written.clear()
        if text:
            content = {"name": self.name, "text": text}
            self._session.send(None, "stream", content, self._parent)

    def set_parent(self, parent: dict[str, Any]) -> None:
        """Send what comes as an answer to the request ``parent``."""
        self._parent = extract_header(parent)

    def fileno(self) -> int:
        """The descriptor that the process began with."""
        return self._below.original

    def close(self) -> None:
        """Give the process its descriptor back."""
        if not self.closed:
            os.dup2(self._below.original, self._below.descriptor)
        super().close()


class _Below:
    """What is written to a file descriptor of this process, kept in a file in memory."""

    def __init__(self, descriptor: int) -> None:
        self.original, self.descriptor = os.dup(descriptor), descriptor
        self._file = os.memfd_create(str(descriptor))
        # Each process writes at the end, wherever it begins.
        fcntl.fcntl(self._file, fcntl.F_SETFL, os.O_APPEND)
        os.dup2(self._file, descriptor)
        self._seen = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, text: str) -> None:
        """Write as another process does."""
        os.write(self.descriptor, text.encode())

    def read(self) -> str:
        """What has come since it was read."""
        size = os.fstat(self._file).st_size
        if size == self._seen:
            return ""
        content = os.pread(self._file, size - self._seen, self._seen)
        self._seen = size
        found: str = self._decoder.decode(content)
        return found
