"""What chapters import: the report of one chapter, its figures, tables, numbers and verdicts."""

from azkz.ledger import PERCENT, TIMES, Unknown, growth, share, total
from azkz.report import drawings, labels, style
from azkz.report.report import Report

__all__ = [
    "PERCENT",
    "TIMES",
    "Report",
    "Unknown",
    "drawings",
    "growth",
    "labels",
    "share",
    "style",
    "total",
]
