"""What the trade chapter asserts in words holds, and each assertion could fail."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from fnmatch import fnmatch

import nbformat
import pytest

from azkz.errors import ReportError
from azkz.ledger import Ledger, Observation
from azkz.ledger.periods import parse_period
from azkz.paths import checkout
from azkz.report import holding, labels
from azkz.report import report as reporting
from chapter_checks import whole_ledger


def said_to_hold(ledger: Ledger) -> dict[str, bool]:
    """What the chapter asserts in words, and whether it holds in a ledger; its cells may fail."""
    found: list[tuple[str, str, bool]] = []
    tokens = holding.collected.set(found), reporting.given_ledger.set(ledger)
    names: dict[str, object] = {"__name__": "__main__"}
    try:
        for cell in nbformat.read(checkout().notebooks / "trade.ipynb", as_version=4).cells:
            if cell.cell_type == "code":
                with suppress(ReportError, ArithmeticError, LookupError, TypeError, ValueError):
                    exec(cell.source, names)  # noqa: S102 - the notebook's own code
    finally:
        holding.collected.reset(tokens[0])
        reporting.given_ledger.reset(tokens[1])
    return {said: holds for _, said, holds in found}


def matches(row: Observation, where: dict[str, str]) -> bool:
    """Whether a row is about trade, and its cells are like those asked for."""
    cells = {name: getattr(row, name) for name in where if name != "period"}
    cells["period"] = row.period.text
    return row.chapter == "trade" and all(
        fnmatch(cells[name], like) for name, like in where.items()
    )


def changed(changes: Iterable[tuple[dict[str, str], str]], period: str = "") -> Ledger:
    """The ledger with some figures multiplied, or moved to another period."""
    whole = whole_ledger()
    rows = dict(whole.observations)
    for where, by in changes:
        keys = [key for key, row in rows.items() if matches(row, where)]
        assert keys, where
        for key in keys:
            row = rows[key]
            when = parse_period(period) if period else row.period
            rows[key] = replace(row, text=f"{Decimal(row.text) * Decimal(by):f}", period=when)
    return replace(whole, observations=rows)


STATED = {"indicator": "trade_turnover", "reporter": "KAZ", "counterpart_area": "AZE"}
CUSTOMS_2025 = {"indicator": "trade_turnover", "reporter": "AZE", "period": "2025*"}
CHANGES = [
    [({"source": "bns-*"}, "0.1")],
    [
        ({"source": "bns-*"}, "20"),
        ({"id": "trade-0002"}, "1.27"),
        ({"id": "trade-0020"}, "0.1"),
        ({"id": "trade-0047"}, "2"),
        ({"id": "trade-0339"}, "0.7725"),
        ({"indicator": "trade_growth", "period": "2024"}, "-1"),
        ({"indicator": "trade_multiple", "period": "2018*"}, "0.5"),
        ({"indicator": "non_oil_exports"}, "0.1"),
        ({"indicator": "commodity_*", "item": "locomotives"}, "0.01"),
        ({"indicator": "commodity_volume", "period": "2024*"}, "0.001"),
        ({"indicator": "commodity_volume", "period": "2019*"}, "0.01"),
    ],
    [({"source": "bns-kz-imports"}, "20"), (CUSTOMS_2025, "20")],
    [({"indicator": "exports", "ref_area": "KAZ"}, "0.01"), (CUSTOMS_2025, "0.1")],
    [
        ({"indicator": "exports", "ref_area": "AZE"}, "0.001"),
        ({"source": "wits-*", "period": "2013"}, "0.01"),
        ({"indicator": "trade_target", "period": "2017"}, "0.01"),
        ({"indicator": "trade_turnover", "status": "forecast"}, "0.01"),
        ({"indicator": "non_raw_export_potential"}, "0.01"),
        ({"indicator": "commodity_import_share"}, "10"),
    ],
    [({"source": "*-kz-*", "period": "2020"}, "1000"), ({"id": "trade-0015"}, "0.75479094")],
    [(STATED, "0.1")],
    [(STATED, "2")],
]


def test_what_the_chapter_asserts_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that it asserts holds in the ledger, and fails in some changed one."""
    # What is drawn says nothing here, and takes most of the time.
    monkeypatch.setattr(reporting, "svg_bytes", lambda _: "")
    monkeypatch.setattr(reporting, "display", lambda *_, **__: None)
    monkeypatch.setattr(labels, "place", lambda *_, **__: [])
    monkeypatch.setattr(labels, "line_ends", lambda *_, **__: [])
    asserted = said_to_hold(whole_ledger())
    assert asserted
    assert all(asserted.values())
    aims = {"indicator": "trade_target", "counterpart_area": "AZE"}
    ledgers = [changed([(aims, "1")], period="2030"), *map(changed, CHANGES)]
    failed = {
        said for ledger in ledgers for said, holds in said_to_hold(ledger).items() if not holds
    }
    assert failed >= set(asserted), set(asserted) - failed
