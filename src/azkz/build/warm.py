"""Imports what chapters import: the process that kernels and workers are forked from."""

import gc
import os
from contextlib import suppress

# Before pyplot is imported: what is evaluated is drawn on no screen. A kernel chooses anew.
os.environ["MPLBACKEND"] = "agg"

# Its words on frozen modules are meant for who debugs.
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"

# What a kernel imports when it starts is named by strings, its debugger too.
import matplotlib_inline.backend_inline  # noqa: F401
import pandas as pd  # noqa: F401
import psutil  # noqa: F401
import seaborn as sns  # noqa: F401

from azkz.build import evaluate, forking, lean  # noqa: F401
from azkz.errors import ReportError
from azkz.ledger.opened import opened
from azkz.paths import checkout
from azkz.report import drawings, labels, maps, report, style  # noqa: F401

# Who forks from here finds the ledger read already; a broken one is told by who asks for it.
with suppress(ReportError, OSError):
    opened(checkout().data)

# What is here stays: pages that the collector does not touch are shared by all forked processes.
gc.collect()
gc.freeze()
