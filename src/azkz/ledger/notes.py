"""Reads from a note whether its figure is a floor ("more than") or a ceiling ("up to")."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

FLOOR, CEILING = "floor", "ceiling"

# The longer wording stands first: "no more than" is a ceiling, "more than" a floor.
_SIDES = {
    "no less than": FLOOR,
    "not less than": FLOOR,
    "no fewer than": FLOOR,
    "not fewer than": FLOOR,
    "no more than": CEILING,
    "not more than": CEILING,
    "not over": CEILING,
    "not above": CEILING,
    "at least": FLOOR,
    "upwards of": FLOOR,
    "more than": FLOOR,
    "over": FLOOR,
    "above": FLOOR,
    "exceeding": FLOOR,
    "exceeded": FLOOR,
    "exceeds": FLOOR,
    "exceed": FLOOR,
    "surpassing": FLOOR,
    "surpassed": FLOOR,
    "surpasses": FLOOR,
    "minimum": FLOOR,
    "at most": CEILING,
    "less than": CEILING,
    "fewer than": CEILING,
    "below": CEILING,
    "under": CEILING,
    "up to": CEILING,
    "almost": CEILING,
    "nearly": CEILING,
    "maximum": CEILING,
}
_WORDING = re.compile(rf"\b({'|'.join(_SIDES)})\b", re.IGNORECASE)
_ALONE = re.compile(rf"(?:could |to |slightly )?({'|'.join(_SIDES)})", re.IGNORECASE)
_QUOTED = re.compile(rf"[\"“]({'|'.join(_SIDES)})[\"”]", re.IGNORECASE)
_CLAUSE = re.compile(r"[;,](?!\d)")
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)")
_SCALES = frozenset(Decimal(10) ** power for power in (-9, -6, -3, 0, 3, 6, 9))


@cache
def sides(note: str, figure: str) -> frozenset[str]:
    """What ``note`` says of ``figure``: nothing, ``floor``, ``ceiling``, or (a fault) both.

    A wording counts when it is about this figure: it stands alone between commas or semicolons
    ("grain; more than"), in quotation marks of its own, or before the same number, whatever its
    scale ("over 300 thousand" for 300000). "Over 15 years" and "above plan" say nothing of it.
    """
    said = {_SIDES[found.lower()] for found in _QUOTED.findall(note)}
    for clause in _CLAUSE.split(note):
        bare = clause.strip(' "“”')
        if alone := _ALONE.fullmatch(bare):
            said.add(_SIDES[alone[1].lower()])
        for wording in _WORDING.finditer(bare):
            number = _NUMBER.match(bare, wording.end())
            if number and _same(number[1], figure):
                said.add(_SIDES[wording[1].lower()])
    return frozenset(said)


def _same(printed: str, figure: str) -> bool:
    left, right = Decimal(printed), Decimal(figure)
    return left == right if not left or not right else left / right in _SCALES
