"""The environment that results depend on: Python and the packages that are installed."""

from __future__ import annotations

import platform
import sys
from pathlib import Path


def environment() -> list[str]:
    """Python and the installed packages with their versions, such as ``pandas-3.0.1``."""
    folders = [Path(folder) for folder in sys.path if folder]
    found = {path.stem for folder in folders for path in folder.glob("*.dist-info")}
    return [f"Python-{platform.python_version()}", *sorted(found)]
