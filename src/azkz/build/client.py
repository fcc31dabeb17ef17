"""papermill's client of a kernel that is forked and answers through a pipe.

What becomes of the kernel's messages, papermill's own client says: this one only sends cells and
hands on what comes back.
"""

from __future__ import annotations

import json
import os
import signal
import tempfile
from contextlib import suppress
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Self

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient

from azkz.build.forking import context, serve

Message = dict[str, Any]

_REPLY = "execute_reply"


class ForkedKernel:
    """A kernel that has ``folder`` as its own, from the beginning of a block to its end."""

    def __init__(self, folder: Path) -> None:
        self._pipe, self._other = context().Pipe()
        # Not the kernel's to remove: it is killed.
        self._profile = tempfile.TemporaryDirectory()
        arguments = (self._other, str(folder), self._profile.name, dict(os.environ))
        self._process = context().Process(  # type: ignore[attr-defined]
            target=serve, args=arguments
        )

    def __enter__(self) -> Self:
        self._process.start()
        self._other.close()
        return self

    def __exit__(self, *_: object) -> None:
        # With the processes that its cells have started.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        self._pipe.close()
        self._profile.cleanup()

    @property
    def pid(self) -> int:
        """The number of its process."""
        found: int = self._process.pid
        return found

    def ask(self, content: Message) -> None:
        """Send a request to run a cell; a kernel that has ended is missed by who waits for it."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self._pipe.send(content)

    def message(self, seconds: float | None = None) -> Message | None:
        """The next message; None where there is none in so many ``seconds``.

        Raises
        ------
        DeadKernelError
            The kernel has ended.
        """
        # A process that a cell has forked may hold the pipe open when the kernel has ended.
        ready = wait([self._pipe, self._process.sentinel], seconds)
        if not ready:
            return None
        try:
            found: Message = self._pipe.recv() if self._pipe in ready else {}
        except (EOFError, ConnectionResetError):
            found = {}
        if not found:
            raise DeadKernelError("Kernel died")
        return {**found, "content": json.loads(found["content"])}


class ForkedClient(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells of a notebook in a forked kernel."""

    def __init__(self, nb_man: Any, **named: Any) -> None:
        # Of how long cells take papermill keeps a record of its own.
        super().__init__(nb_man, **{"startup_timeout": 60, **named, "record_timing": False})

    def execute(self, **_: Any) -> NotebookNode:
        """Run all cells, up to one that raises; the notebook then has what they show."""
        self.reset_execution_trackers()
        folder = self.resources.get("metadata", {}).get("path")
        with ForkedKernel(Path(folder or Path.cwd())) as self._kernel:
            ready = self._kernel.message(self.startup_timeout)
            if ready is None:
                raise RuntimeError(f"Kernel didn't respond in {self.startup_timeout} seconds")
            self.papermill_execute_cells()
        self.nb.metadata["language_info"] = ready["content"]
        self.set_widgets_metadata()
        notebook: NotebookNode = self.nb
        return notebook

    def execute_cell(
        self,
        cell: NotebookNode,
        cell_index: int,
        execution_count: int | None = None,  # noqa: ARG002  the kernel's own is taken
        store_history: bool = True,  # noqa: FBT001, FBT002  as its own class has it
    ) -> NotebookNode:
        """Run one cell.

        Raises
        ------
        CellExecutionError
            It raised, and neither its tags nor the client's settings let it.
        CellTimeoutError
            It took too long.
        DeadKernelError
            The kernel ended.
        """
        tags = cell.metadata.get("tags", ())
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        cell.outputs = []
        self.clear_before_next_output = False
        lets = not self.force_raise_errors and (self.allow_errors or "raises-exception" in tags)
        self._kernel.ask(_request(cell.source, store_history=store_history, stops=not lets))
        self.code_cells_executed += 1
        reply = self._until_reply(cell, cell_index)
        if reply["status"] == "error" and not lets:
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def _until_reply(self, cell: NotebookNode, index: int) -> Message:
        """What the kernel says of a cell that has run, after taking in all that it shows."""
        seconds = self._get_timeout(cell)
        while (message := self._kernel.message(seconds)) is not None:
            if message["msg_type"] == _REPLY:
                content: Message = message["content"]
                return content
            self.process_message(message, cell, index)
        late = "Cell execution timed out"
        raise CellTimeoutError.error_from_timeout_and_cell(late, seconds or 0, cell)


def _request(code: str, *, store_history: bool, stops: bool) -> Message:
    """The content of a message that asks to run ``code``, as Jupyter defines it."""
    return {
        "code": code,
        "silent": False,
        "store_history": store_history,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": stops,
    }
