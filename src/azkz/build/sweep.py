"""Many editions: every number of the report as known on each day of a range, in one table.

A chapter is evaluated without drawing, as for the charts of vintages. Days on which nothing that
its evaluation asked for had changed share it, and what was evaluated before is in the store.
"""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from azkz.build.edition import Edition, Parameters
from azkz.build.evaluate import Code, evaluate, on_day
from azkz.build.evidence import Evidence
from azkz.build.memo import Recipe
from azkz.build.progress import Step
from azkz.build.recipes import recipes
from azkz.build.store import Store, key_of
from azkz.build.template import Template
from azkz.build.undrawn import reads_the_day
from azkz.errors import ChapterFailed
from azkz.ledger.opened import opened
from azkz.paths import Checkout

COLUMNS = ("number", "as_of", "value", "unit", "text", "known_from", "observations")
"""Columns of the table. ``value`` is empty for words, ``observations`` are ids with spaces."""

_AS_IS = ("value", "unit", "text", "known_from")
_IDS = "observations"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What an evaluation gave: a row for each number, and its questions to the ledger."""

    rows: Sequence[Row]
    asked: Sequence[str]


@dataclass(slots=True)
class Swept:
    """What a sweep found.

    ``rows`` are by chapter and day; where the chapter failed on a day, ``failed`` has the error.
    Of the chapters of all days ``made`` were evaluated, ``found`` in the store, and ``shared``
    the evaluation of an earlier day.
    """

    days: Sequence[date]
    chapters: Sequence[str]
    rows: dict[tuple[str, date], Sequence[Row]] = field(default_factory=dict)
    failed: dict[tuple[str, date], ChapterFailed] = field(default_factory=dict)
    made: int = 0
    found: int = 0
    shared: int = 0

    def lines(self) -> list[tuple[Any, ...]]:
        """The table, a row for each number on each day on which it is known.

        The values are those of ``COLUMNS``. Sorted by number, then day.
        """
        found = [
            (row["id"], day.isoformat(), *(row[name] for name in _AS_IS), " ".join(row[_IDS]))
            for (_, day), rows in self.rows.items()
            for row in rows
        ]
        return sorted(found, key=lambda line: line[:2])

    def never(self) -> ChapterFailed | None:
        """The first error of a chapter that failed on every day, if there is one."""
        for name in self.chapters:
            errors = [self.failed.get((name, day)) for day in self.days]
            if all(errors):
                return errors[0]
        return None


def as_csv(swept: Swept) -> bytes:
    """The table with its head, as UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(swept.lines())
    return file.getvalue().encode()


@dataclass(slots=True)
class _Chain:
    """The days of one chapter in one calendar year, gone through one after the other.

    Parameters may change with the year, so no evaluation is shared with another. ``by_day`` is
    whether the day itself matters, so that none is shared at all.
    """

    template: Template
    recipe: Recipe
    by_day: bool
    todo: list[date]

    def alike(self, asked: Iterable[str], evidence: Evidence) -> list[date]:
        """Those of its days for which an evaluation on the first of them stands."""
        first = self.todo[0]
        if self.by_day:
            return [first]
        changed = min((day for day in evidence.days_of(asked) if day > first), default=date.max)
        return [day for day in self.todo if day < changed]


def sweep(
    place: Checkout,
    edition: Edition,
    templates: Mapping[str, Template],
    days: Sequence[date],
    pool: Executor,
    step: Step,
    evidence: Evidence,
) -> Swept:
    """Evaluate chapters as known on each of ``days``, with the parameters of ``edition``.

    ``evidence`` is that of the ledger below ``place``. ``pool`` runs the evaluations; what comes of
    them does not depend on how many it runs at once. A chapter that fails on a day has no rows on
    it.
    """
    chains = _chains(place, edition, templates, days)
    swept = Swept(days, list(templates))
    return _Sweep(place, edition, pool, evidence, swept).run(chains, step)


def _chains(
    place: Checkout, edition: Edition, templates: Mapping[str, Template], days: Sequence[date]
) -> list[_Chain]:
    known = recipes(place, templates, edition)
    made = []
    for _, group in groupby(days, lambda day: day.year):
        own = list(group)
        parameters = {**on_day(edition.parameters, own[0]), "as_of": ""}
        for name, template in templates.items():
            recipe = known[name].to_make("sweep", "azkz.build.evaluate", __name__)
            recipe = Recipe(recipe.kind, {**recipe.parts, "parameters": parameters})
            by_day = reads_the_day(Code.of(template).cells)
            made.append(_Chain(template, recipe, by_day, list(own)))
    return made


class _Sweep:
    """A sweep under way."""

    def __init__(
        self, place: Checkout, edition: Edition, pool: Executor, evidence: Evidence, swept: Swept
    ) -> None:
        self.place, self.edition, self.pool = place, edition, pool
        self.evidence, self.swept = evidence, swept
        self.store = Store(place.build / "store")

    def run(self, ready: list[_Chain], step: Step) -> Swept:
        """Keep every chain going until no day of it is left."""
        total = sum(len(chain.todo) for chain in ready)
        waiting: dict[Future[Evaluated], _Chain] = {}
        while ready or waiting:
            for chain in ready:
                self._take_kept(chain)
                if chain.todo:
                    waiting[self._submit(chain)] = chain
            step.advance(len(self.swept.rows) + len(self.swept.failed), total)
            ready = []
            for task in wait(waiting, return_when=FIRST_COMPLETED).done:
                ready.append(waiting.pop(task))
                self._take_made(ready[-1], task)
        return self.swept

    def _submit(self, chain: _Chain) -> Future[Evaluated]:
        parameters = on_day(self.edition.parameters, chain.todo[0])
        return self.pool.submit(_evaluated, chain.template, parameters, self.place.data)

    def _take_kept(self, chain: _Chain) -> None:
        """Go on with what is in the store for as long as there is something."""
        while chain.todo and (content := self.store.get(self._key(chain))) is not None:
            self.swept.found += 1
            self._take(chain, Evaluated(**json.loads(zlib.decompress(content))))

    def _take_made(self, chain: _Chain, task: Future[Evaluated]) -> None:
        self.swept.made += 1
        try:
            made = task.result()
        except ChapterFailed as error:
            self.swept.failed[chain.template.chapter, chain.todo.pop(0)] = error
            return
        content = json.dumps({"rows": made.rows, "asked": made.asked}, sort_keys=True)
        self.store.put(self._key(chain), zlib.compress(content.encode()))
        self._take(chain, made)

    def _take(self, chain: _Chain, found: Evaluated) -> None:
        alike = chain.alike(found.asked, self.evidence)
        for day in alike:
            self.swept.rows[chain.template.chapter, day] = found.rows
        self.swept.shared += len(alike) - 1
        del chain.todo[: len(alike)]

    def _key(self, chain: _Chain) -> str:
        """The key in the store of a chain's next day: all that determines what comes of it."""
        day = chain.todo[0]
        own = day.isoformat() if chain.by_day else str(day.year)
        return key_of(chain.recipe.key, self.evidence.known(day), own)


def _evaluated(template: Template, parameters: Parameters, folder: Path) -> Evaluated:
    chapter = evaluate(template, parameters, opened(folder))
    kept = ("id", *_AS_IS, _IDS)
    rows = [{name: number[name] for name in kept} for number in chapter.numbers]
    return Evaluated(rows, chapter.asked)
