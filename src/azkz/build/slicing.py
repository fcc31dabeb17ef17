"""Which cells of a template have to run: all that do more than draw, or those a number needs.

Found from the code without running it, cell by cell: a cell is needed when it may bind, or change
in place, what a needed cell uses. Names are all that is looked at, so a change through a second
name for the same object is not seen: what runs a part of a template compares it with the whole.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from azkz.build.authored import Cell, Notebook

REPORT = "report"
DRAW = frozenset({"figure"})
CLOSE = frozenset({"finish"})


def without_drawing(cells: Sequence[Cell]) -> list[Cell]:
    """The cells but those that only draw, which nothing else needs, and the last."""
    kept: list[Cell] = []
    wanted: set[str] = set()
    for cell in reversed(cells):
        called = methods(cell)
        idle = called and (called <= DRAW or called <= CLOSE) and not changed(cell) & wanted
        if not idle:
            kept.append(cell)
            wanted |= used(cell)
    return kept[::-1]


def needed_for(notebook: Notebook, number: str) -> list[Cell]:
    """The statements that may name a number, and those that they depend on, however far back.

    Each by itself, as a cell of one statement. None where nothing is found that names it.
    """
    place = notebook.named(number.partition(".")[2])
    parts = [part for cell in notebook.cells for part in _statements(cell)]
    inner = _used_by_functions(parts)
    imported = {name for part in parts for name in imports(part)}
    kept: list[Cell] = []
    wanted: set[str] = set()
    for part in reversed(parts):
        if imports(part) or _holds(part, place) or changed(part) & wanted:
            kept.append(part)
            wanted -= bound(part)
            wanted |= _with_functions(used(part), inner) - imported
    return kept[::-1]


def _used_by_functions(parts: Sequence[Cell]) -> dict[str, frozenset[str]]:
    """What the notebook's own functions read, which is looked up when they are called."""
    return {
        name: used(part)
        for part in parts
        if part.tree and isinstance(part.tree.body[0], ast.FunctionDef)
        for name in [part.tree.body[0].name]
    }


def _with_functions(names: frozenset[str], inner: Mapping[str, frozenset[str]]) -> set[str]:
    found, todo = set(names), list(names)
    while todo:
        more = inner.get(todo.pop(), frozenset()) - found
        found |= more
        todo.extend(more)
    return found


def _statements(cell: Cell) -> Iterator[Cell]:
    for node in cell.tree.body if cell.tree else ():
        yield Cell(cell.number, cell.source, ast.Module([node], []))


def _holds(part: Cell, place: tuple[int, int] | None) -> bool:
    if place is None or part.number != place[0] or part.tree is None:
        return False
    node = part.tree.body[0]
    return node.lineno <= place[1] <= (node.end_lineno or node.lineno)


@cache
def methods(cell: Cell) -> frozenset[str]:
    """The methods of the report that a cell calls."""
    return frozenset(
        node.func.attr
        for node in _nodes(cell)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and _root(node.func) == REPORT
    )


@cache
def used(cell: Cell) -> frozenset[str]:
    """The names that a cell reads, in its functions too."""
    return frozenset(
        node.id
        for node in _nodes(cell)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )


@cache
def bound(part: Cell) -> frozenset[str]:
    """The names that a single statement binds in any case: what they were before is gone."""
    if part.tree is None or len(part.tree.body) != 1:
        return frozenset()
    match part.tree.body[0]:
        case ast.Assign(targets=targets):
            return frozenset(name.id for name in targets if isinstance(name, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return frozenset({name})
        case ast.FunctionDef(name=name):
            return frozenset({name})
    return frozenset()


@cache
def changed(cell: Cell) -> frozenset[str]:
    """The names that a cell binds, and those whose objects it may change in place.

    A statement that calls a function may change the objects handed to it, but the report, which
    every cell calls, and what is handed to it.
    """
    found: set[str] = set()
    for node in _nodes(cell):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                found.add(_root(node))
            case ast.Expr(value=ast.Call(func=func, args=args)) if _root(func) != REPORT:
                found.update(_root(part) for part in (func, *args))
    return frozenset(found) | imports(cell)


@cache
def imports(cell: Cell) -> frozenset[str]:
    """The names that a cell imports: modules and what they hold, which no cell changes."""
    aliases = (node for node in _nodes(cell) if isinstance(node, ast.alias))
    return frozenset(alias.asname or alias.name.partition(".")[0] for alias in aliases)


def _root(node: ast.AST) -> str:
    """The name at the root of an expression such as ``rows[0].append``, empty where none is."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _nodes(cell: Cell) -> Iterator[ast.AST]:
    return ast.walk(cell.tree) if cell.tree else iter(())
