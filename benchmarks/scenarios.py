"""What is measured: our commands, and the stock recipe for the same pages."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat

from azkz.build import CHAPTERS
from azkz.build.chapter import environment, normalise
from azkz.build.edition import newest
from azkz.errors import CheckFailed
from azkz.paths import Checkout
from benchmarks.copies import (
    CHAPTER,
    ROW,
    change_page,
    change_row,
    change_template,
    copy_checkout,
    empty,
)
from benchmarks.measure import Measured, PeakMemory, run
from benchmarks.preview import Preview

DAYS = (
    *("2024-06-30", "2024-09-30", "2024-12-31", "2025-03-31", "2025-06-30", "2025-09-30"),
    *("2025-12-31", "2026-03-31", "2026-06-30"),
)
"""The days of the nine editions that stand in the store beside the newest."""

MONTHS = {"sweep-12": "2025-12", "sweep-24": "2024-12"}
"""The first month of each sweep, the last of which is always the same."""

_LAST = "2026-11"
_BIN = Path(sys.executable).parent

Times = dict[str, dict[str, float]]
"""Of each scenario the seconds ``wall`` and ``cpu``."""


class Bench:
    """The scenarios in a throw-away folder; ``say`` is told of each before it begins."""

    def __init__(self, place: Checkout, folder: Path, say: Callable[[str], None]) -> None:
        self._original, self._folder, self._say = place, folder, say
        self.name = newest(place)
        self._copy = self._fresh("prepared")

    def prepare(self) -> dict[str, float]:
        """Untimed: the staged book for the stock recipe, peak memory, and the size of stores."""
        self._say("a cold build, for its memory")
        with PeakMemory() as peak:
            self._azkz("build")
        one = _size(self._copy.build / "store")
        for at, day in enumerate(DAYS, 2):
            self._say(f"edition {at} of {len(DAYS) + 1} into the store")
            self._azkz("build", "--only", "html", "--as-of", day)
        ten = _size(self._copy.build / "store")
        return {"peak": float(peak.bytes), "store-1": float(one), "store-10": float(ten)}

    def round(self) -> Times:
        """Every scenario once, ours and stock in turns."""
        made: dict[str, Measured] = {}
        made |= self._stock()
        made |= self._ours()
        times = {
            name: {"wall": each.wall, **({"cpu": each.cpu} if each.cpu else {})}
            for name, each in made.items()
        }
        return {**times, **self._chapters()}

    def _ours(self) -> dict[str, Measured]:
        page = ("build", "--only", "html", "--explain")
        made = {}
        place = self._copy = self._fresh("ours")
        # One after the other: what one adds to the other is less than how fast a machine may vary.
        made["cold-pdf"] = self._told("cold HTML and PDF", "build")
        empty(place)
        made["cold-html"] = self._told("cold HTML", *page)
        made["no-change"] = self._told("no change", *page)
        _ran(made["cold-html"], CHAPTERS)
        change_template(place)
        made["template"] = self._told("one template changed", *page)
        _ran(made["template"], (CHAPTER,))
        change_row(place)
        made["row"] = self._told("one row changed", *page)
        _changed(made["row"], "corridor", f"observations/{ROW}")
        change_row(place)
        for name, first in MONTHS.items():
            empty(place)
            made[name] = self._told(name, "sweep", "--from", first, "--to", _LAST)
        made["help"] = self._told("help", "--help")
        return made | self._preview(place)

    def _preview(self, place: Checkout) -> dict[str, Measured]:
        self._say("azkz serve")
        saved = {"serve-page": change_page, "serve-code": change_template, "serve-row": change_row}
        with Preview(place, [str(_BIN / "azkz")]) as preview:
            return {
                name: Measured(preview.seconds(change), 0.0, "") for name, change in saved.items()
            }

    def _stock(self) -> dict[str, Measured]:
        """The commands of papermill for one chapter after the other, then of Jupyter Book."""
        book = self._folder / "prepared" / "_build" / self.name / "book"
        out = self._folder / "stock"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        walls, cpus = 0.0, 0.0
        place = Checkout(self._folder / "prepared")
        parameters = str(place.editions / f"{self.name}.yml")
        options = ("-f", parameters, "-k", "python3", "--cwd", str(place.notebooks))
        for name in CHAPTERS:
            self._say(f"stock: papermill {name}")
            paths = (str(place.notebooks / f"{name}.ipynb"), str(out / f"{name}.ipynb"))
            command = [sys.executable, "-m", "papermill", *paths, *options, "--no-progress-bar"]
            done = run(command, place.root, environment())
            walls, cpus = walls + done.wall, cpus + done.cpu
            _same(out / f"{name}.ipynb", book / "notebooks" / f"{name}.ipynb")
        self._say("stock: jupyter-book build")
        command = [str(_BIN / "jupyter-book"), "build", str(book), "--path-output", str(out)]
        pages = run(command, place.root)
        _same_pages(out / "_build" / "html", place.site / self.name)
        return {
            "stock-chapters": Measured(walls, cpus, ""),
            "stock-pages": pages,
            "stock": Measured(walls + pages.wall, cpus + pages.cpu, ""),
        }

    def _chapters(self) -> Times:
        """The CPU time of the cells, and the wall time of running all chapters when warm."""
        self._say("the cells by themselves")
        script = self._original.root / "benchmarks" / "chapters.py"
        done = run([sys.executable, str(script)], self._copy.root)
        found = json.loads(done.said.splitlines()[-1])
        cells = sum(found["cells"].values())
        return {"cells": {"cpu": cells}, "execution": {"wall": found["execution"]}}

    def _fresh(self, name: str) -> Checkout:
        shutil.rmtree(self._folder / name, ignore_errors=True)
        return copy_checkout(self._original, self._folder / name)

    def _told(self, what: str, *arguments: str) -> Measured:
        self._say(f"azkz: {what}")
        return self._azkz(*arguments)

    def _azkz(self, *arguments: str) -> Measured:
        return run([str(_BIN / "azkz"), *arguments], self._copy.root)


def _ran(done: Measured, chapters: tuple[str, ...]) -> None:
    """Refuse a measurement in which other chapters ran than should have."""
    ran = {line.partition(":")[0] for line in done.said.splitlines() if ": ran: " in line}
    if ran != set(chapters):
        raise CheckFailed(f"{sorted(ran)} ran instead of {sorted(chapters)}", "azkz build")


def _changed(done: Measured, chapter: str, row: str) -> None:
    if f"{chapter}: ran: changed: {row}\n" not in done.said:
        raise CheckFailed(f"{chapter} did not run for {row}", "azkz build")


def _same(executed: Path, staged: Path) -> None:
    """Refuse a comparison in which the stock recipe makes something else."""
    if normalise(nbformat.read(executed, as_version=4)) != staged.read_bytes():
        raise CheckFailed("is not what the build has made of it", f"papermill {staged.stem}")


def _same_pages(stock: Path, ours: Path) -> None:
    made = [sorted(p.relative_to(each) for p in each.rglob("*.html")) for each in (stock, ours)]
    if made[0] != made[1] or not made[0]:
        raise CheckFailed(f"{len(made[0])} pages instead of {len(made[1])}", "jupyter-book build")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
