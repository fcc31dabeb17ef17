"""What a chapter says, without its drawings: the statements that reach the report, and their needs.

Found from the code without running it, as in ``azkz.build.slicing`` and with the same limit: names
are all that is looked at. Held against whole chapters by the tests, and by who sweeps many days.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from azkz.build.authored import Cell
from azkz.build.expressions import nodes
from azkz.build.liveness import always_bound, changed, read

REPORT = "report"
SHOWN = frozenset({"figure", "holds", "finish"})
"""Methods that show, or hold words against the evidence, and give nothing that is printed."""
LOOKED_AT = frozenset({"as_of", "ledger", "chapter"})
"""What of the report is looked at and not changed by it."""

DAY = "as_of"
"""The parameter, and the report's attribute, that has the day."""

_DEFERRED = (ast.Lambda, ast.GeneratorExp)
_BLOCKS = ("body", "orelse", "handlers", "finalbody")


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
    slicing = _Slicing(functions, inner, speaking)
    kept: list[Cell] = []
    wanted: set[str] = set()
    for cell, tree in zip(reversed(statements), reversed(trees), strict=True):
        left, wanted = slicing.needed(tree, wanted)
        if left is not None:
            kept.append(Cell(cell.number, cell.source, ast.Module([left], [])))
    return kept[::-1]


@dataclass(frozen=True, slots=True)
class _Slicing:
    """Goes through a chapter's statements from the last to the first."""

    functions: Mapping[str, ast.FunctionDef]
    inner: Mapping[str, set[str]]
    speaking: set[str]

    def needed(self, tree: ast.stmt, wanted: set[str]) -> tuple[ast.stmt | None, set[str]]:
        """What of a statement has to run where names are ``wanted`` after it; those before it."""
        if isinstance(tree, ast.If):
            return self._branch(tree, wanted)
        # Every cell speaks to the report; where it comes from is one statement alone.
        may_change = changed(tree, self.functions) - {REPORT}
        may_change |= {REPORT} & always_bound(tree)
        if not (may_change & wanted or _is_kept(tree, self.speaking)):
            return None, wanted
        return tree, (wanted - always_bound(tree)) | self._read([tree])

    def _branch(self, tree: ast.If, wanted: set[str]) -> tuple[ast.stmt | None, set[str]]:
        test = ast.If(tree.test, [], [])
        body, in_body = self._block(tree.body, wanted)
        orelse, in_else = self._block(tree.orelse, wanted)
        asks = changed(test, self.functions) & wanted or says(test, self.speaking)
        if not (body or orelse or asks):
            return None, wanted
        left = ast.If(tree.test, body or [ast.Pass()], orelse)
        made = ast.fix_missing_locations(ast.copy_location(left, tree))
        return made, in_body | in_else | self._read([test])

    def _block(
        self, statements: Sequence[ast.stmt], wanted: set[str]
    ) -> tuple[list[ast.stmt], set[str]]:
        kept: list[ast.stmt] = []
        for each in reversed(statements):
            left, wanted = self.needed(each, wanted)
            kept += [left] if left is not None else []
        return kept[::-1], wanted

    def _read(self, trees: Sequence[ast.stmt]) -> set[str]:
        return _with_functions(read(trees), self.inner)


def reads_the_day(cells: Sequence[Cell]) -> bool:
    """Whether what cells say may depend on the as-of day itself, beyond its year and the evidence.

    The day goes into the report in any case. Who hands the report on may read it from there.
    """
    trees = [cell.tree for cell in cells if cell.tree]
    every = [node for tree in trees for node in nodes(tree)]
    fine = {_day_given(node) for node in every if isinstance(node, ast.Call)}
    fine |= {n.value for n in every if isinstance(n, ast.Attribute) and n.attr == "year"}
    held = {node.value for node in every if isinstance(node, ast.Attribute)}
    return any(
        node not in fine
        for node in every
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
        for each in nodes(node)
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and (each.attr in LOOKED_AT and isinstance(each.ctx, ast.Load))
    }
    return any(
        isinstance(each, ast.Name)
        and isinstance(each.ctx, ast.Load)
        and each.id in speaking
        and (each.id != REPORT or each not in idle)
        for each in nodes(node)
    )


def _is_kept(tree: ast.stmt, speaking: set[str]) -> bool:
    if isinstance(tree, ast.FunctionDef | ast.ClassDef):
        return False
    if isinstance(tree, ast.Expr) and not isinstance(tree.value, ast.Call):
        return True
    stops = any(isinstance(each, ast.Raise | ast.Assert) for each in nodes(tree))
    return stops or says(tree, speaking)


def _statements(cell: Cell) -> Iterator[Cell]:
    for node in cell.tree.body if cell.tree else ():
        shows = any(_is_shown(each) for each in nodes(node))
        for kept in _unshown(node) if shows else [node]:
            yield Cell(cell.number, cell.source, ast.Module([kept], []))


def _is_shown(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method))):
            return name == REPORT and method in SHOWN
    return False


def _unshown(node: ast.stmt) -> list[ast.stmt]:
    """A statement in which only those arguments of what is shown are left that speak."""
    if _is_shown(node) and isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        given = [*node.value.args, *(word.value for word in node.value.keywords)]
        left: list[ast.stmt] = [ast.Expr(each) for each in given if says(each, {REPORT})]
        return [ast.copy_location(each, node) for each in left or [ast.Pass()]]
    made = copy(node)
    for name in _BLOCKS:
        if block := getattr(node, name, None):
            setattr(made, name, [kept for each in block for kept in _unshown(each)])
    return [made]


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
        every = nodes(tree.value)
        called = {each.func for each in every if isinstance(each, ast.Call)}
        held = {each.value for each in every if isinstance(each, ast.Attribute)} | called
        later = (each for each in every if isinstance(each, _DEFERRED) or _is_bare(each, held))
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
