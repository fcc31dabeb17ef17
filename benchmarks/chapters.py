"""What the cells cost by themselves, and running all chapters in kernels that are warm.

Run in a checkout; prints JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import nbformat
from nbformat.v4 import new_code_cell

from azkz.build import CHAPTERS
from azkz.build.chapter import execute
from azkz.build.edition import Parameters, newest
from azkz.build.plan import make_plan
from azkz.build.progress import Steps
from azkz.build.request import Request
from azkz.build.running import run_chapters
from azkz.build.template import Template
from azkz.paths import Checkout, checkout

# The thread that runs cells is the kernel's first; what others do is no cost of the cells.
_BEFORE = """
import time as _time
_spent = []
def _begin(_info):
    _spent.append(-_time.thread_time())
def _end(_result):
    _spent[-1] += _time.thread_time()
get_ipython().events.register("pre_run_cell", _begin)
get_ipython().events.register("post_run_cell", _end)
_spent.append(_time.thread_time())
"""
_AFTER = "print(sum(_spent[1:-1]))"


def main() -> None:
    """Measure in the checkout of the working directory.

    ``cells`` has the CPU seconds of the cells by chapter, ``execution`` the wall seconds of running
    all chapters side by side as a build does, with nothing in the store and the kernels warm.
    """
    place = checkout()
    steps, jobs = Steps(sys.stderr), os.cpu_count() or 2
    today = datetime.now(tz=UTC).date()
    plan = make_plan(place, Request(newest(place), jobs=jobs), steps, today)
    cells = {
        name: cpu_of_cells(place, template, plan.edition.parameters)
        for name, template in plan.templates.items()
    }
    shutil.rmtree(place.build, ignore_errors=True)
    begun = time.perf_counter()
    made = run_chapters(place, plan, steps)
    execution = time.perf_counter() - begun
    if [each.name for each in made if each.why] != list(CHAPTERS):
        raise RuntimeError("a chapter was not run")
    print(json.dumps({"cells": cells, "execution": execution}))


def cpu_of_cells(place: Checkout, template: Template, parameters: Parameters) -> float:
    """The CPU seconds of a chapter's cells in a kernel that has imported the stack already."""
    notebook = nbformat.reads(template.content.decode(), as_version=4)
    notebook.cells.insert(0, new_code_cell(_BEFORE, id="cpu-before"))
    notebook.cells.append(new_code_cell(_AFTER, id="cpu-after"))
    measured = replace(template, content=nbformat.writes(notebook).encode())
    made = json.loads(execute(place, measured, parameters))
    [output] = made["cells"][-1]["outputs"]
    return float("".join(output["text"]))


if __name__ == "__main__":
    main()
