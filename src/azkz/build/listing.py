"""Which editions are published, by what stands in their folders."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azkz.build.edition_names import order

MONTH = len("2026.11")
"""As long as the part of a name that a correction shares with what it corrects."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An edition that is published, as ``editions.json`` has it.

    ``as_of`` is an ISO day. ``corrects`` and ``corrected_by`` are names: a correction has the
    name of what it corrects with a number behind it, ``2026.11.1``, a further one the next number,
    and corrects the one before it. ``pages`` are the paths of the HTML pages in its folder.
    """

    edition: str
    title: str
    as_of: str
    newest: bool
    corrects: str | None
    corrected_by: str | None
    pages: tuple[str, ...]

    @property
    def pdf(self) -> str:
        """The name of its PDF."""
        return pdf_name(self.edition)


def pdf_name(edition: str) -> str:
    """The name of an edition's PDF in its folder."""
    return f"azkz-{edition}.pdf"


def published(site: Path) -> list[Listed]:
    """The editions whose folders stand in ``site``, the newest as-of day last.

    A correction knows the same day as what it corrects and comes after it.
    """
    manifests = {file.parent.name: _manifest(file) for file in site.glob("*/manifest.json")}
    # A folder under another name is somebody's copy.
    own = [made for folder, made in manifests.items() if folder == made["edition"]]
    ordered = sorted(own, key=lambda made: (made["as_of"], order(made["edition"])))
    names = [made["edition"] for made in ordered]
    return [_listed(site, made, names) for made in ordered]


def _manifest(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def _listed(site: Path, made: Mapping[str, Any], names: Sequence[str]) -> Listed:
    name = made["edition"]
    same = sorted((other for other in names if other[:MONTH] == name[:MONTH]), key=order)
    at = same.index(name)
    return Listed(
        edition=name,
        title=made["parameters"]["title"],
        as_of=made["as_of"],
        newest=name == names[-1],
        corrects=same[at - 1] if at else None,
        corrected_by=same[at + 1] if name != same[-1] else None,
        pages=tuple(_pages(site / name)),
    )


def _pages(folder: Path) -> list[str]:
    """HTML files but those of the theme, which nobody reads."""
    found = (page.relative_to(folder).as_posix() for page in folder.rglob("*.html"))
    return sorted(page for page in found if not page.startswith("_static/"))
