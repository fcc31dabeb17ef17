"""A site that goes on from the last one is the same as one that is made anew."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import nbformat
import pytest

from azkz.build import assembly, chapter, grafting
from azkz.build import edition as editions
from azkz.build.files import files_below
from azkz.build.forking import can_fork
from azkz.build.memo import Memo
from azkz.build.recipes import recipes
from azkz.build.sphinx import run_sphinx
from azkz.build.store import Store
from azkz.build.template import Template, load_all
from azkz.ledger.opened import opened
from azkz.paths import Checkout
from conftest import ROOT, Azkz, copy_checkout

DAY = date(2026, 11, 23)
Edit = Callable[[Checkout], None]


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, (path, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _in_observation(place: Checkout, key: str, old: str, new: str) -> None:
    path = place.data / "observations.csv"
    line = next(x for x in path.read_text(encoding="utf-8").splitlines() if x.startswith(f"{key},"))
    _replace(path, line, line.replace(old, new, 1))


def _words(place: Checkout) -> None:
    _replace(place.book / "glossary.md", "\n## ", "\nWords that were not here.\n\n## ")


def _title(place: Checkout) -> None:
    _replace(place.book / "method.md", "## What counts", "## Whatever counts")


def _prose(place: Checkout) -> None:
    path = place.notebooks / "trade.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells[1:] if c.cell_type == "markdown")
    cell.source += "\n\nA sentence that was not here."
    nbformat.write(notebook, path)


def _note(place: Checkout) -> None:
    _in_observation(place, "culture-0010", "600 in turns", "600 in some turns")


def _figure(place: Checkout) -> None:
    _in_observation(place, "corridor-0287", ",2756,", ",2757,")


def _texts(place: Checkout) -> None:
    _replace(place.data / "sources.csv", "[Andijan declared", "[Andijan was declared")
    _replace(place.data / "indicators.csv", "as one country's statistics", "as its statistics")
    _replace(place.data / "claims.csv", "The leaders keep", "The two leaders keep")


EDITS: dict[str, tuple[Edit, set[str]]] = {
    "words on a page": (_words, {"book/glossary"}),
    "a heading": (_title, {"book/method"}),
    "prose of a chapter": (_prose, {"notebooks/trade"}),
    "a row of the ledger": (_note, {"book/evidence"}),
    "a figure in the ledger": (_figure, {"book/numbers-corridor", "book/evidence"}),
    "texts in the ledger": (_texts, {"book/sources", "book/indicators", "book/audit"}),
}
"""What is changed, and pages that must be read again for it."""


def _site(place: Checkout) -> dict[str, bytes]:
    folder = place.build / "2026.11" / "site"
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert len(found) > 200
    return found


def _times(place: Checkout) -> dict[str, int]:
    folder = place.build / "2026.11" / "doctrees"
    return {
        path.relative_to(folder).with_suffix("").as_posix(): path.stat().st_mtime_ns
        for path in folder.rglob("*.doctree")
    }


def _build(azkz: Azkz, place: Checkout) -> None:
    done = azkz(place, "build", "2026.11", "--only", "html")
    assert done.returncode == 0, done.stderr


def _anew(place: Checkout) -> None:
    for folder in ("html", "doctrees", "book"):
        shutil.rmtree(place.build / "2026.11" / folder)
    shutil.rmtree(place.build / "last")


@pytest.fixture(scope="module")
def went_on(
    tmp_path_factory: pytest.TempPathFactory, built: Path, azkz: Azkz
) -> dict[str, tuple[set[str], dict[str, bytes], dict[str, bytes]]]:
    """By edit: the pages that were read for it, the site that went on, and the one made anew."""
    assert built.is_dir()
    place = copy_checkout(tmp_path_factory.mktemp("assembly") / "checkout")
    _build(azkz, place)
    found = {}
    for name, (edit, _pages) in EDITS.items():
        edit(place)
        before = _times(place)
        _build(azkz, place)
        after = _times(place)
        read = {page for page, time in after.items() if time != before.get(page)}
        site = _site(place)
        _anew(place)
        _build(azkz, place)
        found[name] = (read, site, _site(place))
    return found


@pytest.mark.parametrize("name", EDITS)
def test_going_on_gives_the_same_site(
    went_on: dict[str, tuple[set[str], dict[str, bytes], dict[str, bytes]]], name: str
) -> None:
    """Every file has the same bytes; the pages concerned were read, others were not."""
    read, site, anew = went_on[name]
    differ = sorted(path for path in {*site, *anew} if site.get(path) != anew.get(path))
    assert not differ
    assert EDITS[name][1] <= read
    assert not read & {"book/glossary", "notebooks/energy"} - EDITS[name][1]


def test_prose_is_read_alone(
    went_on: dict[str, tuple[set[str], dict[str, bytes], dict[str, bytes]]],
) -> None:
    """Words on a page lead to no other page being read."""
    assert went_on["words on a page"][0] == {"book/glossary"}


def test_numbers_of_other_chapters_are_not_read_again(
    went_on: dict[str, tuple[set[str], dict[str, bytes], dict[str, bytes]]],
) -> None:
    """A figure of the corridor stands behind no number on energy."""
    read = went_on["a figure in the ledger"][0]
    assert not read & {"book/numbers-energy", "book/numbers-culture"}


def test_lists_that_stay_as_they_are_are_not_read_again(
    went_on: dict[str, tuple[set[str], dict[str, bytes], dict[str, bytes]]],
) -> None:
    """Another figure: as many rows as before, from the same sources and on the same indicators."""
    read = went_on["a figure in the ledger"][0]
    assert not read & {"book/sources", "book/indicators", "book/numbers", "book/index"}


def test_what_chapters_need_of_the_environment_writes_no_page_anew(
    tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process in which one has run meanwhile, the configuration is the same."""
    book = tmp_path / "book"
    shutil.copytree(ROOT / "_build" / built.name / "book", book)
    out, doctrees = tmp_path / "html", tmp_path / "doctrees"
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    run_sphinx(book, out, doctrees, "html", fresh=True, processes=2 if can_fork() else 1)
    pages = {path: path.stat().st_mtime_ns for path in out.rglob("*.html")}
    for name, value in chapter.environment().items():
        monkeypatch.setenv(name, value)
    run_sphinx(book, out, doctrees, "html", fresh=False)
    assert len(pages) > 20
    assert {path: path.stat().st_mtime_ns for path in pages} == pages


