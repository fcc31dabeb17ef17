"""The numbers that a chapter prints: records with value, unit, formula, evidence, alternatives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from azkz.errors import BadInput
from azkz.ledger import Ledger, Quantity, Unknown, Value
from azkz.report.text import print_quantity, strip_markup

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

Record = dict[str, Any]


@dataclass
class Numbers:
    """The numbers of one chapter, by id, in the order in which they were named."""

    chapter: str
    ledger: Ledger
    records: dict[str, Record] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, value: Value, label: str, decimals: int | None = None) -> Value:
        """Name ``value``; what comes back carries the name into the formulas built on it.

        An unknown value makes no number: its id and what is not known are kept for the build,
        which leaves out the prose that cites it. ``decimals`` is the most that is printed; where
        the evidence holds fewer (in tens, if it is negative), those are.

        Raises
        ------
        BadInput
            The name is malformed or taken, the label empty, or the value is no quantity.
        """
        key = self._key(name, label)
        if isinstance(value, Unknown):
            self.missing[key] = value.reason
            return value
        if not isinstance(value, Quantity):
            raise BadInput(
                f"{key}: {value!r} is not a quantity", self._where, "take it from a series"
            )
        places = value.decimals if decimals is None else min(decimals, value.decimals)
        self.records[key] = self._record(key, value, label, places)
        return value.named(key)

    def of_cell(
        self, table: str, title: str, value: Quantity, row: str, column: str, decimals: int
    ) -> str:
        """The id of a number for a computed cell: one with the same formula and unit, or a new one.

        Raises
        ------
        BadInput
            The name that table, row and column make is taken.
        """
        if value.formula in self.records:
            return value.formula
        for key, record in self.records.items():
            if (record["formula"], record["unit"]) == (value.formula, value.unit.symbol):
                return key
        name = _slug(f"{table} {row} {column}")
        self.add(name, value, f"{strip_markup(title)}: {column}, {row}", decimals)
        return f"{self.chapter}.{name}"

    def add_text(self, name: str, text: str, label: str, rests_on: Iterable[Any]) -> str:
        """Name a word or phrase (``rose``, a date, a rank) that follows from evidence.

        ``rests_on`` holds quantities, observations or events; if one is unknown there is no number.
        """
        key = self._key(name, label)
        evidence = list(rests_on)
        unknown = [item for item in evidence if isinstance(item, Unknown)]
        if unknown or not evidence:
            self.missing[key] = unknown[0].reason if unknown else f"no evidence for {label}"
            return text
        self.records[key] = self._text_record(key, text, label, evidence)
        return text

    def _key(self, name: str, label: str) -> str:
        key = f"{self.chapter}.{name}"
        if not _NAME.fullmatch(name):
            raise BadInput(
                f"{name!r} is not a name for a number", self._where, "use a-z, 0-9 and hyphens"
            )
        if key in self.records or key in self.missing:
            raise BadInput(f"{key} is named twice", self._where, "give one of them another name")
        if not label.strip():
            raise BadInput(f"{key} has no label", self._where, "say in a few words what it is")
        return key

    @property
    def _where(self) -> str:
        return f"notebooks/{self.chapter}.ipynb"

    def _record(self, key: str, value: Quantity, label: str, decimals: int) -> Record:
        return {
            "id": key,
            "chapter": self.chapter,
            "label": label,
            "kind": "derived" if value.derived else "observed",
            "value": float(value.value),
            "unit": value.unit.symbol,
            "decimals": decimals,
            "text": print_quantity(value, decimals),
            "formula": value.formula,
            "inputs": list(value.inputs),
            **self._evidence(value.observations, value.known_from),
            "alternatives": [] if value.derived else self._alternatives(value),
        }

    def _text_record(self, key: str, text: str, label: str, evidence: list[Any]) -> Record:
        ids: set[str] = set()
        days: list[date] = []
        for item in evidence:
            ids.update(item.observations if isinstance(item, Quantity) else [item.id])
            if item.known_from:
                days.append(item.known_from)
        return {
            "id": key,
            "chapter": self.chapter,
            "label": label,
            "kind": "text",
            "value": None,
            "unit": "",
            "decimals": None,
            "text": text,
            "formula": "",
            "inputs": [],
            **self._evidence(tuple(sorted(ids)), max(days, default=None)),
            "alternatives": [],
        }

    def _evidence(self, ids: tuple[str, ...], known_from: date | None) -> Record:
        if not ids:
            raise BadInput("a number rests on no observation", self._where, "take it from a series")
        return {
            "observations": list(ids),
            "sources": sources_of(self.ledger, ids),
            "known_from": known_from.isoformat() if known_from else None,
        }

    def _alternatives(self, value: Quantity) -> list[Record]:
        observation = self.ledger.observations.get(value.observations[0])
        readings = self.ledger.alternatives(observation) if observation else ()
        return [
            {
                "observation": reading.observation.id,
                "value": float(reading.observation.value),
                "unit": reading.observation.unit.symbol,
                "reporter": reading.observation.reporter,
                "known_from": reading.observation.known_from.isoformat(),
                "relation": reading.relation,
            }
            for reading in readings
        ]


def _slug(text: str) -> str:
    """Words as a name: Latin letters and digits in lower case, hyphens between them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def sources_of(ledger: Ledger, ids: Iterable[str]) -> list[str]:
    """The keys of the sources behind observations and events, sorted, each once."""
    keys: set[str] = set()
    for key in ids:
        event = ledger.events.get(key)
        if event:
            keys.update(source for source in (event.source, event.source2) if source)
        else:
            keys.add(ledger.observations[key].source)
    return sorted(keys & ledger.sources.keys())
