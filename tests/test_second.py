"""The PDF's source, written from what was read for the site, is the one that is written alone."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from azkz.build import CHAPTERS
from azkz.build.assembly import run_parts
from azkz.build.forking import can_fork
from azkz.build.progress import Steps
from azkz.build.sphinx import run_sphinx
from azkz.errors import BadInput, ReportError
from azkz.typst import apart, press
from conftest import ROOT

pytestmark = pytest.mark.skipif(not can_fork(), reason="processes are forked on Linux alone")


@pytest.fixture
def work(tmp_path: Path, built: Path) -> Path:
    """The staged book of the newest edition, to be made into a site and a PDF."""
    shutil.copytree(ROOT / "_build" / built.name / "book", tmp_path / "book")
    return tmp_path


def both(work: Path) -> None:
    """Make both parts at once."""
    run_parts(work, ("html", "pdf"), Steps(io.StringIO()))


def test_it_is_the_source_that_is_written_alone(work: Path, built: Path) -> None:
    """Byte for byte, with the same pictures, and so is a PDF whose pages were read before."""
    alone = work / "alone"
    run_sphinx(work / "book", alone, work / "alone.doctrees", "typst", fresh=True)
    together = ROOT / "_build" / built.name / "pdf"
    lists = [path.name for path in alone.glob("book-*.typ")]
    assert len(lists) == len(CHAPTERS) + 1
    for name in (press.SOURCE, press.ORDER, *lists):
        assert (alone / name).read_bytes() == (together / name).read_bytes()
    assert apart.read(alone) == apart.read(together)
    pictures = {path.name: path.read_bytes() for path in (alone / "_images").iterdir()}
    assert pictures == {p.name: p.read_bytes() for p in (together / "_images").iterdir()}
    assert len(pictures) > 100


def test_what_print_refuses_is_told_with_its_page(work: Path) -> None:
    """The site could show it; there is no PDF then."""
    page = work / "book" / "book" / "glossary.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n```{{math}}\nx^2\n```\n", "utf-8")
    with pytest.raises(ReportError, match="glossary"):
        both(work)
    assert not list((work / "pdf").glob("*.pdf"))


def test_a_warning_of_the_second_is_an_error(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Sphinx warned of for the site is told by that, and once."""
    from azkz.typst.builder import TypstBuilder, logger

    plain = TypstBuilder.finish

    def warn(self: TypstBuilder) -> None:
        logger.warning("ink is low")
        plain(self)

    monkeypatch.setattr(TypstBuilder, "finish", warn)
    with pytest.raises(BadInput, match="ink is low") as raised:
        both(work)
    assert "1 line of warnings" in str(raised.value)
