"""What the pages' packages ask of other packages, and the report has no need of each time.

The bibliography asks for its styles by name at each citation, and each time the metadata of all
installed packages are read. MyST-NB imports what it would run notebooks with, a database among it.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoints, entry_points
from types import ModuleType
from typing import Any

from azkz.errors import BadInput

_ASKING = ("pybtex.plugin", "sphinxcontrib.bibtex.plugin")
"""Modules that have imported ``entry_points`` by its name."""

_RUNNING = {
    f"myst_nb.core.execute.{name}": f"NotebookClient{name.capitalize()}"
    for name in ("cache", "direct", "inline")
}
"""Modules of MyST-NB that run notebooks, each with its class; papermill has run the chapters."""

_all = cache(entry_points)


class Unused:
    """Stands where MyST-NB has a way to run notebooks."""

    def __init__(self, *_given: Any) -> None:
        raise BadInput("the pages run no notebook", "_config.yml", 'set execute_notebooks: "off"')


def run_nothing() -> None:
    """Let MyST-NB be imported without its ways to run notebooks, where it is not imported yet."""
    if "myst_nb.core.execute" in sys.modules:
        return
    for name, kind in _RUNNING.items():
        sys.modules[name] = ModuleType(name, Unused.__doc__)
        setattr(sys.modules[name], kind, Unused)


def look_up_once() -> None:
    """Let these modules ask what is known; what is installed does not change under a build."""
    for name in _ASKING:
        import_module(name).entry_points = _known  # type: ignore[attr-defined]


def _known(**wanted: Any) -> EntryPoints:
    """As ``importlib.metadata.entry_points``."""
    found: EntryPoints = _all().select(**wanted)  # type: ignore[assignment]
    return found
