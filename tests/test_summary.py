"""The summary: one page that says what the chapters say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

NUMBERS = 10
FIELDS = ("trade", "energy", "investment", "corridor", "culture")


def plain(page: Path) -> str:
    """A page as text without its cards, spaces made one."""
    text = re.sub(r"<template.*?</template>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return plain_of(text)


def first_finding(page: Path) -> str:
    """The first key finding of a chapter's page."""
    text = page.read_text(encoding="utf-8")
    start = text.index("<li>", text.index("key-findings"))
    return plain_of(text[start : text.index("</li>", start)])


def plain_of(html: str) -> str:
    """A piece of a page as text."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("edition", ["2024.03", "2025.10", "2026.11"])
def test_the_summary_has_each_chapters_first_finding(site: Path, edition: str) -> None:
    """The finding that stands first in the chapter on the edition's day, word for word."""
    pages = site / edition
    said = plain(pages / "book" / "summary.html")
    for field in FIELDS:
        finding = first_finding(pages / "notebooks" / f"{field}.html")
        assert len(finding) > 40
        assert finding in said, field


def test_the_newest_has_ten_numbers_and_the_score(built: Path) -> None:
    """Ten cards, and each verdict as often as the audit counts it."""
    page = (built / "book" / "summary.html").read_text(encoding="utf-8")
    assert page.count('class="key-number-value"') == NUMBERS
    audit = (built / "book" / "audit.html").read_text(encoding="utf-8")
    rows = re.findall(r"<tr[^>]*>.*?</tr>", audit[audit.index("verdict-counts") :], re.DOTALL)
    for row in rows[1:]:
        cells = [plain_of(cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
        if cells and cells[0]:
            assert f"{cells[0]} {cells[-1]}" in plain_of(page)


def test_it_is_one_page_in_print(built: Path) -> None:
    """Heading and score stand on the same page, and the next page is another chapter's."""
    pages = [page.extract_text() for page in PdfReader(built / "azkz-2026.11.pdf").pages[:20]]
    own = [text for text in pages if text.strip().startswith("Summary")]
    assert len(own) == 1
    assert "Key numbers" in own[0]
    assert "Judgement" in own[0]
    assert "more than a tenth apart" in " ".join(own[0].split())
