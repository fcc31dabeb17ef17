"""What a chapter may say of the article, and what is refused."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure

from azkz.errors import BadInput
from azkz.ledger import Ledger, Unknown
from azkz.report import Report

FIGURE, EVENT = "turnover-2023", "visit-2024-03-11"


def report(ledger: Ledger, as_of: str = "2026-11-23", chapter: str = "trade") -> Report:
    """A chapter, with one number that is known from March 2024 on."""
    made = Report(chapter, as_of, ledger)
    rows = made.ledger.select("trade_turnover", reporter="KAZ", period="2023", status="reported")
    made.count("readings", rows, "Kazakh readings of turnover in 2023")
    return made


def test_a_verdict_rests_on_what_is_known(ledger: Ledger) -> None:
    """It keeps the numbers that are known; before the article it is left out without a word."""
    for chapter, claim, verdict in (("trade", FIGURE, ""), ("culture", EVENT, "confirmed")):
        days = ("2026-11-23", "2020-01-01")
        now, before = (report(ledger, day, chapter) for day in days)
        for made in (now, before):
            made.verdict(claim, "It is so.", verdict=verdict, numbers=["readings"])
        assert [made.numbers for made in now.verdicts] == [(f"{chapter}.readings",)]
        assert before.verdicts == []


@pytest.mark.parametrize(
    ("claim", "given", "says"),
    [
        ("visit-2032", {"verdict": "confirmed"}, "no claim 'visit-2032'"),
        (EVENT, {"verdict": "perhaps"}, "'perhaps' is no verdict"),
        (EVENT, {}, "'' is no verdict"),
        (EVENT, {"verdict": "confirmed", "numbers": ["reading"]}, "which no cell has named"),
        (EVENT, {"verdict": "confirmed", "events": ["no-event"]}, "no-event'], no events"),
        (EVENT, {"verdict": "confirmed", "readings": ["readings"]}, "are no readings of visit"),
    ],
)
@pytest.mark.parametrize("day", ["2026-11-23", "2020-01-01"])
def test_a_slip_in_a_verdict_is_refused_on_every_day(
    ledger: Ledger, day: str, claim: str, given: dict[str, Any], says: str
) -> None:
    """A misspelt claim, verdict, number or event is no evidence that was not known yet."""
    with pytest.raises(BadInput, match=says):
        report(ledger, day, "culture").verdict(claim, "It is so.", **given)


def test_sentences_stand_only_with_their_numbers(ledger: Ledger) -> None:
    """A sentence without numbers, or with known ones, stays; one with an unknown number goes."""
    made = report(ledger)
    made.number("later", Unknown("turnover for 2030"), "Turnover in 2030")
    known, unknown = "There are {num}`trade.readings`.", "There are {num}`trade.later`."
    assert made.sentences("So it is.", known, unknown) == f"So it is. {known}"
    assert (
        made.sentences(known == unknown and "It is not.", len("") and "None are.", known) == known
    )


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


@pytest.mark.parametrize("where", ["title", "caption", "drawing"])
def test_a_figure_does_not_print_what_is_not_known(ledger: Ledger, where: str) -> None:
    """A value that is not known becomes ``nan`` in a text; a figure that says so is refused."""
    made = report(ledger)
    unknown = f"It was {float(Unknown('turnover in 2030')):.1f} million."
    texts = dict.fromkeys(("title", "subtitle", "caption", "alt", "unit"), "It is so.")
    drawing = Figure()
    if where == "drawing":
        drawing.add_subplot().set_title(unknown)
    else:
        texts[where] = unknown
    data = pd.DataFrame({"value": [529.4], "observation": ["trade-0050"]})
    with pytest.raises(BadInput, match=f"prints in its {where} what is not known"):
        made.figure("drawn", drawing, data=data, holds={}, **texts)


def test_a_title_that_does_not_hold_stops_the_chapter(ledger: Ledger) -> None:
    """The message names the figure, its title, the statement that is false, and what to do."""
    made = report(ledger)
    texts = dict.fromkeys(("subtitle", "caption", "alt", "unit"), "It is so.")
    data = pd.DataFrame({"value": [529.4], "observation": ["trade-0050"]})
    holds = {"trade rose": True, "trade fell": data["value"].iloc[0] < 100}
    with pytest.raises(BadInput) as told:
        made.figure("one", Figure(), title="Trade fell", holds=holds, data=data, **texts)
    assert "notebooks/trade.ipynb: figure trade.one, “Trade fell”: “trade fell” does" in str(
        told.value
    )
    assert "write what the evidence says now" in str(told.value)
    with pytest.raises(BadInput, match="the prose: “trade fell” does not hold"):
        made.holds(holds)
    made.holds({"trade rose": True})
    with pytest.raises(BadInput, match="“trade rose” is neither true nor false"):
        made.holds({"trade rose": data})
