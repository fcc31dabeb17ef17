"""Shares out pages to the processes that read them, so that all have as much to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.util.parallel import make_chunks

from azkz.paths import RECORDS
from azkz.sphinxext.domain import PAGES


def share_out(processes: int, _app: Any, env: Any, pages: list[str]) -> None:
    """Order ``pages``, of which Sphinx gives each process a stretch, and what is left to the first.

    The largest come first, each to the process with the least so far; the smallest are left over.
    """
    lengths = [len(stretch) for stretch in make_chunks(pages, processes)]
    stretches: list[list[str]] = [[] for _ in lengths]
    work = [0] * len(lengths)
    for page in sorted(pages, key=lambda page: -_size(env, page)):
        free = [at for at, length in enumerate(lengths) if len(stretches[at]) < length]
        least = min(free, key=lambda at: (at >= processes, work[at]))
        stretches[least].append(page)
        work[least] += _size(env, page)
    pages[:] = [page for stretch in stretches for page in stretch]


def _size(env: Any, page: str) -> int:
    """Bytes of the page, or of the records that it is made from."""
    of_records = page in PAGES.values()
    path = Path(env.srcdir, RECORDS, "numbers.json") if of_records else Path(env.doc2path(page))
    return path.stat().st_size
