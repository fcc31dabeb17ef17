"""Writes several files of the checkout together: all of them, or none.

Each file is replaced by one rename. What stood there before is kept in a journal until the last is
in place: a process that is stopped in between leaves the journal, and the next one puts back what
stood before.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from azkz.build.stage import write_json
from azkz.build.store import PART, write_atomically
from azkz.errors import BadInput
from azkz.paths import Checkout

Json = dict[str, Any]


def write_together(place: Checkout, journal: str, contents: Mapping[Path, bytes]) -> None:
    """Write the files in their order; if that fails or is interrupted, put back what stood there.

    ``journal`` names the file below ``_build`` that remembers it for a process that is killed.

    Raises
    ------
    OSError
        A file cannot be written; all are as they were.
    """
    write_json(place.build / journal, [_entry(place, p, c) for p, c in contents.items()])
    try:
        for path, content in contents.items():
            write_atomically(path, content)
    except BaseException:
        put_back(place, journal)
        raise
    (place.build / journal).unlink()


def put_back(place: Checkout, journal: str) -> list[str]:
    """Undo what a stopped ``write_together`` has written; the files that are as before again.

    Nothing is undone where all was written already, or where nothing had been.

    Raises
    ------
    BadInput
        One of the files was changed since: what is right there only its author knows.
    """
    file = place.build / journal
    if not file.is_file():
        return []
    entries: list[Json] = json.loads(file.read_text(encoding="utf-8"))
    undone = []
    if not all(_hash(place.root / entry["path"]) == entry["after"] for entry in entries):
        undone = _half_written(place, entries, file)
        for entry in undone:
            _undo(place.root / entry["path"], entry["before"])
        _sweep({(place.root / entry["path"]).parent for entry in entries})
    file.unlink()
    return [entry["path"] for entry in undone]


def _half_written(place: Checkout, entries: list[Json], journal: Path) -> list[Json]:
    written = []
    for entry in entries:
        found = _hash(place.root / entry["path"])
        if found == entry["after"]:
            written.append(entry)
        elif found != _hash_of(entry["before"]):
            raise BadInput(
                "was changed after a command that writes several files was stopped half way",
                entry["path"],
                f"see git diff, mend it by hand, and remove {place.shown(journal)}",
            )
    return written


def _entry(place: Checkout, path: Path, content: bytes) -> Json:
    before = base64.b64encode(path.read_bytes()).decode("ascii") if path.exists() else None
    after = hashlib.sha256(content).hexdigest()
    return {"path": path.relative_to(place.root).as_posix(), "before": before, "after": after}


def _undo(path: Path, before: str | None) -> None:
    if before is not None:
        write_atomically(path, base64.b64decode(before))
        return
    path.unlink(missing_ok=True)


def _sweep(folders: set[Path]) -> None:
    """Remove parts of files that were being written, and folders in which nothing is."""
    for folder in folders:
        for part in folder.glob(f"{PART}*"):
            part.unlink()
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _hash(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def _hash_of(before: str | None) -> str | None:
    return None if before is None else hashlib.sha256(base64.b64decode(before)).hexdigest()
