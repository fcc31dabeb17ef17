"""Writes the pages of a new site in several processes, each page in one alone.

Sphinx resolves and indexes all pages in one process and hands them to others to be written: these
wait for that one, which has as much to do as all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.build_phase import BuildPhase
from sphinx.util.parallel import ParallelTasks

Index = list[dict[str, Any]]


class SiteBuilder(StandaloneHTMLBuilder):
    """Sphinx's builder of HTML, but for how it shares out pages."""

    def _write_parallel(self, docnames: Sequence[str], nproc: int) -> None:
        tasks = ParallelTasks(nproc)
        for pages in self._shared_out(docnames, nproc):
            tasks.add_task(self._write_pages, pages, self._take)
        tasks.join()

    def _shared_out(self, pages: Sequence[str], processes: int) -> list[list[str]]:
        """A share for each process, all with as much to do: the largest pages are dealt first."""
        shares: list[tuple[int, int, list[str]]] = [(0, at, []) for at in range(processes)]
        sizes = {page: Path(self.doctreedir, f"{page}.doctree").stat().st_size for page in pages}
        for page in sorted(pages, key=lambda page: (-sizes[page], page)):
            work, at, share = min(shares)
            shares[at] = (work + sizes[page], at, [*share, page])
        return [share for _, _, share in shares if share]

    def _write_pages(self, pages: Sequence[str]) -> tuple[Index, dict[str, str]]:
        """Resolve and write the pages; what is to be found in them, and their pictures."""
        for page in pages:
            self.app.phase = BuildPhase.RESOLVING
            tree = self.env.get_and_resolve_doctree(page, self)
            self.app.phase = BuildPhase.WRITING
            self.write_doc_serialized(page, tree)
            self.write_doc(page, tree)
        return self._index(), self.images

    def _take(self, _pages: Sequence[str], found: tuple[Index, dict[str, str]]) -> None:
        """Add what another process has found."""
        index, images = found
        for own, other in zip(self._index(), index, strict=True):
            for key, value in other.items():
                own[key] = own.get(key, set()) | value if isinstance(value, set) else value
        self.images.update(images)

    def _index(self) -> Index:
        """The parts of the search's index: by page, and by word the pages that have it."""
        index: Any = self.indexer
        if index is None:
            return []
        names = ("titles", "filenames", "mapping", "title_mapping", "all_titles", "index_entries")
        return [getattr(index, f"_{name}") for name in names]
