"""The benchmark tells what it measured as it is, and changes a checkout only so that it holds."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from azkz.build import CHAPTERS
from azkz.build.template import load_all
from azkz.errors import BadInput, CheckFailed
from azkz.ledger.package import check
from azkz.paths import Checkout
from benchmarks.__main__ import with_tables
from benchmarks.chapters import cpu_of_cells
from benchmarks.copies import CHAPTER, ROW, change_row, change_template, copy_checkout, empty
from benchmarks.measure import PeakMemory, run
from benchmarks.plot import drawn
from benchmarks.results import NAMES, claims, floor, medians, report
from cluster_parts import small

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes as Linux shows them")

WALLS = {
    "stock-chapters": 30.0,
    "stock-pages": 10.0,
    "stock": 40.0,
    "cold-html": 10.0,
    "cold-pdf": 11.0,
    "no-change": 0.5,
    "template": 5.0,
    "row": 8.0,
    "sweep-12": 12.0,
    "sweep-24": 24.0,
    "help": 0.1,
    "serve-page": 1.0,
    "serve-code": 1.9,
    "serve-row": 2.1,
    "execution": 6.0,
}


def made_up(**walls: float) -> dict[str, Any]:
    """A result of three rounds, of which the second has these times and the others are apart."""
    times = {**WALLS, **walls}
    rounds = [
        {name: {"wall": wall * by, "cpu": wall * by * 1.5} for name, wall in times.items()}
        for by in (0.5, 1.0, 3.0)
    ]
    for each in rounds:
        del each["execution"]["cpu"]
        each["cells"] = {"cpu": 10.0}
    packages = {"papermill": "2.7"}
    machine = {"cpu": "A", "cores": 2, "python": "3.11.1", "packages": packages}
    once = {"peak": 1.4e9, "store-1": 1e7, "store-10": 2.1e8}
    return {"commit": "abc", "machine": machine, "once": once, "rounds": rounds}


def told(**walls: float) -> dict[str, tuple[float, bool]]:
    """By bound what was measured, and whether it holds."""
    result = made_up(**walls)
    found = claims(result["rounds"], result["once"], 2)
    return {each.name: (each.value, each.holds) for each in found}


def test_ratios_are_those_of_the_medians() -> None:
    """The mean of the three rounds would be half as much again."""
    result = made_up()
    assert medians(result["rounds"])["stock"] == {"wall": 40.0, "cpu": 60.0}
    assert floor(result["rounds"], 2) == 5.0
    assert told() == {
        "cold HTML / stock": (0.25, True),
        "no change / stock": (0.0125, True),
        "no change": (0.5, True),
        "one row changed / stock": (0.2, False),
        "PDF adds": (1.0, True),
        "execution / cells on all cores": (1.2, True),
        "sweep: one day / execution of one edition": (1 / 6, True),
        "sweep: 24 months / 12 months": (2.0, True),
        "peak memory of a cold build": (1.4, True),
        "store of ten editions": (210.0, False),
        "help": (0.1, True),
        "a saved page is shown": (1.0, True),
        "a saved code cell is shown": (1.9, True),
        "a saved row is shown": (2.1, False),
    }


def test_a_bound_that_is_passed_is_said() -> None:
    """Each by itself."""
    slow = {
        "cold-html": 10.1,
        "no-change": 0.71,
        "cold-pdf": 12.0,
        "help": 0.21,
        "sweep-24": 60.0,
        "serve-page": 2.1,
        "serve-code": 2.2,
    }
    before, after = told(), told(**slow)
    turned = {name for name, (_, holds) in after.items() if before[name][1] and not holds}
    assert turned == {
        *("cold HTML / stock", "no change", "PDF adds", "help"),
        *("sweep: 24 months / 12 months", "sweep: one day / execution of one edition"),
        *("a saved page is shown", "a saved code cell is shown"),
    }


def test_the_page_has_what_was_measured() -> None:
    """Every scenario with its spread; the same once more in place of the first."""
    text = report(made_up())
    assert "| stock: both | 40.00 (20.00–120.00) | 60.00 (30.00–180.00) |" in text
    assert "| store of ten editions | 210 MB | 200 MB | **no** |" in text
    assert all(f"| {name} |" in text for name in NAMES.values())
    page = (Path(__file__).parents[1] / "benchmarks" / "README.md").read_text(encoding="utf-8")
    once = with_tables(page, text)
    assert text in once
    assert with_tables(with_tables(page, "old"), text) == once


def test_the_plot_is_the_same_bytes() -> None:
    """With every bar's time."""
    plot = drawn(made_up())
    assert plot == drawn(made_up())
    assert all(f">{seconds}<" in plot.decode() for seconds in ("40 s", "10 s", "0.1 s"))


