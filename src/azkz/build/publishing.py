"""Publishes a build: its pages are put together when they are there, the rest when it follows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import azkz
from azkz.build import released
from azkz.build.chapter import Chapter
from azkz.build.listing import pdf_name
from azkz.build.manifest import correction, manifest, packages
from azkz.build.plan import Plan
from azkz.build.publish import assemble, file_hashes, list_editions, replace_folder
from azkz.build.released import ReleaseDiffers
from azkz.build.stage import write_json
from azkz.build.store import write_atomically
from azkz.paths import RECORDS, Checkout
from azkz.report.spreadsheet import numbers_csv


class Publishing:
    """What is published of a ``plan``: ``site.new`` in its work until all of it is there."""

    def __init__(self, place: Checkout, plan: Plan) -> None:
        self._place, self._plan = place, plan
        self._work = place.build / plan.folder_name
        self._new = self._work / "site.new"
        self._whole = place.site / plan.edition.name
        self._hashes: dict[str, str] | None = None

    def take_pages(self, html: Path | None) -> None:
        """Put the pages and the numbers together, while the PDF may still be printed."""
        last = self._whole if self._plan.complete else self._work / "site"
        assemble(self._new, html, self._plan.edition, last)
        self._add_numbers()
        self._hashes = file_hashes(self._new)
        # The manifest asks for them at the end, and they are looked up once.
        packages()

    def finish(
        self, parts: Mapping[str, Path], built: Sequence[Chapter]
    ) -> tuple[Path, ReleaseDiffers | None]:
        """Put the site into its place; a released edition is published as it was released, or not.

        Returns where it is, and how it differs from its release.
        """
        if self._hashes is None:
            self.take_pages(parts.get("html"))
        if "pdf" in parts:
            pdf = self._new / pdf_name(self._plan.edition.name)
            shutil.copy(next(parts["pdf"].glob("*.pdf")), pdf)
        self._write_manifest(file_hashes(self._new, self._hashes), built)
        place, plan = self._place, self._plan
        differs = released.compare(place, plan.edition.name, self._new) if plan.complete else None
        public = plan.complete and not differs
        site = self._whole if public else self._work / "site"
        # Only what was published is put back by the next build if this one is stopped here.
        aside = place.build / ".replaced" / plan.folder_name if public else self._work / "site.old"
        replace_folder(self._new, site, aside)
        if public:
            list_editions(place)
        return site, differs

    def _add_numbers(self) -> None:
        edition, new = self._plan.edition, self._new
        numbers = self._laid_out("numbers.json")["numbers"]
        verdicts = self._laid_out("verdicts.json")
        content = {
            "edition": edition.name,
            "as_of": edition.as_of.isoformat(),
            "package": azkz.__version__,
            "ledger_sha256": self._plan.ledger_sha256,
            "numbers": numbers,
            "verdicts": sorted(verdicts, key=lambda verdict: str(verdict["claim"])),
            **correction(edition),
        }
        write_json(new / "numbers.json", content)
        write_atomically(new / "numbers.csv", numbers_csv(numbers).encode())

    def _write_manifest(self, hashes: Mapping[str, str], built: Sequence[Chapter]) -> None:
        plan = self._plan
        keys = {chapter.name: chapter.key for chapter in built}
        made = manifest(
            plan.edition, plan.ledger_sha256, plan.templates, keys, hashes, newest=plan.newest
        )
        write_json(self._new / "manifest.json", made)

    def _laid_out(self, name: str) -> Any:
        return json.loads((self._work / "book" / RECORDS / name).read_text(encoding="utf-8"))
