"""What a chapter says, without its drawings: the statements that reach the report, and their needs.

Found from the code without running it, as in ``azkz.build.slicing`` and with the same limit: names
are all that is looked at. Held against whole chapters by the tests, and by who sweeps many days.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy

from azkz.build.authored import Cell
from azkz.build.liveness import always_bound, changed, read

REPORT = "report"
SHOWN = frozenset({"figure", "holds", "finish"})
"""Methods that show, or hold words against the evidence, and give nothing that is printed."""
LOOKED_AT = frozenset({"as_of", "ledger", "chapter"})
"""What of the report is looked at and not changed by it."""

DAY = "as_of"
"""The parameter, and the report's attribute, that has the day."""

_DEFERRED = (ast.Lambda, ast.GeneratorExp)


def without_drawing(cells: Sequence[Cell]) -> list[Cell]:
    """The statements that say something to the report, and those that they depend on.

    Each by itself, as a cell of one statement. Of a figure is left what its words say to the
    report: sentences that stand or are left out. Checks that raise by themselves are kept.
    """
    statements = [each for cell in cells for each in _statements(cell)]
    trees = [each.tree.body[0] for each in statements if each.tree]
    speaking = _speaking(trees)
    functions = {tree.name: tree for tree in trees if isinstance(tree, ast.FunctionDef)}
    inner = {name: read([tree]) for name, tree in functions.items()}
    kept: list[Cell] = []
    wanted: set[str] = set()
    for cell, tree in zip(reversed(statements), reversed(trees), strict=True):
        # Every cell speaks to the report; where it comes from is one statement alone.
        may_change = (changed(tree, functions) - {REPORT}) | ({REPORT} & always_bound(tree))
        if may_change & wanted or _is_kept(tree, speaking):
            kept.append(cell)
            wanted -= always_bound(tree)
            wanted |= _with_functions(read([tree]), inner)
    return kept[::-1]


def reads_the_day(cells: Sequence[Cell]) -> bool:
    """Whether what cells say may depend on the as-of day itself, beyond its year and the evidence.

    The day goes into the report in any case. Who hands the report on may read it from there.
    """
    trees = [cell.tree for cell in cells if cell.tree]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    fine = {_day_given(node) for node in nodes if isinstance(node, ast.Call)}
    fine |= {n.value for n in nodes if isinstance(n, ast.Attribute) and n.attr == "year"}
    held = {node.value for node in nodes if isinstance(node, ast.Attribute)}
    return any(
        node not in fine
        for node in nodes
        if (isinstance(node, ast.Attribute) and node.attr == DAY)
        or (isinstance(node, ast.Name) and node.id == DAY and isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.Name) and node.id == REPORT and _is_handed_on(node, held))
    )


def _day_given(call: ast.Call) -> ast.expr | None:
    """The day in a call that makes the report."""
    makes = isinstance(call.func, ast.Name) and call.func.id == "Report" and len(call.args) == 2
    return call.args[1] if makes else None


def _is_handed_on(name: ast.Name, held: set[ast.expr]) -> bool:
    return isinstance(name.ctx, ast.Load) and name not in held


def says(node: ast.AST, speaking: set[str]) -> bool:
    """Whether a part of the code does more to the report than look at it."""
    idle = {
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and (each.attr in LOOKED_AT and isinstance(each.ctx, ast.Load))
    }
    return any(
        isinstance(each, ast.Name)
        and isinstance(each.ctx, ast.Load)
        and each.id in speaking
        and (each.id != REPORT or each not in idle)
        for each in ast.walk(node)
    )


def _is_kept(tree: ast.stmt, speaking: set[str]) -> bool:
    if isinstance(tree, ast.FunctionDef | ast.ClassDef):
        return False
    if isinstance(tree, ast.Expr) and not isinstance(tree.value, ast.Call):
        return True
    stops = any(isinstance(each, ast.Raise | ast.Assert) for each in ast.walk(tree))
    return stops or says(tree, speaking)


def _statements(cell: Cell) -> Iterator[Cell]:
    for node in cell.tree.body if cell.tree else ():
        shows = any(_is_shown(each) for each in ast.walk(node))
        for kept in _Unshown().flat(deepcopy(node)) if shows else [node]:
            yield Cell(cell.number, cell.source, ast.Module([kept], []))


def _is_shown(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method))):
            return name == REPORT and method in SHOWN
    return False


class _Unshown(ast.NodeTransformer):
    """Puts in the place of what is shown only those of its arguments that speak to the report."""

    def flat(self, node: ast.stmt) -> list[ast.stmt]:
        made = self.visit(node)
        return made if isinstance(made, list) else [made]

    def visit_Expr(self, node: ast.Expr) -> ast.stmt | list[ast.stmt]:
        if not (_is_shown(node) and isinstance(node.value, ast.Call)):
            return node
        given = [*node.value.args, *(word.value for word in node.value.keywords)]
        left: list[ast.stmt] = [ast.Expr(each) for each in given if says(each, {REPORT})]
        return [ast.copy_location(each, node) for each in left or [ast.Pass()]]


def _speaking(trees: Sequence[ast.stmt]) -> set[str]:
    """The report, and names through which code speaks to it later: functions of the chapter."""
    found = {REPORT}
    while more := {name for tree in trees for name in _hands_on(tree, found)} - found:
        found |= more
    return found


def _hands_on(tree: ast.stmt, speaking: set[str]) -> Iterator[str]:
    """What a statement binds to something that will speak to the report when it is called."""
    if isinstance(tree, ast.FunctionDef | ast.ClassDef):
        if says(tree, speaking):
            yield tree.name
    elif isinstance(tree, ast.Assign | ast.AnnAssign) and tree.value:
        nodes = list(ast.walk(tree.value))
        called = {each.func for each in nodes if isinstance(each, ast.Call)}
        held = {each.value for each in nodes if isinstance(each, ast.Attribute)} | called
        later = (each for each in nodes if isinstance(each, _DEFERRED) or _is_bare(each, held))
        if any(says(each, speaking) for each in later):
            yield from always_bound(tree)


def _is_bare(node: ast.AST, held: set[ast.expr]) -> bool:
    """Whether it is a name, or part of what is named, that is handed on and not called."""
    whole = isinstance(node, ast.Name | ast.Attribute) and node not in held
    while isinstance(node, ast.Attribute):
        node = node.value
    return whole and isinstance(node, ast.Name)


def _with_functions(names: set[str], inner: Mapping[str, set[str]]) -> set[str]:
    """What functions read is looked up when they are called."""
    found, todo = set(names), list(names)
    while todo:
        more = inner.get(todo.pop(), set()) - found
        found |= more
        todo.extend(more)
    return found
