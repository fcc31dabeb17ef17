"""A build to which nothing is left: told at once, and never wrongly."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import azkz as azkz_package
from azkz.build import unchanged
from azkz.build.edition import Edition
from azkz.build.outcome import Outcome
from azkz.build.request import Request
from azkz.build.unchanged import LastBuild
from azkz.paths import Checkout
from conftest import Azkz, copy_checkout

REQUEST = Request(edition="2026.11")


@pytest.fixture
def made(tmp_path: Path) -> tuple[Checkout, Outcome]:
    """A checkout with a site that looks built, and what the build said."""
    where = copy_checkout(tmp_path / "checkout", with_store=False)
    site = where.site / "2026.11"
    (site / "book").mkdir(parents=True)
    (site / "index.html").write_text("<p>cover</p>", encoding="utf-8")
    (site / "book" / "index.html").write_text("<p>index</p>", encoding="utf-8")
    edition = Edition("2026.11", "Title", date(2026, 11, 23), {"base_year": 2020}, ("base_year",))
    passages = [{"place": "book/index.md", "missing": {"trade.a": "unknown"}}]
    reasons = {"trade": "it has not run before", "energy": ""}
    pdf = site / "azkz.pdf"
    outcome = Outcome(edition, site, True, pdf, {"html": 1.0}, 3, 2, 1, passages, reasons)
    LastBuild(where, REQUEST).remember(outcome)
    return where, outcome


def test_what_was_made_is_told_again(made: tuple[Checkout, Outcome]) -> None:
    """All of it but the times and reasons, which were those of that build."""
    where, outcome = made
    again = LastBuild(where, REQUEST).outcome()
    assert again == replace(outcome, seconds={}, reasons={"trade": "", "energy": ""})


CHANGES: dict[str, Callable[[Checkout], object]] = {
    "a row": lambda w: add(w.data / "observations.csv"),
    "a release": lambda w: add(w.releases / "2026.11" / "numbers.json"),
    "the map": lambda w: add(next((w.data / "geo").glob("*.geojson"))),
    "a notebook": lambda w: add(w.notebooks / "trade.ipynb"),
    "an edition": lambda w: add(w.editions / "2024.03.yml"),
    "a page": lambda w: add(w.book / "method.md"),
    "a style": lambda w: add(w.book / "_static" / "azkz.css"),
    "a new page": lambda w: add(w.book / "more.md"),
    "a page gone": lambda w: (w.book / "cite.md").unlink(),
    "the configuration": lambda w: add(w.root / "_config.yml"),
    "the contents": lambda w: add(w.root / "_toc.yml"),
    "a page of the site": lambda w: add(w.site / "2026.11" / "book" / "index.html"),
    "a page of the site gone": lambda w: (w.site / "2026.11" / "index.html").unlink(),
    "the site gone": lambda w: shutil.rmtree(w.site / "2026.11"),
    "another edition beside it": lambda w: (w.site / "2024.03").mkdir(),
}


def add(path: Path) -> None:
    """Add a space to a file, or make it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(" ")


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_seen(change: str, made: tuple[Checkout, Outcome]) -> None:
    """Of what a build reads, and of what it made."""
    where, _ = made
    CHANGES[change](where)
    assert LastBuild(where, REQUEST).outcome() is None


@pytest.mark.parametrize(
    "other",
    [
        replace(REQUEST, edition="2024.03"),
        replace(REQUEST, chapters=("trade",)),
        replace(REQUEST, parts=("html",)),
        replace(REQUEST, parameters=(("base_year", "2018"),)),
        replace(REQUEST, as_of="2023-06-30"),
    ],
)
def test_what_was_asked_for_matters(other: Request, made: tuple[Checkout, Outcome]) -> None:
    """Another edition, part or parameter is another build; how it is made is not."""
    where, _ = made
    assert LastBuild(where, other).outcome() is None
    assert LastBuild(where, replace(REQUEST, jobs=7, engine="stock")).outcome() is not None


def test_the_code_matters_and_the_packages(
    made: tuple[Checkout, Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version of a package, and another file of this one."""
    where, _ = made
    monkeypatch.setattr(unchanged, "environment", lambda: ["Python-3.99"])
    assert LastBuild(where, REQUEST).outcome() is None
    monkeypatch.undo()
    package = where.root / "package"
    shutil.copytree(Path(azkz_package.__file__ or "").parent, package)
    monkeypatch.setattr(azkz_package, "__file__", str(package / "__init__.py"))
    LastBuild(where, REQUEST).remember(made[1])
    assert LastBuild(where, REQUEST).outcome() is not None
    add(package / "typst" / "template.typ")
    assert LastBuild(where, REQUEST).outcome() is None


def test_files_that_are_as_they_were_are_no_change(made: tuple[Checkout, Outcome]) -> None:
    """Saved anew with the same bytes."""
    where, _ = made
    os.utime(where.book / "method.md")
    assert LastBuild(where, REQUEST).outcome() is not None


def test_what_changed_while_it_was_built_is_not_remembered(
    made: tuple[Checkout, Outcome],
) -> None:
    """Else the pages of before and after would pass for those of one state."""
    where, outcome = made
    add(where.book / "index.md")
    last = LastBuild(where, REQUEST)
    add(where.book / "index.md")
    last.remember(outcome)
    assert last.outcome() is None
    assert LastBuild(where, REQUEST).outcome() is None


def test_a_damaged_note_is_none(made: tuple[Checkout, Outcome]) -> None:
    """Half a file, or something else: it is built again."""
    where, _ = made
    [note] = (where.build / "last").iterdir()
    for content in ("{", "[]", "{}", '{"inputs": 1}'):
        note.write_text(content, encoding="utf-8")
        assert LastBuild(where, REQUEST).outcome() is None


@pytest.mark.usefixtures("built")
def test_the_command_says_so(copy: Checkout, azkz: Azkz) -> None:
    """Nothing is imported, checked or written the second time."""
    asked = ("build", "--chapter", "agreement", "--only", "html")
    first = azkz(copy, *asked)
    assert first.returncode == 0, first.stderr
    second = azkz(copy, *asked)
    assert (second.returncode, second.stderr) == (0, "")
    assert "nothing has changed since it was built" in second.stdout
    assert first.stdout.splitlines()[-1] == second.stdout.splitlines()[-1]
