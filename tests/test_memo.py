"""Results kept by what they asked of the ledger: found again when nothing of it changed."""

from __future__ import annotations

import ast
import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import nbformat
import pytest

from azkz.build import CHAPTERS
from azkz.build import edition as editions
from azkz.build.evaluate import Code, run
from azkz.build.imports import imported_files
from azkz.build.memo import Memo, Recipe
from azkz.build.recipes import recipes, remembered, why
from azkz.build.store import Store
from azkz.build.template import Template, load_all
from azkz.ledger import Ledger, Observation
from azkz.ledger.watched import Answers, WatchedLedger
from azkz.paths import Checkout
from conftest import Azkz

DAY = date(2026, 11, 23)
SOME = ("trade", "energy", "investment", "corridor", "culture")
"""Chapters that do not read the whole ledger."""


@pytest.fixture(scope="module")
def templates() -> dict[str, Template]:
    """The chapters of the checkout."""
    from conftest import ROOT

    return load_all(Checkout(ROOT))


# Watching.

LOOKS: dict[str, tuple[Callable[[Ledger], object], str]] = {
    "select": (lambda b: b.select("trade_turnover", reporter="KAZ"), "select"),
    "several states": (
        lambda b: b.select("trade_turnover", status=["reported", "estimate"]),
        "select",
    ),
    "happened": (lambda b: b.happened(chapter="culture"), "happened"),
    "event": (lambda b: b.event("event-0002"), "events"),
    "one row": (lambda b: b.observations["trade-0002"], "observations"),
    "whether there is one": (lambda b: "trade-0001" in b.observations, "observations"),
    "one that is not there": (lambda b: b.observations.get("none"), "observations"),
    "all rows": (lambda b: list(b.observations.values()), "observations"),
    "all keys": (lambda b: list(b.sources), "sources"),
    "pairs": (lambda b: dict(b.claims.items()), "claims"),
    "how many": (lambda b: len(b.events), "events"),
    "whether any": (lambda b: bool(b.claims), "claims"),
    "the route": (lambda b: list(b.route), "route"),
    "a name": (lambda b: b.name("KAZ"), "names"),
    "a unit": (lambda b: b.unit("percent"), "units"),
    "a match": (lambda b: b.matches.get("trade-0001"), "matches"),
    "a frame": (lambda b: len(b.frame()), "observations"),
}


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_at_the_ledger_is_noted(look: str, ledger: Ledger) -> None:
    """And answered as by the ledger itself, whole or as of a day."""
    ask, how = LOOKS[look]
    for plain in (ledger, ledger.as_of(date(2024, 3, 11))):
        watched = WatchedLedger.of(plain)
        assert watched.asked == set()
        assert ask(watched) == ask(plain)
        assert how in {json.loads(question)[1] for question in watched.asked}


def test_answers_are_those_of_the_day(ledger: Ledger) -> None:
    """A question is answered as of the day on which it was asked."""
    then = date(2024, 3, 11)
    watched = WatchedLedger.of(ledger)
    found = watched.as_of(then).select("trade_turnover", reporter="KAZ")
    [question] = watched.asked
    assert tuple(Answers(ledger).rows(question).values()) == found
    later = watched.as_of(DAY).select("trade_turnover", reporter="KAZ")
    assert len(later) > len(found) > 0


# Soundness: what does not answer a chapter's questions does not change it.


def changed(ledger: Ledger, key: str) -> Ledger:
    """The ledger with another figure in one row."""
    row = ledger.observations[key]
    other = replace(row, text=f"{row.text}1" if "." in row.text else f"{row.text}.1")
    return replace(ledger, observations={**ledger.observations, key: other})


def without(ledger: Ledger, key: str) -> Ledger:
    """The ledger without a row."""
    return replace(ledger, observations={k: o for k, o in ledger.observations.items() if k != key})


def renamed(ledger: Ledger, key: str) -> Ledger:
    """The ledger with a row that stands for another one that came."""
    new: Observation = replace(ledger.observations[key], id=f"{key}-new")
    return replace(ledger, observations={**ledger.observations, new.id: new})


@pytest.mark.parametrize("name", SOME)
def test_other_rows_do_not_matter(
    name: str, ledger: Ledger, templates: dict[str, Template], tmp_path: Path
) -> None:
    """A result is found again after any change to rows that did not answer, and is the same."""
    parameters = templates[name].parameters
    recipe = Recipe(name, {"code": {}})
    record = run(Code.of(templates[name]), parameters, ledger)
    store = Store(tmp_path)
    kept = Memo(store, ledger).put(recipe, record["asked"], json.dumps(record).encode())
    asked = {key.partition("/")[2] for key in kept.rows if key.startswith("observations/")}
    chance = random.Random(name)  # noqa: S311
    others = chance.sample(sorted(ledger.observations.keys() - asked), 4)
    own = chance.sample(sorted(asked), 6)
    for key, change in zip(others, (changed, without, renamed, changed), strict=True):
        moved = change(ledger, key)
        found = Memo(store, moved).get(recipe)
        assert found is not None
        assert found.key == kept.key
        if change is not changed:
            assert run(Code.of(templates[name]), parameters, moved) == record
    for key in own:
        assert Memo(store, changed(ledger, key)).get(recipe) is None
        assert Memo(store, without(ledger, key)).get(recipe) is None
    assert any(Memo(store, renamed(ledger, key)).get(recipe) is None for key in own)


