"""The rows of the ledger as frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from azkz.ledger.interval import Interval, last_digit, noted_interval
from azkz.ledger.periods import Period, parse_period
from azkz.ledger.quantity import Quantity
from azkz.ledger.units import Unit

OUTCOMES = ("reported", "estimate")
HOPES = ("forecast", "target", "announced", "capacity")

FIGURE = "figure"
"""The kind of a claim that states a figure."""
AMONG_THE_FIRST = "among the first"
"""The wording of a claim that gives a place as the last of those it may be."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page or dataset. ``published`` is None where the page shows no full date."""

    key: str
    publisher: str
    title: str
    published: date | None
    retrieved: date
    url: str
    lang: str
    kind: str

    @property
    def is_on_web(self) -> bool:
        """Whether its address is one that a page may link to."""
        return self.url.startswith(("https://", "http://"))

    @property
    def known_from(self) -> date:
        """The day from which the page itself can be cited: published, else read."""
        return self.published or self.retrieved


@dataclass(frozen=True, slots=True)
class Name:
    """What a code stands for; ``side`` is the country whose authority or company a reporter is."""

    text: str
    side: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted: the meaning of the rows that carry its name."""

    key: str
    chapter: str
    label: str
    definition: str
    dimension: str
    unit: Unit


AS_WRITTEN = (
    "id",
    "chapter",
    "indicator",
    "item",
    "reporter",
    "ref_area",
    "counterpart_area",
    "status",
    "source",
    "known_from_basis",
    "attributed_to",
    "note",
)
"""Fields of an observation that hold a column of its row as it is written."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure as one source gave it. ``text`` is the figure as written in the ledger."""

    id: str
    chapter: str
    indicator: str
    item: str
    reporter: str
    ref_area: str
    counterpart_area: str
    period: Period
    text: str
    unit: Unit
    status: str
    source: str
    known_from: date
    known_from_basis: str
    attributed_to: str
    note: str

    @property
    def value(self) -> Decimal:
        """The figure, in the row's own unit."""
        return Decimal(self.text)

    @property
    def is_outcome(self) -> bool:
        """Whether it says what was (reported, estimate), not what is hoped or possible."""
        return self.status in OUTCOMES

    @property
    def interval(self) -> Interval:
        """All values that the figure may stand for, its note ("more than") considered."""
        return noted_interval(self.text, self.note)

    @property
    def quantity(self) -> Quantity:
        """The figure as a quantity; a one-sided note narrows it to that side of the value.

        Things counted to the last one (222 students) are exact; 1500 may be rounded.
        """
        digit = last_digit(self.text)
        half = Decimal(0) if self.unit.counts and digit == 1 else digit / 2
        bounds = self.interval
        low, high = max(bounds.low, self.value - half), min(bounds.high, self.value + half)
        return Quantity(
            value=self.value,
            low=low,
            high=high,
            unit=self.unit,
            observations=(self.id,),
            known_from=self.known_from,
            formula=self.id,
            inputs=(self.id,),
            step=Decimal(1).scaleb(int(self.value.as_tuple().exponent)),
        )


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day, as one source (or two) has it."""

    id: str
    chapter: str
    day: str
    end_day: str
    kind: str
    place: str
    country: str
    item: str
    summary: str
    source: str
    source2: str
    known_from: date
    known_from_basis: str

    @property
    def period(self) -> Period:
        """When: a day, a month or a year, or the span to its last day."""
        return parse_period(f"{self.day}/{self.end_day}" if self.end_day else self.day)


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the article, in our words, with what to hold it against.

    A claim of the kind ``figure`` has a ``stated_value`` with its ``wording`` ("almost"), ``unit``
    and ``status`` (an outcome, or an offer that was announced), and says by indicator, item, areas
    and period which observations measure the same thing.
    """

    key: str
    chapter: str
    paragraph: int
    kind: str
    statement: str
    stated_value: Decimal | None
    wording: str
    unit: str
    status: str
    indicator: str
    item: str
    ref_area: str
    counterpart_area: str
    period: Period | None
    how_to_check: str
    source: str

    @property
    def is_figure(self) -> bool:
        """Whether it states a figure, so that its verdict is computed."""
        return self.kind == FIGURE

    @property
    def is_outcome(self) -> bool:
        """Whether it says what was, not what is offered or planned."""
        return self.status in OUTCOMES

    @property
    def is_between_two(self) -> bool:
        """Whether it is about two countries, each of which may count the thing."""
        return bool(self.ref_area and self.counterpart_area)

    @property
    def interval(self) -> Interval:
        """All values that the stated figure may stand for, in the claim's unit.

        Raises
        ------
        ValueError
            The claim states no figure.
        """
        if self.stated_value is None:
            raise ValueError(f"{self.key} states no figure")
        if self.wording == AMONG_THE_FIRST:
            return Interval(Decimal(1), self.stated_value)
        return noted_interval(str(self.stated_value), self.wording)


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the route with rounded public coordinates in degrees."""

    place: str
    country: str
    kind: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg of the route; ``distance_km`` is None where no page gave it."""

    leg: str
    start: str
    start_country: str
    end: str
    end_country: str
    mode: str
    distance_km: Decimal | None
    source: str
    known_from: date
    note: str
