"""Checks what a book is put together from: configuration, contents and the pages they name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from azkz.build import CHAPTERS
from azkz.errors import Fault, Faults
from azkz.paths import Checkout

CONFIGURATION = "_config.yml"
CONTENTS = "_toc.yml"


def check_pages(place: Checkout) -> None:
    """Refuse a book whose configuration, contents or pages cannot be used.

    Raises
    ------
    Faults
        A file is missing, is no text or no YAML, or has not the form that the stage relies on.
    """
    faults = [*_configuration_faults(place), *_contents_faults(place), *_text_faults(place)]
    if faults:
        raise Faults(faults)


def _configuration_faults(place: Checkout) -> Iterator[Fault]:
    content, faults = _read(place, CONFIGURATION)
    yield from faults
    if not faults and (not isinstance(content, dict) or not content):
        what, todo = "holds no configuration", "restore the file, one `key: value` a line"
        yield Fault(CONFIGURATION, None, "", what, todo)


def _contents_faults(place: Checkout) -> Iterator[Fault]:
    content, faults = _read(place, CONTENTS)
    yield from faults
    if faults:
        return
    try:
        files = [entry["file"] for part in content["parts"] for entry in part["chapters"]]
        files = [str(content["root"]), *map(str, files)]
    except (KeyError, TypeError):
        what = "has not the form of a table of contents"
        todo = "write root, and parts that each hold chapters, each with its file"
        yield Fault(CONTENTS, None, "", what, todo)
        return
    for file in files:
        if not _exists(place, file):
            todo = "restore the page, or take it out of the contents"
            yield Fault(CONTENTS, None, "", f"names {file}, which is not there", todo)
    for chapter in CHAPTERS:
        if f"notebooks/{chapter}" not in files:
            yield Fault(CONTENTS, None, "", f"leaves out notebooks/{chapter}", "add it to a part")


def _exists(place: Checkout, file: str) -> bool:
    """Whether the contents' ``file`` is there, which may be named without its ending."""
    return any((place.root / f"{file}{ending}").is_file() for ending in (".md", ".ipynb", ""))


def _text_faults(place: Checkout) -> Iterator[Fault]:
    for path in sorted(place.book.glob("**/*.md")):
        content = path.read_bytes()
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            what = f"{content[error.start : error.end]!r} is not UTF-8 text"
            yield Fault(place.shown(path), line, "", what, "save the page in UTF-8")


def _read(place: Checkout, name: str) -> tuple[Any, list[Fault]]:
    path: Path = place.root / name
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")), []
    except FileNotFoundError:
        return None, [Fault(name, None, "", "the file is missing", "restore the file")]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        return None, [Fault(name, line, "", f"is no YAML: {error.problem}", "mend the line")]
    except (yaml.YAMLError, OSError, ValueError, RecursionError) as error:
        return None, [Fault(name, None, "", f"is no YAML: {error}", "restore the file")]
