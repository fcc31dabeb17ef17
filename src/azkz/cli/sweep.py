"""The command of analysts: sweep."""

from __future__ import annotations

import os
from pathlib import Path

import click

from azkz.build import CHAPTERS
from azkz.build.sweep_days import EVERY
from azkz.cli.group import Example, cli, newest, today
from azkz.paths import checkout


@cli.command(
    cls=Example,
    epilog="""
    azkz sweep --from 2018-01 --to 2026-11
    azkz sweep --from 2024-03-11 --to 2024-12 --every change --chapter trade
    azkz sweep 2025.10 --from 2023-01 --to 2025-10-22 --every quarter --output vintages.csv
    azkz sweep --from 2018-01 --to 2026-11 --cluster local:4
    """,
)
@click.argument("edition", required=False)
@click.option("--from", "first", required=True, metavar="DAY", help="A month or day, as 2018-01.")
@click.option("--to", "last", required=True, metavar="DAY", help="A month or day; it counts, too.")
@click.option(
    "--every", type=click.Choice(EVERY), default="month", show_default=True,
    help="The last day of each; or every day on which a row of the ledger became known.",
)  # fmt: skip
@click.option(
    "--chapter", "chapters", multiple=True, type=click.Choice(CHAPTERS), help="Only this chapter."
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 2, show_default=True,
    help="How many chapters are evaluated side by side; with --cluster its workers decide.",
)  # fmt: skip
@click.option(
    "--cluster", metavar="ADDRESS", default="",
    help="Run on a Dask cluster: tcp://HOST:PORT of its scheduler, or local:N for N workers here.",
)  # fmt: skip
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="The table; _build/sweep/<edition>.csv unless given.",
)  # fmt: skip
def sweep(
    edition: str | None,
    first: str,
    last: str,
    every: str,
    chapters: tuple[str, ...],
    jobs: int,
    cluster: str,
    output: Path | None,
) -> None:
    """Evaluate all numbers as known on each day of a range, and write one table.

    The parameters are those of EDITION (the newest unless named). The CSV has a row for each number
    on each as-of day on which it is known, sorted by both: number, as_of, value (empty for words),
    unit, text (as printed), known_from, observations (ids, divided by spaces).

    A chapter that cannot be evaluated on some days has no rows on them, and the end says so; the
    exit code is 3 only if one could be evaluated on no day at all. The table is written all the
    same.
    """
    from azkz.build.progress import Steps
    from azkz.build.sweeping import Range, run_sweep, summary

    place = checkout()
    name = edition or newest(place)
    asked = Range(name, first, last, every, chapters or CHAPTERS, jobs, output, cluster)
    steps = Steps()
    with steps.running():
        swept, path = run_sweep(place, asked, steps, today())
    click.echo(summary(swept, place.shown(path)))
    if error := swept.never():
        raise error
