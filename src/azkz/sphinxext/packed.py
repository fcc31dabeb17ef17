"""Content of pages that is read back from the disk only where somebody wants it."""

from __future__ import annotations

import pickle
from typing import Any


class Packed:
    """Holds a ``value``. Where it is pickled with its page, it is unpickled when it is asked for.

    Half of all that Sphinx keeps of the pages are the rows of annexes, which the PDF does not take
    from there.
    """

    def __init__(self, value: Any) -> None:
        self._value, self._packed = value, b""

    @property
    def value(self) -> Any:
        """What it holds."""
        if self._packed:
            self._value, self._packed = pickle.loads(self._packed), b""  # noqa: S301  our own
        return self._value

    def __getstate__(self) -> bytes:
        """Its bytes, by themselves."""
        return self._packed or pickle.dumps(self._value, pickle.HIGHEST_PROTOCOL)

    def __setstate__(self, packed: bytes) -> None:
        """Keep the bytes."""
        self._value, self._packed = None, packed
