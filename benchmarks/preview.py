"""How soon a preview shows what was saved."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Self
from urllib.request import urlopen

from azkz.errors import CheckFailed
from azkz.paths import Checkout

_WHOLE = "with all that is told of other days"
"""What it prints when nothing is left to do."""

_PATIENCE = 300
"""Seconds after which it is given up."""


class Preview:
    """``azkz serve`` in a checkout, by ``command``, from the beginning of a block to its end."""

    def __init__(self, place: Checkout, command: Sequence[str]) -> None:
        self._place, self._command = place, [*command, "serve", "--port", "0"]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, cwd=self._place.root, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        found = re.search(r"http://\S+", self._until("http://"))
        self._address = found[0] if found else ""
        self._until(_WHOLE)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.communicate(timeout=60)

    def seconds(self, change: Callable[[Checkout], None]) -> float:
        """From saving a file to the moment when its page is there to be loaded."""
        state = self._state()
        builds = state["build"]
        begun = time.perf_counter()
        change(self._place)
        # As a page in the browser does: the answer comes when there is something new.
        while (state := self._state(f"?{state['news']}"))["build"] == builds:
            if state["error"] or time.perf_counter() - begun > _PATIENCE:
                raise CheckFailed(f"shows nothing new: {state['error']}", "azkz serve")
        taken = time.perf_counter() - begun
        self._until(_WHOLE)
        return taken

    def _state(self, known: str = "") -> dict[str, object]:
        with urlopen(f"{self._address}__preview{known}", timeout=30) as answer:  # noqa: S310  loopback
            found: dict[str, object] = json.load(answer)
        return found

    def _until(self, words: str) -> str:
        """The next line with these words."""
        stream = self._process.stdout
        for line in stream or ():
            if words in line:
                return str(line)
        raise CheckFailed("it ended", "azkz serve")
