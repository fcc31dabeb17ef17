"""A Dask cluster as a pool for a build: workers of this machine, or those of a scheduler."""

from __future__ import annotations

import asyncio
import logging
import re
import signal
import sys
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

from azkz.build.dispatch import ClusterExecutor
from azkz.build.identity import Identity
from azkz.build.remote import TODO, known, own_identity
from azkz.errors import BadInput
from azkz.paths import Checkout

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

FORMS = "give local:N for N workers on this machine, or the scheduler's address, tcp://HOST:PORT"

_LOCAL = re.compile(r"local:([1-9][0-9]?)")
_SCHEDULER = re.compile(r"(?:tcp|tls)://[^/\s]+:[0-9]{1,5}")
_SCHEDULER_TODO = "start one in this environment (dask scheduler), and give the address it names"

_CONNECT = 10
"""Seconds within which a scheduler has to answer."""

_UNSAID = "ignore::UserWarning:multiprocessing.resource_tracker"

_DEATHS = 1
"""How many workers of this machine a call may lose before it is suspect."""


def check_address(address: str) -> None:
    """Refuse what is no address of a cluster, and any where Dask is not installed.

    Raises
    ------
    BadInput
        The message has the forms that are allowed, or what to install.
    """
    where = f"--cluster {address}"
    if not _LOCAL.fullmatch(address) and not _SCHEDULER.fullmatch(address):
        raise BadInput("no address of a cluster", where, FORMS)
    if find_spec("distributed") is None:
        todo = "install the extra: uv sync --extra cluster, or pip install 'azkz[cluster]'"
        raise BadInput("Dask is not installed", where, todo)


@contextmanager
def cluster(address: str, place: Checkout) -> Iterator[ClusterExecutor]:
    """The workers at ``address`` (``local:N``, ``tcp://…``, ``tls://…``) as a pool.

    Each works in a checkout of its own, in whose folder it was started; it has the same ledger,
    code, Python and packages, or it is refused: all that are there before anything runs, one that
    comes later with its first call. Those of ``local:N`` end with this process, however it ends.

    Raises
    ------
    BadInput
        No such form, no Dask, nobody answers, or a worker is not as this one.
    """
    check_address(address)
    wanted = Identity.of(place)
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        client = stack.enter_context(_connected(address))
        _refuse_others(client, wanted, address)
        pool = ClusterExecutor(client, place.root, wanted)
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        yield pool


@contextmanager
def _quiet() -> Iterator[None]:
    """What Dask logs and warns of is told in the build's own words."""
    from distributed.utils import silence_logging_cmgr

    with ExitStack() as stack:
        for name in ("distributed", "tornado", "tornado.application"):
            stack.enter_context(silence_logging_cmgr(logging.CRITICAL + 1, name))
        stack.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", module=r"distributed\.")
        yield


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    from distributed import Client

    with ExitStack() as stack:
        if found := _LOCAL.fullmatch(address):
            address = stack.enter_context(_local(int(found[1])))
        try:
            client = stack.enter_context(Client(address, timeout=_CONNECT, set_as_default=False))
        except (OSError, ValueError) as error:
            what = f"no Dask scheduler answers: {error}"
            raise BadInput(what, f"--cluster {address}", _SCHEDULER_TODO) from error
        yield client


@contextmanager
def _local(workers: int) -> Iterator[str]:
    """The address of a scheduler with workers of this machine."""
    from distributed import LocalCluster

    asked = {
        "n_workers": workers,
        "threads_per_worker": 1,
        "processes": True,
        # What takes the memory are kernels, which Dask does not see.
        "memory_limit": 0,
        "dashboard_address": None,
        "silence_logs": logging.CRITICAL + 1,
        "scheduler_kwargs": {"allowed_failures": _DEATHS},
    }
    # In a thread: who is stopped while it starts has one that is whole to end.
    with ThreadPoolExecutor(1, initializer=_undisturbed) as thread:
        starting = thread.submit(LocalCluster, **asked)
        try:
            yield starting.result().scheduler_address
        finally:
            local = starting.result()
            local.sync(_end_workers, local)
            local.close()


def _undisturbed() -> None:
    """Let what is started from this thread leave it to the command to be stopped, and to say so."""
    # What keeps the books of semaphores would complain of those that a killed worker had, and its
    # start would let the signal through again.
    sys.warnoptions.append(_UNSAID)
    resource_tracker.ensure_running()
    sys.warnoptions.remove(_UNSAID)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])


async def _end_workers(local: LocalCluster) -> None:
    """Without waiting for what they do."""
    ending = (nanny.close(timeout=0.5) for nanny in local.workers.values())
    await asyncio.gather(*ending, return_exceptions=True)


def _refuse_others(client: Client, wanted: Identity, address: str) -> None:
    try:
        client.run_on_scheduler(known)
    except Exception as error:
        what = f"its scheduler cannot pass on what is asked: {error!r}"
        raise BadInput(what, f"--cluster {address}", _SCHEDULER_TODO) from error
    found: Mapping[str, Identity | Exception] = client.run(own_identity, on_error="return")
    told = {
        worker: str(each) if isinstance(each, Exception) else "; ".join(each.differences(wanted))
        for worker, each in sorted(found.items())
    }
    odd = [f"  {worker}: {said}" for worker, said in told.items() if said]
    if odd:
        head = f"{len(odd)} of {len(found)} workers are not as this machine"
        raise BadInput("\n".join([f"{head}:", *odd, ""]), f"--cluster {address}", TODO)
