"""Readings of a claim: what the ledger, and numbers made from it, say of the figure it states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from azkz.errors import BadInput
from azkz.ledger import Claim, Ledger, Observation, Quantity
from azkz.ledger.interval import Interval
from azkz.ledger.notes import CEILING, FLOOR, sides
from azkz.ledger.reconcile import is_dated
from azkz.report import describe
from azkz.report.text import print_quantity

_SIDES = {FLOOR: "at least ", CEILING: "up to "}


@dataclass(frozen=True, slots=True)
class Named:
    """A number of the chapter: its id, the text it prints, and its value."""

    id: str
    text: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Reading:
    """What one observation, or one number computed from several, says of a claim's figure.

    ``value`` and ``interval`` are in the claim's unit, ``text`` is what the source or the report
    prints. ``reporters`` are those whose figures it rests on, ``side`` their names, ``count`` says
    whose count it is, by dataset where it is one. It is a reporter's ``own`` count unless it was
    ``computed`` from pages or from more than one dataset. ``dated`` tells whether ``known_from``
    says how old it is, ``number`` is the id of the number that prints it, if one does.
    """

    text: str
    value: Decimal
    interval: Interval
    rows: tuple[Observation, ...]
    reporters: tuple[str, ...]
    side: str
    count: str
    computed: bool
    own: bool
    dated: bool
    known_from: date
    number: str

    @property
    def observations(self) -> tuple[str, ...]:
        """The ids of the rows that it rests on."""
        return tuple(row.id for row in self.rows)

    @property
    def is_outcome(self) -> bool:
        """Whether all that it rests on says what was, not what is hoped or possible."""
        return all(row.is_outcome for row in self.rows)


def measuring(ledger: Ledger, claim: Claim) -> list[Observation]:
    """The observations known on the day that measure what the claim states.

    They have its indicator, item and areas, and its period or one day within it. Which ones they
    are follows from the claim's row alone, so that no author can choose among them.
    """
    return [
        row
        for row in ledger.select(
            claim.indicator,
            ref_area=claim.ref_area,
            counterpart_area=claim.counterpart_area,
        )
        if row.item == claim.item and _is_of_its_period(row, claim)
    ]


def repeats_the_article(ledger: Ledger, claim: Claim, row: Observation) -> bool:
    """Whether a row is the article's own word: on its page, or by its publisher for itself."""
    publisher = ledger.sources[claim.source].publisher
    return row.source == claim.source or ledger.name(row.reporter) == publisher


def of_row(ledger: Ledger, claim: Claim, row: Observation, number: str = "") -> Reading:
    """The reading that one observation is."""
    factor = row.unit.factor_to(ledger.unit(claim.unit))
    side = "".join(_SIDES[side] for side in sides(row.note, row.text))
    statistic = _statistic(ledger, (row,))
    return Reading(
        text=f"{side}{print_quantity(row.quantity)}",
        value=row.value * factor,
        interval=Interval(row.interval.low * factor, row.interval.high * factor),
        rows=(row,),
        reporters=(row.reporter,),
        side=_side(ledger, (row,)),
        count=_count(_side(ledger, (row,)), statistic),
        computed=False,
        own=True,
        dated=is_dated(row, ledger.sources),
        known_from=row.known_from,
        number=number,
    )


def of_number(ledger: Ledger, claim: Claim, named: Named) -> Reading:
    """The reading that a number of the chapter is; one observation's is that observation's.

    Raises
    ------
    BadInput
        It rests on other things than observations.
    UnitError
        It has not the dimension of the claim.
    """
    quantity = named.quantity.to(ledger.unit(claim.unit))
    rows = tuple(ledger.observations[k] for k in quantity.observations if k in ledger.observations)
    if not rows or len(rows) < len(quantity.observations):
        what = f"{named.id} rests on no observations and is no reading of {claim.key}"
        raise BadInput(what, f"notebooks/{claim.chapter}.ipynb", "name it among the numbers")
    if not quantity.derived and quantity.inputs == quantity.observations:
        return of_row(ledger, claim, rows[0], named.id)
    statistic = _statistic(ledger, rows)
    return Reading(
        text=named.text,
        value=quantity.value,
        interval=Interval(quantity.low, quantity.high),
        rows=rows,
        reporters=tuple(sorted({row.reporter for row in rows})),
        side=_side(ledger, rows),
        count=_count(_side(ledger, rows), statistic or "computed"),
        computed=True,
        own=bool(statistic),
        dated=all(is_dated(row, ledger.sources) for row in rows),
        known_from=max(row.known_from for row in rows),
        number=named.id,
    )


def readings(
    ledger: Ledger, claim: Claim, named: Iterable[Named], printed: Mapping[str, str]
) -> list[Reading]:
    """All readings of a claim by the day from which they were known, the article's own left out.

    A figure that two chapters collected from one page is one reading: the row known first, by id
    where they are of one day, unless a number prints another.
    ``named`` are the numbers that an author gives as further readings of the same thing, because
    no single row has them (a turnover that is the sum of exports and imports). ``printed`` gives
    the number that prints an observation, by the observation's id.
    """
    found: dict[object, Reading] = {}
    for row in sorted(measuring(ledger, claim), key=lambda row: (row.known_from, row.id)):
        same_page = (row.source, row.reporter, row.value, row.unit)
        if row.id in printed or same_page not in found:
            found[same_page] = of_row(ledger, claim, row, printed.get(row.id, ""))
    ids = {reading.observations for reading in found.values()}
    for number in named:
        made = of_number(ledger, claim, number)
        if made.observations not in ids:
            found[number.id] = made
    kept = (
        reading
        for reading in found.values()
        if not all(repeats_the_article(ledger, claim, row) for row in reading.rows)
    )
    return sorted(kept, key=lambda reading: (reading.known_from, reading.observations))


def _is_of_its_period(row: Observation, claim: Claim) -> bool:
    if claim.period is None or row.period == claim.period:
        return claim.period is not None
    is_day = row.period.start == row.period.end
    return is_day and claim.period.start <= row.period.start <= claim.period.end


def _statistic(ledger: Ledger, rows: Iterable[Observation]) -> str:
    """The publisher of the one dataset that the rows are from, or nothing."""
    sources = [ledger.sources[row.source] for row in rows]
    publishers = {source.publisher for source in sources}
    one = len(publishers) == 1 and all(source.kind == "dataset" for source in sources)
    return publishers.pop().partition(" (")[0] if one else ""


def _side(ledger: Ledger, rows: Iterable[Observation]) -> str:
    return " and ".join(sorted({describe.whose(ledger, row.reporter) for row in rows}))


def _count(side: str, further: str) -> str:
    """Whose count it is; a publisher whose name says the country says it all."""
    return further if side in further else ", ".join(filter(None, (side, further)))
