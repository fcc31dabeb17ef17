"""Builds that are stopped, and builds that meet."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from azkz.build.publish import file_hashes
from azkz.paths import Checkout
from conftest import Azkz, copy_checkout

COMMAND = str(Path(sys.executable).with_name("azkz"))


def start(where: Checkout) -> subprocess.Popen[str]:
    """A build in a process group of its own, so that a signal meets it alone."""
    return subprocess.Popen(
        [COMMAND, "build"],
        cwd=where.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    """Until ``path`` is there, while the build is at work."""
    deadline = time.monotonic() + 120
    while not path.exists():
        assert process.poll() is None, process.stderr and process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.02)


# Where the build is when its folder appears: chapters running, Sphinx at work, the site moving in.
STAGES = ("_build/.lock", "_build/2026.11/html", "_build/2026.11/site.new")


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_a_stopped_build_is_finished_by_the_next(
    stage: str, number: signal.Signals, tmp_path: Path, azkz: Azkz, built: Path
) -> None:
    """Stopped at any stage and started again, the site is the one of an undisturbed build."""
    where = copy_checkout(tmp_path / "checkout", with_store=stage != STAGES[0])
    process = start(where)
    wait_for(where.root / stage, process)
    time.sleep(2.0 if stage == STAGES[0] else 0.05)
    os.kill(process.pid, number)
    process.communicate(timeout=60)
    published = where.site / "2026.11"
    assert not published.exists() or file_hashes(published) == file_hashes(built)
    done = azkz(where, "build")
    assert done.returncode == 0, done.stderr
    assert file_hashes(published) == file_hashes(built)


def test_a_second_build_is_told_to_wait(tmp_path: Path, azkz: Azkz, built: Path) -> None:
    """Two builds in one checkout: the second says who is at work, the first is not disturbed."""
    where = copy_checkout(tmp_path / "checkout")
    first = start(where)
    wait_for(where.build / "2026.11" / "book", first)
    second = azkz(where, "build")
    assert second.returncode == 2
    assert f"another build is at work here (process {first.pid})" in second.stderr
    _, said = first.communicate(timeout=300)
    assert first.returncode == 0, said
    assert file_hashes(where.site / "2026.11") == file_hashes(built)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP], ids=["SIGINT", "SIGHUP"])
def test_stopping_does_not_wait_for_chapters(number: signal.Signals, tmp_path: Path) -> None:
    """Chapters under way and those to come are given up at once, also when the terminal closes."""
    where = copy_checkout(tmp_path / "checkout", with_store=False)
    process = start(where)
    wait_for(where.build / ".lock", process)
    time.sleep(3.0)
    os.kill(process.pid, number)
    _, said = process.communicate(timeout=4)
    assert process.returncode == 130
    assert "what is published is as it was" in said


def test_stopping_says_that_nothing_is_lost(tmp_path: Path) -> None:
    """Ctrl-C ends with 130 and a sentence, not with a traceback."""
    where = copy_checkout(tmp_path / "checkout")
    process = start(where)
    wait_for(where.build / "2026.11" / "html", process)
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "what is published is as it was" in said
    assert "Traceback" not in said
