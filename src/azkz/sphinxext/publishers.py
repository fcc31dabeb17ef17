"""All sources known on the day, by publisher, as lists of terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple
from urllib.parse import unquote

from docutils import nodes

from azkz.ledger import Source
from azkz.sphinxext.numbers import source_anchor, source_date
from azkz.sphinxext.records import Records
from azkz.sphinxext.tree import Content, bullets, count_of, foreign, outside, term, text

LANGUAGES = {
    "az": "Azerbaijani", "de": "German", "en": "English", "es": "Spanish", "fr": "French",
    "hy": "Armenian", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh",
    "ny": "Chichewa", "pl": "Polish", "ru": "Russian", "tr": "Turkish", "uk": "Ukrainian",
    "uz": "Uzbek", "zh": "Chinese",
}  # fmt: skip
"""Languages of the sources, by ISO 639-1 code."""


class Letter(NamedTuple):
    """Publishers with one first letter: it, the anchor of their section, the list of them."""

    letter: str
    anchor: str
    publishers: nodes.definition_list


def by_letter(book: Records) -> Iterator[Letter]:
    """A list for each first letter: a term for each publisher, an item for each source."""
    names = sorted(book.publishers, key=_reading_order)
    for letter, own in groupby(names, key=_letter):
        yield Letter(letter, f"publishers-{_letter_anchor(letter)}", _listed(book, own))


def _listed(book: Records, names: Iterable[str]) -> nodes.definition_list:
    items = [
        term([text(name)], _sources(book, name), anchor=book.publishers[name]) for name in names
    ]
    return nodes.definition_list("", *items, classes=["publishers", "annex"])


def _sources(book: Records, publisher: str) -> nodes.bullet_list:
    sources = book.sources_of(publisher)
    anchors = [source_anchor(source.key) for source in sources]
    return bullets([_entry(book, source) for source in sources], anchors)


def _entry(book: Records, source: Source) -> Content:
    language = LANGUAGES.get(source.lang, source.lang)
    title = (
        foreign(source.title, source.lang, "source-title")
        if source.lang != "en" and not source.title.startswith("[")
        else text(source.title, "source-title")
    )
    day = source_date(source, book.as_of)
    about = f" {day}; {source.kind}, {language}; {_evidence(book, source)}. "
    return [title, text("."), text(about, "source-about"), _address(source)]


def _evidence(book: Records, source: Source) -> str:
    observations = book.observations_by_source[source.key]
    events = book.events_by_source[source.key]
    parts = []
    if observations:
        parts.append(count_of(observations, "observation"))
    if events:
        parts.append(count_of(events, "event"))
    return " and ".join(parts) or "cited for other rows"


def _address(source: Source) -> nodes.Node:
    """The address, written as people read it."""
    if not source.is_on_web:
        return text("No address.", "source-about")
    return outside(source.url, unquote(source.url).partition("://")[2].rstrip("/"))


def _reading_order(name: str) -> tuple[str, str, str]:
    return _letter(name), name.casefold(), name


def _letter(name: str) -> str:
    """The first letter, or one group for what begins with a figure or sign."""
    first = name[:1].upper()
    return first if first.isalpha() else "0–9"


def _letter_anchor(letter: str) -> str:
    return letter.lower() if letter.isascii() and letter.isalpha() else f"{ord(letter[0]):x}"
