"""Formats the code of chapters: with one formatter, and each piece of code once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygments.formatters import HtmlFormatter

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def keep_formatters(app: Sphinx) -> None:
    """Let Sphinx format all code with one formatter; it makes one for each piece of code."""
    highlighter = getattr(app.builder, "highlighter", None)
    if highlighter is not None and highlighter.formatter is HtmlFormatter:
        highlighter.formatter = _formatter


def keep_formatted(app: Sphinx) -> None:
    """Keep formatted code beside the doctrees, for the next time that a page is written."""
    highlighter = getattr(app.builder, "highlighter", None)
    if highlighter is not None:
        folder = Path(app.doctreedir, "code")
        folder.mkdir(exist_ok=True)
        highlighter.highlight_block = Formatted(folder, highlighter.highlight_block)


class Formatted:
    """Formats code as ``make`` does; what it has made is found again in ``folder``."""

    def __init__(self, folder: Path, make: Callable[..., str]) -> None:
        self._folder, self._make = folder, make

    def __call__(
        self, source: str, lang: str, *given: Any, location: Any = None, **named: Any
    ) -> str:
        """As ``sphinx.highlighting.PygmentsBridge.highlight_block``."""
        asked = repr((source, lang, given, sorted(named.items())))
        path = self._folder / hashlib.sha256(asked.encode()).hexdigest()
        if path.is_file():
            return path.read_bytes().decode()
        made = self._make(source, lang, *given, location=location, **named)
        # Another process may look for the same.
        part = path.with_name(f"{path.name}.{os.getpid()}")
        part.write_bytes(made.encode())
        part.replace(path)
        return made


def _formatter(**options: Any) -> HtmlFormatter:
    try:
        return _kept_formatter(**options)
    except TypeError:  # An option that is a list, such as the lines to mark.
        return HtmlFormatter(**options)


@cache
def _kept_formatter(**options: Any) -> HtmlFormatter:
    return HtmlFormatter(**options)
