"""Interrupts of a command that goes on until it is interrupted."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Interrupts:
    """Raises ``KeyboardInterrupt`` where the user interrupts, and notes that it ``came``.

    Where one comes while an object is freed, Python prints the error and drops it.
    """

    def __init__(self) -> None:
        self.came = self._held = False
        signal.signal(signal.SIGINT, self._take)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Raise it at the end of the block: for what frees many objects."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self.came:
            raise KeyboardInterrupt

    def _take(self, _number: int, _frame: Any) -> None:
        self.came = True
        if not self._held:
            raise KeyboardInterrupt
