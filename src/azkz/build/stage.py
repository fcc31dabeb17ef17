"""Lays out the Jupyter Book of one build: configuration, pages, executed chapters, records."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from azkz.build import CHAPTERS
from azkz.build.chapter import Chapter
from azkz.build.edition import Edition
from azkz.build.store import write_atomically
from azkz.errors import BadInput
from azkz.paths import NUMBERS, RECORDS, Checkout, numbers_page


def stage(
    place: Checkout,
    folder: Path,
    edition: Edition,
    chapters: Sequence[Chapter],
    facts: Mapping[str, Any],
    figures: Sequence[Mapping[str, Any]] | None = (),
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Write the book's root to ``folder``; files that are there already stay as they are.

    Chapters that were not built are taken out of the table of contents; each that was gets a page
    for its numbers. ``facts`` go to
    ``_azkz/build.json`` as they are, beside the edition's own. ``figures`` are drawn by the build
    itself (``azkz.report.figures.page_figure``), for the directive ``{azkz-figure}``; None where it
    draws none, because it holds a part of the report only. ``changes`` is the record of
    ``azkz.build.changes``.

    Raises
    ------
    BadInput
        Two figures have one id.
    """
    _refuse_twins([*(f for c in chapters for f in c.figures), *(figures or ())])
    built = [chapter.name for chapter in chapters]
    records = {
        "numbers.json": numbers(chapters, figures or ()),
        "figures.json": None if figures is None else list(figures),
        "changes.json": changes,
        "verdicts.json": [v for c in chapters for v in c.verdicts],
        "build.json": about(place, edition, built, facts),
    }
    _write(
        folder,
        {
            "_config.yml": (place.root / "_config.yml").read_bytes(),
            "_toc.yml": _yaml(contents(place, built)),
            **_pages(place.book),
            **{f"{numbers_page(name)}.md": _numbers_page(name).encode() for name in built},
            **{f"notebooks/{chapter.name}.ipynb": chapter.notebook for chapter in chapters},
            **{f"{RECORDS}/{name}": _for_programs(content) for name, content in records.items()},
        },
    )


def about(
    place: Checkout, edition: Edition, built: Sequence[str], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """What ``build.json`` says: the edition, the chapters ``built`` and those not, ``facts``."""
    return {
        "edition": edition.name,
        "title": edition.title,
        "as_of": edition.as_of.isoformat(),
        "data": str(place.data),
        "chapters": list(built),
        "others": [name for name in CHAPTERS if name not in built],
        **facts,
    }


def _pages(book: Path) -> dict[str, bytes]:
    """Every file of the book by its path in the stage; hidden ones are no part of it."""
    files = (path.relative_to(book) for path in sorted(book.rglob("*")) if path.is_file())
    return {
        f"book/{path.as_posix()}": (book / path).read_bytes()
        for path in files
        if not any(part.startswith(".") for part in path.parts)
    }


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Let ``folder`` hold these files and no others; one that is right keeps its time."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            with suppress(OSError):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            write_atomically(path, content)


def as_json(content: Any) -> bytes:
    """JSON as every file of the report has it: sorted keys, two spaces, a last line end."""
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()


def _for_programs(content: Any) -> bytes:
    """JSON that no reader sees, in one line: it is written five times as fast."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, allow_nan=False).encode()


def write_json(path: Path, content: Any) -> None:
    """Write ``content`` as JSON to ``path``: whole, or not at all."""
    write_atomically(path, as_json(content))


def _refuse_twins(figures: Sequence[Mapping[str, Any]]) -> None:
    counts = Counter(figure["id"] for figure in figures)
    twins = [key for key, count in counts.items() if count > 1]
    if twins:
        what, todo = f"two figures have the id {twins[0]}", "give one of them another name"
        raise BadInput(what, "the figures of the build", todo)


def numbers(chapters: Sequence[Chapter], figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What ``numbers.json`` says of chapters and of ``figures`` that the build draws."""
    found = sorted((n for c in chapters for n in c.numbers), key=lambda n: str(n["id"]))
    missing = sorted((m for c in chapters for m in c.missing), key=lambda m: m["id"])
    records = [record for c in chapters for record in (*c.figures, *c.tables)]
    records += map(dict, figures)
    drawn = sorted({row for record in records for row in record["observations"]})
    left_out = [{"chapter": c.name, **sentence} for c in chapters for sentence in c.left_out]
    return {"numbers": found, "missing": missing, "drawn": drawn, "left_out": left_out}


def _numbers_page(chapter: str) -> str:
    title = f"Numbers: {chapter.capitalize()}"
    return f"# {title}\n\n```{{azkz-numbers-of}} {chapter}\n```\n"


def contents(place: Checkout, built: Sequence[str]) -> dict[str, Any]:
    """The table of contents with the chapters ``built``, each with a page for its numbers."""
    found: dict[str, Any] = yaml.safe_load((place.root / "_toc.yml").read_text(encoding="utf-8"))
    for part in found.get("parts", ()):
        part["chapters"] = [
            entry
            for entry in part["chapters"]
            if not str(entry["file"]).startswith("notebooks/")
            or str(entry["file"]).removeprefix("notebooks/") in built
        ]
        for entry in part["chapters"]:
            if entry["file"] == NUMBERS:
                entry["sections"] = [{"file": numbers_page(name)} for name in built]
    found["parts"] = [part for part in found.get("parts", ()) if part["chapters"]]
    return found


def _yaml(content: Mapping[str, Any]) -> bytes:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True).encode()
