"""Chapters evaluated without drawing say what papermill's run of them says."""

from __future__ import annotations

import ast
import gc
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import nbformat
import pytest

from azkz.build import CHAPTERS, expressions
from azkz.build import edition as editions
from azkz.build import template as templates
from azkz.build.authored import Notebook
from azkz.build.evaluate import Code, evaluate, run
from azkz.build.expressions import called, parse
from azkz.build.template import Template
from azkz.build.workers import evaluate_all, workers
from azkz.errors import ChapterFailed
from azkz.ledger import Ledger
from azkz.paths import Checkout
from chapter_checks import ARTICLE_DAY
from chapter_checks import run as run_by_papermill

NEWEST_DAY = "2026-11-23"


def loaded(place: Checkout, day: str) -> tuple[dict[str, Template], dict[str, object]]:
    """The templates, and the parameters of the newest edition on a day."""
    found = templates.load_all(place)
    declared = found["trade"].parameters
    edition = editions.load(place, "2026.11", declared, date(2026, 11, 23), day)
    return found, edition.parameters


@pytest.mark.parametrize("day", [ARTICLE_DAY, NEWEST_DAY])
@pytest.mark.parametrize("name", CHAPTERS)
def test_the_numbers_are_those_of_papermill(
    name: str, day: str, place: Checkout, ledger: Ledger
) -> None:
    """Every record of a number, known or missing, every sentence left out and every verdict."""
    template = templates.load(place, name)
    parameters = {**template.parameters, "as_of": day}
    evaluated = evaluate(template, parameters, ledger)
    stock = run_by_papermill(name, as_of=day)
    assert evaluated.numbers == stock.numbers
    assert evaluated.missing == stock.missing
    assert evaluated.left_out == stock.left_out
    assert evaluated.verdicts == stock.verdicts


def test_workers_say_the_same(place: Checkout, ledger: Ledger) -> None:
    """In processes of their own, from the files."""
    found, parameters = loaded(place, ARTICLE_DAY)
    two = {name: found[name] for name in ("energy", "culture")}
    with workers(2) as pool:
        made = evaluate_all(pool, two, parameters, place.data)
    assert made == [evaluate(template, parameters, ledger) for template in two.values()]


def test_a_part_of_a_chapter_says_what_the_whole_says(place: Checkout, ledger: Ledger) -> None:
    """The statements that a number depends on give the same record, and are few of them all."""
    found, parameters = loaded(place, NEWEST_DAY)
    for key in ("trade.turnover-2023-revised", "energy.baku-2023", "investment.stock-last"):
        template = found[key.partition(".")[0]]
        whole = {n["id"]: n for n in evaluate(template, parameters, ledger).numbers}
        code = Code.of(template, key)
        part = {n["id"]: n for n in run(code, parameters, ledger)["numbers"]}
        assert part[key] == whole[key]
        assert len(part) < len(whole) / 2


def test_a_cell_that_raises_is_named(copy: Checkout, ledger: Ledger) -> None:
    """As papermill's run says it: chapter, cell, error."""
    file = copy.notebooks / "culture.ipynb"
    notebook = nbformat.read(file, as_version=4)
    at = next(i for i, cell in enumerate(notebook.cells) if "report.number" in cell.source)
    notebook.cells[at].source = "1 / 0"
    nbformat.write(notebook, file)
    template = templates.load(copy, "culture")
    with pytest.raises(ChapterFailed, match=rf"culture.ipynb, cell {at + 1}: ZeroDivisionError"):
        evaluate(template, template.parameters, ledger)


def test_a_chapter_without_a_report_is_told(tmp_path: Path, ledger: Ledger) -> None:
    """What would otherwise look like a chapter without numbers."""
    cells = [nbformat.v4.new_code_cell("as_of: str = '2024-03-11'")]
    content = nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()
    template = Template("trade", tmp_path / "trade.ipynb", content, {})
    with pytest.raises(ChapterFailed, match="no cell makes a report"):
        evaluate(template, {}, ledger)


def test_no_chapter_writes_down_a_set_in_its_own_order(place: Checkout) -> None:
    """The order of a set of words is another in each process."""
    joined = [
        (name, cell.number, ast.unparse(node))
        for name, template in templates.load_all(place).items()
        for cell in Notebook(template).cells
        for node in ast.walk(cell.tree or ast.Module([], []))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "join"
        for given in node.args
        if isinstance(given, ast.Set | ast.SetComp) or called(given) in {"set", "frozenset"}
    ]
    assert joined == []


def test_threads_that_parse_do_not_disturb_each_other(place: Checkout) -> None:
    """As chapters and what is told of other days do, each in a thread of its own."""
    code = "\n".join(
        cell.source for cell in Notebook(templates.load(place, "trade")).cells if cell.tree
    )
    before = gc.get_threshold()
    gc.set_threshold(50)
    gc.callbacks.append(_let_others_run)
    try:
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(lambda _: len(parse(code).body), range(16)))
    finally:
        gc.callbacks.remove(_let_others_run)
        gc.set_threshold(*before)
    assert len(set(found)) == 1


def _let_others_run(*_: object) -> None:
    """What a finaliser may do in the midst of anything."""
    time.sleep(0)


def test_python_is_parsed_in_one_place() -> None:
    """Where threads wait for each other."""
    package = Path(expressions.__file__).parents[1]
    found = [path.name for path in package.rglob("*.py") if "ast.parse(" in path.read_text("utf-8")]
    assert found == ["expressions.py"]
