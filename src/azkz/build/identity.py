"""What a result is determined by beside what is asked for: ledger, code, Python and packages.

A machine that is the same in these gives the same bytes.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from azkz.build.manifest import code_hash, packages
from azkz.ledger.read import ledger_hash
from azkz.paths import Checkout

_NAMED = 4
"""How many packages a message names."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Ledger and code by their SHA-256, the version of Python, packages with their versions."""

    ledger: str
    code: str
    python: str
    packages: Mapping[str, str]

    @classmethod
    def of(cls, place: Checkout) -> Identity:
        """That of a checkout and of the process that asks."""
        return cls(ledger_hash(place.data), code_hash(), platform.python_version(), packages())

    def differences(self, wanted: Identity) -> list[str]:
        """What of this one is not as it is wanted, in words."""
        said = []
        if self.python != wanted.python:
            said.append(f"Python {self.python} instead of {wanted.python}")
        if odd := list(self._odd_packages(wanted)):
            more = f" and {len(odd) - _NAMED} packages more" if len(odd) > _NAMED else ""
            said.append(", ".join(odd[:_NAMED]) + more)
        if self.code != wanted.code:
            said.append("another code of azkz")
        if self.ledger != wanted.ledger:
            said.append(f"another ledger ({self.ledger[:8]} instead of {wanted.ledger[:8]})")
        return said

    def _odd_packages(self, wanted: Identity) -> Iterator[str]:
        both = {**wanted.packages, **self.packages}
        # What the report itself is made with comes first.
        for name in sorted(both, key=lambda each: (each != "azkz", each)):
            here, there = self.packages.get(name), wanted.packages.get(name)
            if here != there:
                yield (
                    f"{name} {here} instead of {there}"
                    if here and there
                    else (f"{name} too much" if here else f"no {name}")
                )
