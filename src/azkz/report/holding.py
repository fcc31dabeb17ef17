"""What the report's own words assert, held against the evidence whenever a chapter runs.

Figures in a title are printed from the data; its words ("fell", "one of four", "none") are not.
Each is either chosen by a condition or stated beside the title as something that holds, so that new
evidence stops the build instead of leaving a false sentence above a true picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar

import numpy as np

from azkz.errors import BadInput

collected: ContextVar[list[tuple[str, str, bool]] | None] = ContextVar("collected", default=None)
"""Where it is a list, statements are added to it (of what, statement, whether it holds) and none
stops the chapter: for tests that ask whether a statement can fail."""


def check_holding(words: str, statements: Mapping[str, object], where: str) -> None:
    """Refuse words that the evidence known on the day does not bear out.

    ``words`` says what makes the ``statements``, ``where`` is the notebook.

    Raises
    ------
    BadInput
        A statement does not hold, or what is given for it is neither true nor false.
    """
    odd = [said for said, value in statements.items() if not isinstance(value, bool | np.bool_)]
    if odd:
        what = f"{words}: what is given for {_quoted(odd)} is neither true nor false"
        raise BadInput(what, where, "give a comparison")
    found = collected.get()
    if found is not None:
        found.extend((words, said, bool(value)) for said, value in statements.items())
        return
    false = [said for said, value in statements.items() if not value]
    if false:
        todo = "write what the evidence says now, or a text for this case beside the other"
        raise BadInput(f"{words}: {_quoted(false)} does not hold", where, todo)


def _quoted(statements: list[str]) -> str:
    return ", ".join(f"“{said}”" for said in statements)
