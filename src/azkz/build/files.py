"""The files of a folder that a build reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_UNREAD = frozenset({"__pycache__", ".ipynb_checkpoints"})


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below ``folder`` in order, without what tools leave there for themselves."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _UNREAD & set(path.parts):
            yield path
