"""Imports what chapters import: the process that kernels and workers are forked from."""

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module

# Before pyplot is imported: what is evaluated is drawn on no screen. A kernel chooses anew.
os.environ["MPLBACKEND"] = "agg"

# What a kernel imports when it starts is named by strings.
import IPython.core.completerlib
import IPython.core.magics.execution  # noqa: F401
import matplotlib_inline.backend_inline  # noqa: F401
import pandas as pd  # noqa: F401
import psutil  # noqa: F401
import seaborn as sns  # noqa: F401
from matplotlib.backends.registry import backend_registry

from azkz.build import changes, evaluate, forked, vintages, workers  # noqa: F401
from azkz.build.forking import collect_seldom
from azkz.build.lean_text import lay_out_once
from azkz.errors import ReportError
from azkz.ledger.opened import opened
from azkz.paths import checkout
from azkz.report import (  # noqa: F401
    changes_chart,
    drawings,
    labels,
    maps,
    report,
    style,
    vintage_chart,
)

# Without a socket it cannot be debugged from outside; what that would need is large.
sys.modules["debugpy"] = None  # type: ignore[assignment]
import_module("ipykernel.debugger")
del sys.modules["debugpy"]

lay_out_once()

# It looks for backends in all packages there are, once.
backend_registry.resolve_backend("inline")

# Who forks from here finds the ledger read already; a broken one is told by who asks for it.
with suppress(ReportError, OSError):
    opened(checkout().data)

# What is here stays: pages that the collector does not touch are shared by all forked processes.
gc.freeze()
collect_seldom()
