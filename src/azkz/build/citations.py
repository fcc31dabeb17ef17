"""Holds what is cited against what the chapters name: unknown ids, and numbers never printed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azkz.build.authored import Notebook
from azkz.build.chapter import Chapter
from azkz.build.prose import CONDITIONS, Citation, citation, read
from azkz.errors import Fault
from azkz.paths import Checkout
from azkz.report.citing import unanswered
from azkz.report.text import MARKUP, VARIANTS


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A fault of the prose, in the order of files, cells and lines (0 where there is none)."""

    file: str
    cell: int
    line: int
    what: str
    todo: str

    def fault(self) -> Fault:
        """As messages print it."""
        if self.cell:
            where = f"{self.file}, cell {self.cell}" + f", line {self.line}" * bool(self.line)
            return Fault(where, None, "", self.what, self.todo)
        return Fault(self.file, self.line or None, "", self.what, self.todo)


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation and where it stands.

    ``printed`` if it stands in this edition for sure, which a string of the code need not;
    ``in_record`` if it was found in what a run handed over.
    """

    file: str
    cell: int
    citation: Citation
    printed: bool = True
    in_record: bool = False


class Known:
    """What can be cited: numbers, missing numbers with the reason, sources, events and claims."""

    def __init__(
        self,
        chapters: Sequence[Chapter],
        failed: Iterable[str],
        sources: Iterable[str],
        rows: Iterable[str] = (),
    ) -> None:
        self.numbers = {number["id"]: number for c in chapters for number in c.numbers}
        self.missing = {m["id"]: m["reason"] for c in chapters for m in c.missing}
        self.sources = frozenset(sources)
        self.rows = frozenset(rows)
        self.failed = frozenset(failed)

    def problem(self, cited: Cited) -> tuple[str, str] | None:
        """What is wrong with a citation, and what to do."""
        kind, key, variant = cited.citation.kind, cited.citation.key, cited.citation.variant
        if variant and variant not in VARIANTS:
            todo = f"write {', '.join(f':{name}' for name in VARIANTS)} or nothing behind the id"
            return f"number {key} has no variant {variant!r}", todo
        if kind in CONDITIONS:
            kind = "num" if "." in key else "row"
        known: Collection[str] = self.rows if kind == "row" else self.sources
        if kind == "num":
            known = self.numbers if cited.printed else {**self.numbers, **self.missing}
        if key in known or (kind == "num" and key.partition(".")[0] in self.failed):
            return None
        return unanswered(kind, key, known, self.missing)


def citations(
    place: Checkout, notebooks: Mapping[str, Notebook], chapters: Sequence[Chapter]
) -> list[Cited]:
    """What pages, Markdown cells, strings of the code and the records of a run cite."""
    found = [
        Cited(place.shown(path), 0, each)
        for path in sorted(place.book.glob("**/*.md"))
        for each in read(path.read_text(encoding="utf-8")).citations
    ]
    for notebook in notebooks.values():
        file = f"notebooks/{notebook.chapter}.ipynb"
        for cell in notebook.markdown:
            found += [Cited(file, cell.number, each) for each in read(cell.source).citations]
        found += [
            Cited(file, cell.number, each, printed=False) for cell, each in notebook.citations()
        ]
    for chapter in chapters:
        found += _of_records(chapter, notebooks[chapter.name])
    return found


def unknown(cited: Iterable[Cited], known: Known) -> Iterator[Finding]:
    """The citations that no record answers; a text and the record made from it are told once."""
    told = set()
    for each in sorted(cited, key=lambda one: one.in_record):
        problem = known.problem(each)
        if problem and not (each.in_record and (each.file, problem[0]) in told):
            told.add((each.file, problem[0]))
            yield Finding(each.file, each.cell, each.citation.line, *problem)


def unprinted(
    cited: Iterable[Cited],
    known: Known,
    chapters: Sequence[Chapter],
    notebooks: Mapping[str, Notebook],
) -> Iterator[Finding]:
    """The numbers that nothing cites and that no printed number is made from."""
    printed = {each.citation.key for each in cited if each.citation.kind == "num"}
    printed |= {key for c in chapters for verdict in c.verdicts for key in verdict["numbers"]}
    printed |= _made_from(printed, known.numbers)
    for key in sorted({*known.numbers, *known.missing} - printed):
        chapter, _, name = key.partition(".")
        cell, line = _place(notebooks[chapter], name)
        what = f"number {key} is printed nowhere"
        todo = "cite it with {num}, or name it no more"
        yield Finding(f"notebooks/{chapter}.ipynb", cell, line, what, todo)


def _made_from(printed: Iterable[str], numbers: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The numbers that enter the printed ones, directly or through others."""
    found: set[str] = set()
    waiting = [key for key in printed if key in numbers]
    while waiting:
        inputs = {key for key in numbers[waiting.pop()]["inputs"] if key in numbers} - found
        found |= inputs
        waiting += inputs
    return found


def _place(notebook: Notebook, name: str) -> tuple[int, int]:
    """Cell and line in which a number is named, or the table whose cell it is; else zeros.

    A number of a cell is named by its table, its row and its column.
    """
    while name:
        found = notebook.named(name)
        if found:
            return found
        name = name.rpartition("-")[0]
    return 0, 0


def _of_records(chapter: Chapter, notebook: Notebook) -> Iterator[Cited]:
    """What figures, tables and verdicts of a run cite; each is told at the line of its name."""
    file = f"notebooks/{chapter.name}.ipynb"
    for record in (*chapter.figures, *chapter.tables, *chapter.verdicts):
        name = str(record.get("id", record.get("claim"))).removeprefix(f"{chapter.name}.")
        cell, line = notebook.named(name) or (0, 0)
        for kind, target in _roles(record):
            yield Cited(file, cell, citation(line, kind, target), in_record=True)


def _roles(record: Any, under: str = "") -> Iterator[tuple[str, str]]:
    """Kind and target of all that a record cites: roles in its texts, numbers that it links to."""
    if isinstance(record, Mapping):
        for key, value in record.items():
            yield from _roles(value, key)
    elif isinstance(record, list):
        for value in record:
            yield from _roles(value, under)
    elif isinstance(record, str) and under == "number" and record:
        yield "num", record
    elif isinstance(record, str):
        yield from MARKUP.findall(record)
