"""Releases an edition: builds it, keeps its numbers and manifest, says so in the change log.

Nothing is committed, tagged or pushed: that is the author's, and the end says how.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from azkz.build import CHAPTERS, released, repository
from azkz.build import edition as editions
from azkz.build import template as templates_
from azkz.build.checking import check
from azkz.build.edition import Edition, described
from azkz.build.edition_names import NAME, corrected
from azkz.build.lock import build_lock
from azkz.build.outcome import Outcome
from azkz.build.progress import Steps
from azkz.build.release_texts import (
    Counts,
    refuse_changelog,
    with_release,
    with_version,
)
from azkz.build.request import Request
from azkz.build.run import build
from azkz.build.together import put_back, write_together
from azkz.errors import BadInput, CheckFailed, ReportError
from azkz.paths import Checkout

JOURNAL = ".release.json"


class Refused(CheckFailed):
    """An edition is not released; the message has every reason that was found."""

    def __init__(self, name: str, reasons: list[str]) -> None:
        self.reasons = tuple(reasons)
        count = f"{len(reasons)} reason{'s' if len(reasons) != 1 else ''}"
        super().__init__("\n".join((f"edition {name} is not released:", *reasons, count)))


@dataclass(frozen=True, slots=True)
class Release:
    """An edition that is released now: the files written, and the repository to push to."""

    edition: Edition
    files: tuple[str, ...]
    counts: Counts
    remote: str

    def __str__(self) -> str:
        edition, tag = self.edition, released.tag(self.edition.name)
        title = f"Edition {edition.name}, as known on {edition.as_of}"
        return "\n".join(
            (
                f"{described(edition)}, is released: {self.counts}",
                *(f"wrote {file}" for file in self.files),
                "to keep it, commit and tag it, and push both:",
                f"    git add {' '.join(self.files)}",
                f'    git commit -m "Release edition {edition.name}"',
                f'    git tag -a {tag} -m "{title}"',
                f"    git push {self.remote} HEAD {tag}",
            )
        )


def release(place: Checkout, name: str, steps: Steps, today: date) -> Release:
    """Release an edition as the last commit has it. All of its files are written, or none.

    Raises
    ------
    BadInput
        There is no such edition.
    Refused
        Something stands against it: a checkout that is not as committed, a check that fails, a
        release or a tag of that name, a correction of what is not released or of another day.
    ReportError
        The build fails.
    """
    _restore(place, steps)
    _refuse_no_edition(place, name)
    reasons = list(dict.fromkeys(_reasons(place, name, steps, today)))
    if reasons:
        raise Refused(name, reasons)
    outcome = build(place, Request(name), steps, today)
    # The build took a while: what was checked must still be what is there.
    if moved := list(_not_committed(place)):
        raise Refused(name, moved)
    written = contents(place, outcome, today)
    with steps.step("release"), build_lock(place.build):
        write_together(place, JOURNAL, written)
    files = tuple(place.shown(path) for path in written)
    return Release(outcome.edition, files, _counts(outcome), repository.remote(place))


def _restore(place: Checkout, steps: Steps) -> None:
    """Put back what a release that was stopped half way has changed."""
    with build_lock(place.build):
        undone = put_back(place, JOURNAL)
    if undone:
        with steps.step("restore") as step:
            step.outcome = f"a release was stopped half way; as before again: {', '.join(undone)}"


def _refuse_no_edition(place: Checkout, name: str) -> None:
    known = editions.names(place)
    if name in known and NAME.fullmatch(name):
        return
    what = f"no edition {name!r}" if NAME.fullmatch(name) else f"{name!r} is no name of an edition"
    first = f"write {place.shown(place.editions)}/<year>.<month>.yml with a name and its as-of day"
    raise BadInput(what, todo=f"{first}. There are: {', '.join(known) or 'none'}")


def _reasons(place: Checkout, name: str, steps: Steps, today: date) -> Iterator[str]:
    """All that stands against the release, with what to do."""
    yield from _not_committed(place)
    yield from _taken(place, name)
    yield from _wrong_correction(place, name, today)
    yield from _wrong_texts(place, name, today)
    try:
        check(place, steps, today)
    except ReportError as error:
        yield str(error)


def _not_committed(place: Checkout) -> Iterator[str]:
    try:
        changes = repository.changes(place)
    except BadInput as error:
        yield str(error)
        return
    if changes:
        shown = ", ".join(map(str, changes))
        todo = "commit them, or put them back (git stash --include-untracked), and release again"
        yield str(BadInput("the checkout is not as its last commit has it", shown, todo))


def _taken(place: Checkout, name: str) -> Iterator[str]:
    if released.is_released(place, name):
        what = "is released already: a released edition is never overwritten"
        where = place.shown(place.releases / name)
        yield str(BadInput(what, where, f"for a correction, {released.how_to_correct(name)}"))
    tag = released.tag(name)
    try:
        if repository.has_tag(place, tag):
            todo = f"if nobody has it yet, git tag -d {tag}; else release a correction"
            yield str(BadInput("the tag exists already", tag, todo))
    except BadInput as error:
        yield str(error)


def _wrong_correction(place: Checkout, name: str, today: date) -> Iterator[str]:
    before = corrected(name)
    if before is None:
        return
    file = place.shown(place.editions / f"{name}.yml")
    if not released.is_released(place, before):
        todo = f"release {before} first, or give this edition the name of its month"
        yield str(BadInput(f"corrects {before}, which is not released", file, todo))
        return
    try:
        day, own = released.as_of(place, before), _load(place, name, today).as_of.isoformat()
    except ReportError as error:
        yield str(error)
        return
    if day != own:
        todo = f'write as_of: "{day}"; what was known on another day is another edition'
        yield str(BadInput(f"is as of {own}, but corrects {before} of {day}", file, todo))


def _wrong_texts(place: Checkout, name: str, today: date) -> Iterator[str]:
    """What the change log or the citation say that leaves no room for the release."""
    try:
        edition = _load(place, name, today)
    except ReportError as error:
        yield str(error)
        return
    for refuse in (
        lambda: refuse_changelog(_read(place.changelog), edition),
        lambda: with_version(_read(place.citation), edition, today),
    ):
        try:
            refuse()
        except BadInput as error:
            yield str(error)


def contents(place: Checkout, outcome: Outcome, today: date) -> dict[Path, bytes]:
    """The files of the release in the order in which they are written."""
    edition, folder = outcome.edition, place.releases / outcome.edition.name
    log = with_release(_read(place.changelog), edition, _counts(outcome), today)
    written = {place.changelog: log.encode()}
    done = {*released.names(place), edition.name}
    cited = _read(place.citation)
    if [name for name in editions.names(place) if name in done][-1] == edition.name:
        written[place.citation] = with_version(cited, edition, today).encode()
    if written.get(place.citation) == cited.encode():
        # Released on the day that it names already.
        del written[place.citation]
    for name in released.KEPT:
        written[folder / name] = (outcome.site / name).read_bytes()
    return written


def _counts(outcome: Outcome) -> Counts:
    return Counts(outcome.numbers, outcome.figures, outcome.sources)


def _load(place: Checkout, name: str, today: date) -> Edition:
    declared = templates_.load_all(place)[CHAPTERS[0]].parameters
    return editions.load(place, name, declared, today)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {error}", path.name, "restore the file") from error
