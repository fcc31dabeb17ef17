"""Names of editions: year and month, and a further number for a correction."""

from __future__ import annotations

import re

NAME = re.compile(r"20\d{2}\.(0[1-9]|1[0-2])(\.[1-9]\d*)?")


def corrected(name: str) -> str | None:
    """The edition that a correction corrects: of 2026.11.1 it is 2026.11, of 2026.11.2 2026.11.1.

    Nothing for what is no correction.
    """
    if not NAME.fullmatch(name) or name.count(".") < 2:
        return None
    base, _, number = name.rpartition(".")
    return f"{base}.{int(number) - 1}" if int(number) > 1 else base


def next_correction(name: str) -> str:
    """The name of the first correction of an edition, or of the one after a correction."""
    if name.count(".") < 2:
        return f"{name}.1"
    base, _, number = name.rpartition(".")
    return f"{base}.{int(number) + 1}"


def order(name: str) -> tuple[tuple[int, ...], str]:
    """By what names are sorted: their numbers, so that a tenth correction comes after a second."""
    return tuple(int(part) for part in re.findall(r"\d+", name)), name
