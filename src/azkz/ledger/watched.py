"""A ledger that notes what is asked of it, whatever the day: which rows an answer may rest on."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from azkz.ledger.quantity import Unknown
from azkz.ledger.records import Event, Observation
from azkz.ledger.vintage import Ledger

Question = tuple[str, tuple[tuple[str, Any], ...]]
"""The method asked, and by which names and values."""


@dataclass(frozen=True)
class WatchedLedger(Ledger):
    """Answers as the ledger does. ``asked`` is shared with what ``as_of`` makes of it."""

    asked: set[Question] = field(default_factory=set)

    @classmethod
    def of(cls, whole: Ledger) -> WatchedLedger:
        """The same ledger, watched."""
        return cls(**{each.name: getattr(whole, each.name) for each in fields(Ledger)})

    def select(self, indicator: str, **asked: Any) -> tuple[Observation, ...]:
        """As the ledger's own ``select``."""
        self._note("select", indicator=indicator, **asked)
        return super().select(indicator, **asked)

    def happened(self, **asked: str | None) -> tuple[Event, ...]:
        """As the ledger's own ``happened``."""
        self._note("happened", **asked)
        return super().happened(**asked)

    def event(self, key: str) -> Event | Unknown:
        """As the ledger's own ``event``."""
        self._note("event", key=key)
        return super().event(key)

    def _note(self, method: str, **asked: Any) -> None:
        given = {k: tuple(v) if isinstance(v, list) else v for k, v in asked.items()}
        self.asked.add((method, tuple(sorted(given.items()))))


def rows_for(whole: Ledger, question: Question) -> tuple[Observation | Event, ...]:
    """The rows that answer a question on the last day of all."""
    method, asked = question
    answer = getattr(whole, method)(**dict(asked))
    if isinstance(answer, Unknown):
        return ()
    return answer if isinstance(answer, tuple) else (answer,)
