"""The check of the whole repository: its inputs, and what its chapters and pages say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from pathlib import Path

from azkz.build import CHAPTERS
from azkz.build import edition as editions
from azkz.build.authored import Notebook
from azkz.build.chapter import Chapter
from azkz.build.citations import Finding, Known, citations, unknown, unprinted
from azkz.build.plan import Plan, Request, make_plan
from azkz.build.progress import Steps
from azkz.build.prose import typed_digits
from azkz.build.running import ChaptersFailed, run_chapters
from azkz.build.typed import Typed
from azkz.errors import ChapterFailed, Findings, NoEvidence
from azkz.ledger import Ledger
from azkz.paths import Checkout


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found sound: how many of each, by their name in the singular."""

    counts: Mapping[str, int]

    def __str__(self) -> str:
        told = [f"{count} {name}{'s' * (count != 1)}" for name, count in self.counts.items()]
        return f"no fault in {', '.join(told[:-1])} and {told[-1]}"


def check(place: Checkout, steps: Steps, today: date) -> Checked:
    """Check every input, then the prose of the newest edition against its own chapters.

    Raises
    ------
    BadInput
        Ledger, pages, notebooks or an edition cannot be used; nothing else was looked at then.
    ChapterFailed
        A chapter does not run.
    Findings
        The prose does not hold: typed figures, ids that nothing defines, numbers that nothing
        prints, figures without data or source. All of them, by file, cell and line.
    """
    names = editions.names(place)
    plan = _checked_plan(place, names, steps, today)
    chapters, bare = _run(place, plan, steps)
    ledger = Ledger.load(place.data)
    with steps.step("prose"):
        findings = {*bare, *_findings(place, plan, chapters, ledger)}
    if findings:
        raise Findings([finding.fault() for finding in sorted(findings)])
    return _counted(place, ledger, names, chapters)


def _findings(
    place: Checkout, plan: Plan, chapters: Sequence[Chapter], ledger: Ledger
) -> Iterator[Finding]:
    """What the prose, held against the chapters that ran, gets wrong."""
    notebooks = {name: Notebook(template) for name, template in plan.templates.items()}
    failed = set(plan.templates) - {chapter.name for chapter in chapters}
    known = Known(chapters, failed, ledger.sources, {*ledger.events, *ledger.claims})
    cited = citations(place, notebooks, chapters)
    yield from _typed(place, notebooks)
    yield from unknown(cited, known)
    # What a chapter that does not run would cite is not known.
    if not failed:
        yield from unprinted(cited, known, chapters, notebooks)


def _counted(
    place: Checkout, ledger: Ledger, names: Sequence[str], chapters: Sequence[Chapter]
) -> Checked:
    return Checked(
        {
            "observation": len(ledger.observations),
            "event": len(ledger.events),
            "claim": len(ledger.claims),
            "source": len(ledger.sources),
            "indicator": len(ledger.indicators),
            "edition": len(names),
            "number": sum(len(chapter.numbers) for chapter in chapters),
            "figure": sum(len(chapter.figures) for chapter in chapters),
            "notebook": len(chapters),
            "page": len(_pages(place)),
        }
    )


def _pages(place: Checkout) -> list[Path]:
    return sorted(place.book.glob("**/*.md"))


def _checked_plan(place: Checkout, names: Sequence[str], steps: Steps, today: date) -> Plan:
    """The plan of the newest edition, when every input of it and of the others can be used."""
    plan = make_plan(place, Request(edition=editions.newest(place)), steps, today)
    declared = plan.templates[CHAPTERS[0]].parameters
    for name in names[:-1]:
        editions.load(place, name, declared, today)
    return plan


def _run(place: Checkout, plan: Plan, steps: Steps) -> tuple[list[Chapter], list[Finding]]:
    """The chapters that run; figures without evidence, which stop theirs, become findings."""
    try:
        return run_chapters(place, plan, steps), []
    except (ChapterFailed, ChaptersFailed) as error:
        stopped = error.errors if isinstance(error, ChaptersFailed) else (error,)
        bare = [each for each in stopped if _is_bare(each)]
        if len(bare) < len(stopped):
            raise
        names = {each.chapter for each in bare if isinstance(each, ChapterFailed)}
    rest = {name: plan.templates[name] for name in plan.templates if name not in names}
    # These have been told already; they come from the store.
    chapters = run_chapters(place, replace(plan, templates=rest), Steps(StringIO()))
    return chapters, [_bare(each) for each in bare if isinstance(each, ChapterFailed)]


def _is_bare(error: BaseException | None) -> bool:
    return isinstance(error, ChapterFailed) and error.kind == NoEvidence.__name__


def _bare(error: ChapterFailed) -> Finding:
    file = f"notebooks/{error.chapter}.ipynb"
    what, _, todo = error.error.removeprefix(f"{error.kind}: {file}: ").partition(" — ")
    lines = error.source.split("\n")
    line = next((at for at, text in enumerate(lines, 1) if ".figure(" in text), 1)
    return Finding(file, error.cell or 0, line, what, todo)


def _typed(place: Checkout, notebooks: Mapping[str, Notebook]) -> Iterator[Finding]:
    for path in _pages(place):
        for line, found in typed_digits(path.read_text(encoding="utf-8")):
            yield _by_hand(place.shown(path), 0, line, found)
    for name, notebook in notebooks.items():
        file = f"notebooks/{name}.ipynb"
        for cell in notebook.markdown:
            for line, found in typed_digits(cell.source):
                yield _by_hand(file, cell.number, line, found)
        for cell, line, found in notebook.typed_digits():
            yield _by_hand(file, cell.number, line, found)


def _by_hand(file: str, cell: int, line: int, found: Typed) -> Finding:
    shown = " ".join(found.text.split())
    how = "a figure typed in words" if found.in_words else "typed by hand"
    todo = "name it with report.number and cite it with {num}"
    return Finding(file, cell, line, f'"{shown}" is {how}', todo)