@pytest.mark.skipif(not can_fork(), reason="pages are written by one process here")
def test_two_processes_write_what_one_writes(tmp_path: Path, built: Path) -> None:
    """Every file of the site, the index of the search included; what is logged is kept, too."""
    book = tmp_path / "book"
    shutil.copytree(ROOT / "_build" / built.name / "book", book)
    made = []
    for processes in (1, 2):
        out = tmp_path / f"html{processes}"
        doctrees = tmp_path / f"doctrees{processes}"
        run_sphinx(book, out, doctrees, "html", fresh=True, processes=processes)
        made.append(
            {
                path.relative_to(out).as_posix(): path.read_bytes()
                for path in files_below(out)
                if path.suffix != ".pickle" and path.name != ".buildinfo"
            }
        )
    one, two = made
    assert len(one) > 100
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


def test_the_frame_is_what_pages_share(tmp_path: Path, built: Path) -> None:
    """Pages and records are no part of it; style, configuration and the edition are."""
    assert built.is_dir()
    book = tmp_path / "book"
    shutil.copytree(ROOT / "_build" / "2026.11" / "book", book)
    first = assembly.frame(book)
    (book / "book" / "glossary.md").write_text("# Glossary\n", encoding="utf-8")
    (book / "_azkz" / "numbers.json").write_text("{}", encoding="utf-8")
    about = json.loads((book / "_azkz" / "build.json").read_text(encoding="utf-8"))
    _write(book, {**about, "ledger_sha256": "another"})
    assert assembly.frame(book) == first
    _write(book, {**about, "as_of": "2026-11-22"})
    assert assembly.frame(book) != first
    _write(book, about)
    assert assembly.frame(book) == first
    style = next((book / "book" / "_static").glob("*.css"))
    style.write_text("/* another */", encoding="utf-8")
    assert assembly.frame(book) != first


def _write(book: Path, about: object) -> None:
    (book / "_azkz" / "build.json").write_text(json.dumps(about), encoding="utf-8")


# Prose put into what has run.


def test_prose_is_put_in_as_if_it_had_run(tmp_path: Path) -> None:
    """Other prose around the same code: the bytes are those of running the chapter."""
    place = Checkout(ROOT)
    template = load_all(place)["agreement"]
    edition = editions.load(place, "2026.11", template.parameters, DAY)
    memo = Memo(Store(tmp_path), opened(place.data))
    ran = chapter.execute(place, template, edition.parameters)
    made = chapter.read("agreement", ran)
    recipe = recipes(place, {"agreement": template}, edition)["agreement"]
    kept = memo.put(recipe, made.asked, ran)
    grafting.note_code(memo, recipe, template, made.asked, kept.key)

    other = _with_other_prose(template)
    changed = recipes(place, {"agreement": other}, edition)["agreement"]
    assert memo.get(changed) is None
    found = grafting.kept_code(memo, changed, other)
    assert found is not None
    assert found.content == chapter.execute(place, other, edition.parameters)
    assert found.content != ran

    code = Template(other.chapter, other.path, _with_code(other.content), other.parameters)
    third = recipes(place, {"agreement": code}, edition)["agreement"]
    assert grafting.kept_code(memo, third, code) is None


def _with_other_prose(template: Template) -> Template:
    notebook = nbformat.reads(template.content.decode(), as_version=4)
    words = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    words[1].source += "\n\nA sentence that was not here."
    notebook.cells.remove(words[2])
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell("A cell that was not here.", id="new"))
    content = nbformat.writes(notebook).encode()
    return Template(template.chapter, template.path, content, template.parameters)


def _with_code(content: bytes) -> bytes:
    notebook = nbformat.reads(content.decode(), as_version=4)
    code = next(cell for cell in notebook.cells[3:] if cell.cell_type == "code")
    code.source += "\nunused = 1"
    written: str = nbformat.writes(notebook)
    return written.encode()
