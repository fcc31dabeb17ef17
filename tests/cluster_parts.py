"""What the tests of clusters share: small chapters, and Dask's own commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from azkz.build import edition as editions
from azkz.build.edition import Parameters
from azkz.build.template import Template, load_all
from azkz.errors import BadInput
from azkz.paths import Checkout

DEADLY = "import multiprocessing, os\nos.kill(multiprocessing.parent_process().pid, 9)"
"""A cell that kills the process that asked for its kernel: the worker."""


def small(name: str, *cells: str) -> Template:
    """A chapter of these cells, without parameters."""
    made = new_notebook(cells=[new_code_cell(cell, id=f"c{i}") for i, cell in enumerate(cells)])
    return Template(name, Path(f"{name}.ipynb"), nbformat.writes(made).encode(), {})


def marked(template: Template, file: Path) -> Template:
    """The chapter, which leaves ``file`` when it is half through."""
    made = nbformat.reads(template.content.decode(), as_version=4)
    cell = new_code_cell(f"from pathlib import Path\nPath({str(file)!r}).touch()", id="reached")
    made.cells.insert(len(made.cells) // 2, cell)
    return replace(template, content=nbformat.writes(made).encode())


def refuse(path: Path, place: Checkout) -> None:
    """What a call may raise: with a path as messages print it."""
    raise BadInput("no such thing", place.shown(path), "mend it")


def end(times: int, log: Path) -> int:
    """End the process that runs this, as often as ``times``; then say in which run it did not."""
    with log.open("a") as file:
        file.write("x")
    runs = len(log.read_text())
    if runs <= times:
        os._exit(1)
    return runs


def parameters(place: Checkout) -> Parameters:
    """Those of the newest edition."""
    declared = load_all(place)["trade"].parameters
    return editions.load(place, editions.newest(place), declared, date.max).parameters


def until(true: Callable[[], Any], seconds: float = 60) -> Any:
    """What is awaited, when it is there."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


@contextmanager
def dask(folder: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler or a worker as its users start it, in a folder; ended at the end."""
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("dask")), *arguments, "--no-dashboard"],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


@contextmanager
def scheduler(folder: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler by its address, and its process."""
    file = folder / "scheduler.json"
    arguments = ("scheduler", "--port", "0", "--host", "127.0.0.1", "--scheduler-file", str(file))
    with dask(folder, *arguments, **environment) as process:
        text = until(lambda: file.exists() and file.read_text(encoding="utf-8"))
        yield json.loads(text)["address"], process
