"""Engines of papermill: how the cells of a notebook are run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import Engine, NBClientEngine, papermill_engines
from papermill.log import logger

from azkz.build.forking import can_fork

ENGINES = {"warm": "azkz-warm", "stock": "azkz-stock"}
"""papermill's names of the engines, by those of the command."""

_OTHER_NAMES = {"execution_timeout": "timeout", "start_timeout": "startup_timeout"}
"""What papermill calls settings of its client."""


class StockEngine(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine; what stops it without an answer of the kernel has the cells along."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, *arguments: Any, **named: Any) -> None:
        """Run the notebook in a kernel of its own."""
        with _cells_along(nb_man):
            super().execute_managed_notebook(nb_man, *arguments, **named)


class WarmEngine(Engine):  # type: ignore[misc]
    """The same in a kernel that is forked from a process that has imported what chapters import.

    Where processes cannot be forked it is papermill's own engine, and says so once.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **named: Any) -> None:
        """Run the notebook in a forked kernel."""
        if not can_fork():
            _say_stock()
            StockEngine.execute_managed_notebook(nb_man, kernel_name, **named)
            return
        from azkz.build.client import ForkedClient

        named.pop("input_path", None)
        settings = {_OTHER_NAMES.get(name, name): value for name, value in named.items()}
        with _cells_along(nb_man):
            ForkedClient(nb_man, kernel_name=kernel_name, log=logger, **settings).execute()


@contextmanager
def _cells_along(nb_man: Any) -> Iterator[None]:
    try:
        yield
    except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
        error.cells = nb_man.nb.cells  # type: ignore[union-attr]
        raise


@cache
def _say_stock() -> None:
    print(
        f"azkz-warm: {sys.platform} cannot fork safely; chapters run in papermill's own kernels",
        file=sys.stderr,
        flush=True,
    )


papermill_engines.register(ENGINES["stock"], StockEngine)
papermill_engines.register(ENGINES["warm"], WarmEngine)
