"""Lists of the book that are written apart from its pages, each into a file of its own.

The annexes of numbers and sources follow from the records of a build alone, so that they can be
written, and set, before any page has been read (``azkz.sphinxext.printed``). A page of which the
list is apart is printed by its opening, which Sphinx reads, and the file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from azkz.typst import markup
from azkz.typst.press import TEMPLATE

NAME = "apart.json"
FUNCTION = "annex"
"""What each file defines: a function that sets its list below an opening."""

Place = tuple[str, str]


@dataclass(frozen=True)
class Apart:
    """``files`` are those with the lists, by page. All anchors that links could want are in them.

    ``attached`` are further files, which the PDF has attached. ``places`` says where links to
    places of another page lead: such a page has no list in print, and opens the next one.
    ``digest`` is that of what the files are made from.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    attached: tuple[str, ...] = ()
    places: Mapping[Place, Place] = field(default_factory=dict)
    digest: str = ""

    @cached_property
    def joined(self) -> frozenset[str]:
        """The pages that have no list in print."""
        return frozenset(page for page, _ in self.places)

    def label(self, place: Place) -> str:
        """The label of a place in one of the files; empty if it is not in them."""
        page, anchor = self.places.get(place, place)
        return f"{page}#{anchor}" if anchor and page in self.files else ""


def write(folder: Path, apart: Apart, contents: Mapping[str, str]) -> None:
    """Write the ``contents`` of all files, by name, and then what they are."""
    for name, content in contents.items():
        _write(folder / name, content)
    told = {
        "files": dict(apart.files),
        "attached": list(apart.attached),
        "places": [[*place, *goal] for place, goal in apart.places.items()],
        "digest": apart.digest,
    }
    _write(folder / NAME, json.dumps(told))


def _write(path: Path, content: str) -> None:
    """Write it whole: two processes may write the same at once."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_text(content, encoding="utf-8")
    part.replace(path)


def read(folder: Path) -> Apart:
    """What is apart in ``folder``; nothing where nothing was written."""
    path = folder / NAME
    if not path.is_file():
        return Apart()
    told = json.loads(path.read_text(encoding="utf-8"))
    places = {(page, anchor): (to, at) for page, anchor, to, at in told["places"]}
    return Apart(told["files"], tuple(told["attached"]), places, told["digest"])


def forget(folder: Path) -> None:
    """Let nothing that is in ``folder`` be used again: other code may have written it."""
    (folder / NAME).unlink(missing_ok=True)


def source(head: str, body: str, before: str = "") -> str:
    """The file of a list: ``head`` is the running head of its pages, ``body`` what it holds.

    ``before`` is code that comes first.
    """
    page = f"set page(header: {head})\n{before}"
    shown = markup.apply("annex-page", "opening", markup.content(body))
    return f'#import "{TEMPLATE.name}": *\n#let {FUNCTION}(opening) = {{\n{page}\n{shown}\n}}\n'


def attachment(name: str, about: str) -> str:
    """A table of comma-separated values that the PDF carries as a file, in Typst's code."""
    told = {"relationship": "data", "mime_type": "text/csv", "description": about}
    return markup.apply(
        "pdf.attach", markup.string(name), **{key: markup.string(v) for key, v in told.items()}
    )


def below(opening: str, file: str) -> str:
    """The list of ``file`` below an ``opening``, in the book."""
    imported = f"#import {markup.string(file)}: {FUNCTION}"
    return f"#[\n{imported}\n{markup.call(FUNCTION, markup.content(opening))}\n]\n"


def proof(apart: Apart, kinds: Mapping[str, str]) -> str:
    """The book as far as it is there, in Typst: a blank leaf for each page that has no list yet.

    ``kinds`` are those of all pages in their order. Typst knows again what it has set once where it
    stands as far from the beginning, counted in pages of the report.
    """
    made = ""
    for page, kind in kinds.items():
        if file := apart.files.get(page):
            made += below("", file)
        elif page not in apart.joined:
            opening = markup.block("open-page", markup.string(kind))
            made += f"#[\n#set page(header: none)\n{opening}~\n]\n"
    return made


def pictures(files: Iterable[str]) -> str:
    """Pictures by themselves, in Typst: it knows each again wherever it stands."""
    return "".join(markup.block("image", markup.string(file)) for file in files)
