"""The commands of reviewers: trace, diff."""

from __future__ import annotations

import json
import os
import sys

import click

from azkz.cli.group import Example, cli, newest, today
from azkz.paths import checkout


@cli.command(
    cls=Example,
    epilog="""
    azkz trace trade.turnover-2024
    azkz trace trade.turnover-2023-stated --edition 2024.03
    azkz trace corridor.change-2024 --json | jq .inputs
    azkz trace trade-0043
    """,
)
@click.argument("number")
@click.option("--edition", help="The edition whose number it is; the newest unless named.")
@click.option("--json", "as_json", is_flag=True, help="Print the same tree as JSON.")
def trace(number: str, edition: str | None, *, as_json: bool) -> None:
    """Show where NUMBER comes from: formula, inputs, rows of the ledger, their sources.

    NUMBER is the id that a page shows when the number is clicked. The id of a row (trade-0043,
    event-0165) shows the row, its source and the numbers that rest on it.
    """
    from azkz.build.progress import Steps
    from azkz.review.trace import trace as trace_number
    from azkz.review.trace_view import show

    place = checkout()
    steps = Steps()
    with steps.running():
        record = trace_number(place, number, edition or newest(place), steps, today())
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True))
    else:
        show(record, sys.stdout)


@cli.command(
    cls=Example,
    epilog="""
    azkz diff 2024.03 2026.11
    azkz diff 2025.10 2026.11 --json | jq .counts
    """,
)
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print every number in its class, as JSON.")
def diff(old: str, new: str, *, as_json: bool) -> None:
    """Show what changed from edition OLD to edition NEW, number by number.

    Numbers are revised, re-read (the same evidence read otherwise), appeared, disappeared or
    unchanged; with the differences, the rows of the ledger behind them, and the verdicts that
    changed. A released edition is read from its release, another is evaluated from the checkout.
    Differences are no failure: the exit code is 0.
    """
    from azkz.build.progress import Steps
    from azkz.review.diff import diff as compare
    from azkz.review.diff_view import show

    steps = Steps()
    with steps.running():
        record = compare(checkout(), old, new, steps, today(), os.cpu_count() or 2)
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True))
    else:
        show(record, sys.stdout)
