"""What a statement reads from before it, binds, and may change, without running it.

Finer than by cell: what a block binds before it reads it is not read from before. That a function
changes what it is handed is believed only of a call that stands by itself, and never of drawing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from azkz.build.expressions import children, nodes

DRAWING = frozenset({"drawings", "labels", "style", "sns", "plt"})
"""Modules by the names that chapters give them: what they are handed is drawn, not changed."""
DRAWN = frozenset({"Axes", "Figure"})
"""What a parameter is annotated with that is drawn on."""
CHANGING = frozenset(
    (
        *("add", "append", "clear", "discard", "extend", "insert", "pop", "popitem"),
        *("remove", "reverse", "setdefault", "sort", "update"),
    )
)
"""Methods that change their object, wherever they are called."""

_IN_TEXT = re.compile(r"@([A-Za-z_]\w*)")
"""A name that a query of pandas reads."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def read(body: Sequence[ast.stmt]) -> set[str]:
    """The names that statements may read as they were before the first of them."""
    found: set[str] = set()
    bound: set[str] = set()
    for statement in body:
        found |= _read_by(statement) - bound
        bound |= always_bound(statement)
    return found


def always_bound(statement: ast.stmt) -> set[str]:
    """The names that a statement binds in any case: what they were before is gone."""
    match statement:
        case ast.Assign(targets=targets):
            return {name for target in targets for name in _stored(target)}
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return {name}
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.With(items=items, body=body):
            return {*_targets(items), *_all_bound(body)}
        case ast.If(body=body, orelse=orelse):
            return _all_bound(body) & _all_bound(orelse)
    return set()


def changed(statement: ast.stmt, functions: Mapping[str, ast.FunctionDef]) -> set[str]:
    """The names that a statement may bind, or whose objects it may change in place.

    ``functions`` are those of the chapter, by name: what they change when they are called counts.
    """
    found = _changed(statement, DRAWING)
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return found
    for call in nodes(statement):
        if isinstance(call, ast.Call) and root(call.func) in functions:
            found |= _changed_by_call(call, functions[root(call.func)])
    for name in _named(statement, functions):
        found |= _changed_outside(functions[name]) - _parameters(functions[name]).keys()
    return found - {""}


def root(node: ast.AST) -> str:
    """The name at the root of an expression such as ``rows[0].append``, empty where none is."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _named(node: ast.AST, functions: Mapping[str, ast.FunctionDef]) -> set[str]:
    """The functions that a node names, and those that they name."""
    found: set[str] = set()
    todo = [node]
    while todo:
        named = {each.id for each in nodes(todo.pop()) if isinstance(each, ast.Name)}
        more = (named & functions.keys()) - found
        found |= more
        todo.extend(functions[name] for name in more)
    return found


def _changed_by_call(call: ast.Call, function: ast.FunctionDef) -> set[str]:
    """What a call hands to those parameters that the function changes."""
    parameters = list(_parameters(function))
    changed_here = _changed_outside(function)
    pairs = [*zip(parameters, call.args, strict=False)]
    pairs += [(word.arg or "", word.value) for word in call.keywords]
    return {root(each) for name, each in pairs if name in changed_here}


@lru_cache(maxsize=1024)
def _parameters(function: ast.FunctionDef) -> dict[str, str]:
    """The parameters by place, each with what its annotation says."""
    given = function.args
    places = (*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg)
    return {
        each.arg: ast.unparse(each.annotation) if each.annotation else "" for each in places if each
    }


@lru_cache(maxsize=1024)
def _changed_outside(function: ast.FunctionDef) -> set[str]:
    """What a function changes of what it is handed or finds, not what it makes for itself."""
    axes = {name for name, kind in _parameters(function).items() if kind in DRAWN}
    parts = {name for part in function.body for name in _changed(part, DRAWING | axes)}
    return parts - {name for part in function.body for name in _bound_in(part)}


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(word.value for word in call.keywords)]


def _all_bound(body: Iterable[ast.stmt]) -> set[str]:
    return {name for statement in body for name in always_bound(statement)}


def _read_by(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            return _free(test) | read(body) | read(orelse)
        case ast.For(target=target, iter=items, body=body, orelse=orelse):
            return _free(items) | _free(target) | (read(body) - _stored(target)) | read(orelse)
        case ast.With(items=items, body=body):
            opened = {name for item in items for name in _free(item.context_expr)}
            return opened | (read(body) - _targets(items))
    return _free(statement)


def _targets(items: Iterable[ast.withitem]) -> set[str]:
    return {name for item in items if item.optional_vars for name in _stored(item.optional_vars)}


def _stored(target: ast.expr) -> set[str]:
    """The names that an assignment to ``target`` binds; of ``rows[0] = …`` none."""
    if isinstance(target, ast.Tuple | ast.List):
        return {name for each in target.elts for name in _stored(each)}
    if isinstance(target, ast.Starred):
        return _stored(target.value)
    return {target.id} if isinstance(target, ast.Name) else set()


def _free(node: ast.AST) -> set[str]:
    """The names read in a node that are not its own: of functions and comprehensions."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else set()
    if isinstance(node, ast.Constant):
        return set(_IN_TEXT.findall(node.value)) if isinstance(node.value, str) else set()
    if isinstance(node, _FUNCTIONS):
        own = {each.arg for each in nodes(node.args) if isinstance(each, ast.arg)}
        inner = node.body if isinstance(node.body, list) else [node.body]
        names = {name for part in inner for name in _free(part)}
        own |= {name for part in inner for name in _bound_in(part)}
        outside = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        outside += getattr(node, "decorator_list", [])
        return (names - own) | {name for part in outside for name in _free(part)}
    if isinstance(node, _COMPREHENSIONS):
        own = {name for each in node.generators for name in _stored(each.target)}
        names = {name for part in children(node) for name in _free(part)}
        return (names - own) | _free(node.generators[0].iter)
    found = {name for part in children(node) for name in _free(part)}
    if isinstance(node, ast.AugAssign):
        found |= _stored(node.target)
    return found


def _bound_in(node: ast.AST) -> Iterator[str]:
    """The names that a function binds for itself."""
    for part in nodes(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        elif isinstance(part, ast.FunctionDef):
            yield part.name


def _changed(node: ast.AST, drawing: frozenset[str] | None) -> set[str]:
    """``drawing`` are names whose methods draw; None where every call does."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Lambda):
        return set()
    found = set(_changed_by(node))
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and drawing is not None:
        if root(node.value) not in DRAWING:
            found.add(root(node.value))
        if root(node.value) not in drawing:
            found.update(map(root, _given(node.value)))
    if isinstance(node, ast.With) and any(root(i.context_expr) in DRAWING for i in node.items):
        drawing = None
    within = {name for part in children(node) for name in _changed(part, drawing)}
    if isinstance(node, _COMPREHENSIONS):
        within -= {name for each in node.generators for name in _stored(each.target)}
    return found | within


def _changed_by(node: ast.AST) -> Iterator[str]:
    """What a node changes by itself, whatever stands in it."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store()):
            yield root(node)
        case ast.Call(func=ast.Attribute(attr=method) as func) if method in CHANGING:
            yield root(func)
        case ast.alias(name=name, asname=asname):
            yield asname or name.partition(".")[0]
