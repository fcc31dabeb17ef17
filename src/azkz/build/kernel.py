"""Runs a notebook by papermill, and says in which cell it stopped."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from azkz.build.edition import Parameters
from azkz.build.engine import ENGINES
from azkz.errors import BadInput, ChapterFailed
from azkz.paths import INJECTED

CELL_TIMEOUT = 300
"""Seconds that one cell may take: far above any cell of the report, far below for ever."""

_START_TRIES = 3
_SHOWN = 1000


# The kernel's death is told in the build's own words.
logging.getLogger("traitlets").setLevel(logging.CRITICAL)
# What it tells of every notebook would be printed where Sphinx has set up logging before.
logging.getLogger("papermill").setLevel(logging.WARNING)


def run(
    chapter: str,
    source: Path,
    target: Path,
    parameters: Parameters,
    folder: Path,
    engine: str = "warm",
) -> NotebookNode:
    """Execute ``source`` into ``target``, with ``folder`` as the kernel's working directory.

    Returns what is written there.

    ``engine`` is one of ``azkz.build.engine.ENGINES``.

    Raises
    ------
    ChapterFailed
        A cell raised, or took longer than ``CELL_TIMEOUT``, or the kernel died.
    """
    for attempt in range(1, _START_TRIES + 1):
        try:
            made: NotebookNode = papermill.execute_notebook(
                source,
                target,
                parameters=parameters,
                engine_name=ENGINES[engine],
                kernel_name="python3",
                progress_bar=False,
                log_output=False,
                # Not papermill's cwd, which moves the whole process, and chapters run side by side.
                resources={"metadata": {"path": str(folder)}},
                execution_timeout=CELL_TIMEOUT,
                extra_arguments=["--log-level=ERROR"],
                shutdown_kernel="immediate",
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
            )
        except papermill.PapermillExecutionError as error:
            raise _raised(chapter, error, target) from error
        except CellTimeoutError as error:
            what = f"stopped: the cell took longer than {CELL_TIMEOUT} seconds"
            raise _stopped(chapter, error, what) from error
        except (DeadKernelError, RuntimeError) as error:
            # Kernels that start side by side can meet on a port; a new one gets new ports.
            if attempt == _START_TRIES:
                raise _stopped(chapter, error, f"the kernel died: {error}") from error
        except NoSuchKernel as error:
            raise BadInput(f"no Jupyter kernel {error.name}", todo="install ipykernel") from error
        else:
            return made
    raise AssertionError("the last try returns or raises")


def _raised(chapter: str, error: Any, target: Path) -> ChapterFailed:
    own = _own(nbformat.read(target, as_version=4).cells)
    number = next(
        (i for i, cell in enumerate(own, 1) if cell.get("execution_count") == error.exec_count
         and cell.cell_type == "code"),
        None,
    )  # fmt: skip
    said = f"{error.ename}: {error.evalue}"
    cut = said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
    return ChapterFailed(chapter, number, error.source, cut, error.ename)


def _stopped(chapter: str, error: BaseException, what: str) -> ChapterFailed:
    """The failure with the last cell that was begun, where one was."""
    begun = [
        (number, cell.source)
        for number, cell in enumerate(_own(getattr(error, "cells", [])), 1)
        if cell.cell_type == "code" and cell.metadata.get("papermill", {}).get("start_time")
    ]
    number, source = begun[-1] if begun else (None, "")
    return ChapterFailed(chapter, number, source, what)


def _own(cells: list[Any]) -> list[Any]:
    """The template's cells, without those that papermill puts in."""
    added = {INJECTED, "papermill-error-cell-tag"}
    return [cell for cell in cells if not added & set(cell.metadata.get("tags", ()))]
