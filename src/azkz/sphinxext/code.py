"""Formats the code of chapters with one formatter, which works out its style sheet once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pygments.formatters import HtmlFormatter

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def keep_formatters(app: Sphinx) -> None:
    """Let Sphinx format all code with one formatter; it makes one for each piece of code."""
    highlighter = getattr(app.builder, "highlighter", None)
    if highlighter is not None and highlighter.formatter is HtmlFormatter:
        highlighter.formatter = _formatter


def _formatter(**options: Any) -> HtmlFormatter:
    try:
        return _kept_formatter(**options)
    except TypeError:  # An option that is a list, such as the lines to mark.
        return HtmlFormatter(**options)


@cache
def _kept_formatter(**options: Any) -> HtmlFormatter:
    return HtmlFormatter(**options)
