"""The command ``azkz``."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, NoReturn

import click

from azkz.cli import author, keeping, review, sweep
from azkz.cli.group import cli
from azkz.errors import ReportError

__all__ = ["author", "cli", "keeping", "main", "review", "sweep"]


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
