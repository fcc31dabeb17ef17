"""The command that removes what can be made again: clean."""

from __future__ import annotations

import re

import click

from azkz.cli.group import Example, cli
from azkz.paths import checkout

_SECONDS = {"h": 3600, "d": 86_400, "w": 604_800}


class Age(click.ParamType[float]):
    """A length of time such as ``30d``, in seconds."""

    name = "age"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Seconds, from a number and h, d or w."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+)([hdw])", str(value))
        if not found:
            self.fail(f"{value!r} is no age: write 12h, 30d or 4w", param, ctx)
        return float(int(found[1]) * _SECONDS[found[2]])


@cli.command(
    cls=Example,
    epilog="""
    azkz clean --store
    azkz clean --store --older-than 30d
    """,
)
@click.option("--store", is_flag=True, help="Remove results of chapters below _build/store.")
@click.option(
    "--older-than", "age", type=Age(), default="0h", metavar="AGE",
    help="Keep those that were used within AGE (12h, 30d, 4w).",
)  # fmt: skip
def clean(age: float, *, store: bool) -> None:
    """Remove kept results; the next build makes again what it needs.

    A build keeps the store below a bound by itself: what was unused for longest goes first.
    """
    from azkz.build.lock import build_lock
    from azkz.build.store import Store

    if not store:
        raise click.UsageError("say what to remove: --store")
    place = checkout()
    with build_lock(place.build):
        count, held = Store(place.build / "store").clean(age)
    click.echo(f"{count} results removed, {held / 1e6:.1f} MB")
