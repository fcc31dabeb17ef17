"""What a build has laid out beside the pages: its edition, numbers, verdicts and ledger."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from docutils import nodes

from azkz.errors import BadInput
from azkz.ledger import Ledger, Observation, Source
from azkz.ledger.opened import opened
from azkz.ledger.reconcile import REPEAT
from azkz.paths import RECORDS
from azkz.report.agreement import readings
from azkz.report.verdicts import Verdict, from_record
from azkz.sphinxext.chapters import ChapterPage, read_chapter

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

FILES = ("build.json", "numbers.json", "verdicts.json")


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of what an observed number says: whose, since when, and how it relates."""

    observation: str
    value: float
    unit: str
    reporter: str
    known_from: date
    relation: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number that the report prints; ``text`` is its value with the label of its ``unit``."""

    id: str
    chapter: str
    label: str
    kind: str
    text: str
    formula: str
    observations: tuple[str, ...]
    sources: tuple[str, ...]
    known_from: date | None
    alternatives: tuple[Alternative, ...] = ()
    unit: str = ""

    @property
    def anchor(self) -> str:
        """The id of the number's row in the annex."""
        return _number_anchor(self.id)

    @property
    def differing(self) -> tuple[Alternative, ...]:
        """The readings that are no repeats: revisions and disagreements."""
        return tuple(other for other in self.alternatives if other.relation != REPEAT)


@cache
def _number_anchor(key: str) -> str:
    return nodes.make_id(f"number-{key}")


@dataclass(frozen=True)
class Records:
    """One build. ``ledger`` holds only what was known on the as-of day.

    ``published`` says whether it is a whole edition, which stands beside the others.
    ``missing`` says of numbers that the chapters name why they are not known on that day;
    ``drawn`` are the rows behind figures and tables, ``left_out`` the sentences that the chapters
    themselves have left out: chapter, text and the numbers missing. ``corrects`` is the edition
    that this one corrects, if it is a correction. ``others`` are the chapters not in the build.
    ``digest`` is that of everything here.
    """

    edition: str
    title: str
    as_of: date
    newest: bool
    version: str
    ledger_sha256: str
    chapters: Mapping[str, ChapterPage]
    numbers: Mapping[str, Number]
    missing: Mapping[str, str]
    verdicts: Mapping[str, Verdict]
    drawn: frozenset[str]
    left_out: Sequence[Mapping[str, Any]]
    ledger: Ledger
    published: bool = True
    corrects: str = ""
    others: tuple[str, ...] = ()
    digest: str = ""

    @property
    def unnamed(self) -> bool:
        """Whether it is no edition but the report on some day, which is then its name."""
        return self.edition == self.as_of.isoformat()

    @cached_property
    def used(self) -> frozenset[str]:
        """The ids of all observations and events that something in the edition rests on."""
        numbers, verdicts = self.numbers.values(), self.verdicts.values()
        rows = {key for number in numbers for key in number.observations}
        rows |= {other.observation for number in numbers for other in number.alternatives}
        rows |= {key for verdict in verdicts for key in verdict.evidence}
        return frozenset(rows | self.drawn)

    @cached_property
    def figures(self) -> frozenset[str]:
        """The ids of the figures and tables that the chapters draw on the day."""
        return frozenset(key for chapter in self.chapters.values() for key in chapter.figures)

    @cached_property
    def observations_by_source(self) -> Counter[str]:
        """How many observations rest on each source."""
        return Counter(row.source for row in self.ledger.observations.values())

    @cached_property
    def events_by_source(self) -> Counter[str]:
        """How many events rest on each source, first or second."""
        events = self.ledger.events.values()
        return Counter(key for row in events for key in {row.source, row.source2} if key)

    @cached_property
    def publishers(self) -> dict[str, str]:
        """The anchor of every publisher on the page of sources, by name in reading order."""
        anchors: dict[str, str] = {}
        names = {source.publisher for source in self.ledger.sources.values()}
        for name in sorted(names, key=lambda name: (name.casefold(), name)):
            anchor = nodes.make_id(f"publisher-{name}")
            same = (f"{anchor}-{number}" for number in count(2))
            anchors[name] = next(a for a in chain([anchor], same) if a not in anchors.values())
        return anchors

    @cached_property
    def readings(self) -> list[list[Observation]]:
        """Those of everything of which the ledger holds an outcome."""
        return readings(self.ledger)

    @cached_property
    def answers(self) -> dict[str, str]:
        """What pages were answered (``azkz.sphinxext.asking``), by question."""
        return {}

    @cached_property
    def told(self) -> dict[Number, str]:
        """What the cards of numbers tell (``azkz.sphinxext.cards``)."""
        return {}

    @cached_property
    def _by_publisher(self) -> dict[str, list[Source]]:
        found: dict[str, list[Source]] = {}
        for source in self.ledger.sources.values():
            found.setdefault(source.publisher, []).append(source)
        return found

    def chapter_title(self, name: str) -> str:
        """How a chapter is called; one that was not built, by its name."""
        return self.chapters[name].title if name in self.chapters else name.capitalize()

    def sources_behind(self, number: Number) -> list[Source]:
        """The sources of a number by publisher, each publisher's by date."""
        known = [self.ledger.sources[k] for k in number.sources if k in self.ledger.sources]
        return sorted(known, key=lambda s: (s.publisher.casefold(), s.known_from, s.key))

    def sources_of(self, publisher: str) -> list[Source]:
        """The sources of one publisher by date; undated ones stand last."""
        own = self._by_publisher.get(publisher, [])
        dated = {s.key for s in own if s.published and s.known_from <= self.as_of}
        return sorted(own, key=lambda s: (s.key not in dated, s.known_from, s.key))


