"""Hands calls to the workers of a Dask cluster, as to any pool; a lost worker costs only its own.

Dask runs what a lost worker had again on another one. What has lost several, or was waiting on
those, is run once more when nothing else is under way: the one to blame fails, and it alone.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azkz.build.identity import Identity
from azkz.build.remote import packed, perform
from azkz.build.template import Template
from azkz.errors import ChapterFailed, ReportError

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 300.0
"""Seconds that may pass without any worker."""

_EACH = 2.0
"""Seconds between two looks at the workers."""

_TODO = "see the worker's log; where memory ran out, give it more or fewer threads"


class ClusterFailed(ReportError):
    """The cluster was lost, or a worker with what it did; nothing is wrong with the input."""

    exit_code = ChapterFailed.exit_code


class _Task:
    """A call under way. ``alone``: nothing else was, when it was sent for the second time."""

    def __init__(self, call: Callable[..., Any], arguments: tuple[Any, ...], packed: bytes) -> None:
        self.packed = packed
        self.future: Future[Any] = Future()
        self.sent: Future[Any] | None = None
        self.alone = False
        templates = (each for each in arguments if isinstance(each, Template))
        self.template = next(templates, None)
        self.name = self.template.chapter if self.template else call.__name__.strip("_")

    def lost(self, error: BaseException) -> ReportError:
        """What is said of a call that its workers do not survive."""
        worker = getattr(error, "last_worker", None)
        what = (
            f"{2 * error.allowed_failures + 2} workers died of it; the last was {worker.address}"  # type: ignore[attr-defined]
            if worker
            else "the process that ran it on its worker died, twice"
        )
        if self.template:
            return ChapterFailed(self.template.chapter, None, "", what, todo=_TODO)
        return ClusterFailed(what, self.name, _TODO)


class ClusterExecutor(Executor):
    """Runs calls on the workers of ``client``, in the checkouts that they have.

    As for a pool of processes, a call is a function of a module with arguments that can be pickled;
    paths in the checkout ``root`` are the worker's own there (``azkz.build.remote``).
    """

    def __init__(self, client: Client, root: Path, wanted: Identity) -> None:
        self._client, self._root, self._wanted = client, root, wanted
        self._executor = client.get_executor(pure=False)
        self._guard = threading.RLock()
        self._under_way: set[_Task] = set()
        self._suspects: list[_Task] = []
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def workers(self) -> int:
        """How many workers there are now."""
        return len(self._client.nthreads())

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Send a call.

        Its future raises what the call raises; ``BadInput`` of a worker that is not as this
        machine; ``ChapterFailed`` or ``ClusterFailed`` where workers die of it or none is left.
        """
        if self._ended.is_set():
            raise RuntimeError("cannot schedule new futures after shutdown")
        task = _Task(fn, args, packed(self._root, fn, *args, **kwargs))
        task.future.add_done_callback(lambda _: self._cancel(task))
        with self._guard:
            self._send(task)
        return task.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Take no more calls; with ``cancel_futures`` give up those that are not done."""
        with self._guard:
            pending = [task.future for task in (*self._under_way, *self._suspects)]
        for future in pending:
            if cancel_futures:
                future.cancel()
            elif wait:
                future.exception()
        self._ended.set()

    def _send(self, task: _Task) -> None:
        self._under_way.add(task)
        key = f"{task.name}-{uuid.uuid4().hex}"
        try:
            task.sent = self._executor.submit(perform, task.packed, self._wanted, key=key)
        except Exception as error:  # noqa: BLE001
            # What a client that has lost its scheduler raises is of many kinds.
            self._under_way.discard(task)
            _fail(task, _gone(error))
            return
        task.sent.add_done_callback(lambda sent: self._settle(task, sent))

    def _settle(self, task: _Task, sent: Future[Any]) -> None:
        with self._guard:
            self._under_way.discard(task)
            error = _gone() if sent.cancelled() else sent.exception()
            if error is None:
                if task.future.set_running_or_notify_cancel():
                    task.future.set_result(sent.result())
            elif not _is_loss(error):
                _fail(task, error)
            elif task.alone:
                _fail(task, task.lost(error))
            else:
                self._suspects.append(task)
            self._send_suspect()

    def _send_suspect(self) -> None:
        while self._suspects and not self._under_way:
            task = self._suspects.pop(0)
            task.alone = True
            if not task.future.cancelled():
                self._send(task)

    def _cancel(self, task: _Task) -> None:
        if task.future.cancelled() and task.sent is not None:
            task.sent.cancel()

    def _watch(self) -> None:
        """Fail what is under way when there has been no worker for too long."""
        seen = time.monotonic()
        while not self._ended.wait(_EACH):
            try:
                workers = self._client.nthreads()
            except Exception:  # noqa: BLE001, S112
                # Who has lost the scheduler is told by its futures.
                continue
            now = time.monotonic()
            with self._guard:
                if workers or not self._under_way:
                    seen = now
                if now - seen > PATIENCE:
                    self._fail_all(ClusterFailed(
                        f"no worker for {PATIENCE:.0f} seconds", "--cluster",
                        "start workers, and see in their logs why they ended",
                    ))  # fmt: skip

    def _fail_all(self, error: ReportError) -> None:
        for task in (*self._under_way, *self._suspects):
            _fail(task, error)
            if task.sent is not None:
                task.sent.cancel()
        self._suspects.clear()


def _is_loss(error: BaseException) -> bool:
    from distributed.scheduler import KilledWorker

    return isinstance(error, (KilledWorker, BrokenProcessPool))


def _fail(task: _Task, error: BaseException) -> None:
    if not task.future.done() and task.future.set_running_or_notify_cancel():
        task.future.set_exception(error)


def _gone(error: BaseException | None = None) -> ClusterFailed:
    said = f": {error}" if error else ""
    todo = "see in its log why it ended, start it again, and build again"
    return ClusterFailed(f"the scheduler is no longer there{said}", "--cluster", todo)
