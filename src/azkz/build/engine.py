"""Engines of papermill: how the cells of a notebook are run."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines

from azkz.build.forking import can_fork

ENGINES = {"warm": "azkz-warm", "stock": "azkz-stock"}
"""papermill's names of the engines, by those of the command."""


class StockEngine(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine; what stops it without an answer of the kernel has the cells along."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, *arguments: Any, **named: Any) -> None:
        """Run the notebook in a kernel of its own."""
        try:
            super().execute_managed_notebook(nb_man, *arguments, **named)
        except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
            error.cells = nb_man.nb.cells  # type: ignore[union-attr]
            raise


class WarmEngine(StockEngine):
    """The same in a kernel that is forked from a process that has imported what chapters import.

    Where processes cannot be forked it is papermill's own engine, and says so once.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, *arguments: Any, **named: Any) -> None:
        """Run the notebook in a forked kernel."""
        if can_fork():
            from azkz.build.forked import ForkedKernelManager

            named["kernel_manager_class"] = ForkedKernelManager
        else:
            _say_stock()
        super().execute_managed_notebook(nb_man, *arguments, **named)


@cache
def _say_stock() -> None:
    print(
        f"azkz-warm: {sys.platform} cannot fork safely; chapters run in papermill's own kernels",
        file=sys.stderr,
        flush=True,
    )


papermill_engines.register(ENGINES["stock"], StockEngine)
papermill_engines.register(ENGINES["warm"], WarmEngine)
