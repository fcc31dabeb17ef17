"""Writes what Sphinx has read for one builder with a second one, without reading it again.

It is called in a process forked from the first builder's: all that it has read is there, and what
is done to it here does not reach the first.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from azkz.errors import ReportError

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def write(app: Sphinx, builder: str, outdir: Path) -> None:
    """Write the book that ``app`` has read into ``outdir`` with ``builder``.

    Raises
    ------
    BadInput
        Sphinx warned; the message holds every warning.
    ReportError
        What a part of the report found wrong, as it was raised.
    """
    from sphinx.errors import SphinxError
    from sphinx.util.build_phase import BuildPhase

    from azkz.build.sphinx import cause_of, refuse_warnings

    first, stage = app.builder, Path(app.srcdir)
    # What was warned of before, the first process tells.
    warned = len(_warnings(app).getvalue())
    for tag in (first.name, first.format):
        for name in (tag, f"builder_{tag}", f"format_{tag}"):
            app.tags.remove(name)
    app.outdir = type(app.outdir)(outdir)
    outdir.mkdir(parents=True, exist_ok=True)
    app.builder = app.registry.create_builder(app, builder, app.env)
    app.phase = BuildPhase.RESOLVING
    try:
        app.builder.init()
        app.builder.write(None, [], "all")
        app.builder.finish()
    except (SphinxError, OSError, ReportError) as error:
        raise cause_of(error, stage, _warnings(app).getvalue()[warned:]) from error
    refuse_warnings(stage, _warnings(app).getvalue()[warned:])


def _warnings(app: Sphinx) -> io.StringIO:
    stream = app._warning  # noqa: SLF001  where it was told to warn
    if not isinstance(stream, io.StringIO):
        raise TypeError("warnings are not kept")
    return stream
