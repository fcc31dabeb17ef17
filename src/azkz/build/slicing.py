"""Which statements of a template have to run for one of its numbers.

Found from the code without running it: a part is needed when it may bind, or change in place, what
a needed part uses. Names are all that is looked at, so a change through a second name for the same
object is not seen: what runs a part of a template compares it with the whole.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from azkz.build import CHAPTERS
from azkz.build.authored import Cell, Notebook
from azkz.build.expressions import nodes

REPORT = "report"


@dataclass(frozen=True, slots=True)
class Part:
    """A cell, or one statement of it, and what it has to do with names of the notebook.

    ``used`` are read, in its functions too; ``changed`` bound, or their objects perhaps changed in
    place; ``bound`` bound in any case; ``imported`` modules and what they hold, which no part
    changes.
    """

    cell: Cell
    used: frozenset[str]
    changed: frozenset[str]
    bound: frozenset[str]
    imported: frozenset[str]

    @classmethod
    def of(cls, cell: Cell) -> Part:
        """Read from the code of a cell."""
        tree = cell.tree or ast.Module([], [])
        tables = _tables(cell)
        imported = frozenset(_imported(tree))
        changed = frozenset(_changed(tree, tables[0])) | imported
        return cls(cell, _used(tables), changed, _bound(tree), imported)


def needed_for(notebook: Notebook, number: str) -> list[Cell]:
    """The statements that may name a number, and those that they depend on, however far back.

    Each by itself, as a cell of one statement. None where nothing is found that names it.
    """
    place = notebook.named(number.partition(".")[2])
    parts = _parts(notebook)
    inner = {name: part.used for part in parts for name in _functions(part)}
    imported = {name for part in parts for name in part.imported}
    kept: list[Cell] = []
    wanted: set[str] = set()
    for part in reversed(parts):
        if part.imported or _holds(part.cell, place) or part.changed & wanted:
            kept.append(part.cell)
            wanted -= part.bound
            wanted |= _with_functions(part.used, inner) - imported
    return kept[::-1]


@lru_cache(maxsize=2 * len(CHAPTERS))
def _parts(notebook: Notebook) -> tuple[Part, ...]:
    return tuple(Part.of(statement) for cell in notebook.cells for statement in _statements(cell))


def _statements(cell: Cell) -> Iterator[Cell]:
    for node in cell.tree.body if cell.tree else ():
        yield Cell(cell.number, cell.source, ast.Module([node], []))


def _holds(cell: Cell, place: tuple[int, int] | None) -> bool:
    if place is None or cell.number != place[0] or cell.tree is None:
        return False
    node = cell.tree.body[0]
    return node.lineno <= place[1] <= (node.end_lineno or node.lineno)


def _functions(part: Part) -> list[str]:
    """The function that a statement makes; what it reads is looked up when it is called."""
    tree = part.cell.tree
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)] if tree else []


def _with_functions(names: frozenset[str], inner: Mapping[str, frozenset[str]]) -> set[str]:
    found, todo = set(names), list(names)
    while todo:
        more = inner.get(todo.pop(), frozenset()) - found
        found |= more
        todo.extend(more)
    return found


def _used(tables: Sequence[symtable.SymbolTable]) -> frozenset[str]:
    module, *inner = tables
    return frozenset(
        symbol.get_name()
        for table in (module, *inner)
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table is module or symbol.is_global())
    )


def _changed(tree: ast.Module, names: symtable.SymbolTable) -> Iterator[str]:
    """A statement that calls a function may change the objects handed to it.

    But not the report, which every cell calls, nor what is handed to it.
    """
    for symbol in names.get_symbols():
        if symbol.is_assigned():
            yield symbol.get_name()
    for node in nodes(tree):
        match node:
            case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                yield _root(node)
            case ast.Expr(value=ast.Call(func=func, args=args)) if _root(func) != REPORT:
                yield from (_root(part) for part in (func, *args))


def _bound(tree: ast.Module) -> frozenset[str]:
    """The names that a single statement binds in any case: what they were before is gone."""
    match tree.body:
        case [ast.Assign(targets=targets)]:
            return frozenset(name.id for name in targets if isinstance(name, ast.Name))
        case [ast.AnnAssign(target=ast.Name(id=name), value=ast.expr())]:
            return frozenset({name})
        case [ast.FunctionDef(name=name)]:
            return frozenset({name})
    return frozenset()


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in nodes(tree):
        if isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]


def _tables(cell: Cell) -> list[symtable.SymbolTable]:
    """Python's own account of the names of a statement: of itself, then of its functions."""
    tables = [symtable.symtable(_code(cell), "cell", "exec")]
    for table in tables:
        tables.extend(table.get_children())
    return tables


def _code(cell: Cell) -> str:
    """The lines of a statement; where another stands on one of them, its account has both."""
    if cell.tree is None:
        return ""
    [node] = cell.tree.body
    first = min(each.lineno for each in (node, *getattr(node, "decorator_list", ())))
    return "\n".join(cell.source.split("\n")[first - 1 : node.end_lineno])


def _root(node: ast.AST) -> str:
    """The name at the root of an expression such as ``rows[0].append``, empty where none is."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
