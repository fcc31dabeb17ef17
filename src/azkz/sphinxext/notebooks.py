"""Reads executed chapters for MyST-NB: they were checked when they ran, and nobody copies them."""

from __future__ import annotations

import json
from typing import Any

import nbformat
from nbformat.v4 import rwbase

READER = f"{__name__}.read"


class Shown(nbformat.NotebookNode):
    """A notebook that is read to be shown.

    MyST-NB ends each page with another copy of its notebook, for links to download that the report
    does not have. It checks and copies all cells for it; the copy of this one has none.
    """

    def __deepcopy__(self, _memo: dict[int, Any]) -> nbformat.NotebookNode:
        """The notebook without what it says."""
        bare: nbformat.NotebookNode = nbformat.from_dict({**self, "cells": [], "metadata": {}})
        return bare


def read(text: str) -> nbformat.NotebookNode:
    """The notebook with joined lines, as ``nbformat.reads`` gives it, without the check."""
    notebook = Shown(nbformat.from_dict(json.loads(text)))  # type: ignore[no-untyped-call]
    rwbase.rejoin_lines(notebook)
    return notebook
