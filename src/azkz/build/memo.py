"""Results kept by what they were made from and what they asked of the ledger.

A result is found again when all that enters it but the ledger is the same (its recipe), and the
ledger gives the same answers to the questions that were asked when it was made. Who makes it asks
one question after the other and nothing else, so the same answers lead to the same questions and
to the same result: a new row that answers none of them changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from azkz.build.imports import imported_files
from azkz.build.store import Store, key_of
from azkz.ledger import Ledger
from azkz.ledger.watched import Answers

Hashes = dict[str, dict[str, str]]

_LAST: list[tuple[Ledger, Answers]] = []


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that enters a result beside the ledger.

    ``kind`` is what is made. ``parts`` have what can be compared, by what it is: ``notebook`` (its
    hash), ``parameters``, ``code`` (hashes of files), ``environment``, ``map``.
    """

    kind: str
    parts: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The same for the same recipe."""
        return key_of(self.kind, json.dumps(dict(self.parts), sort_keys=True))

    def to_make(self, kind: str, *modules: str) -> Recipe:
        """A recipe for something else from the same, by code that imports ``modules`` as well."""
        code = {**self.parts["code"], **imported_files((), modules)}
        return Recipe(kind, {**self.parts, "code": code})


@dataclass(frozen=True, slots=True)
class Kept:
    """A result: its ``key`` in the store, and the ``rows`` that answered, with their hashes."""

    key: str
    content: bytes
    rows: Mapping[str, str]


class Memo:
    """Results in a store, found by recipe and by the answers of one ledger."""

    def __init__(self, store: Store, ledger: Ledger) -> None:
        self._store = store
        self._answers = _answers(ledger)

    def content(self, key: str) -> bytes | None:
        """What the store has under the ``key`` of a result; None if it is gone or damaged."""
        return self._store.get(key)

    def get(self, recipe: Recipe) -> Kept | None:
        """The result, if it was made before from the same; None if not, or if it is damaged."""
        asked = self._store.get(_questions(recipe))
        if asked is None:
            return None
        answers = self._answers.hashes(json.loads(asked))
        key = _result(recipe, answers)
        content = self._store.get(key)
        return None if content is None else Kept(key, content, _rows(answers))

    def put(self, recipe: Recipe, asked: Iterable[str], content: bytes) -> Kept:
        """Keep a result with the questions that were asked on the way to it."""
        questions = sorted(asked)
        answers = self._answers.hashes(questions)
        kept = Kept(_result(recipe, answers), content, _rows(answers))
        self._store.put(kept.key, content)
        self._store.put(_questions(recipe), json.dumps(questions).encode())
        return kept


def _answers(ledger: Ledger) -> Answers:
    """What a ledger answers; that of the last one is kept for as long as no other is asked for."""
    if not _LAST or _LAST[0][0] is not ledger:
        _LAST[:] = [(ledger, Answers(ledger))]
    return _LAST[0][1]


def _questions(recipe: Recipe) -> str:
    return key_of("questions", recipe.key)


def _result(recipe: Recipe, answers: Hashes) -> str:
    told = ("\0".join((question, *rows, *rows.values())) for question, rows in answers.items())
    return key_of(recipe.key, "\n".join(told))


def _rows(answers: Hashes) -> dict[str, str]:
    return {name: digest for rows in answers.values() for name, digest in rows.items()}
