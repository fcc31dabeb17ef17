"""Measures all of it, prints the tables, and writes results, plot and page: ``make bench``."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from azkz.build.store import write_atomically
from azkz.errors import ReportError
from azkz.paths import Checkout
from benchmarks.measure import adopt
from benchmarks.plot import drawn
from benchmarks.results import claims, medians, report
from benchmarks.scenarios import Bench

HERE = Path(__file__).parent
MARKS = ("<!-- results -->\n", "<!-- end of results -->\n")
"""Between these the page has the tables."""

_PLOT = "![Wall times of our builds and of the stock recipe, with bounds](results.svg)"
_PACKAGES = (
    *("jupyter-book", "sphinx", "myst-nb", "papermill", "nbclient", "ipykernel", "numpy", "pandas"),
    *("matplotlib", "seaborn", "typst"),
)


@click.command()
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True)
def main(rounds: int) -> None:
    """Measure ROUNDS times and write results.json, results.svg and the page's tables."""
    try:
        result = measured(Checkout(HERE.parent), rounds)
    except ReportError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    told = report(result)
    text = json.dumps(result, indent=2, ensure_ascii=False)
    write_atomically(HERE / "results.json", f"{text}\n".encode())
    write_atomically(HERE / "results.svg", drawn(result))
    page = HERE / "README.md"
    write_atomically(page, with_tables(page.read_text(encoding="utf-8"), told).encode())
    click.echo(told)


def measured(place: Checkout, rounds: int) -> dict[str, Any]:
    """All results, as ``results.json`` holds them; times are in seconds, sizes in bytes."""
    adopt()
    cores = os.cpu_count() or 1
    commit = _commit(place)
    with tempfile.TemporaryDirectory(prefix="azkz-bench-") as folder:
        bench = Bench(place, Path(folder), _say)
        once = bench.prepare()
        made = []
        for at in range(1, rounds + 1):
            _say(f"round {at} of {rounds}")
            made.append(bench.round())
    bounds = claims(made, once, cores)
    return {
        "commit": commit,
        "machine": _machine(cores),
        "once": once,
        "rounds": made,
        "medians": medians(made),
        "bounds": [
            {"name": c.name, "value": c.value, "bound": c.bound, "unit": c.unit, "holds": c.holds}
            for c in bounds
        ],
    }


def with_tables(page: str, told: str) -> str:
    """The page with these tables in place of those that it has."""
    before, rest = page.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    return f"{before}{MARKS[0]}\n{_PLOT}\n\n{told}\n\n{MARKS[1]}{after}"


def _say(what: str) -> None:
    click.echo(what, err=True)


def _commit(place: Checkout) -> str:
    """The commit that is checked out, and whether the files are as it has them."""
    said = subprocess.run(
        ["git", "describe", "--always", "--abbrev=40", "--exclude", "*", "--dirty"],
        cwd=place.root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return said.stdout.strip()


def _machine(cores: int) -> dict[str, Any]:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return {
        "cpu": next(models, platform.machine()),
        "cores": cores,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
    }


if __name__ == "__main__":
    main()
