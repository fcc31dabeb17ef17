"""The group of commands, and what they share."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click

from azkz.paths import Checkout


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


def newest(place: Checkout) -> str:
    """The edition that is meant where none is named."""
    from azkz.build.edition import newest as newest_of

    return newest_of(place)


def today() -> date:
    """The day, in universal time; nothing that is built depends on it."""
    return datetime.now(tz=UTC).date()
