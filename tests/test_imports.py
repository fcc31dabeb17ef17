"""Which files a piece of code imports: every statement is looked at, wherever it stands."""

from __future__ import annotations

import ast
from pathlib import Path

import azkz
from azkz.build.imports import imports

CODE = """
import a, b.c as d
from e import f
from . import own
if x:
    import g
elif y:
    from h.i import j
else:
    import k
for _ in ():
    import l
else:
    import m
try:
    import n
except ImportError:
    import o
else:
    import p
finally:
    import q
match z:
    case 1:
        import r
class C:
    async def f(self):
        with s: import t
        while u: import v
        return lambda: w
"""


def test_finds_imports_in_every_block() -> None:
    """Branches, loops, handlers, cases, classes and functions; not what is relative."""
    names = ["a", "b.c", "e.f", "g", "h.i.j", *"klmnopqrtv"]
    assert sorted(imports(ast.parse(CODE))) == sorted(names)


def test_finds_what_a_look_at_every_node_finds() -> None:
    """In all files of the package."""
    for path in Path(azkz.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_bytes())
        every = sum(
            len(node.names)
            for node in ast.walk(tree)
            if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.module)
        )
        assert len(list(imports(tree))) == every, path
