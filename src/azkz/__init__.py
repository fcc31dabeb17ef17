"""Across the Caspian: the engine of a report in which every figure leads to its source."""

from importlib.metadata import version

__version__ = version("azkz")
