"""What a warm kernel leaves out: it reads and shows what any other kernel reads and shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from ipykernel.compiler import XCachingCompiler
from IPython.core import inputtransformer2
from IPython.core.async_helpers import _should_be_async
from IPython.core.compilerop import CachingCompiler
from IPython.core.inputtransformer2 import TransformerManager

from azkz.build.lean import look_once
from azkz.paths import Checkout

MAGICS = (
    *("%matplotlib inline", "x = %time 1", "x = \\\n  %time 1", "!ls", "files = !ls", "files=!ls"),
    *("if True:\n    !ls", "if True:\n    %time 1", "print?", "?print", "x = 1\nprint??  # why"),
    *(",sum a b", ";sum a b", "/sum a b", "%%capture held\nprint(1)", ">>> 1 + 1", "In [1]: 1"),
    *("  x = 1\n  y = 2", "a = 1;\n/f a", "x = (1\n     % 2)", "\n\n%time 1", "total = 7\\\n%3"),
)


class Events:
    """Those of a shell, as far as they are needed here."""

    def __init__(self) -> None:
        self.after: list[Callable[[Any], None]] = []

    def register(self, name: str, call: Callable[[Any], None]) -> None:
        """Call it after each cell."""
        assert name == "post_run_cell"
        self.after.append(call)


def shell() -> Any:
    """A shell's reading of cells, IPython's own, with a count of those that it looks at."""
    manager = TransformerManager()
    made = SimpleNamespace(input_transformer_manager=manager, events=Events(), asked=[])
    made.transform_cell = manager.transform_cell
    made.compile = CachingCompiler()

    def tried(cell: str, *, transformed_cell: str) -> bool:
        made.asked.append(cell)
        return _should_be_async(transformed_cell)

    made.should_run_async = tried
    return made


def test_cells_are_read_as_ipython_reads_them(place: Checkout) -> None:
    """Every magic and escape in every place, and every cell of the report."""
    lean = shell()
    look_once(lean)
    notebooks = [nbformat.read(path, as_version=4) for path in place.notebooks.glob("*.ipynb")]
    cells = [cell.source for notebook in notebooks for cell in notebook.cells]
    changed = 0
    for cell in (*MAGICS, *cells):
        expected = TransformerManager().transform_cell(cell)
        assert lean.transform_cell(cell) == expected
        changed += cell in MAGICS and expected != f"{cell}\n"
    assert changed > len(MAGICS) - 4


def test_code_without_magics_is_not_split(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is any other looked at twice before it has run."""
    lean = shell()
    look_once(lean)
    split: list[Any] = []
    own = inputtransformer2.make_tokens_by_line

    def count(lines: list[str]) -> Any:
        split.append(lines)
        return own(lines)

    monkeypatch.setattr(inputtransformer2, "make_tokens_by_line", count)
    lean.transform_cell("x = 1 if 2 != 3 else f'{4:.1%}'")
    assert not split
    for _ in range(2):
        lean.transform_cell("%time 1")
        lean.should_run_async("await x", transformed_cell="await x")
    assert len(split) == 2
    assert lean.asked == ["await x"]


@pytest.mark.parametrize(
    ("cell", "tried"),
    [
        ("await x", True),
        ("async with x as y:\n    y()", True),
        ("z = [y async for y in x]", True),
        ("async def f():\n    pass", True),
        ("x = 'wait'", False),
    ],
)
def test_a_cell_that_may_await_is_tried(cell: str, *, tried: bool) -> None:
    """As IPython tries all; where neither word is in a cell, it cannot."""
    lean = shell()
    look_once(lean)
    assert lean.should_run_async(cell, transformed_cell=cell) == _should_be_async(cell)
    assert bool(lean.asked) == tried


def test_cells_that_a_magic_lets_await_are_tried() -> None:
    """What counts is the code that runs."""
    lean = shell()
    look_once(lean)
    assert lean.should_run_async("%later x", transformed_cell="await x")


def test_cells_have_names_of_their_own() -> None:
    """By which errors find the lines of each."""
    lean = shell()
    look_once(lean)
    first, second, again = (lean.compile.cache(code, 1) for code in ("x = 1", "y = 1", "x = 1"))
    assert first == again != second
    assert Path(first).parent == Path(XCachingCompiler().get_code_name("x = 1", "", 1)).parent


def test_a_cell_may_change_how_the_same_is_read_next() -> None:
    """What was found of a cell is forgotten when it has run, and what others add is asked."""
    lean = shell()
    look_once(lean)
    assert lean.transform_cell("x = 1") == "x = 1\n"
    double = lambda lines: [line.replace("1", "2") for line in lines]  # noqa: E731
    lean.input_transformer_manager.line_transforms.append(double)
    for call in lean.events.after:
        call(None)
    assert lean.transform_cell("x = 1") == "x = 2\n"
    lean.input_transformer_manager.token_transformers.append(Never)
    lean.transform_cell("x = 3")
    assert Never.asked


class Never:
    """A transformer that finds nothing to do, and says whether it was asked."""

    asked: list[Any] = []  # noqa: RUF012

    @classmethod
    def find(cls, tokens: Any) -> None:
        """Look at the tokens."""
        cls.asked.append(tokens)
