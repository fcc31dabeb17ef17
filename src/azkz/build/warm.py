"""Imports what chapters import: the process that workers are forked from does it once for all."""

import os

# Set before pyplot is imported: nothing that is evaluated is drawn on a screen or in Jupyter.
os.environ["MPLBACKEND"] = "agg"

import pandas as pd  # noqa: F401
import seaborn as sns  # noqa: F401

from azkz.build import evaluate  # noqa: F401
from azkz.report import drawings, labels, maps, report, style  # noqa: F401
