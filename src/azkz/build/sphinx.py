"""Runs Sphinx on a staged book, in this process, with Jupyter Book's configuration."""

from __future__ import annotations

import gc
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azkz.build.plugins import look_up_once, run_nothing
from azkz.errors import BadInput, ReportError
from azkz.paths import RECORDS

LICENCE = (
    "Text, figures, tables and the ledger as a compilation: Creative Commons Attribution 4.0 "
    "International (CC BY 4.0), creativecommons.org/licenses/by/4.0. Code: MIT licence. "
    "Single figures belong to their sources, which are named beside them."
)
"""The licence in the words of the page on how to cite."""

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_MODULES = (
    *("sphinx.builders.html.transforms", "jupyter_book", "jupyter_book.config"),
    *("myst_nb", "myst_nb.ext.execution_tables", "myst_nb.ext.glue.domain"),
    *("myst_parser.sphinx_ext.directives", "myst_parser.sphinx_ext.mathjax"),
    *("sphinx_book_theme", "sphinx_external_toc.events", "sphinx_multitoc_numbering"),
    *("sphinxcontrib.bibtex", "sphinxcontrib.bibtex.style.referencing.author_year"),
    *("pybtex.style.formatting.plain", "pybtex.backends.plaintext", "a11y_pygments", "typst"),
    *("azkz.build.stretches", "azkz.sphinxext.outputs", "azkz.typst.builder"),
)
"""What Sphinx imports by names when it starts, beyond its own extensions, and when it reads."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def run_sphinx(
    stage: Path,
    outdir: Path,
    doctrees: Path,
    builder: str,
    *,
    fresh: bool,
    settings: Mapping[str, Any] | None = None,
    when_read: Callable[[Sphinx], None] | None = None,
    processes: int = 1,
) -> None:
    """Build the book below ``stage`` with ``builder`` (``html`` or ``typst``) into ``outdir``.

    Builders that share ``doctrees`` read each page once. ``fresh`` reads and writes all of them
    anew. ``settings`` are Sphinx's own and go before those of ``_config.yml``. Nothing is printed.
    ``when_read`` is called with Sphinx's application when all pages are read and kept in
    ``doctrees``. Pages are read, and written to HTML, by so many ``processes``, forked from this
    one; the bytes are the same.

    Raises
    ------
    BadInput
        The configuration is not valid, or Sphinx warned; the message holds every warning.
    ReportError
        What a part of the report found wrong, as it was raised.
    """
    # Sphinx and Jupyter Book take most of a second to import; other commands do without.
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError, SphinxParallelError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    from azkz.build.stretches import share_out

    run_nothing()
    look_up_once()
    overrides = {**configuration(stage), **(settings or {})}
    warnings = io.StringIO()

    def run(processes: int) -> None:
        if fresh:
            shutil.rmtree(doctrees, ignore_errors=True)
        with _uncollected(), patch_docutils(None), docutils_namespace():
            app = Sphinx(
                srcdir=stage,
                confdir=None,
                outdir=outdir,
                doctreedir=doctrees,
                buildername=builder,
                confoverrides=overrides,
                status=None,
                warning=warnings,
                freshenv=fresh,
                warningiserror=False,
                parallel=processes,
            )
            if when_read is not None:
                # The first event after the environment is written down.
                app.connect("env-check-consistency", lambda app, _: when_read(app))
            if processes > 1:
                # It numbers sections when all pages are read, and does not say so.
                app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True
                app.connect("env-before-read-docs", partial(share_out, processes))
                # Sphinx counts the process that waits for them as one more.
                app.connect(
                    "env-check-consistency", lambda *_: setattr(app, "parallel", processes + 1)
                )
            app.build(force_all=fresh)

    try:
        try:
            run(processes)
        except SphinxParallelError:
            # Another process has told the error as text alone.
            run(1)
    except (SphinxError, OSError) as error:
        raise cause_of(error, stage, warnings.getvalue()) from error
    refuse_warnings(stage, warnings.getvalue())


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cyclic garbage, which takes half of the time here.

    Trees of pages are many small objects that live until the end. They are left for ``collect``:
    most often the process ends before.
    """
    on = gc.isenabled()
    collect()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if on:
            gc.enable()


def collect() -> None:
    """Free what earlier runs have left."""
    if gc.get_freeze_count():
        gc.unfreeze()
        gc.collect()


def load() -> None:
    """Import all that a build of pages imports: for who is going to be forked."""
    from sphinx.application import builtin_extensions

    run_nothing()
    look_up_once()
    for module in (*builtin_extensions, *_MODULES, "azkz.sphinxext.extension", "azkz.typst"):
        import_module(module)


def configuration(stage: Path) -> dict[str, Any]:
    """What ``_config.yml`` says, as Sphinx's own settings."""
    from jsonschema import ValidationError
    from jupyter_book.config import get_final_config

    try:
        settings, _ = get_final_config(
            user_yaml=stage / "_config.yml",
            sourcedir=stage,
            cli_config={"latex_individualpages": False, "nitpicky": True},
            raise_on_invalid=True,
        )
    except (ValidationError, OSError) as error:
        raise BadInput(str(error), "_config.yml", "mend the configuration") from error
    # A setting of Jupyter Book for an extension that the report does without.
    settings.pop("comments_config", None)
    # No page shows it. Sphinx writes the year of SOURCE_DATE_EPOCH into it, which is set when a
    # chapter has run, and takes that for another configuration, for which it writes all pages.
    settings["copyright"] = ""
    about = json.loads((stage / RECORDS / "build.json").read_text(encoding="utf-8"))
    return {**settings, **on_cover(about)}


def on_cover(about: Mapping[str, Any]) -> dict[str, Any]:
    """What the cover and the imprint of the PDF say of the build, as settings of Sphinx."""
    return {
        "typst_title": about["title"],
        # What has the name of its day is no edition.
        "typst_edition": "" if about["edition"] == about["as_of"] else about["edition"],
        "typst_as_of": about["as_of"],
        "typst_date": about["as_of"],
        "typst_version": about["version"],
        "typst_imprint": _imprint(about),
    }


def _imprint(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Lines of the imprint beyond title, edition, day and version, each with its name."""
    from azkz.sphinxext.pages import citation

    title, digest = str(about["title"]), str(about["ledger_sha256"])
    day = date.fromisoformat(about["as_of"])
    by, rest = citation(about["edition"], day, about["version"], digest)
    corrects = about.get("corrects")
    return [
        *([("Corrects", f"Edition {corrects}")] if corrects else []),
        ("How to cite", f"{by} {title}. {rest}"),
        ("Licence", LICENCE),
        ("Ledger", f"SHA-256 {digest}"),
    ]


def cause_of(error: Exception, stage: Path, warnings: str) -> ReportError:
    """The report's own error if one was behind Sphinx's; else Sphinx's words."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ReportError):
            return cause
        cause = getattr(cause, "orig_exc", None) or cause.__cause__
    return BadInput(_shown(f"{warnings}{error}", stage), "Sphinx", "mend the page that it names")


def refuse_warnings(stage: Path, warnings: str) -> None:
    """Raise ``BadInput`` where Sphinx has warned of something."""
    text = _shown(warnings, stage)
    if text:
        count = len(text.splitlines())
        raise BadInput(f"{text}\n{count} line{'s' if count > 1 else ''} of warnings", "Sphinx")


def _shown(text: str, stage: Path) -> str:
    """Warnings without colours, with paths as the checkout has them."""
    plain = _COLOURS.sub("", text)
    return plain.replace(f"{stage.resolve()}/", "").replace(f"{stage}/", "").strip()
