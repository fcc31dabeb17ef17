"""What can go wrong, said in three parts: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class ReportError(Exception):
    """Base of every error that a user can cause and mend.

    The text reads ``where: what — todo``; empty parts are left out.
    ``exit_code`` is what the command returns (design: 1 a check does not hold, 2 bad input,
    3 a chapter failed).
    """

    exit_code = 2

    def __init__(self, what: str, where: str = "", todo: str = "") -> None:
        self.what, self.where, self.todo = what, where, todo
        super().__init__(_sentence(what, where, todo))

    def __reduce__(self) -> tuple[Any, ...]:
        """How it passes from a worker to the process that waits for it: whole, of any class."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(
    kind: type[ReportError], arguments: tuple[Any, ...], state: dict[str, Any]
) -> ReportError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(state)
    return error


class BadInput(ReportError):
    """The ledger, an edition, a notebook or a command line is not what it must be."""

    exit_code = 2


class NoEvidence(BadInput):
    """A figure has no data, or no source behind them."""


class CheckFailed(ReportError):
    """What was checked does not hold."""

    exit_code = 1


class ChapterFailed(ReportError):
    """A cell of a chapter raised; carries chapter, cell number, the cell's source and the error.

    ``kind`` is the name of the error's class, where a cell raised one.
    """

    exit_code = 3

    def __init__(
        self,
        chapter: str,
        cell: int | None,
        source: str,
        error: str,
        kind: str = "",
        todo: str = "mend the cell, or the evidence that it reads, and build again",
    ) -> None:
        self.chapter, self.cell, self.source, self.error = chapter, cell, source, error
        self.kind = kind
        where = f"notebooks/{chapter}.ipynb" + (f", cell {cell}" if cell else "")
        shown = f":\n{_indent(source)}" if source else ""
        super().__init__(error, where, f"{todo}{shown}")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong with an input file.

    ``row`` is the line of a table counted as an editor counts (the header is 1), ``column`` the
    name of the field. Both are left out where they do not apply.
    """

    file: str
    row: int | None
    column: str
    what: str
    todo: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.row, self.column) if part)
        return _sentence(self.what, place, self.todo)


class Faults(BadInput):
    """Every fault that a check of the input found, one a line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(_list(self.faults))


class Findings(CheckFailed):
    """Every fault that a check of what the report says found, one a line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(_list(self.faults))


def _list(faults: Sequence[Fault]) -> str:
    lines = "\n".join(str(fault) for fault in faults)
    return f"{lines}\n{len(faults)} fault{'s' if len(faults) != 1 else ''}"


def _sentence(what: str, where: str, todo: str) -> str:
    head = f"{where}: {what}" if where else what
    return f"{head} — {todo}" if todo else head


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())
