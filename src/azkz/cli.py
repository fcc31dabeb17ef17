"""The command ``azkz``."""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn

import click

from azkz.build import CHAPTERS
from azkz.errors import ReportError
from azkz.paths import checkout

if TYPE_CHECKING:
    from datetime import date


class Example(click.Command):
    """A command whose help ends with examples."""

    def format_epilog(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples as they stand, a line each."""
        if self.epilog:
            with formatter.section("Examples"):
                for line in self.epilog.strip().splitlines():
                    formatter.write_text(line.strip())


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--debug", is_flag=True, help="Show the full traceback of an error.")
@click.version_option(package_name="azkz")
@click.pass_context
def cli(context: click.Context, *, debug: bool) -> None:
    """Across the Caspian: rebuild the report from its ledger of evidence.

    Exit codes: 0 done, 1 what was checked does not hold, 2 wrong use or bad input, 3 a chapter
    failed.
    """
    context.obj = {"debug": debug}


@cli.command(
    cls=Example,
    epilog="""
    azkz build
    azkz build 2026.11 --chapter trade --only html --open
    azkz build --explain
    azkz build -p base_year 2018
    azkz build --as-of 2023-06-30
    azkz build --all
    """,
)
@click.argument("edition", required=False)
@click.option(
    "--chapter", "chapters", multiple=True, type=click.Choice(CHAPTERS), help="Only this chapter."
)
@click.option("--all", "every", is_flag=True, help="Build every edition, the oldest first.")
@click.option("--only", type=click.Choice(("html", "pdf")), help="Only the site, or only the PDF.")
@click.option(
    "--as-of",
    metavar="DAY",
    default="",
    help="The report as known on DAY (such as 2023-06-30), with the parameters of EDITION.",
)
@click.option(
    "-p", "parameters", type=(str, str), multiple=True, metavar="NAME VALUE",
    help="Another value for one of the edition's parameters.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 2, show_default=True,
    help="How many chapters run side by side.",
)  # fmt: skip
@click.option("--explain", is_flag=True, help="Say which passages were left out, and why.")
@click.option("--open", "show", is_flag=True, help="Open the result in the browser.")
def build(
    edition: str | None,
    chapters: tuple[str, ...],
    only: str | None,
    as_of: str,
    parameters: tuple[tuple[str, str], ...],
    jobs: int,
    *,
    every: bool,
    explain: bool,
    show: bool,
) -> None:
    """Build EDITION (the newest unless named): run the chapters, make the site and the PDF.

    A whole build with the edition's own day and parameters is published to _site. Any other (some
    chapters, one part, other parameters, another day) is left below _build, and the end says where.
    With --all an error stops at its edition; those before it are published.
    """
    from azkz.build.edition import names
    from azkz.build.plan import PARTS, Request
    from azkz.build.progress import Steps
    from azkz.build.run import build as run_build
    from azkz.build.summary import explanation, summary

    if every and (edition or as_of):
        raise click.UsageError("--all builds every edition as it is: give neither EDITION nor DAY")
    place = checkout()
    newest = _newest(place)
    for name in names(place) if every else (edition or newest,):
        request = Request(
            edition=name,
            chapters=chapters or CHAPTERS,
            parts=(only,) if only else PARTS,
            parameters=parameters,
            jobs=jobs,
            as_of=as_of,
        )
        steps = Steps()
        with steps.running():
            outcome = run_build(place, request, steps, _today())
        click.echo(summary(place, outcome))
        if explain and outcome.left_out:
            click.echo(f"\n{explanation(outcome)}")
    if show:
        click.launch(str(outcome.site / "index.html" if only != "pdf" else outcome.pdf))


@cli.command(cls=Example, epilog="azkz check")
def check() -> None:
    """Check the ledger, the editions, the notebooks and their prose; say every fault at once.

    Exit code 2 for input that cannot be used. Exit code 1 for prose that does not hold: figures
    typed by hand, ids that nothing defines, numbers that nothing prints, figures without data.
    """
    from azkz.build.checking import check as check_all
    from azkz.build.progress import Steps

    steps = Steps()
    with steps.running():
        checked = check_all(checkout(), steps, _today())
    click.echo(str(checked))


@cli.command(cls=Example, epilog="azkz editions")
def editions() -> None:
    """List the editions with their as-of days: which is the newest, built, released."""
    from azkz.build.summary import overview

    click.echo(overview(checkout(), _today()))


@cli.command(
    cls=Example,
    epilog="""
    azkz serve
    azkz serve 2026.11 --chapter energy --port 8765
    """,
)
@click.argument("edition", required=False)
@click.option(
    "--chapter", "chapters", multiple=True, type=click.Choice(CHAPTERS), help="Only this chapter."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
def serve(edition: str | None, chapters: tuple[str, ...], port: int, *, show: bool) -> None:
    """Show the report while it is written: a saved file is rebuilt and the page reloads.

    Only the chapters that a change concerns run again. An error is shown in the page and here;
    the last good pages stay.
    """
    from azkz.build.preview import preview

    place = checkout()
    preview(place, edition or _newest(place), chapters or CHAPTERS, port, _today(), show=show)


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
        record = trace_number(place, number, edition or _newest(place), steps, _today())
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
        record = compare(checkout(), old, new, steps, _today(), os.cpu_count() or 2)
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True))
    else:
        show(record, sys.stdout)


def main() -> NoReturn:
    """Run the command; errors that a user can mend are said without a traceback."""
    signal.signal(signal.SIGTERM, _stop)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _stop)
    debug = "--debug" in sys.argv[1:]
    try:
        result = cli.main(standalone_mode=False)
    except ReportError as error:
        if debug:
            raise
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; what is published is as it was, finished chapters are kept", err=True)
        sys.stdout.flush()
        # Without waiting for chapters that run: their kernels end when they miss this process.
        os._exit(130)
    except OSError as error:
        if debug:
            raise
        where = f"{error.filename}: " if error.filename else ""
        todo = "see that it can be read and written, and that the disk has room"
        click.echo(f"{where}{error.strerror or error} — {todo}", err=True)
        sys.exit(2)
    sys.exit(result if isinstance(result, int) else 0)


def _stop(_number: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


def _newest(place: Any) -> str:
    from azkz.build.edition import newest

    return newest(place)


def _today() -> date:
    return datetime.now(tz=UTC).date()
