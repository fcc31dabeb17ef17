"""The commands of authors: build, serve, check, add, release, editions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azkz.build import CHAPTERS
from azkz.cli.group import Example, cli, newest, today
from azkz.paths import Checkout, checkout

if TYPE_CHECKING:
    from azkz.build.outcome import Outcome
    from azkz.build.released import ReleaseDiffers
    from azkz.build.request import Request


@cli.command(
    cls=Example,
    epilog="""
    azkz build
    azkz build 2026.11 --chapter trade --only html --open
    azkz build --explain
    azkz build -p base_year 2018
    azkz build --as-of 2023-06-30
    azkz build --all
    azkz build --cluster local:4
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
    help="How many chapters run side by side; with --cluster its workers decide.",
)  # fmt: skip
@click.option(
    "--cluster", metavar="ADDRESS", default="",
    help="Run on a Dask cluster: tcp://HOST:PORT of its scheduler, or local:N for N workers here.",
)  # fmt: skip
@click.option(
    "--engine", type=click.Choice(("warm", "stock")), default="warm", show_default=True,
    help="Run chapters in processes that have imported all before, or in papermill's own kernels.",
)  # fmt: skip
@click.option(
    "--explain",
    is_flag=True,
    help="Say why each chapter ran or was reused, and which passages were left out.",
)
@click.option("--open", "show", is_flag=True, help="Open the result in the browser.")
def build(
    edition: str | None,
    chapters: tuple[str, ...],
    only: str | None,
    as_of: str,
    parameters: tuple[tuple[str, str], ...],
    jobs: int,
    engine: str,
    cluster: str,
    *,
    every: bool,
    explain: bool,
    show: bool,
) -> None:
    """Build EDITION (the newest unless named): run the chapters, make the site and the PDF.

    A whole build with the edition's own day and parameters is published to _site. Any other (some
    chapters, one part, other parameters, another day) is left below _build, and the end says where.
    Where nothing has changed since the last build of the same it says so and does nothing.
    With --all an error stops at its edition; those before it are published. A released edition is
    published as it was released or not at all; with --all it is kept where that is published.
    """
    from azkz.build.edition import names
    from azkz.build.request import PARTS, Request
    from azkz.build.summary import explanation, summary

    if every and (edition or as_of):
        raise click.UsageError("--all builds every edition as it is: give neither EDITION nor DAY")
    place = checkout()
    differing: list[ReleaseDiffers] = []
    site, last = place.site, newest(place)
    for name in names(place) if every else (edition or last,):
        if every and not (chapters or only or parameters) and _is_kept(place, name):
            click.echo(f"edition {name} is released and published as it was; kept without a build")
            continue
        request = Request(
            edition=name,
            chapters=chapters or CHAPTERS,
            parts=(only,) if only else PARTS,
            parameters=parameters,
            jobs=jobs,
            as_of=as_of,
            engine=engine,
            cluster=cluster,
        )
        outcome = _built(place, request)
        click.echo(summary(place, outcome))
        if explain:
            click.echo(f"\n{explanation(outcome)}")
        differing += [outcome.differs] if outcome.differs else []
        site = outcome.site
    if show:
        found = site.glob("*.pdf") if only == "pdf" else site.glob("index.html")
        click.launch(str(next(found, site)))
    if differing:
        from azkz.build.released import refuse

        refuse(differing)


def _is_kept(place: Checkout, name: str) -> bool:
    from azkz.build.released import is_kept

    return is_kept(place, name)


def _built(place: Checkout, request: Request) -> Outcome:
    """What there is already, if nothing has changed since; else a build."""
    from azkz.build.unchanged import LastBuild

    last = LastBuild(place, request)
    if (outcome := last.outcome()) is not None:
        return outcome
    from azkz.build.forking import begin, collect_seldom

    collect_seldom()
    if not request.cluster:
        begin()
    # These import all that a build needs.
    from azkz.build.progress import Steps
    from azkz.build.run import build as run_build

    steps = Steps()
    with steps.running():
        outcome = run_build(place, request, steps, today())
    last.remember(outcome)
    return outcome


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
    from azkz.build.forking import collect_seldom
    from azkz.build.preview import preview

    collect_seldom()
    place = checkout()
    preview(place, edition or newest(place), chapters or CHAPTERS, port, today(), show=show)


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
        checked = check_all(checkout(), steps, today())
    click.echo(str(checked))


@cli.command(
    cls=Example,
    epilog="""
    azkz add rows.csv
    azkz add pages.csv rows.csv --write
    """,
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="Append the rows; without it they are only shown.")
def add(files: tuple[Path, ...], *, write: bool) -> None:
    """Check the new rows of FILES and show what they change; append them with --write.

    A FILE is a CSV with the columns of sources.csv, observations.csv or events.csv. Ids may be
    left out, and so may columns that a row may leave empty, and the day from which a row is known
    where it follows from its source. One fault anywhere, and nothing is written.
    """
    from azkz.build.progress import Steps
    from azkz.review.adding import add as add_rows
    from azkz.review.adding_view import shown

    steps = Steps()
    with steps.running():
        added = add_rows(checkout(), files, steps, today(), write=write)
    click.echo(shown(added, files))


@cli.command(
    cls=Example,
    epilog="""
    azkz release 2026.11
    azkz release 2026.11.1
    """,
)
@click.argument("edition")
def release(edition: str) -> None:
    """Release EDITION: build it, keep its numbers and manifest, and say which tag to push.

    Refused, with every reason at once, if the checkout is not as committed, a check fails, or the
    edition is released already. A released edition is never overwritten: a correction is an
    edition of its own, 2026.11.1 for 2026.11. Nothing is committed, tagged or pushed.
    """
    from azkz.build.progress import Steps
    from azkz.build.release import release as release_edition

    steps = Steps()
    with steps.running():
        done = release_edition(checkout(), edition, steps, today())
    click.echo(str(done))


@cli.command(cls=Example, epilog="azkz editions")
def editions() -> None:
    """List the editions with their as-of days: which is the newest, built, released."""
    from azkz.build.summary import overview

    click.echo(overview(checkout(), today()))
