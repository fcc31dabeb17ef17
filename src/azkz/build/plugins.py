"""What installed packages offer to each other, looked up once.

The bibliography asks for its styles by name at each citation, and each time the metadata of all
installed packages are read.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoints, entry_points
from typing import Any

_ASKING = ("pybtex.plugin", "sphinxcontrib.bibtex.plugin")
"""Modules that have imported ``entry_points`` by its name."""

_all = cache(entry_points)


def look_up_once() -> None:
    """Let these modules ask what is known; what is installed does not change under a build."""
    for name in _ASKING:
        import_module(name).entry_points = _known  # type: ignore[attr-defined]


def _known(**wanted: Any) -> EntryPoints:
    """As ``importlib.metadata.entry_points``."""
    found: EntryPoints = _all().select(**wanted)  # type: ignore[assignment]
    return found
