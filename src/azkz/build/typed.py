"""Finds figures that were typed by hand: the rule, applied to a passage of plain text.

The design refuses typed digits "except dates, years, ordinals, names and numbers inside quoted
statements of the article". A figure spelled out before a magnitude is the same thing in disguise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ROLE = "\ufffc"
"""Stands in a passage for what is no prose: a role, a code span, a value put into a string."""
UNIT_ROLE = "\ufffb"
"""Stands for a role that prints a unit."""

NAMES = (
    "Creative Commons Attribution 4.0",  # the licence of the text, as its authors call it
    "CC BY 4.0",  # the same, abbreviated
    "ISO 639-1",  # the standard behind the codes of languages
)
"""Names of several words with a number in them; one word (``CO2``, ``SHA-256``) needs no entry."""

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT = "|".join(month[:3] for month in _MONTHS.split("|"))
_CURRENCIES = "USD|EUR|GBP|KZT|AZN|RUB|CNY|US"
_GAP = r"[ \n\u00a0\u202f]"

_QUOTED = re.compile(r"“[^“”]*”|«[^«»]*»|(?<![\w\"])\"(?=\S)[^\"]*(?<=\S)\"(?![\w\"])")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    rf"(?<![\w.,{ROLE}]){_DAY}(?:{_GAP}?(?:,|–|-|and|or|to){_GAP}?{_DAY})*"
    rf"{_GAP}(?:{_MONTHS}|{_SHORT})\b"
)
_ISO_DATE = re.compile(rf"(?<![\w.,-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-{_DAY})?(?![\w-]|[.,]\d)")
_EDITION = re.compile(r"(?<![\w.,])20\d\d\.(?:0[1-9]|1[0-2])(?:\.\d+)?(?![\w]|[.,]\d)")
_YEARS = re.compile(
    rf"(?<![\w.,{ROLE}])(?P<first>(?:19|20)\d\d)"
    rf"(?:[–/-](?P<last>(?:19|20)\d\d|\d\d)|s)?(?!\w|[.,]\d|{_GAP}\d{{3}}(?!\d)|{ROLE})"
)
_ORDINAL = re.compile(r"(?<![\w.,])\d+(?:st|nd|rd|th)\b")
_GLUED = re.compile(
    rf"(?<![\w.,-])(?!(?:{_CURRENCIES})-?\d)"
    r"(?:[A-Z][A-Za-z]{0,11}\d{1,4}|[A-Z]+(?:/[A-Z]+)*-\d{1,4})[a-z]?(?!\w|[.,-]\d)"
)
_FIGURE = re.compile(r"[+−]?(?:\d(?:[\d.,\u00a0\u202f]*\d)?)|[¼-¾⅐-⅞]")

_UNITS = re.compile(
    "percent|percentage|hundreds?|thousands?|millions?|billions?|trillions?|tonnes?|tons?|"
    "kilograms?|kg|kt|mt|grams?|kilometres?|km|metres?|m|miles?|hectares?|litres?|barrels?|bcm|"
    "cubic|square|dollars?|euros?|manat|tenge|roubles?|rubles?|usd|eur|kzt|azn|times|fold|"
    "containers?|teu|wagons?|trains?|trucks?|ships?|vessels?|tankers?|ferry|ferries|flights?|"
    "people|persons?|tourists?|students?|pupils?|visitors?|travellers?|arrivals?|trips?|jobs?|"
    "workers?|company|companies|firms?|ventures?|projects?|items?|pages?|observations?|events?|"
    "sources?|documents?|schools?|books?|films?|places?|seats?|minutes?|hours?|days?|weeks?|"
    "months?|years?|mw|gwh?|kwh|twh|degrees?|points?|units?|pieces?|consignments?",
    re.IGNORECASE,
)
"""What is measured or counted: a year is none before it."""

_NOT_COUNTED = re.compile("was|is|has|does|its|his|this|thus|less|plus|versus|across|towards")
_OF_TIME = re.compile(
    "in|of|for|since|until|till|by|from|to|between|and|or|before|after|through|than|during|the|"
    "early|late|mid|on|over|against|with|as|at|an?|years?|its|that|this|all|under|beyond|around|"
    f"about|{_MONTHS}|{_SHORT}",
    re.IGNORECASE,
)
"""Before these words what looks like a year is one, whatever noun follows it."""

_HEDGED = re.compile(
    rf"(?:\b(?:{_CURRENCIES}|almost|nearly|some|exactly|roughly|approximately|at{_GAP}least"
    rf"|at{_GAP}most|fewer{_GAP}than){_GAP}?|(?:^|[\s(])[+−-]|[$€£₼₸<>≥≤~≈×=]{_GAP}?)$"
)

_CARDINAL = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_MAGNITUDE = rf"hundred|thousand|million|billion|trillion|percent|per{_GAP}cent|percentage"
_MEASURE = (
    "times|tonnes|tons|kilometres|km|metres|hectares|barrels|dollars|euros?|manat|tenge|USD|EUR|"
    "KZT|AZN|TEU|thirds?|quarters|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?"
)
_WORDS = re.compile(
    rf"\b(?:(?:{_CARDINAL})(?:[ \n-](?:and[ \n-])?(?:{_CARDINAL}|{_MAGNITUDE}))*"
    rf"(?:[ \n\u00a0-](?:{_MAGNITUDE}|{_MEASURE})\b|fold\b)|half{_GAP}a{_GAP}(?:{_MAGNITUDE})\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A figure typed by hand: where it starts in the passage, and as it stands there."""

    start: int
    text: str
    in_words: bool = False


