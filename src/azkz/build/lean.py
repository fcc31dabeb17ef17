"""What a warm kernel does without: work on a cell that comes to the same each time, or to nothing.

ipykernel and IPython each look through the code of a cell for magics, by splitting it into tokens,
try whether it awaits, and name it by a hash of their own. It takes longer than the cells of a
chapter that draw nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

from ipykernel.compiler import get_tmp_directory

_MAY_BE_MAGIC = re.compile(r"\?|^\s*[%!,;/]|=[\s\\]*[%!]", re.MULTILINE)
"""What every line has that IPython would write anew: a help mark, an escape, or one assigned."""

_MAY_AWAIT = re.compile("await|async")

Lines = list[str]


def look_once(shell: Any) -> None:
    """Let a shell look through each cell once, and not at all for what cannot be in it."""
    manager = shell.input_transformer_manager
    own, kinds = manager.do_token_transforms, list(manager.token_transformers)

    def transformed(lines: Lines) -> Lines:
        plain = manager.token_transformers == kinds and not _MAY_BE_MAGIC.search("".join(lines))
        return lines if plain else own(lines)

    tried = shell.should_run_async

    def awaits(cell: str, *, transformed_cell: str, **named: Any) -> bool:
        may = _MAY_AWAIT.search(transformed_cell or cell)
        return bool(may) and tried(cell, transformed_cell=transformed_cell, **named)

    manager.do_token_transforms = transformed
    shell.compile.get_code_name = _file_name
    kept = [lru_cache(maxsize=1)(each) for each in (shell.transform_cell, awaits)]
    shell.transform_cell, shell.should_run_async = kept
    # A cell may change how the next one is read.
    shell.events.register("post_run_cell", _forgetting(kept))


def _file_name(source: str, _code: str, _number: int) -> str:
    """Names a cell as ipykernel does, with a hash that is no debugger's."""
    return str(Path(get_tmp_directory(), f"{crc32(source.encode())}.py"))


def _forgetting(kept: list[Any]) -> Callable[[Any], None]:
    def forget(_result: Any) -> None:
        for each in kept:
            each.cache_clear()

    return forget
