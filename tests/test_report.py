"""What a chapter may say of the article, and what is refused."""

from __future__ import annotations

import pytest

from azkz.errors import BadInput
from azkz.ledger import Ledger, Unknown
from azkz.report import Report

CLAIM = "turnover-2023"


def report(ledger: Ledger, as_of: str = "2026-11-23") -> Report:
    """The chapter on trade, with one number that is known from March 2024 on."""
    made = Report("trade", as_of, ledger)
    rows = made.ledger.select("trade_turnover", reporter="KAZ", period="2023", status="reported")
    made.count("readings", rows, "Kazakh readings of turnover in 2023")
    return made


def test_a_verdict_rests_on_what_is_known(ledger: Ledger) -> None:
    """It keeps the numbers that are known; before the article it is left out without a word."""
    now, before = report(ledger), report(ledger, "2020-01-01")
    for made in (now, before):
        made.verdict(CLAIM, "confirmed", "It is so.", ["readings"])
    assert [verdict.numbers for verdict in now.verdicts] == [("trade.readings",)]
    assert before.verdicts == []


@pytest.mark.parametrize(
    ("claim", "verdict", "numbers", "events", "says"),
    [
        ("turnover-2032", "confirmed", ["readings"], [], "no claim 'turnover-2032'"),
        (CLAIM, "perhaps", ["readings"], [], "'perhaps' is no verdict"),
        (CLAIM, "confirmed", ["reading"], [], "trade.reading'], which no cell has named"),
        (CLAIM, "confirmed", ["readings"], ["no-such-event"], "no-such-event'], no events"),
    ],
)
@pytest.mark.parametrize("day", ["2026-11-23", "2020-01-01"])
def test_a_slip_in_a_verdict_is_refused_on_every_day(
    ledger: Ledger,
    day: str,
    claim: str,
    verdict: str,
    numbers: list[str],
    events: list[str],
    says: str,
) -> None:
    """A misspelt claim, verdict, number or event is no evidence that was not known yet."""
    with pytest.raises(BadInput, match=says):
        report(ledger, day).verdict(claim, verdict, "It is so.", numbers, events)


def test_sentences_stand_only_with_their_numbers(ledger: Ledger) -> None:
    """A sentence without numbers, or with known ones, stays; one with an unknown number goes."""
    made = report(ledger)
    made.number("later", Unknown("turnover for 2030"), "Turnover in 2030")
    known, unknown = "There are {num}`trade.readings`.", "There are {num}`trade.later`."
    assert made.sentences("So it is.", known, unknown) == f"So it is. {known}"


@pytest.mark.parametrize(
    ("name", "label", "says"),
    [
        ("readings", "Again", "named twice"),
        ("Readings", "Readings", "is not a name"),
        ("more", " ", "has no label"),
    ],
)
def test_a_number_has_one_name_and_a_label(
    ledger: Ledger, name: str, label: str, says: str
) -> None:
    """What prose cites is spelt one way and says what it is."""
    made = report(ledger)
    with pytest.raises(BadInput, match=says):
        made.count(name, made.ledger.select("trade_turnover"), label)


@pytest.mark.parametrize(("asked", "printed"), [(None, "463.3"), (0, "463"), (9, "463.3")])
def test_no_digit_is_printed_that_the_evidence_does_not_hold(
    ledger: Ledger, asked: int | None, printed: str
) -> None:
    """Fewer decimals than the evidence holds may be printed, never more."""
    made = report(ledger)
    turnover = made.ledger.series(
        "trade_turnover", reporter="KAZ", ref_area="KAZ", counterpart_area="AZE"
    )[2022]
    made.number("turnover", turnover, "Turnover in 2022", decimals=asked)
    assert made.numbers.records["trade.turnover"]["text"] == f"{printed}\u00a0million\u00a0USD"


def test_a_coarse_figure_is_printed_in_tens(ledger: Ledger) -> None:
    """Where even the unit digit is not sure, asking for whole units does not print it."""
    made = report(ledger)
    rows = made.ledger.select("trade_turnover", reporter="KAZ", period="2022", status="reported")
    rounded = next(row for row in rows if row.text == "460").quantity
    made.number("half", rounded / 4, "A quarter of a figure known to the ten", decimals=0)
    assert made.numbers.records["trade.half"]["text"] == "120\u00a0million\u00a0USD"
