"""Pages shared out to processes: as much to do for each, and none lost."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from sphinx.util.parallel import make_chunks

from azkz.build.stretches import share_out
from azkz.paths import RECORDS

SIZES = {
    **{f"notebooks/{name}": 900 + 10 * at for at, name in enumerate("abcdefg")},
    **{f"book/{name}": 10 + at for at, name in enumerate("hijklmnopqrstuvwx")},
    "book/evidence": 1,
    "book/sources": 1,
}


@pytest.mark.parametrize("processes", [2, 3])
def test_all_have_as_much_to_do(processes: int, tmp_path: Path) -> None:
    """Full stretches hold as much, annexes counted by their records; small pages are left over."""
    for page, size in {**SIZES, f"{RECORDS}/numbers.json": 800}.items():
        path = tmp_path / page
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b" " * size)
    env = SimpleNamespace(srcdir=str(tmp_path), doc2path=lambda page: str(tmp_path / page))
    pages = sorted(SIZES)
    share_out(processes, None, env, pages)
    assert sorted(pages) == sorted(SIZES)
    sizes = {**SIZES, "book/evidence": 800, "book/sources": 800}
    work = [sum(sizes[page] for page in each) for each in make_chunks(pages, processes)]
    assert max(work[:processes]) - min(work[:processes]) < max(sizes.values())
    assert all(left < min(work[:processes]) for left in work[processes:])
