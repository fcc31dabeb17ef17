"""Says what a build is doing: bars with elapsed time on a terminal, plain lines when piped."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


class Steps:
    """The steps of one build, some of them side by side, each with the time that it took."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._guard = threading.Lock()
        self._bars: Progress | None = None
        self.seconds: dict[str, float] = {}

    @contextmanager
    def running(self) -> Iterator[Steps]:
        """Show bars while the build runs, where the stream is a terminal."""
        console = Console(file=self._stream)
        if not console.is_terminal:
            yield self
            return
        columns = (
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=16),
            TimeElapsedColumn(),
            TextColumn("{task.fields[outcome]}"),
        )
        with Progress(*columns, console=console) as self._bars:
            yield self
        self._bars = None

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """One step; what it says at its end is shown with its time."""
        begun = time.perf_counter()
        bar = self._bars.add_task(name, total=None, outcome="") if self._bars else None
        step = Step(self._bars, bar)
        try:
            yield step
        except CancelledError:
            step.outcome = "stopped"
            raise
        except BaseException:
            step.outcome = "failed"
            raise
        finally:
            took = time.perf_counter() - begun
            with self._guard:
                self.seconds[name] = took
                if self._bars and bar is not None:
                    self._bars.update(bar, total=1, completed=1, outcome=step.outcome)
                else:
                    print(f"{name}: {step.outcome} in {took:.1f} s", file=self._stream, flush=True)


class Step:
    """A step under way; ``outcome`` is a word or two for its end."""

    def __init__(self, bars: Progress | None = None, bar: TaskID | None = None) -> None:
        self.outcome = "done"
        self._bars, self._bar = bars, bar

    def advance(self, done: int, total: int) -> None:
        """Show how much is done, where there are bars."""
        if self._bars and self._bar is not None:
            told = f"{done} of {total}"
            self._bars.update(self._bar, completed=done, total=total + 1, outcome=told)
