"""Annexes that are written apart from the book: the lists, what is reused, where they stand."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from azkz.build import CHAPTERS
from azkz.build.chapter import read
from azkz.build.forking import can_fork
from azkz.build.plan import plan_unchecked
from azkz.build.printing import Printing
from azkz.build.request import Request
from azkz.build.sphinx import run_sphinx
from azkz.paths import RECORDS, numbers_page
from azkz.typst import apart, press
from azkz.typst.apart import Apart
from conftest import ROOT, copy_checkout
from test_sphinxext import build, make_stage

DAY = date(2026, 11, 23)
FACTS = ("newest", "published", "version", "ledger_sha256")
MARK = "\n// as it was\n"


def record(book: Path, name: str) -> Any:
    """One of the records that are laid out beside a staged book."""
    return json.loads((book / RECORDS / name).read_text(encoding="utf-8"))


def facts(book: Path) -> dict[str, Any]:
    """What a staged book says of its build beyond its edition and chapters."""
    return {name: record(book, "build.json")[name] for name in FACTS}


def lists(folder: Path) -> dict[str, bytes]:
    """The lists that were written apart from the book, by file."""
    return {path.name: path.read_bytes() for path in folder.glob("book-*.typ")}


def order_words(folder: Path, words: str) -> None:
    """Order the print of a book of a few words in ``folder``."""
    press.order(press.write(folder, press.Cover("T"), words), "a.pdf", [], DAY)


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Path:
    """The folder in which a process has set the annexes from what the chapters hand over."""
    if not can_fork():
        pytest.skip("processes are forked on Linux alone")
    place = copy_checkout(tmp_path_factory.mktemp("early") / "checkout", with_store=False)
    book = ROOT / "_build" / built.name / "book"
    folder = place.build / built.name / "pdf"
    printing = Printing(place, plan_unchecked(place, Request(built.name), DAY), facts(book))
    try:
        for name in reversed(CHAPTERS):
            made = read(name, (book / "notebooks" / f"{name}.ipynb").read_bytes())
            printing.take(replace(made, why="it is new"))
        printing.take_figures(record(book, "figures.json"))
        order_words(folder, "It is printed when all is set.")
        printing.begin()
        printing.result()
    finally:
        printing.stop()
    return folder


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Path:
    """The folder into which Sphinx has written book and annexes from the staged book."""
    folder = tmp_path_factory.mktemp("alone")
    book = ROOT / "_build" / built.name / "book"
    run_sphinx(book, folder / "pdf", folder / "doctrees", "typst", fresh=True)
    return folder / "pdf"


def test_lists_set_early_are_those_that_sphinx_writes(
    early: Path, alone: Path, built: Path
) -> None:
    """Byte for byte, whatever chapter was done first, and so does the command itself.

    They are told of in the same way, with the digest by which they are known again.
    """
    assert len(lists(early)) == len(CHAPTERS) + 1
    for folder in (alone, ROOT / "_build" / built.name / "pdf"):
        assert lists(early) == lists(folder)
        assert apart.read(early) == apart.read(folder)
    assert apart.read(early).files.keys() == {
        *map(numbers_page, CHAPTERS),
        "book/sources",
    }


def test_annexes_stand_in_the_proof_where_they_stand_in_the_book(early: Path, alone: Path) -> None:
    """Typst knows again what stands behind the same words, as far from the beginning."""
    proof = (early / press.PROOF).read_text(encoding="utf-8")
    book = (alone / press.SOURCE).read_text(encoding="utf-8")
    heads = [re.sub(r"leaves: \d+", "", text.partition("#[")[0]) for text in (proof, book)]
    assert heads[0] == heads[1]
    assert len(ranks(proof)) == len(CHAPTERS) + 1
    assert ranks(proof) == ranks(book)
    assert len(leaves(proof)) == len(leaves(book)) > 20


def leaves(text: str) -> list[str]:
    """What stands in the blocks of a book, one for each page of the report.

    A page that opens the next one has a block in which nothing stands, and no leaf.
    """
    found: list[str] = []
    depth = 0
    for line in text.splitlines():
        depth -= line == "]"
        if line == "#[":
            found += [""] * (not depth)
            depth += 1
        elif depth:
            found[-1] += line
    assert depth == 0
    return [leaf for leaf in found if leaf.strip("]")]


def ranks(text: str) -> dict[str, int]:
    """Behind how many leaves each list stands."""
    return {
        file: at
        for at, leaf in enumerate(leaves(text))
        for file in re.findall(r'#import "([^"]+)": annex', leaf)
    }


def test_a_proof_has_a_leaf_for_each_page() -> None:
    """A blank one where there is no list yet; none for a page that opens the next one."""
    there = Apart({"n-a": "n-a.typ", "s": "s.typ"}, places={("e", "row-1"): ("s", "source-x")})
    kinds = {"i": "front", "a": "chapter", "n": "back", "n-a": "back", "n-b": "back", "e": "back"}
    made = leaves(apart.proof(there, {**kinds, "s": "back"}))
    shown = [re.findall(r'#open-page\("(\w+)"\)~$|#import "([^"]+)"', leaf) for leaf in made]
    blank = [[(kind, "")] for kind in ("front", "chapter", "back", "back")]
    assert shown == [*blank[:3], [("", "n-a.typ")], blank[3], [("", "s.typ")]]


def test_a_proof_can_be_set_and_printed(tmp_path: Path) -> None:
    """Of what is there of a small book: each list on pages of its own, below no opening."""
    files = {f"n-{name}": f"n-{name}.typ" for name in ("a", "b")}
    texts = {file: apart.source('"Head"', f"List of {page}.") for page, file in files.items()}
    apart.write(tmp_path, Apart(files), texts)
    there = apart.read(tmp_path)
    assert there == Apart(files)
    body = apart.proof(there, dict.fromkeys(files, "back"))
    press.set_proof(tmp_path / press.PROOF, press.Cover("T"), body)
    assert press.print_pdf(tmp_path / press.PROOF, tmp_path / "a.pdf", DAY) == []
    pages = [page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages]
    assert [re.findall(r"Head|List of n-\w", text) for text in pages[-2:]] == [
        ["Head", "List of n-a"],
        ["Head", "List of n-b"],
    ]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("_azkz/numbers.json", "1058.8", "1059.8"),
        ("_azkz/verdicts.json", '"events": ["event-0001"]', '"events": []'),
        ("_azkz/build.json", '"2026.11"', '"2026.10"'),
        ("_azkz/build.json", "0" * 64, "1" * 64),
        ("book/numbers.md", "# Numbers", "# All numbers"),
        ("book/sources.md", "# Sources", "# All sources"),
    ],
    ids=["number", "evidence", "edition", "ledger", "title of numbers", "title of sources"],
)
def test_lists_are_written_anew_where_they_differ(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    """Those that are made from the same stay as they are."""
    stage = make_stage(tmp_path)
    folder = build(stage, "typst")
    first, told = lists(folder), apart.read(folder)
    for path in folder.glob("book-*.typ"):
        path.write_text(f"{path.read_text(encoding='utf-8')}{MARK}", encoding="utf-8")
    build(stage, "typst")
    assert lists(folder) == {name: text + MARK.encode() for name, text in first.items()}
    assert apart.read(folder) == told
    text = (stage / file).read_text(encoding="utf-8")
    assert old in text
    (stage / file).write_text(text.replace(old, new), encoding="utf-8")
    build(stage, "typst")
    anew = lists(folder)
    assert anew.keys() == first.keys()
    assert not [name for name, content in anew.items() if MARK.encode() in content]
    assert apart.read(folder).digest != told.digest
    shutil.rmtree(folder)
    assert lists(build(stage, "typst")) == anew