@pytest.fixture
def tracked(place: Checkout, tmp_path: Path) -> Checkout:
    """A copy as the benchmark makes it."""
    return copy_checkout(place, tmp_path / "copy")


def test_a_copy_has_what_git_knows(place: Checkout, tracked: Checkout) -> None:
    """And nothing that was built."""
    assert (tracked.root / "_toc.yml").read_bytes() == (place.root / "_toc.yml").read_bytes()
    assert not (tracked.root / ".venv").exists()
    (tracked.build / "store").mkdir(parents=True)
    empty(tracked)
    assert not tracked.build.exists()


def test_changes_leave_a_valid_checkout(tracked: Checkout) -> None:
    """One row has another value, and one chapter another code; there and back."""
    file = tracked.data / "observations.csv"
    before = file.read_text(encoding="utf-8").splitlines()
    change_row(tracked)
    after = file.read_text(encoding="utf-8").splitlines()
    assert not check(tracked.data)
    assert [new[: len(ROW)] for old, new in zip(before, after, strict=True) if old != new] == [ROW]
    change_row(tracked)
    assert file.read_text(encoding="utf-8").splitlines() == before
    old = load_all(tracked)
    change_template(tracked)
    new = load_all(tracked)
    assert [name for name in CHAPTERS if old[name].content != new[name].content] == [CHAPTER]


def test_a_row_that_was_mended_since_is_told(tracked: Checkout) -> None:
    """By file and row."""
    file = tracked.data / "observations.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(",2.56,Mt,", ",2.58,Mt,"), encoding="utf-8")
    with pytest.raises(BadInput, match=f"observations.csv, {ROW}: the value is another one"):
        change_row(tracked)


def test_the_cost_of_cells_is_that_of_their_work(place: Checkout) -> None:
    """A cell that computes has one; one that waits has none."""
    busy = "import time\nend = time.thread_time() + 0.5\nwhile time.thread_time() < end:\n    pass"
    computing = cpu_of_cells(place, small("busy", busy, "1"), {})
    waiting = cpu_of_cells(place, small("idle", "import time\ntime.sleep(0.5)", "1"), {})
    assert waiting < 0.25
    assert computing >= 0.5


@linux
def test_what_processes_below_take_is_counted(tmp_path: Path) -> None:
    """CPU time and memory of a child's child, too."""
    child = (
        "import time\nheld = bytearray(80_000_000)\nend = time.process_time() + 1.0\n"
        "while time.process_time() < end:\n    pass"
    )
    code = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}], check=True)"
    with PeakMemory() as peak:
        done = run([sys.executable, "-c", code], tmp_path)
    assert done.cpu >= 1.0
    assert peak.bytes > 80_000_000


@linux
def test_a_command_that_fails_is_told(tmp_path: Path) -> None:
    """With the end of what it printed."""
    with pytest.raises(CheckFailed, match=r"exit code 3\nno such thing") as caught:
        run([sys.executable, "-c", "print('no such thing'); raise SystemExit(3)"], tmp_path)
    assert str(tmp_path) not in json.dumps(str(caught.value))
