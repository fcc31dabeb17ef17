"""Vintages: what stands, and how the other readings relate to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from azkz.ledger.periods import parse_period
from azkz.ledger.reconcile import (
    DISAGREEMENT,
    REPEAT,
    REVISION,
    reconcile,
    relation,
    repeats,
    stand,
)
from azkz.ledger.records import Observation, Source
from azkz.ledger.units import Unit

MILLION = Unit("million USD", "million USD", "USD", Decimal(1_000_000))
BILLION = Unit("billion USD", "billion USD", "USD", Decimal(1_000_000_000))
START = date(2024, 1, 1)


def source(key: str, kind: str = "press", publisher: str = "A paper") -> Source:
    """A source of that key."""
    return Source(
        key, publisher, "A page", START, date(2026, 11, 23), "https://a.example", "en", kind
    )


SOURCES = {
    "page": source("page"),
    "bureau": source("bureau", "dataset", "The bureau"),
    "agency": source("agency", "dataset", "The agency"),
}


def reading(
    text: str,
    day: int = 0,
    *,
    key: str = "",
    reporter: str = "KAZ",
    note: str = "",
    basis: str = "published",
    page: str = "page",
    unit: Unit = MILLION,
) -> Observation:
    """A reading of turnover in 2023, known ``day`` days after the start."""
    return Observation(
        id=key or f"trade-{day:04d}",
        chapter="trade",
        indicator="trade_turnover",
        item="",
        reporter=reporter,
        ref_area="KAZ",
        counterpart_area="AZE",
        period=parse_period("2023"),
        text=text,
        unit=unit,
        status="reported",
        source=page,
        known_from=START + timedelta(days=day),
        known_from_basis=basis,
        attributed_to="",
        note=note,
    )


FIGURES = st.decimals(min_value=1, max_value=9999, places=1).map(str)
VINTAGES = st.lists(FIGURES, min_size=1, max_size=7).map(
    lambda texts: [reading(text, day) for day, text in enumerate(texts)]
)


def test_a_rounded_repeat_is_no_revision() -> None:
    """460 and "about 500" repeat 463.3; 463.3 does not repeat 460, it says more."""
    fine = reading("463.3")
    assert repeats(reading("460", 1), fine)
    assert repeats(reading("500", 1), fine)
    assert not repeats(reading("461.9", 1), fine)
    assert not repeats(fine, reading("460", 1))


def test_the_newest_that_says_something_new_stands() -> None:
    """461.9, then 460 and 463.3, then "about 500" and 460 again: 463.3 stands."""
    texts = ("461.9", "460", "463.3", "500", "460")
    point = reconcile([reading(t, d) for d, t in enumerate(texts)], SOURCES)
    assert point.observation.text == "463.3"
    relations = {r.observation.id: r.relation for r in point.alternatives}
    assert relations == {
        "trade-0000": REVISION,
        "trade-0001": REPEAT,
        "trade-0003": REPEAT,
        "trade-0004": REPEAT,
    }


def test_a_late_copy_of_an_old_figure_does_not_undo_a_revision() -> None:
    """529.4, revised to 556.7, printed once more as 529.4: 556.7 stands."""
    readings = [reading("529.4", 0), reading("556.7", 5), reading("529.4", 9)]
    assert stand(readings, SOURCES).text == "556.7"


def test_more_than_repeats_whatever_lies_above() -> None:
    """A note "more than 460" says nothing against 463.3."""
    assert repeats(reading("460", 1, note="more than"), reading("463.3"))
    assert not repeats(reading("470", 1, note="more than"), reading("463.3"))


def test_scale_of_the_unit_does_not_matter() -> None:
    """0.5 billion repeats 463.3 million; 0.46 billion does too; 0.47 does not."""
    fine = reading("463.3")
    assert repeats(reading("0.5", 1, unit=BILLION), fine)
    assert repeats(reading("0.46", 1, unit=BILLION), fine)
    assert not repeats(reading("0.47", 1, unit=BILLION), fine)


def test_another_reporter_disagrees() -> None:
    """The other country's count is no revision of ours, unless it says the same."""
    ours = reading("529.4")
    assert relation(reading("313.1", 1, reporter="AZE"), ours, SOURCES) == DISAGREEMENT
    assert relation(reading("529", 1, reporter="AZE"), ours, SOURCES) == REPEAT


def test_two_statistics_of_one_reporter_disagree() -> None:
    """Bureau and agency both count for Kazakhstan; one does not revise the other."""
    bureau, agency = reading("332.2", page="bureau"), reading("117.3", 1, page="agency")
    assert relation(agency, bureau, SOURCES) == DISAGREEMENT
    assert relation(reading("117.3", 1), bureau, SOURCES) == REVISION


def test_a_page_without_a_date_never_displaces_a_dated_one() -> None:
    """Known only from the day it was read, it may be older than all others."""
    dated, undated = reading("529.4"), reading("440", 900, basis="retrieved")
    assert stand([undated, dated], SOURCES) is dated
    assert stand([undated], SOURCES) is undated


def test_a_dataset_read_on_a_day_stands_on_that_day() -> None:
    """What a dataset says when it is read is its newest vintage."""
    dated = reading("529.4")
    bureau = reading("556.7", 900, basis="retrieved", page="bureau")
    assert stand([bureau, dated], SOURCES) is bureau


@given(VINTAGES, st.randoms())
def test_order_of_the_rows_does_not_matter(vintages: list[Observation], random: Random) -> None:
    """The ledger's rows may stand in any order: the same one stands, with the same others."""
    shuffled = list(vintages)
    random.shuffle(shuffled)
    assert reconcile(shuffled, SOURCES) == reconcile(vintages, SOURCES)


@given(VINTAGES)
def test_every_reading_is_accounted_for_once(vintages: list[Observation]) -> None:
    """What stands and its alternatives are all readings, none twice, none lost."""
    point = reconcile(vintages, SOURCES)
    ids = [point.observation.id, *(r.observation.id for r in point.alternatives)]
    assert sorted(ids) == sorted(r.id for r in vintages)


@given(VINTAGES, FIGURES)
def test_what_comes_later_only_matters_if_it_says_something_new(
    vintages: list[Observation], text: str
) -> None:
    """A new reading either repeats an earlier one and changes nothing, or stands."""
    before = stand(vintages, SOURCES)
    new = reading(text, 99)
    after = stand([*vintages, new], SOURCES)
    assert after in (before, new)
    if any(repeats(new, old) for old in _original(vintages)):
        assert after is before
    else:
        assert after is new


def _original(vintages: Sequence[Observation]) -> list[Observation]:
    kept: list[Observation] = []
    for vintage in vintages:
        if not any(repeats(vintage, old) for old in kept):
            kept.append(vintage)
    return kept
