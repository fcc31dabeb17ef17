"""Which files of the package a piece of code imports, whatever part of it runs."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import azkz
from azkz.build.expressions import parse

_PACKAGE = Path(azkz.__file__).parent
_NAME = azkz.__name__
_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")


def imported_files(trees: Iterable[ast.AST], modules: Iterable[str] = ()) -> dict[str, str]:
    """SHA-256 of every file of the package that code or ``modules`` import, however far on.

    By paths in the package, sorted. Imports within functions count: they may run.
    """
    return files_of([*modules, *(name for tree in trees for name in imports(tree))])


def files_of(modules: Iterable[str]) -> dict[str, str]:
    """The same for ``modules`` alone."""
    found: set[Path] = set()
    for name in dict.fromkeys(modules):
        found |= _reached(name)
    return {path.relative_to(_PACKAGE).as_posix(): _hash(path) for path in sorted(found)}


@cache
def _reached(module: str) -> frozenset[Path]:
    todo, found = [module], set[Path]()
    while todo:
        for path in _files(todo.pop()):
            if path not in found:
                found.add(path)
                todo.extend(_imported_by(path))
    return frozenset(found)


def imports(tree: ast.AST) -> Iterator[str]:
    """The names that code imports, of the package and of others."""
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            # What is named may be a module or something in one.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Code and all statements within its blocks; no statement is within an expression."""
    yield tree
    for block in _BLOCKS:
        for node in getattr(tree, block, ()):
            yield from _statements(node)


@cache
def _files(name: str) -> tuple[Path, ...]:
    """The files that run when ``name`` is imported: of its packages and of its module."""
    first, *rest = name.split(".")
    if first != _NAME:
        return ()
    folder, found = _PACKAGE, list[Path]()
    for part in ["", *rest]:
        folder = folder / part
        found += [p for p in (folder / "__init__.py", folder.with_suffix(".py")) if p.is_file()]
    return tuple(found)


@cache
def _imported_by(path: Path) -> tuple[str, ...]:
    return tuple(imports(parse(path.read_bytes())))


@cache
def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
