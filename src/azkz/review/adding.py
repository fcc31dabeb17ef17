"""Adds rows to the ledger: checked, shown with what they change, written when told, all or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from azkz.build import CHAPTERS
from azkz.build import edition as editions
from azkz.build import template as templates_
from azkz.build.edition import Edition
from azkz.build.lock import build_lock
from azkz.build.progress import Steps
from azkz.build.together import put_back, write_together
from azkz.errors import BadInput
from azkz.ledger import Event, Ledger, Observation, Source
from azkz.ledger.candidate import KEYS, Candidate, make_candidate
from azkz.ledger.incoming import NewRow
from azkz.ledger.reconcile import Reading
from azkz.paths import Checkout
from azkz.review.effects import Effects, effects

JOURNAL = ".add.json"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A row that comes, with the readings that the ledger has of the same thing and period."""

    table: str
    record: Source | Observation | Event
    readings: Sequence[Reading] = ()

    @property
    def id(self) -> str:
        """The id of the row; of a source, its key."""
        return self.record.key if isinstance(self.record, Source) else self.record.id


@dataclass(frozen=True, slots=True)
class Addition:
    """Rows that come, and what they change in the newest edition.

    ``ledger`` is the one with the rows; ``changed`` is None where every row is known only after the
    day of ``edition``, so that nothing can change; ``written`` names the files that were written.
    """

    arrivals: Sequence[Arrival]
    ledger: Ledger
    edition: Edition
    changed: Effects | None
    written: Sequence[str] = ()


def add(
    place: Checkout, files: Sequence[Path], steps: Steps, today: date, *, write: bool
) -> Addition:
    """Check the rows of the files, say what they change, and append them to the ledger if told.

    Raises
    ------
    Faults
        Everything that is wrong with the files, or with the ledger; nothing is written.
    BadInput
        The ledger was changed meanwhile, or by hand after a stop half way; nothing is written.
    ChapterFailed
        A chapter fails already with the ledger as it is; nothing is written.
    """
    with build_lock(place.build):
        _restore(place, steps)
        with TemporaryDirectory() as folder:
            data = Path(folder, place.data.name).resolve()
            with steps.step("rows") as step:
                made = make_candidate(place.data, data, [(file, str(file)) for file in files])
                step.outcome = f"no fault in {sum(map(len, made.rows.values()))}"
            ledger = Ledger.load(data)
            arrivals = list(_arrivals(made.rows, ledger))
            templates = templates_.load_all(place)
            declared = templates[CHAPTERS[0]].parameters
            edition = editions.load(place, editions.newest(place), declared, today)
            touched = any(_known_on(arrival, edition.as_of) for arrival in arrivals)
            changed = effects(place, templates, edition, data, steps) if touched else None
        written = _write(place, made) if write else ()
    return Addition(arrivals, ledger, edition, changed, written)


def later(addition: Addition) -> list[Arrival]:
    """The observations and events known only after the day of the edition."""
    return [
        arrival
        for arrival in addition.arrivals
        if not isinstance(arrival.record, Source) and not _known_on(arrival, addition.edition.as_of)
    ]


def _known_on(arrival: Arrival, day: date) -> bool:
    """Whether a row can matter on ``day``; a source alone never does."""
    return not isinstance(arrival.record, Source) and arrival.record.known_from <= day


def _restore(place: Checkout, steps: Steps) -> None:
    """Put back what an addition that was stopped half way has written."""
    if undone := put_back(place, JOURNAL):
        with steps.step("restore") as step:
            step.outcome = f"adding was stopped half way; as before again: {', '.join(undone)}"


def _arrivals(rows: Mapping[str, Sequence[NewRow]], ledger: Ledger) -> Iterator[Arrival]:
    records: Mapping[str, Mapping[str, Source | Observation | Event]] = {
        "sources": ledger.sources,
        "observations": ledger.observations,
        "events": ledger.events,
    }
    for table, new in rows.items():
        for row in new:
            record = records[table][row.cells[KEYS[table]]]
            readings = ledger.alternatives(record) if isinstance(record, Observation) else ()
            yield Arrival(table, record, readings)


def _write(place: Checkout, made: Candidate) -> tuple[str, ...]:
    """Append to the tables together, those first to which others refer."""
    files = {place.data / f"{name}.csv": made.after[name] for name in made.rows}
    for name in made.rows:
        file = place.data / f"{name}.csv"
        if file.read_bytes() != made.before[name]:
            raise BadInput("was changed meanwhile", place.shown(file), "add the rows again")
    write_together(place, JOURNAL, files)
    return tuple(map(place.shown, files))
