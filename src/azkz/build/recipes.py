"""What enters the results of chapters beside the ledger, and why one had to be made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from azkz.build import CHAPTERS
from azkz.build.authored import parsed
from azkz.build.edition import Edition
from azkz.build.environment import environment
from azkz.build.imports import files_of, imports
from azkz.build.memo import Recipe
from azkz.build.template import Template
from azkz.paths import Checkout

RUNS = ("azkz.build.chapter", "azkz.build.kernel")
"""Modules that run a chapter and write down what came of it."""

_SHOWN = 6


def recipes(
    place: Checkout, templates: Mapping[str, Template], edition: Edition
) -> dict[str, Recipe]:
    """By chapter: what enters it when it runs in an edition."""
    shared = {
        "parameters": dict(edition.parameters),
        "environment": environment(),
        "map": _map_hash(place.data),
    }
    return {name: _recipe(template, shared) for name, template in templates.items()}


def _recipe(template: Template, shared: Mapping[str, Any]) -> Recipe:
    own = {"notebook": template.sha256, "code": files_of([*RUNS, *_imported(template.content)])}
    return Recipe("chapter", {**shared, **own})


@lru_cache(maxsize=2 * len(CHAPTERS))
def _imported(notebook: bytes) -> tuple[str, ...]:
    cells = json.loads(notebook)["cells"]
    code = (parsed("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code")
    return tuple(name for tree in code if tree for name in imports(tree))


def _map_hash(data: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted((data / "geo").glob("*.geojson")):
        digest.update(f"{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def why(before: Mapping[str, Any], recipe: Recipe, rows: Mapping[str, str]) -> str:
    """What changed since a result was last made: ``before`` has its ``parts`` and ``rows``."""
    if not before:
        return "it has not run before"
    old, new = before["parts"], recipe.parts
    told = [
        *(["its notebook"] if old["notebook"] != new["notebook"] else []),
        *(f"parameter {name}" for name in _moved(old["parameters"], new["parameters"])),
        *(f"azkz/{name}" for name in _moved(old["code"], new["code"])),
        *(sorted(set(old["environment"]) ^ set(new["environment"]))),
        *(["data/geo"] if old["map"] != new["map"] else []),
        *_moved(before["rows"], rows),
    ]
    return f"changed: {_listed(told)}" if told else "its result was lost or damaged"


def remembered(recipe: Recipe, rows: Mapping[str, str]) -> dict[str, Any]:
    """What ``why`` compares with the next time."""
    return {"parts": json.loads(json.dumps(dict(recipe.parts))), "rows": dict(rows)}


def _moved(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return f"{', '.join(listed[:_SHOWN])}{more}"
