"""What all prose of the report must be: neutral, and of a length that a reader has time for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from azkz.build import CHAPTERS
from azkz.paths import checkout
from chapter_checks import EDITION_DAYS, NEWEST_DAY, findings, run_on, standing

SUBJECTS = ("trade", "energy", "investment", "corridor", "culture")
"""The chapters on a field of cooperation; the others look across them."""

PRAISE = re.compile(
    r"\b(?:ambitious|boom\w*|bright|brilliant|brotherly|close friend\w*|cornerstone|crucial\w*"
    r"|decisive\w*|dramatic\w*|dynamic\w*|efficient\w*|excellent|exceptional\w*|exemplary"
    r"|flourish\w*|fraternal|friendly|fruitful\w*|great|historic|impressive\w*"
    r"|incredibl\w*|landmark|major|momentum|notabl[ey]|outstanding|pivotal|plummet\w*|promising"
    r"|prosper\w*|reliabl[ey]|remarkabl[ey]|robust\w*|significant\w*|skyrocket\w*|soar\w*"
    r"|spectacular\w*|stagger\w*|strategic\w*|striking\w*|strong\w*|success\w*|surg\w+|thriv\w*"
    r"|unfortunately|unique\w*|unprecedented|vibrant|vital\w*|weak\w*|disappoint\w*|fail\w*"
    r"|poor\w*|sadly|alarming\w*)\b",
    re.IGNORECASE,
)
"""Words that judge. A statement of others may use them in quotation marks."""
NAMES = ("Strategic Partnership", "UN Comtrade")
"""Names of documents and bodies that hold such a word."""

QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
ROLE = re.compile(r"\{[a-z]+\}`[^`]*`")
WORDS_A_MINUTE = 230
"""At which a grown reader reads a text with figures, on the slow side of what studies find."""


def prose(name: str, day: str) -> Iterator[str]:
    """All that a chapter says on a day: passages, titles, captions, notes, reasons, labels."""
    yield from standing(name, day)
    chapter = run_on(name, day)
    fields = ("title", "subtitle", "caption", "alt", "note", "text", "label")
    records = (*chapter.figures, *chapter.tables, *chapter.verdicts, *chapter.numbers)
    yield from (str(record[key]) for record in records for key in fields if key in record)


def pages() -> Iterator[tuple[str, str]]:
    """The pages written by hand."""
    for path in sorted(checkout().book.glob("*.md")):
        yield path.name, path.read_text(encoding="utf-8")


def judging(text: str) -> list[str]:
    """The words of a text that judge, outside of what is quoted."""
    text = ROLE.sub(" ", QUOTED.sub(" ", text))
    for name in NAMES:
        text = text.replace(name, " ")
    return PRAISE.findall(text)


@pytest.mark.parametrize("day", EDITION_DAYS)
@pytest.mark.parametrize("name", CHAPTERS)
def test_no_chapter_judges(name: str, day: str) -> None:
    """No word of praise or blame stands in a chapter on any edition's day."""
    assert not [(text, found) for text in prose(name, day) if (found := judging(text))]


def test_no_page_judges() -> None:
    """No word of praise or blame stands on the pages written by hand."""
    assert not [(page, found) for page, text in pages() if (found := judging(text))]


def test_a_judging_word_would_be_found() -> None:
    """The list works on words and forms, and lets quotations through."""
    assert judging("Trade surged to a historic level.") == ["surged", "historic"]
    assert judging("The article calls it “pivotal”.") == []


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_chapter_takes_eight_to_twelve_minutes(name: str) -> None:
    """Prose, titles and captions of the newest edition; tables are looked up, not read through."""
    chapter = run_on(name, NEWEST_DAY)
    shown = [figure[key] for figure in chapter.figures for key in ("title", "subtitle", "caption")]
    shown += [table[key] for table in chapter.tables for key in ("title", "note")]
    text = ROLE.sub(" 100 units ", " ".join([*standing(name, NEWEST_DAY), *shown]))
    minutes = len(text.split()) / WORDS_A_MINUTE
    assert 8 <= minutes <= 12


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_chapter_has_what_it_takes(name: str) -> None:
    """Three to six findings, eight figures and three tables at least, each with its own data."""
    chapter = run_on(name, NEWEST_DAY)
    assert 3 <= len(findings(name, NEWEST_DAY)) <= 6
    assert len(chapter.figures) >= 8
    assert len([table for table in chapter.tables if not table["id"].endswith(".verdicts")]) >= 3
    drawn = [frozenset(map(str, figure["rows"])) for figure in chapter.figures]
    assert len(set(drawn)) == len(drawn)
    titles = [figure["title"] for figure in chapter.figures]
    assert len(set(titles)) == len(titles)


def test_there_are_forty_five_figures() -> None:
    """In the five chapters on fields of cooperation alone."""
    assert sum(len(run_on(name, NEWEST_DAY).figures) for name in SUBJECTS) >= 45
