"""Lists and cells of tables: kept from transforms, and written as if they were not."""

from __future__ import annotations

from pathlib import Path

import pytest
from docutils import nodes

from azkz.build.publish import file_hashes
from azkz.sphinxext import annex, changes, outputs
from azkz.sphinxext.sealed import seal, sealed
from test_sphinxext import build, make_stage


@pytest.mark.parametrize("builder", ["html", "typst"])
def test_pages_are_those_of_open_lists(
    builder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, the search index and the source of the PDF included."""
    kept = file_hashes(build(make_stage(tmp_path / "sealed"), builder))
    for module in (annex, changes, outputs):
        monkeypatch.setattr(module, "seal", lambda content: content)
    plain = file_hashes(build(make_stage(tmp_path / "open"), builder))
    names = [name for name in kept if name.endswith((".html", ".js", ".typ"))]
    assert names
    assert {name: kept[name] for name in names} == {name: plain[name] for name in names}


def test_transforms_see_one_node() -> None:
    """What is sealed is not among the nodes of a page."""
    document = nodes.container("", seal(nodes.paragraph("", "", nodes.Text("A list."))))
    (only,) = document.findall(include_self=False)
    assert isinstance(only, sealed)
