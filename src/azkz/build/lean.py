"""What a warm kernel does without: work on a cell that comes to the same each time, or to nothing.

ipykernel and IPython each look through the code of a cell for magics, by splitting it into tokens,
and try whether it awaits. It takes longer than the cells of a chapter that draw nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

_MAY_BE_MAGIC = re.compile(r"\?|^\s*[%!,;/]|=[\s\\]*[%!]", re.MULTILINE)
"""What every line has that IPython would write anew: a help mark, an escape, or one assigned."""

Lines = list[str]


def look_once(shell: Any) -> None:
    """Let a shell look through each cell once, and not at all where no magic can be in it."""
    manager = shell.input_transformer_manager
    own, kinds = manager.do_token_transforms, list(manager.token_transformers)

    def transformed(lines: Lines) -> Lines:
        plain = manager.token_transformers == kinds and not _MAY_BE_MAGIC.search("".join(lines))
        return lines if plain else own(lines)

    manager.do_token_transforms = transformed
    kept = [lru_cache(maxsize=1)(each) for each in (shell.transform_cell, shell.should_run_async)]
    shell.transform_cell, shell.should_run_async = kept
    # A cell may change how the next one is read.
    shell.events.register("post_run_cell", _forgetting(kept))


def _forgetting(kept: list[Any]) -> Callable[[Any], None]:
    def forget(_result: Any) -> None:
        for each in kept:
            each.cache_clear()

    return forget
