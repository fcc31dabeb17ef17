"""Tells at once that nothing has changed since a build: neither what it was made from nor it.

What is compared is every byte that a build reads: the ledger, releases, notebooks, pages,
configuration, the package and the versions of all others. What it made is compared by the sizes
and times of its files.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import azkz
from azkz.build.environment import environment
from azkz.build.files import files_below
from azkz.build.outcome import Outcome, from_record
from azkz.build.request import Request
from azkz.build.store import key_of, write_atomically
from azkz.paths import Checkout

_FILES = ("_config.yml", "_toc.yml")


class LastBuild:
    """The last build of what is asked for, if it is known; made before anything is read for it."""

    def __init__(self, place: Checkout, request: Request) -> None:
        self._place = place
        # How it is made does not matter for what is made.
        asked = replace(request, jobs=1, engine="", cluster="")
        self._record = place.build / "last" / f"{key_of(repr(asked))[:16]}.json"
        self._inputs = _inputs(place)

    def outcome(self) -> Outcome | None:
        """What it made, where that is still right and still there."""
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            if record["inputs"] != self._inputs:
                return None
            outcome = from_record(record["outcome"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return outcome if record["made"] == self._made(outcome) else None

    def remember(self, outcome: Outcome) -> None:
        """Note what was made.

        Nothing where it differs from its release, or where a file was changed in the meantime.
        """
        if outcome.differs is None and _inputs(self._place) == self._inputs:
            record = {
                "inputs": self._inputs,
                "made": self._made(outcome),
                "outcome": outcome.as_record(),
            }
            write_atomically(self._record, json.dumps(record).encode())

    def _made(self, outcome: Outcome) -> dict[str, Any]:
        """Size and time of each file of the site, and for a published one what stands beside it."""
        files = {
            path.relative_to(outcome.site).as_posix(): _stamp(path)
            for path in files_below(outcome.site)
        }
        beside = self._place.site.iterdir() if outcome.published else ()
        return {"files": files, "beside": sorted(path.name for path in beside)}


def _inputs(place: Checkout) -> str:
    """SHA-256 over all that a build reads."""
    digest = hashlib.sha256("\n".join(environment()).encode())
    package = Path(azkz.__file__).parent
    read = [place.root / name for name in _FILES]
    for folder in (place.data, place.notebooks, place.book, package):
        read.extend(files_below(folder))
    for path in read:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _stamp(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]
