"""Finds the prose that authors hand to the report in code cells, and where they name numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import nbformat

from azkz.build.expressions import arguments, bindings, called, nodes, parse, parts
from azkz.build.prose import Citation, citation
from azkz.build.template import Template
from azkz.build.typed import ROLE, UNIT_ROLE, Typed, typed
from azkz.report.text import MARKUP, split_variant

PROSE: dict[str, dict[str, int | None]] = {
    "figure": dict.fromkeys(("title", "subtitle", "caption", "alt")),
    "table": dict.fromkeys(("title", "note")),
    "verdict": {"text": 1},
    "number": {"label": 2},
    "text": {"text": 1, "label": 2},
    "count": {"label": 2},
    "day": {"label": 2},
    "days_between": {"label": 3},
    "months_between": {"label": 3},
}
"""The methods of a report that take prose: which arguments, and at which place if not by name."""

_ID = re.compile(r"[a-z][a-z0-9]*([-_.*][a-z0-9*]+)+")
"""A name of the ledger or of a number: no prose has such a word alone in a string."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a template, counted from 1; ``tree`` is None for Markdown and for broken code."""

    number: int
    source: str
    tree: ast.Module | None


@dataclass(frozen=True, slots=True)
class Words:
    """A text in a code cell: its first and last line there, and what of it is constant."""

    cell: Cell
    first: int
    last: int
    text: str


