"""A sweep as a command makes it: inputs checked, days chosen, the table written, the end told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from azkz.build import CHAPTERS
from azkz.build import edition as editions
from azkz.build import template as templates_
from azkz.build.evidence import Evidence
from azkz.build.progress import Steps
from azkz.build.request import Request
from azkz.build.store import write_atomically
from azkz.build.sweep import Swept, as_csv, sweep
from azkz.build.sweep_days import days_between
from azkz.build.workers import executor
from azkz.errors import BadInput, Faults
from azkz.ledger.opened import opened
from azkz.ledger.package import check
from azkz.paths import Checkout


@dataclass(frozen=True, slots=True)
class Range:
    """What was asked for: both ends and the distance as the command line gives them.

    ``cluster`` is the address of a Dask cluster to work on, in whose place ``jobs`` says nothing.
    """

    edition: str
    first: str
    last: str
    every: str = "month"
    chapters: Sequence[str] = CHAPTERS
    jobs: int = 2
    output: Path | None = None
    cluster: str = ""


def run_sweep(place: Checkout, asked: Range, steps: Steps, today: date) -> tuple[Swept, Path]:
    """Sweep and write the table; returns what was found, and where the table is.

    Raises
    ------
    BadInput
        Range, edition, ledger, a notebook or the cluster cannot be used; nothing has run then. Or
        there is no day in the range on which anything became known.
    ClusterFailed
        The cluster was lost; what was evaluated is kept.
    """
    with steps.step("check") as step:
        templates = templates_.load_all(place)
        declared = templates[CHAPTERS[0]].parameters
        edition = editions.load(place, asked.edition, declared, today)
        if faults := check(place.data):
            raise Faults(faults)
        evidence = Evidence(opened(place.data))
        days = days_between(asked.first, asked.last, asked.every, edition, today, evidence.days)
        if not days:
            what = f"nothing became known from {asked.first} to {asked.last}"
            raise BadInput(what, "--every change", "give a longer range")
        step.outcome = f"{len(days)} days from {days[0]} to {days[-1]}"
    wanted = {name: templates[name] for name in CHAPTERS if name in asked.chapters}
    where = Request(asked.edition, jobs=asked.jobs, cluster=asked.cluster)
    with executor(place, where, steps) as pool, steps.step("sweep") as step:
        swept = sweep(place, edition, wanted, days, pool, step, evidence)
        step.outcome = f"{swept.made} evaluations"
    path = asked.output or place.build / "sweep" / f"{asked.edition}.csv"
    write_atomically(path, as_csv(swept))
    return swept, path


def summary(swept: Swept, shown: str) -> str:
    """Days, evaluations, rows, the file, and where chapters failed; a line each."""
    total = len(swept.days) * len(swept.chapters)
    rows = sum(len(found) for found in swept.rows.values())
    days = f"days   {len(swept.days)}, from {swept.days[0]} to {swept.days[-1]}"
    made = (
        f"made   {swept.made} evaluations for {total} chapters of a day; {swept.shared} share that "
        f"of an earlier day, {swept.found} were in the store"
    )
    return "\n".join((days, made, f"table  {shown}, {rows} rows", *_failures(swept)))


def _failures(swept: Swept) -> Iterator[str]:
    for name in swept.chapters:
        days = sorted(day for chapter, day in swept.failed if chapter == name)
        if days:
            error = swept.failed[name, days[0]]
            where = f"cell {error.cell}: " if error.cell else ""
            yield (
                f"failed {name} on {len(days)} of {len(swept.days)} days, {days[0]} to {days[-1]}; "
                f"first {where}{error.error}"
            )
