"""Moves a finished build into place: whole, or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path

from azkz.build import listing
from azkz.build.edition import Edition
from azkz.build.editions_page import editions_page, lead_page
from azkz.build.listing import Listed
from azkz.build.stage import write_json
from azkz.build.store import write_atomically
from azkz.paths import RECORDS, Checkout

LATEST = "latest"
"""The folder whose pages lead to those of the newest edition."""


def assemble(folder: Path, html: Path | None, edition: Edition, last: Path) -> None:
    """Put the pages of one edition's site together in ``folder``, anew.

    What ``last``, the site before it, has already is not copied a second time: files of a site are
    replaced, and never written to, so that both may hold the same.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if html:
        unwanted = shutil.ignore_patterns(".buildinfo", "objects.inv", RECORDS)
        take = partial(_link_or_copy, html, last)
        shutil.copytree(html, folder, dirs_exist_ok=True, ignore=unwanted, copy_function=take)
        write_atomically(folder / "index.html", lead_page(edition.title, "book/index.html"))


def _link_or_copy(html: Path, last: Path, source: str, target: str) -> None:
    before = last / Path(source).relative_to(html)
    # Where there is no such file, or the system links none.
    with suppress(OSError):
        if _stamp(before) == _stamp(Path(source)):
            os.link(before, target)
            return
    shutil.copy2(source, target)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def file_hashes(folder: Path, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """SHA-256 of every file below ``folder``, by its path there; of some they are ``known``."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    known = known or {}
    return {
        name: known.get(name) or hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in named.items()
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


def list_editions(place: Checkout) -> None:
    """Say what is published: the list that pages read, the list for readers, ways to the newest.

    All of it is made from the folders of the editions, none of which is written to.
    """
    listed = listing.published(place.site)
    if not listed:
        return
    write_json(place.site / "editions.json", [asdict(entry) for entry in listed])
    write_atomically(place.site / "editions.html", editions_page(listed).encode())
    newest = listed[-1]
    lead = lead_page(newest.title, f"{newest.edition}/index.html")
    write_atomically(place.site / "index.html", lead)
    latest = place.build / "latest.new"
    _lead_all(newest, latest)
    replace_folder(latest, place.site / LATEST, place.build / ".replaced" / LATEST)


def _lead_all(newest: Listed, folder: Path) -> None:
    """Make ``folder`` anew: for each page of the newest edition one that leads to it."""
    shutil.rmtree(folder, ignore_errors=True)
    for page in newest.pages:
        way = "../" * (page.count("/") + 1)
        path = folder / page
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(lead_page(newest.title, f"{way}{newest.edition}/{page}"))
    # A PDF cannot lead to another: a page of its own does.
    pdf = lead_page(newest.title, f"../{newest.edition}/{newest.pdf}")
    (folder / "pdf.html").write_bytes(pdf)
