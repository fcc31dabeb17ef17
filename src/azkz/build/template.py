"""Chapter templates: notebooks with a parameters cell and without outputs."""

from __future__ import annotations

import ast
import hashlib
import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from azkz.build import CHAPTERS
from azkz.build.expressions import parse
from azkz.errors import BadInput
from azkz.paths import Checkout

REQUIRED = ("edition", "title", "as_of", "first_year", "last_year", "base_year")


@dataclass(frozen=True, slots=True)
class Template:
    """A chapter as it stands in the checkout. ``parameters`` are the defaults that it declares."""

    chapter: str
    path: Path
    content: bytes
    parameters: dict[str, Any]

    @property
    def sha256(self) -> str:
        """Hash of the file."""
        return hashlib.sha256(self.content).hexdigest()


def load_all(place: Checkout, chapters: Sequence[str] = CHAPTERS) -> dict[str, Template]:
    """Every chapter's template; all of them declare the same parameters with the same types.

    Raises
    ------
    BadInput
        A file is missing or no notebook, has no parameters cell, or declares other parameters.
    """
    loaded = {chapter: load(place, chapter) for chapter in CHAPTERS}
    first = loaded[CHAPTERS[0]]
    for template in loaded.values():
        if _types(template) != _types(first):
            odd = sorted(set(_types(template)) ^ set(_types(first)))
            raise BadInput(
                f"its parameters differ from those of {first.chapter}: "
                f"{', '.join(name for name, _ in odd)}",
                place.shown(template.path),
                "declare the same names with the same types in every chapter",
            )
    return {chapter: loaded[chapter] for chapter in chapters}


def load(place: Checkout, chapter: str) -> Template:
    """One chapter's template."""
    path = place.notebooks / f"{chapter}.ipynb"
    shown = place.shown(path)
    try:
        content = path.read_bytes()
        with warnings.catch_warnings(action="ignore"):
            wrong: dict[str, Exception] = {}
            text = content.decode("utf-8")
            notebook = nbformat.reads(text, as_version=4, capture_validation_error=wrong)
            for error in wrong.values():
                raise error
    except OSError as error:
        raise BadInput("cannot be read", shown, "restore the chapter's notebook") from error
    except (ValueError, nbformat.ValidationError, AttributeError) as error:
        raise BadInput(f"is no notebook: {error}", shown, "restore it or save it again") from error
    _check_ids(content, shown)
    return Template(chapter, path, content, _declared(notebook, shown))


def _check_ids(content: bytes, shown: str) -> None:
    """Each cell has an id of its own: Jupyter would make one up, another in every build."""
    seen: set[str] = set()
    for number, cell in enumerate(json.loads(content)["cells"], 1):
        name = cell.get("id")
        if name is None or name in seen:
            what = f"has the id {name!r} of another cell" if name else "has no id"
            raise BadInput(
                f"cell {number} {what}", shown, "give it an id that no other cell of the file has"
            )
        seen.add(name)


def _declared(notebook: Any, shown: str) -> dict[str, Any]:
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    if len(cells) != 1 or cells[0].cell_type != "code":
        found = "has no parameters cell" if not cells else f"has {len(cells)} parameters cells"
        raise BadInput(found, shown, "tag the one code cell that declares them with `parameters`")
    declared = _assigned(cells[0].source, shown)
    missing = [name for name in REQUIRED if name not in declared]
    if missing:
        raise BadInput(
            f"its parameters cell does not declare {', '.join(missing)}", shown, "add them"
        )
    return declared


def _assigned(source: str, shown: str) -> dict[str, Any]:
    try:
        body = parse(source).body
    except SyntaxError as error:
        raise BadInput(f"its parameters cell is no Python: {error}", shown, "mend it") from error
    values = {}
    for line in body:
        if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name):
            raise BadInput(
                f"its parameters cell holds `{ast.unparse(line)}`",
                shown,
                "only lines such as `base_year: int = 2020` stand there",
            )
        if line.target.id in values:
            raise BadInput(
                f"its parameters cell declares {line.target.id} twice", shown, "keep one of them"
            )
        values[line.target.id] = _literal(line, shown)
    return values


def _literal(line: ast.AnnAssign, shown: str) -> Any:
    try:
        value = ast.literal_eval(line.value) if line.value else None
    except ValueError:
        value = None
    if type(value).__name__ != ast.unparse(line.annotation):
        raise BadInput(
            f"`{ast.unparse(line)}` has no value of its type", shown, "give a literal default"
        )
    return value


def _types(template: Template) -> set[tuple[str, str]]:
    return {(name, type(value).__name__) for name, value in template.parameters.items()}