class Notebook:
    """The cells of one template and what its code says without being run."""

    def __init__(self, template: Template) -> None:
        self.chapter = template.chapter
        notebook = nbformat.reads(template.content.decode("utf-8"), as_version=4)
        self.cells = [
            Cell(number, cell.source, parsed(cell.source) if cell.cell_type == "code" else None)
            for number, cell in enumerate(notebook.cells, 1)
        ]
        self.markdown = [
            cell
            for cell, kept in zip(self.cells, notebook.cells, strict=True)
            if kept.cell_type == "markdown"
        ]

    def typed_digits(self) -> Iterator[tuple[Cell, int, Typed]]:
        """The figures typed into what the code hands to the report as prose: cell, line, figure."""
        seen: set[ast.AST] = set()
        for cell, call in self.calls:
            for argument in _prose_arguments(call):
                for words in self._texts(argument, cell, seen):
                    for found in typed(MARKUP.sub(_without_role, words.text)):
                        yield words.cell, _line(words, found.text), found

    def citations(self) -> Iterator[tuple[Cell, Citation]]:
        """The records that strings of the code cite, where the id is not put together at run."""
        for cell, node in self._nodes:
            words = _words(cell, node)
            for role in MARKUP.finditer(words.text if words else ""):
                if words and ROLE not in role[2]:
                    yield cell, citation(_line(words, role[2]), role[1], role[2])

    def named(self, name: str) -> tuple[int, int] | None:
        """Cell and line in which a number, figure or table gets its name, if it can be found.

        Calls of the report come before other code, whole names before those that are put together.
        """
        for fits in (str.__eq__, _is_made):
            for words in self._names:
                if fits(words.text, name):
                    return words.cell.number, words.first
        return None

    @cached_property
    def _names(self) -> list[Words]:
        """The texts in which ``named`` looks, in that order."""
        first = [(cell, node) for cell, call in self.calls for node in call.args[:1]]
        in_calls = [(cell, each) for cell, node in first for each in nodes(node)]
        found = (_words(cell, node) for cell, node in (*in_calls, *self._nodes))
        return [words for words in found if words]

    @cached_property
    def calls(self) -> list[tuple[Cell, ast.Call]]:
        """The calls of a report's methods that take prose."""
        return [
            (cell, node)
            for cell, node in self._nodes
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in self._reports
            and (node.func.attr in PROSE or node.func.attr == "sentences")
        ]

    @cached_property
    def _reports(self) -> set[str]:
        made = {
            target.id
            for _, node in self._nodes
            if isinstance(node, ast.Assign) and called(node.value) == "Report"
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        return made | {"report"}

    @cached_property
    def _bound(self) -> dict[str, list[tuple[Cell, ast.expr]]]:
        """What each name stands for: values assigned, items gone through, results returned."""
        bound: dict[str, list[tuple[Cell, ast.expr]]] = {}
        for cell, node in self._nodes:
            for name, value in bindings(node):
                bound.setdefault(name, []).append((cell, value))
        return bound

    @cached_property
    def _passed(self) -> dict[ast.AST, list[tuple[Cell, ast.expr]]]:
        """What calls hand to the parameters of the notebook's own functions, where these stand."""
        handed: dict[tuple[str, str], list[tuple[Cell, ast.expr]]] = {}
        own = {node.name: node for _, node in self._nodes if isinstance(node, ast.FunctionDef)}
        for cell, node in self._nodes:
            if isinstance(node, ast.Call) and called(node) in own:
                for name, value in arguments(node, own[called(node)]):
                    handed.setdefault((called(node), name), []).append((cell, value))
        return {
            node: handed[function.name, node.id]
            for function in own.values()
            for node in nodes(function)
            if isinstance(node, ast.Name) and (function.name, node.id) in handed
        }

    @cached_property
    def _nodes(self) -> list[tuple[Cell, ast.AST]]:
        return [(cell, node) for cell in self.cells if cell.tree for node in nodes(cell.tree)]

    def _texts(self, node: ast.AST, cell: Cell, seen: set[ast.AST]) -> Iterator[Words]:
        """The texts that an expression may give, each by itself; names are followed back.

        What was ``seen`` is not gone through again.
        """
        if node in seen:
            return
        seen.add(node)
        words = _words(cell, node)
        if words and not _ID.fullmatch(words.text):
            yield words
        if isinstance(node, ast.Name | ast.Call):
            name = node.id if isinstance(node, ast.Name) else called(node)
            for other, value in (*self._meant(name, cell), *self._passed.get(node, ())):
                yield from self._texts(value, other, seen)
        for part in parts(node):
            yield from self._texts(part, cell, seen)

    def _meant(self, name: str, cell: Cell) -> Sequence[tuple[Cell, ast.expr]]:
        """What a name stands for in a cell: as the last cell up to it says."""
        before = [each for each in self._bound.get(name, ()) if each[0].number <= cell.number]
        return [each for each in before if each[0].number == before[-1][0].number]


def parsed(source: str) -> ast.Module | None:
    """The code of a cell; None where it is none, which is told when it runs."""
    try:
        return parse(source)
    except SyntaxError:
        return None


def _prose_arguments(call: ast.Call) -> list[ast.expr]:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if method == "sentences":
        return list(call.args)
    places = PROSE[method]
    by_place = [call.args[at] for at in places.values() if at is not None and at < len(call.args)]
    return [*by_place, *(word.value for word in call.keywords if word.arg in places)]


def _words(cell: Cell, node: ast.AST) -> Words | None:
    """A string or the constant parts of one that is put together, if the node is such."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        text = "".join(
            str(part.value) if isinstance(part, ast.Constant) else ROLE for part in node.values
        )
    else:
        return None
    return Words(cell, node.lineno, node.end_lineno or node.lineno, text)


def _is_made(pattern: str, name: str) -> bool:
    """Whether a string with values put in may have become the name."""
    constant = pattern.replace(ROLE, "").strip("-")
    if ROLE not in pattern or len(constant) < 3:
        return False
    parts = map(re.escape, re.split(f"{ROLE}+", pattern))
    return re.fullmatch(".+".join(parts), name) is not None


def _without_role(found: re.Match[str]) -> str:
    return UNIT_ROLE if found[1] == "num" and split_variant(found[2])[1] == "unit" else ROLE


def _line(words: Words, text: str) -> int:
    """The line of the cell on which a part of a text stands, as far as the source shows it."""
    lines = words.cell.source.split("\n")[words.first - 1 : words.last]
    return words.first + next((at for at, line in enumerate(lines) if text in line), 0)
