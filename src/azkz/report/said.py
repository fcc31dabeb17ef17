"""What an edition says, as comparisons of editions take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What an edition says: its numbers by id and its verdicts by claim, as numbers.json has them.

    ``made_with`` tells versions and hashes of what it was made with, by name; ``released`` whether
    it was taken from its release or made from the checkout.
    """

    edition: str
    as_of: date
    numbers: Mapping[str, Record]
    verdicts: Mapping[str, Record]
    made_with: Mapping[str, str]
    released: bool
