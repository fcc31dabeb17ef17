"""Errors pass from a worker to who waits for it as they are."""

from __future__ import annotations

import pickle
import pkgutil
from importlib import import_module

import pytest

import azkz
from azkz.build.dispatch import ClusterFailed
from azkz.build.forking import PRELOADED
from azkz.build.release import Refused
from azkz.build.released import ReleaseDiffers
from azkz.build.running import ChaptersFailed
from azkz.errors import (
    BadInput,
    ChapterFailed,
    CheckFailed,
    Fault,
    Faults,
    Findings,
    NoEvidence,
    ReportError,
)
from azkz.ledger.formula import FormulaError
from azkz.ledger.quantity import QuantityError
from azkz.ledger.units import UnitError
from azkz.typst.errors import PdfFailed

PLAIN = (
    *(ReportError, BadInput, NoEvidence, CheckFailed, ClusterFailed),
    *(FormulaError, QuantityError, UnitError, PdfFailed),
)
FAULT = Fault("data/x.csv", 3, "value", "is no number", "mend it")
FAILED = ChapterFailed("trade", 3, "1 / 0", "ZeroDivisionError: by zero", "ZeroDivisionError")
ERRORS = (
    *(kind("is wrong", "data/x.csv:3", "mend it") for kind in PLAIN),
    FAILED,
    ChapterFailed("trade", None, "", "its workers died", todo="give them more memory"),
    Faults([FAULT, FAULT]),
    Findings([FAULT]),
    ChaptersFailed([FAILED, FAILED]),
    Refused("2026.11", ["not committed", "not checked"]),
    ReleaseDiffers("2026.11", ("numbers.json",), ("the code",)),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_arrives_whole(error: ReportError) -> None:
    """Class, text, exit code and all that it carries."""
    found = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(found) is type(error)
    assert (str(found), found.exit_code) == (str(error), error.exit_code)
    assert {name: repr(value) for name, value in vars(found).items()} == {
        name: repr(value) for name, value in vars(error).items()
    }


def test_no_class_is_left_out() -> None:
    """Every error of the package is among those above."""
    # papermill asks for the engines when it is imported, so it comes first.
    import_module("papermill")
    for module in pkgutil.walk_packages(azkz.__path__, "azkz."):
        if module.name != PRELOADED:
            import_module(module.name)
    assert _below(ReportError) == {type(error) for error in ERRORS}


def _below(kind: type[ReportError]) -> set[type[ReportError]]:
    own = {kind} if kind.__module__.startswith("azkz.") else set()
    return own.union(*(_below(each) for each in kind.__subclasses__()))
