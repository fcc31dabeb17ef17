"""The live preview, as an author uses it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from azkz.build.interrupts import Interrupts
from azkz.paths import Checkout
from conftest import copy_checkout


@dataclass
class Preview:
    """A preview at work on a throw-away checkout."""

    where: Checkout
    address: str

    def read(self, path: str) -> str:
        """A page as the browser gets it."""
        with urlopen(f"{self.address}{path}", timeout=10) as answer:  # noqa: S310  loopback
            text: str = answer.read().decode()
            return text

    def state(self) -> dict[str, object]:
        """How many builds have succeeded, and the last error."""
        found: dict[str, object] = json.loads(self.read("__preview"))
        return found

    def until(self, met: Callable[[dict[str, object]], bool]) -> dict[str, object]:
        """The state as soon as it is as wanted."""
        deadline = time.monotonic() + 180
        while not met(state := self.state()):
            assert time.monotonic() < deadline, state
            time.sleep(0.2)
        return state


@pytest.fixture
def preview(tmp_path: Path, built: Path) -> Iterator[Preview]:
    """``azkz serve`` on any free port, with the results of the real checkout in its store."""
    assert built.is_dir()
    where = copy_checkout(tmp_path / "checkout")
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("azkz")), "serve", "--port", "0"],
        cwd=where.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    found = re.search(r"http://\S+", said)
    assert found, said
    yield Preview(where, found[0])
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert "Traceback" not in rest
    assert process.returncode == 130


def test_a_saved_page_is_shown_and_an_error_keeps_the_last_good_one(preview: Preview) -> None:
    """Save a page: its new text is there. Break the ledger: the fault is told, the page stays."""
    preview.until(lambda state: state["build"] == 1)
    assert "/__preview" in preview.read("book/glossary.html")
    glossary = preview.where.book / "glossary.md"
    text = glossary.read_text(encoding="utf-8")
    glossary.write_text(text + "\nA sentence that was not here before.\n", encoding="utf-8")
    preview.until(lambda state: state["build"] == 2)
    assert "A sentence that was not here before." in preview.read("book/glossary.html")
    events = preview.where.data / "events.csv"
    sound = events.read_text(encoding="utf-8")
    events.write_text(sound.replace("1992-08-27", "1992-13-27", 1), encoding="utf-8")
    state = preview.until(lambda state: bool(state["error"]))
    assert "data/events.csv:2:date" in str(state["error"])
    assert "A sentence that was not here before." in preview.read("book/glossary.html")
    events.write_text(sound, encoding="utf-8")
    state = preview.until(lambda state: state["build"] == 3)
    assert not state["error"]


def test_text_and_numbers_come_before_pictures(preview: Preview) -> None:
    """A row that three chapters read: a note says that they draw, and goes when they have."""
    preview.until(lambda state: state["build"] == 1)
    rows = preview.where.data / "observations.csv"
    text = rows.read_text(encoding="utf-8")
    rows.write_text(text.replace("2024-01/2024-07,2.56,Mt", "2024-01/2024-07,2.57,Mt", 1), "utf-8")
    state = preview.until(lambda state: state["build"] == 2)
    assert "are being drawn" in str(state["note"])
    assert "2.57" in preview.read("book/evidence.html")
    state = preview.until(lambda state: not state["note"])
    assert not state["error"]
    assert state["build"] == 3


def test_an_interrupt_is_raised_where_it_can_be() -> None:
    """At once, but for a block that frees objects: at its end."""
    before = signal.getsignal(signal.SIGINT)
    order: list[str] = []

    def interrupt_while_held(interrupts: Interrupts) -> None:
        with interrupts.held():
            signal.raise_signal(signal.SIGINT)
            order.append("whole")

    try:
        interrupts = Interrupts()
        with interrupts.held():
            order.append("nothing came")
        with pytest.raises(KeyboardInterrupt):
            interrupt_while_held(interrupts)
        assert order == ["nothing came", "whole"]
        again = Interrupts()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert interrupts.came
        assert again.came
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_port_in_use_is_told(preview: Preview) -> None:
    """A second preview on the same port says what to do."""
    port = preview.address.rstrip("/").rpartition(":")[2]
    done = subprocess.run(
        [str(Path(sys.executable).with_name("azkz")), "serve", "--port", port],
        cwd=preview.where.root,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert f"--port {port}: the port cannot be used" in done.stderr