def typed(passage: str) -> list[Typed]:
    """The figures typed into a passage of plain text, in their order.

    Years, dates, ordinals, names and what stands in quotation marks are none. A year before a
    unit or a counted thing (``2000 tonnes``) is a figure, a number before a month a date.
    """
    rest = _blank(passage, _QUOTED)
    rest = _blank(rest, _ADDRESS)
    words = [Typed(found.start(), found[0], in_words=True) for found in _WORDS.finditer(rest)]
    for name in NAMES:
        rest = _blank(rest, re.compile(rf"\b{re.escape(name)}(?!\w|[.,]\d)"))
    for when in (_ISO_DATE, _EDITION, _YEARS):
        rest = _blank(rest, when, _is_time)
    rest = _blank(rest, _DATE)
    rest = _blank(rest, _ORDINAL, _is_ordinal)
    rest = _blank(rest, _GLUED)
    digits = [Typed(found.start(), found[0]) for found in _FIGURE.finditer(rest)]
    return sorted([*words, *digits], key=lambda one: one.start)


def _blank(
    text: str, what: re.Pattern[str], allowed: Callable[[re.Match[str]], bool] = lambda _: True
) -> str:
    """``text`` with ``what`` put out of sight where it is allowed; nothing changes its place."""
    return what.sub(lambda found: ROLE * len(found[0]) if allowed(found) else found[0], text)


def _is_time(found: re.Match[str]) -> bool:
    """Whether what looks like a year is one, by the words around it."""
    if not _ascending(found) or _HEDGED.search(found.string, 0, found.start()):
        return False
    after = list(_words_after(found.string, found.end()))
    if after and _is_unit(after[0]):
        return False
    before = re.search(rf"([^\W\d]+)(?:-|{_GAP}+)$", found.string[: found.start()])
    if before and _OF_TIME.fullmatch(before[1]):
        return True
    if len(after) > 1 and _is_plain(after[0]) and _is_unit(after[1]):
        return False
    return not (after and _is_plain(after[0]) and after[0].endswith("s") and len(after[0]) > 3)


def _ascending(found: re.Match[str]) -> bool:
    groups = found.groupdict()
    first, last = groups.get("first"), groups.get("last")
    return not (first and last) or int(last) > int(first[-len(last) :])


def _words_after(text: str, start: int) -> Iterator[str]:
    """The next two words of the clause."""
    for _ in range(2):
        found = re.compile(rf"(?:{_GAP}+|-)([%°$€£‰{UNIT_ROLE}]|[^\W\d_]+)").match(text, start)
        found = found or re.compile(rf"([%°$€£‰{UNIT_ROLE}])").match(text, start)
        if not found:
            return
        yield found[1]
        start = found.end()


def _is_unit(word: str) -> bool:
    return word in "%°$€£‰" + UNIT_ROLE or bool(_UNITS.fullmatch(word))


def _is_plain(word: str) -> bool:
    """Whether it may be an adjective or a noun in the plural."""
    return word.islower() and not _NOT_COUNTED.fullmatch(word) and not _OF_TIME.fullmatch(word)


def _is_ordinal(found: re.Match[str]) -> bool:
    digits, ending = found[0][:-2], found[0][-2:]
    teens = digits[-2:] in ("11", "12", "13")
    return ending == ("th" if teens else {"1": "st", "2": "nd", "3": "rd"}.get(digits[-1], "th"))
