"""A call in a process of its own: it begins when it may, and what stops it is told."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from azkz.build.beside import Beside
from azkz.build.forking import can_fork
from azkz.errors import BadInput
from cluster_parts import until

pytestmark = pytest.mark.skipif(not can_fork(), reason="processes are forked on Linux alone")

Start = Callable[..., Beside]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts calls beside this process, and ends those that are left."""
    started = []

    def start(call: Callable[..., None], **named: Any) -> Beside:
        started.append(Beside(call, **named))
        return started[-1]

    yield start
    for beside in started:
        beside.stop()


def note(file: Path) -> None:
    """Leave the process's number."""
    part = file.with_suffix(".part")
    part.write_text(str(os.getpid()), encoding="utf-8")
    part.rename(file)


def refuse() -> None:
    """Find something wrong with the input."""
    raise BadInput("no such figure", "book/x.md", "mend it")


def refuse_within_another() -> None:
    """Find something wrong where another library calls, and raise it out of the other's error."""
    wrong = BadInput("no such figure", "book/x.md")
    other = LookupError()
    other.__cause__ = wrong
    raise wrong from other


def divide() -> None:
    """Fail as code fails."""
    _ = 1 / 0


def die() -> None:
    """End as the system ends a process that takes too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def linger(file: Path) -> None:
    """Leave the process's number, and work on for long."""
    note(file)
    time.sleep(600)


def test_it_runs_only_when_it_may(start: Start, tmp_path: Path) -> None:
    """Of two calls the one that was begun runs, in another process than this one."""
    waiting, begun = (start(note, file=tmp_path / name) for name in ("waiting", "begun"))
    begun.begin()
    begun.result()
    assert int((tmp_path / "begun").read_text(encoding="utf-8")) != os.getpid()
    assert not (tmp_path / "waiting").exists()
    waiting.begin()
    waiting.result()
    assert (tmp_path / "waiting").exists()


def test_one_may_let_another_begin(start: Start, tmp_path: Path) -> None:
    """Not only who has started them, if the other was there first."""
    second = start(note, file=tmp_path / "second")
    first = start(second.begin)
    first.begin()
    first.result()
    second.result()
    assert (tmp_path / "second").exists()


def test_an_error_of_the_report_arrives_as_it_was_raised(start: Start) -> None:
    """With its parts and its exit code."""
    beside = start(refuse)
    beside.begin()
    with pytest.raises(BadInput) as caught:
        beside.result()
    found = caught.value
    parts = (found.what, found.where, found.todo, found.exit_code)
    assert parts == ("no such figure", "book/x.md", "mend it", 2)


def test_an_error_that_another_carried_is_told_where_dask_is_imported(start: Start) -> None:
    """Dask has what an error follows from sent along, and here that leads back to the error."""
    importlib.import_module("distributed")
    beside = start(refuse_within_another)
    beside.begin()
    with pytest.raises(BadInput, match="no such figure"):
        beside.result()


@pytest.mark.parametrize(
    ("call", "said"),
    [(divide, "ZeroDivisionError: division by zero"), (die, r"the process was ended: -9")],
)
def test_any_other_end_is_told(start: Start, call: Callable[[], None], said: str) -> None:
    """By the name of the error, or the signal."""
    beside = start(call)
    beside.begin()
    with pytest.raises(RuntimeError, match=said):
        beside.result()


def test_stop_ends_what_was_never_begun(start: Start, tmp_path: Path) -> None:
    """And may be called again."""
    beside = start(note, file=tmp_path / "never")
    beside.stop()
    assert beside._process.exitcode == -signal.SIGKILL
    beside.stop()
    assert not (tmp_path / "never").exists()


@pytest.mark.parametrize("begun", [True, False])
def test_it_ends_with_who_started_it(tmp_path: Path, *, begun: bool) -> None:
    """Also where that is killed and can say nothing."""
    code = f"""
        import os, time
        from pathlib import Path
        from azkz.build.beside import Beside
        from test_beside import linger, note
        beside = Beside(linger, file=Path("begun"))
        if {begun}:
            beside.begin()
        Path("pid.part").write_text(str(beside._process.pid))
        os.rename("pid.part", "pid")
        time.sleep(600)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    path = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen(command, cwd=tmp_path, env=path) as parent:
        until((tmp_path / "pid").exists)
        if begun:
            until((tmp_path / "begun").exists)
        parent.kill()
    child = Path("/proc") / (tmp_path / "pid").read_text(encoding="utf-8")
    until(lambda: not _runs(child))


def _runs(process: Path) -> bool:
    try:
        return ") Z " not in (process / "stat").read_text(encoding="utf-8")
    except OSError:
        return False
