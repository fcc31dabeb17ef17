"""The ledger as known on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from azkz.errors import BadInput
from azkz.ledger import read
from azkz.ledger.matches import Match, known_matches
from azkz.ledger.periods import Period
from azkz.ledger.quantity import Unknown, Value
from azkz.ledger.reconcile import Reading, reconcile, relation
from azkz.ledger.records import (
    HOPES,
    OUTCOMES,
    Claim,
    Event,
    Indicator,
    Leg,
    Name,
    Observation,
    Place,
    Source,
)
from azkz.ledger.selection import selected
from azkz.ledger.series import Series, refuse_several
from azkz.ledger.units import Unit

if TYPE_CHECKING:
    import pandas as pd

_DAYS = 64
"""Of how many days is kept what was known."""


@dataclass(frozen=True)
class Ledger:
    """All evidence, or what of it was known on a day. Records come in the order of the files."""

    sources: Mapping[str, Source]
    units: Mapping[str, Unit]
    names: Mapping[str, Name]
    indicators: Mapping[str, Indicator]
    observations: Mapping[str, Observation]
    events: Mapping[str, Event]
    claims: Mapping[str, Claim]
    places: Mapping[str, Place]
    route: tuple[Leg, ...]
    matches: Mapping[str, Match] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Ledger:
        """The whole ledger below ``folder``; ``azkz.ledger.package.check`` says if it is sound.

        Raises
        ------
        BadInput
            A file is missing or a row cannot be read.
        """
        units = read.keyed(read.read_table(folder, "units", read.unit), lambda u: u.symbol)
        indicators = read.read_table(folder, "indicators", read.indicator(units))
        observations = read.read_table(folder, "observations", read.observation(units))
        return cls(
            sources=read.keyed(read.read_table(folder, "sources", read.source), lambda s: s.key),
            units=units,
            names=dict(read.read_table(folder, "names", read.name)),
            indicators=read.keyed(indicators, lambda i: i.key),
            observations=read.keyed(observations, lambda o: o.id),
            events=read.keyed(read.read_table(folder, "events", read.event), lambda e: e.id),
            claims=read.keyed(read.read_table(folder, "claims", read.claim), lambda c: c.key),
            places=read.keyed(read.read_table(folder, "places", read.place), lambda p: p.place),
            route=tuple(read.read_table(folder, "route", read.leg)),
            matches=read.matches(folder),
        )

    def as_of(self, day: date) -> Ledger:
        """Only what was known on ``day``: rows with ``known_from <= day`` and what they cite."""
        return self._on_day(day)

    def _known_on(self, day: date) -> Ledger:
        observations = {k: o for k, o in self.observations.items() if o.known_from <= day}
        events = {k: e for k, e in self.events.items() if e.known_from <= day}
        claims = {k: c for k, c in self.claims.items() if self._is_known(c.source, day)}
        route = tuple(leg for leg in self.route if leg.known_from <= day)
        tables = (observations.values(), events.values(), claims.values(), route)
        cited = {row.source for rows in tables for row in rows}
        cited |= {e.source2 for e in events.values() if self._is_known(e.source2, day)}
        return replace(
            self,
            sources={k: s for k, s in self.sources.items() if k in cited},
            observations=observations,
            events=events,
            claims=claims,
            route=route,
            matches=known_matches(self.matches, {*observations, *events}),
        )

    def select(
        self,
        indicator: str,
        *,
        item: str | None = None,
        reporter: str | None = None,
        ref_area: str | None = None,
        counterpart_area: str | None = None,
        period: str | None = None,
        source: str | None = None,
        status: str | Sequence[str] | None = None,
    ) -> tuple[Observation, ...]:
        """Observations of an indicator, in the order of the file.

        What is None is not asked for; ``item``, ``reporter`` and ``source`` may hold ``*``.

        Raises
        ------
        BadInput
            The ledger has no indicator of that name, whatever the day.
        """
        self._known_indicator(indicator)
        return selected(
            self._by_indicator.get(indicator, ()),
            same={"ref_area": ref_area, "counterpart_area": counterpart_area},
            like={"item": item, "reporter": reporter, "source": source},
            period=period,
            status=status,
        )

    def series(
        self,
        indicator: str,
        *,
        reporter: str,
        item: str = "",
        ref_area: str | None = None,
        counterpart_area: str | None = None,
        source: str | None = None,
        unit: str | None = None,
        hopes: bool = False,
    ) -> Series:
        """One reporter's readings of one thing over time, reconciled.

        ``source`` keeps to sources whose key matches (``"wits-*"``), for one statistic among
        several of a reporter. Outcomes only, unless ``hopes``: then forecasts, targets,
        announcements and capacities, which no series mixes with outcomes.

        Raises
        ------
        BadInput
            No such indicator or unit, or the rows asked for are of several areas or items.
        """
        rows = self.select(
            indicator,
            item=item,
            reporter=reporter,
            ref_area=ref_area,
            counterpart_area=counterpart_area,
            source=source,
            status=HOPES if hopes else OUTCOMES,
        )
        asked = " ".join(filter(None, (indicator, item, "by", reporter)))
        refuse_several(rows, asked)
        groups: dict[Period, list[Observation]] = defaultdict(list)
        for row in rows:
            groups[row.period].append(row)
        return Series(
            unit=self.unit(unit) if unit else self.indicators[indicator].unit,
            points={when: reconcile(group, self.sources) for when, group in groups.items()},
            asked=asked,
        )

    def reading(self, indicator: str, **asked: str) -> Value:
        """One reading: of the observations that ``select`` gives, the one known first.

        For a figure that one page, or one reporter for one period, gives. Unknown where none does.
        """
        rows = self.select(indicator, **asked)
        if not rows:
            return Unknown(" ".join((indicator, *asked.values())))
        return min(rows, key=lambda row: (row.known_from, row.id)).quantity

    def event(self, key: str) -> Event | Unknown:
        """An event by its id, or what stands for it before it was reported."""
        return self.events.get(key) or Unknown(f"{key} had not been reported")

    def alternatives(self, observation: Observation) -> tuple[Reading, ...]:
        """Every other outcome that any reporter gives for the same thing and period."""
        rows = self.select(
            observation.indicator,
            ref_area=observation.ref_area,
            counterpart_area=observation.counterpart_area,
            period=observation.period.text,
            status=OUTCOMES if observation.is_outcome else HOPES,
        )
        return tuple(
            Reading(row, relation(row, observation, self.sources))
            for row in rows
            if row.item == observation.item
            and row.id != observation.id
            and row.unit.dimension == observation.unit.dimension
        )

    def happened(
        self, *, chapter: str | None = None, kind: str | None = None, item: str | None = None
    ) -> tuple[Event, ...]:
        """Events by day; ``item`` may hold ``*``."""
        found = (
            event
            for event in self.events.values()
            if (chapter is None or event.chapter == chapter)
            and (kind is None or event.kind == kind)
            and (item is None or fnmatchcase(event.item, item))
        )
        return tuple(sorted(found, key=lambda event: (event.period.start, event.id)))

    def name(self, code: str) -> str:
        """What a code of an area or reporter stands for; what has no name stands for itself."""
        return self.names.get(code, Name(code)).text

    def unit(self, symbol: str) -> Unit:
        """The unit of that symbol.

        Raises
        ------
        BadInput
            The ledger has no such unit.
        """
        if symbol not in self.units:
            todo = f"use one of {', '.join(self.units)}"
            raise BadInput(f"no unit {symbol!r}", "data/units.csv", todo)
        return self.units[symbol]

    def frame(self, observations: Iterable[Observation] | None = None) -> pd.DataFrame:
        """Observations (all unless given) as a table; see ``azkz.ledger.frame`` for its columns."""
        from azkz.ledger.frame import frame

        return frame(self.observations.values() if observations is None else observations)

    @cached_property
    def _on_day(self) -> Callable[[date], Ledger]:
        """``_known_on``, which keeps its last answers: many questions are for the same days."""
        return lru_cache(maxsize=_DAYS)(self._known_on)

    @cached_property
    def _by_indicator(self) -> Mapping[str, Sequence[Observation]]:
        """The observations of each indicator: most questions are for one of some 270."""
        found: dict[str, list[Observation]] = defaultdict(list)
        for row in self.observations.values():
            found[row.indicator].append(row)
        return found

    def _known_indicator(self, name: str) -> None:
        if name not in self.indicators:
            close = get_close_matches(name, self.indicators, n=6)
            todo = f"near it: {', '.join(close)}" if close else "use one that the file lists"
            raise BadInput(f"no indicator {name!r}", "data/indicators.csv", todo)

    def _is_known(self, source: str, day: date) -> bool:
        return source in self.sources and self.sources[source].known_from <= day
