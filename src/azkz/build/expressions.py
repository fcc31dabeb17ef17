"""What Python's expressions are made of, and what its names are bound to, without running it."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache

_ONE = threading.Lock()

_BARE = frozenset({
    "ctx", "op", "ops", "id", "attr", "asname", "kind", "conversion", "is_async", "simple",
    "level", "module", "type_comment",
})  # fmt: skip
"""Fields of nodes that hold operators, contexts, names and other marks."""

_BRANCHES = {
    kind: tuple(name for name in kind._fields if name not in _BARE)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""By kind of node the fields that may hold others."""
_BRANCHES[ast.Constant] = ()


def parse(source: str | bytes) -> ast.Module:
    """The code of a module or a cell as a tree; it is not run.

    Threads that parse at the same time do so one after the other: Python up to 3.11.7 may fail
    otherwise (python/cpython, issue 106905).

    Raises
    ------
    SyntaxError
        It is no Python.
    """
    with _ONE:
        return ast.parse(source)


@lru_cache(maxsize=8192)
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Every node of a tree, in the order of ``ast.walk``: found once, for what nobody changes."""
    found = [tree]
    for node in found:
        if _BRANCHES[type(node)]:
            found.extend(children(node))
    return tuple(found)


@lru_cache(maxsize=65536)
def children(node: ast.AST) -> tuple[ast.AST, ...]:
    """The nodes that a node is made of, as ``ast.iter_child_nodes`` gives them.

    But for operators and contexts, which have no parts and say nothing that their node does not.
    Found once, for what nobody changes.
    """
    found: list[ast.AST] = []
    for name in _BRANCHES[type(node)]:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [each for each in value if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return tuple(found)


def parts(node: ast.AST) -> Sequence[ast.AST]:
    """The parts of an expression that may go into its text: no keys, conditions or formats."""
    found: Sequence[ast.AST] = children(node)
    match node:
        case ast.JoinedStr(values=values):
            found = [value for value in values if isinstance(value, ast.FormattedValue)]
        case ast.FormattedValue(value=value) | ast.Subscript(value=value):
            found = [value]
        case ast.BoolOp(op=ast.And(), values=[*_, value]):
            found = [value]
        case ast.IfExp(body=body, orelse=orelse):
            found = [body, orelse]
        case ast.Call(func=ast.Attribute(value=value), args=args):
            found = [value, *args]
        case ast.Call(args=args):
            found = args
        case ast.Dict(values=values):
            found = values
        case ast.GeneratorExp(elt=part) | ast.ListComp(elt=part) | ast.SetComp(elt=part):
            found = [part]
        case ast.Compare() | ast.Attribute() | ast.Lambda() | ast.keyword():
            found = []
    return found


def bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that a node binds: to a value, to the items gone through, to a result returned."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _pairs(target, value)
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.AugAssign(target=target, value=value)
            | ast.NamedExpr(target=target, value=value)
        ):
            yield from _pairs(target, value)
        case ast.For(target=target, iter=items) | ast.comprehension(target=target, iter=items):
            rows = items.elts if isinstance(items, ast.List | ast.Tuple) else [items]
            for row in rows:
                yield from _pairs(target, row)
        case ast.FunctionDef(name=name):
            for each in ast.walk(node):
                if isinstance(each, ast.Return) and each.value:
                    yield name, each.value


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple | ast.List):
        alike = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
        values = value.elts if alike and isinstance(value, ast.Tuple | ast.List) else None
        for at, each in enumerate(target.elts):
            yield from _pairs(each, values[at] if values else value)


def called(node: ast.AST) -> str:
    """The name of the function that a node calls, empty if it is no such call."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def arguments(call: ast.Call, function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """The function's parameters with what a call hands to each."""
    yield from zip((each.arg for each in function.args.args), call.args, strict=False)
    yield from ((word.arg, word.value) for word in call.keywords if word.arg)
