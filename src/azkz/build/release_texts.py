"""What a release writes into the change log and into the file that says how to cite."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from azkz.build.edition import UNREADABLE, Edition
from azkz.errors import BadInput
from azkz.ledger.periods import parse_period

CHANGELOG = "CHANGELOG.md"
CITATION = "CITATION.cff"

_HEADING = re.compile(r"^## \[(?P<name>[^\]]+)\].*$", re.MULTILINE)
_ADDRESSES = re.compile(r"(?:^\[[^\]]+\]: \S+\n?)+\Z", re.MULTILINE)
"""Addresses of the headings, at the end of the file."""
_FIELDS = ("version", "date-released")
_VALUE = r"[ \t]*(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s#]+)"
"""What a field says; a comment may follow."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a built edition holds."""

    numbers: int
    figures: int
    sources: int

    def __str__(self) -> str:
        told = ((self.numbers, "number"), (self.figures, "figure"), (self.sources, "source"))
        first, second, third = (f"{count:,} {name}{'s' * (count != 1)}" for count, name in told)
        return f"{first}, {second} and {third}"


def with_release(text: str, edition: Edition, counts: Counts, released: date) -> str:
    """The change log with an entry for the edition, dated by the day on which it is released.

    What stands under Unreleased moves under it. The entry of an edition that it corrects says so.

    Raises
    ------
    BadInput
        There is no heading Unreleased, or one for the edition already, or none for what is
        corrected.
    """
    refuse_changelog(text, edition)
    sections = _sections(text)
    unreleased, items = sections["Unreleased"]
    rest = text[unreleased.end() + len(items) :]
    items, addresses = _without_addresses(items)
    known = f"As known on {parse_period(edition.as_of.isoformat()).label}: {counts}."
    corrects = f" Corrects {edition.corrects}." if edition.corrects else ""
    entry = f"## [{edition.name}] - {released.isoformat()}\n\n{known}{corrects}\n"
    own = "\n".join(filter(None, (entry, f"{items}\n" if items else "", rest, addresses)))
    made = f"{text[: unreleased.end()]}\n\n{own.rstrip()}\n"
    return _marked(made, edition) if edition.corrects else made


def refuse_changelog(text: str, edition: Edition) -> None:
    """Refuse a change log that cannot take an entry for the edition.

    Raises
    ------
    BadInput
        As ``with_release`` says.
    """
    names = [found["name"] for found in _HEADING.finditer(text)]
    if names.count("Unreleased") != 1:
        raise BadInput(
            "has no heading Unreleased" if names.count("Unreleased") < 1 else "has it twice",
            CHANGELOG,
            "write one line ## [Unreleased] above the entries of the releases",
        )
    if edition.name in names:
        what = f"has an entry for {edition.name} already"
        raise BadInput(what, CHANGELOG, "move what it says under Unreleased")
    if edition.corrects and edition.corrects not in names:
        what = f"has no entry for {edition.corrects}, which {edition.name} corrects"
        raise BadInput(what, CHANGELOG, "restore the entry that its release wrote")


def with_version(text: str, edition: Edition, released: date) -> str:
    """The file on how to cite, with the edition and its day of release; all else as it stood.

    Raises
    ------
    BadInput
        It is no YAML, or ``version`` or ``date-released`` do not stand in a line of their own.
    """
    before = _mapping(text)
    made = text
    for field, value in zip(_FIELDS, (edition.name, released.isoformat()), strict=True):
        made = re.sub(rf"^{field}:{_VALUE}", f'{field}: "{value}"', made, flags=re.MULTILINE)
    wanted = {**before, "version": edition.name, "date-released": released.isoformat()}
    if _mapping(made) != wanted:
        todo = "write each in a line of its own"
        raise BadInput(f"has no {' or '.join(_FIELDS)}, or has it twice", CITATION, todo)
    return made


def _mapping(text: str) -> dict[str, Any]:
    try:
        content = yaml.safe_load(text)
    except UNREADABLE as error:
        said = " ".join(str(error).split())
        raise BadInput(f"is no YAML: {said}", CITATION, "mend the file") from error
    if not isinstance(content, dict):
        raise BadInput("says nothing", CITATION, "restore the file")
    return content


def _sections(text: str) -> dict[str, tuple[re.Match[str], str]]:
    """The headings by their names, each with what stands below it up to the next."""
    headings = list(_HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    return {h["name"]: (h, text[h.end() : end]) for h, end in zip(headings, ends, strict=True)}


def _without_addresses(items: str) -> tuple[str, str]:
    """What stands under Unreleased, and the addresses that follow where it is the only entry."""
    addresses = _ADDRESSES.search(items)
    if not addresses:
        return items.strip(), ""
    return items[: addresses.start()].strip(), addresses[0]


def _marked(text: str, edition: Edition) -> str:
    """The change log in which the entry of what the edition corrects says so, first thing."""
    heading = _sections(text)[str(edition.corrects)][0]
    head, rest = text[: heading.end()], text[heading.end() :]
    return f"{head}\n\nCorrected by {edition.name}.{rest}"
