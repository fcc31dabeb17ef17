"""What a page asks of the records: it is read again when an answer is another, and only then.

The edition itself, its chapters and all that pages share are the same for a whole assembly
(``azkz.build.assembly``); no page has to ask for them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from azkz.sphinxext.domain import report_domain
from azkz.sphinxext.records import Records, records

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

WHOLE = "whole"
"""The question of a page that is made from all there is."""

EDITION = "edition"
"""That of one that shows the edition itself, or asks for all else by its key."""


def ask(env: BuildEnvironment, kind: str, key: str = "") -> Records:
    """The records, for a page that shows what they say of ``key``.

    Kinds: ``num``, a number with its card; ``source``; ``publisher``; ``known``, whether a number,
    event or claim is known; ``figure``, whether it is drawn; ``count``, what the role prints;
    ``numbers``, those of a chapter with the rows and sources behind them; ``kinds``, how many there
    are of which kind; ``used``, whether something rests on a row; ``event``; ``verdict``, on a
    claim; ``claims``, all of them; ``sources`` and ``indicators``, all with how often each was
    used; ``chapter``, its title, and the question and finding that stand; ``edition``, nothing
    more; ``whole``, everything.
    """
    book = records(env)
    asked = report_domain(env).data["asked"].setdefault(env.docname, {})
    question = f"{kind}:{key}"
    if question not in asked:
        asked[question] = _answer(book, question)
    return book


def outdated(
    _app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """The pages to which something else would be answered now."""
    asked = report_domain(env).data["asked"]
    book = records(env)
    questions = {question for page in asked.values() for question in page}
    answers = {question: _answer(book, question) for question in questions}
    return [
        page
        for page, known in asked.items()
        if any(answers[question] != answer for question, answer in known.items())
    ]


def _answer(book: Records, question: str) -> str:
    known = book.answers
    if question not in known:
        kind, _, key = question.partition(":")
        known[question] = hashlib.sha256(repr(_ANSWERS[kind](book, key)).encode()).hexdigest()
    return known[question]


def _number(book: Records, key: str) -> Any:
    # A card is made of all that a page knows of a number.
    from azkz.sphinxext.cards import card

    number = book.numbers.get(key)
    return number and (number, card(book, number, ""))


def _known(book: Records, key: str) -> bool:
    from azkz.sphinxext.standing import is_known

    return is_known(book, key)


def _numbers(book: Records, chapter: str) -> Any:
    from azkz.sphinxext.numbers_table import named_in

    ledger = book.ledger
    rows: dict[str, Any] = {**ledger.observations, **ledger.events}
    own = [number for number in book.numbers.values() if number.chapter == chapter]
    other = [reading.observation for number in own for reading in number.alternatives]
    named = {name for number in own for name in named_in(number.formula)}
    named.update(other, *(number.observations for number in own))
    told = [(name, rows.get(name), name in book.numbers) for name in sorted(named)]
    return own, told, [book.sources_behind(number) for number in own], dict(ledger.names)


def _kinds(book: Records, _key: str) -> Any:
    return sorted(Counter((n.chapter, n.kind) for n in book.numbers.values()).items())


def _sources(book: Records, _key: str) -> Any:
    counted = book.observations_by_source, book.events_by_source
    return [(each, *(c[key] for c in counted)) for key, each in book.ledger.sources.items()]


def _indicators(book: Records, _key: str) -> Any:
    from azkz.sphinxext.counts import known_indicators

    counted = Counter(row.indicator for row in book.ledger.observations.values())
    return [(each, counted[each.key]) for each in known_indicators(book.ledger)]


def _claims(book: Records, _key: str) -> Any:
    return [(each, book.ledger.units.get(each.unit)) for each in book.ledger.claims.values()]


def _chapter(book: Records, name: str) -> Any:
    from azkz.sphinxext.standing import first_standing

    page = book.chapters.get(name)
    if page is None:
        return None
    return page.title, *(first_standing(book, said) for said in (page.questions, page.findings))


def _count(book: Records, key: str) -> str:
    from azkz.sphinxext.counts import COUNTS

    return COUNTS[key](book)


_ANSWERS: dict[str, Callable[[Records, str], Any]] = {
    "num": _number,
    "source": lambda book, key: book.ledger.sources.get(key),
    "publisher": lambda book, key: book.publishers.get(key),
    "known": _known,
    "figure": lambda book, key: key in book.figures,
    "count": _count,
    "numbers": _numbers,
    "kinds": _kinds,
    "used": lambda book, key: key in book.used,
    "event": lambda book, key: book.ledger.events.get(key),
    "verdict": lambda book, key: book.verdicts.get(key),
    "claims": _claims,
    "sources": _sources,
    "indicators": _indicators,
    "chapter": _chapter,
    EDITION: lambda _book, _key: None,
    WHOLE: lambda book, _key: book.digest,
}