_KNOWN: WeakKeyDictionary[BuildEnvironment, Records] = WeakKeyDictionary()


def records(env: BuildEnvironment) -> Records:
    """The records of the book that ``env`` builds: read once for each build."""
    found = _KNOWN.get(env)
    if found is None:
        found = _KNOWN[env] = _laid_out(env)
    return found


def _laid_out(env: BuildEnvironment) -> Records:
    folder = Path(env.srcdir, RECORDS)
    try:
        chapters = sorted(folder.parent.glob("notebooks/*.ipynb"))
        files = [*(folder / name for name in FILES), *chapters]
        stamp = tuple(path.stat().st_mtime_ns for path in files)
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}", f"{RECORDS}/", "build with azkz build"
        ) from error
    return _read(folder, stamp)


def laid_out(env: BuildEnvironment, name: str) -> Any:
    """A further record of the build, for a page that is to be read again when it changes.

    None where the build has nothing to say in it.
    """
    env.note_dependency(f"{RECORDS}/{name}")
    path = Path(env.srcdir, RECORDS, name)
    return _json(path) if path.is_file() else None


@lru_cache(maxsize=2)
def _read(folder: Path, _stamp: tuple[int, ...]) -> Records:
    about, numbers, verdicts = (_json(folder / name) for name in FILES)
    chapters = {name: read_chapter(folder.parent, name) for name in about["chapters"]}
    return replace(
        made(about, numbers, verdicts), chapters=chapters, digest=_digest(folder, chapters)
    )


def made(about: Mapping[str, Any], numbers: Mapping[str, Any], verdicts: Sequence[Any]) -> Records:
    """The records of what the ``FILES`` hold, without what pages know of chapters."""
    as_of = date.fromisoformat(about["as_of"])
    return Records(
        edition=about["edition"],
        title=about["title"],
        as_of=as_of,
        newest=about["newest"],
        version=about["version"],
        ledger_sha256=about["ledger_sha256"],
        chapters={},
        numbers={row["id"]: _number(row) for row in numbers["numbers"]},
        missing={row["id"]: row["reason"] for row in numbers["missing"]},
        verdicts={row["claim"]: from_record(row) for row in verdicts},
        drawn=frozenset(numbers["drawn"]),
        left_out=numbers["left_out"],
        ledger=opened(Path(about["data"])).as_of(as_of),
        published=about["published"],
        corrects=about.get("corrects", ""),
        others=tuple(about.get("others", ())),
    )


def _digest(folder: Path, chapters: Mapping[str, ChapterPage]) -> str:
    """SHA-256 over the records, which name the ledger by its own, and what chapters are asked."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    for page in chapters.values():
        facts = (page.name, page.title, page.questions, page.findings, sorted(page.figures))
        digest.update(repr(facts).encode())
    return digest.hexdigest()


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _number(row: Mapping[str, Any]) -> Number:
    known_from = row["known_from"]
    return Number(
        id=row["id"],
        chapter=row["chapter"],
        label=row["label"],
        kind=row["kind"],
        text=row["text"],
        formula=row["formula"],
        observations=tuple(row["observations"]),
        sources=tuple(row["sources"]),
        known_from=date.fromisoformat(known_from) if known_from else None,
        alternatives=tuple(_alternative(other) for other in row["alternatives"]),
        unit=row["unit"],
    )


def _alternative(row: Mapping[str, Any]) -> Alternative:
    return Alternative(**{**row, "known_from": date.fromisoformat(row["known_from"])})
