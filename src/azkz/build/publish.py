"""Moves a finished build into place: whole, or not at all."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from azkz.build.edition import Edition
from azkz.build.stage import write_json
from azkz.build.store import write_atomically
from azkz.paths import RECORDS

_LEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={target}">
<link rel="canonical" href="{target}">
</head>
<body><p><a href="{target}">{title}</a></p></body>
</html>
"""


def lead_page(path: Path, title: str, target: str) -> None:
    """A page that leads to another, with a link for who is not led."""
    page = _LEAD.format(title=escape(title), target=escape(target, quote=True))
    write_atomically(path, page.encode())


def assemble(folder: Path, html: Path | None, pdf: Path | None, edition: Edition) -> None:
    """Put the parts of one edition's site together in ``folder``, anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if html:
        unwanted = shutil.ignore_patterns(".buildinfo", "objects.inv", RECORDS)
        shutil.copytree(html, folder, dirs_exist_ok=True, ignore=unwanted)
        lead_page(folder / "index.html", edition.title, "book/index.html")
    if pdf:
        shutil.copy(pdf, folder / f"azkz-{edition.name}.pdf")


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below ``folder``, by its path there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def replace_folder(new: Path, place: Path, aside: Path) -> None:
    """Put ``new`` where ``place`` is; what was there is moved to ``aside`` first, then removed.

    Both moves are renames on one file system. Stopped between them, nothing stands at ``place``
    until ``restore`` or the next build puts one back: a half-written folder never does.
    """
    shutil.rmtree(aside, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        aside.parent.mkdir(parents=True, exist_ok=True)
        place.replace(aside)
    new.replace(place)
    shutil.rmtree(aside, ignore_errors=True)


def restore(place: Path, aside: Path) -> None:
    """Put back what a stopped ``replace_folder`` had moved aside."""
    if aside.exists() and not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        aside.replace(place)


def list_editions(site: Path, editions: Iterable[Mapping[str, Any]]) -> None:
    """Write the switcher's list and the lead page to the newest edition that is published."""
    published = [dict(e) for e in editions if (site / str(e["edition"])).is_dir()]
    if not published:
        return
    newest = max(published, key=lambda entry: (entry["as_of"], entry["edition"]))
    for entry in published:
        entry["newest"] = entry is newest
    write_json(site / "editions.json", published)
    lead_page(site / "index.html", str(newest["title"]), f"{newest['edition']}/index.html")