def test_a_recipe_is_all_that_it_says(place: Checkout, templates: dict[str, Template]) -> None:
    """Another notebook, parameter, package or file of the package: another result."""
    edition = editions.load(place, "2026.11", templates["trade"].parameters, DAY)
    own = recipes(place, templates, edition)["trade"]
    other_edition = replace(edition, parameters={**edition.parameters, "base_year": 2019})
    notebook = replace(templates["trade"], content=templates["trade"].content + b" ")
    told = {
        "parameter base_year": recipes(place, templates, other_edition)["trade"],
        "its notebook": recipes(place, {"trade": notebook}, edition)["trade"],
        "azkz/report/report.py": Recipe(
            "chapter",
            {**own.parts, "code": {**own.parts["code"], "report/report.py": "0"}},
        ),
        "pandas-0.1": Recipe(
            "chapter", {**own.parts, "environment": [*own.parts["environment"], "pandas-0.1"]}
        ),
        "data/geo": Recipe("chapter", {**own.parts, "map": "0"}),
    }
    before = remembered(own, {"observations/a": "1"})
    for reason, recipe in told.items():
        assert recipe.key != own.key
        assert why(before, recipe, {"observations/a": "1"}) == f"changed: {reason}"
    assert why(before, own, {"observations/b": "1"}) == "changed: observations/a, observations/b"
    assert why(before, own, {"observations/a": "1"}) == "its result was lost or damaged"
    assert why({}, own, {}) == "it has not run before"
    many = {f"observations/{n}": "1" for n in range(9)}
    assert why(before, own, many).endswith("observations/5 and 4 more")


def test_code_is_what_a_chapter_imports(templates: dict[str, Template]) -> None:
    """However far on, within functions too; not what no chapter imports."""
    code = imported_files([ast.parse("from azkz.report import Report")])
    assert {"__init__.py", "report/report.py", "ledger/vintage.py", "ledger/frame.py"} <= set(code)
    assert not {name.partition("/")[0] for name in code} & {"sphinxext", "typst", "cli", "build"}
    assert imported_files([ast.parse("import pandas")]) == {}
    assert set(templates) == set(CHAPTERS)


def test_each_chapter_has_code_of_its_own(place: Checkout, templates: dict[str, Template]) -> None:
    """What judges promises does not matter for trade."""
    edition = editions.load(place, "2026.11", templates["trade"].parameters, DAY)
    code = {name: set(r.parts["code"]) for name, r in recipes(place, templates, edition).items()}
    assert "report/promises.py" in code["outcomes"] - code["trade"]
    assert all("build/chapter.py" in files for files in code.values())


# The store.


def test_results_are_removed_by_their_last_use(tmp_path: Path) -> None:
    """The oldest first; what is read is young again."""
    store = Store(tmp_path)
    for age, key in enumerate(("aa", "bb", "cc")):
        store.put(key, b"x" * 100)
        os.utime(store._path(key), (1000.0 - age, 1000.0 - age))
    assert store.get("cc") is not None
    size = store._path("aa").stat().st_size
    assert store.bound(2 * size) == (1, size)
    assert [store.get(key) is not None for key in ("aa", "bb", "cc")] == [True, False, True]
    assert store.clean(3600) == (0, 0)
    assert store.clean()[0] == 2
    assert not list(tmp_path.glob("*/*"))


def test_clean_asks_what_and_how_old(copy: Checkout, azkz: Azkz) -> None:
    """Nothing is removed by accident."""
    bare = azkz(copy, "clean")
    assert bare.returncode == 2
    assert "--store" in bare.stderr
    wrong = azkz(copy, "clean", "--store", "--older-than", "soon")
    assert wrong.returncode == 2
    assert "write 12h, 30d or 4w" in wrong.stderr
    Store(copy.build / "store").put("ab", b"one")
    kept = azkz(copy, "clean", "--store", "--older-than", "30d")
    assert "0 results removed" in kept.stdout
    done = azkz(copy, "clean", "--store")
    assert done.returncode == 0
    assert not list((copy.build / "store").glob("*/*"))


# The command.


@pytest.mark.usefixtures("built")
def test_a_row_runs_the_chapters_that_read_it(copy: Checkout, azkz: Azkz) -> None:
    """A row on the corridor does not run trade again; a changed notebook runs alone."""
    asked = ("build", "--chapter", "trade", "--chapter", "corridor", "--only", "html", "--explain")
    first = azkz(copy, *asked)
    assert first.returncode == 0, first.stderr
    assert first.stderr.count(": unchanged in ") == 2
    rows = copy.data / "observations.csv"
    text = rows.read_text(encoding="utf-8")
    note = "yoy +63%; page without date"
    assert note in text
    rows.write_text(text.replace(note, f"{note} and day", 1), encoding="utf-8")
    second = azkz(copy, *asked)
    assert second.returncode == 0, second.stderr
    assert "trade: reused: nothing that it reads has changed" in second.stdout
    assert "corridor: ran: changed: observations/corridor-0001" in second.stdout
    trade = copy.notebooks / "trade.ipynb"
    notebook = nbformat.read(trade, as_version=4)
    notebook.cells[-1].source += "\n# A remark."
    assert notebook.cells[-1].cell_type == "code"
    nbformat.write(notebook, trade)
    third = azkz(copy, *asked)
    assert third.returncode == 0, third.stderr
    assert "trade: ran: changed: its notebook" in third.stdout
    assert "corridor: reused" in third.stdout
