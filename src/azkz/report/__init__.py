"""What chapters import: the report of one chapter, its figures, tables, numbers and verdicts."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azkz.ledger import PERCENT, TIMES, Unknown, growth, share, total
    from azkz.report import drawings, labels, maps, style
    from azkz.report.report import Report

__all__ = [
    "PERCENT",
    "TIMES",
    "Report",
    "Unknown",
    "drawings",
    "growth",
    "labels",
    "maps",
    "share",
    "style",
    "total",
]

_MODULES = ("drawings", "labels", "maps", "style")


def __getattr__(name: str) -> Any:
    """Import what is asked for: the pages need records and text only, not pandas or seaborn."""
    if name in _MODULES:
        return import_module(f"azkz.report.{name}")
    if name == "Report":
        return import_module("azkz.report.report").Report
    if name in __all__:
        return getattr(import_module("azkz.ledger"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
