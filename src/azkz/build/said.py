"""What an edition says, for comparing: from its release, or evaluated from the checkout."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date
from pathlib import Path
from typing import Any

from azkz.build import CHAPTERS
from azkz.build import edition as editions
from azkz.build import template as templates_
from azkz.build.chapter import Chapter, read
from azkz.build.edition import Edition
from azkz.build.evaluate import SAID
from azkz.build.manifest import manifest
from azkz.build.memo import Memo, Recipe
from azkz.build.recipes import recipes
from azkz.build.store import Store
from azkz.build.template import Template
from azkz.build.workers import evaluate_all
from azkz.errors import BadInput
from azkz.ledger.opened import opened
from azkz.paths import Checkout
from azkz.report.said import Said

_FIELDS = frozenset(
    (
        *("id", "chapter", "label", "kind", "value", "unit", "decimals", "text", "formula"),
        *("observations", "alternatives", "known_from"),
    )
)
"""What a comparison reads of a number."""
_OWN = ("edition", "title", "as_of", "last_year")
"""Parameters in which editions differ by what they are."""


def said_by(place: Checkout, names: Sequence[str], pool: Executor) -> list[Said]:
    """What editions say: as they were released, the others as the checkout has them.

    The chapters of those that are not released are read from the store, if they have run, or else
    evaluated in ``pool``.

    Raises
    ------
    BadInput
        No such edition, or its release cannot be read.
    ChapterFailed
        An edition is not released and a chapter failed.
    """
    templates = templates_.load_all(place)
    declared = templates[CHAPTERS[0]].parameters
    loaded = [editions.load(place, name, declared, date.max) for name in names]
    return [
        _released(place, edition)
        if _is_released(place, edition)
        else of_chapters(edition, _chapters(place, edition, templates, pool), templates)
        for edition in loaded
    ]


def _chapters(
    place: Checkout, edition: Edition, templates: Mapping[str, Template], pool: Executor
) -> list[Chapter]:
    memo = Memo(Store(place.build / "store"), opened(place.data))
    known = recipes(place, templates, edition)
    kept = {name: _kept(memo, name, known[name]) for name in templates}
    lacking = {name: template for name, template in templates.items() if kept[name] is None}
    for chapter in evaluate_all(pool, lacking, edition.parameters, place.data):
        content = {part: getattr(chapter, part) for part in SAID}
        recipe = _evaluated(known[chapter.name])
        memo.put(recipe, chapter.asked, json.dumps(content, sort_keys=True).encode())
        kept[chapter.name] = chapter
    return [chapter for chapter in kept.values() if chapter is not None]


def _kept(memo: Memo, name: str, recipe: Recipe) -> Chapter | None:
    """A chapter that has run, or what was evaluated of it; None where there is neither."""
    if run := memo.get(recipe):
        return read(name, run.content)
    said = memo.get(_evaluated(recipe))
    return Chapter(name, b"", **json.loads(said.content)) if said else None


def _evaluated(recipe: Recipe) -> Recipe:
    return recipe.to_make("said", "azkz.build.evaluate")


def of_chapters(
    edition: Edition, chapters: Iterable[Chapter], templates: Mapping[str, Template]
) -> Said:
    """What chapters that have run say, made with this package."""
    made = list(chapters)
    return Said(
        edition=edition.name,
        as_of=edition.as_of,
        numbers={number["id"]: number for chapter in made for number in chapter.numbers},
        verdicts={verdict["claim"]: verdict for chapter in made for verdict in chapter.verdicts},
        made_with=_made_with(manifest(edition, "", templates, {}, {})),
        released=False,
    )


def _folder(place: Checkout, edition: Edition) -> Path:
    return place.releases / edition.name


def _is_released(place: Checkout, edition: Edition) -> bool:
    folder = _folder(place, edition)
    return any((folder / name).is_file() for name in ("numbers.json", "manifest.json"))


def _released(place: Checkout, edition: Edition) -> Said:
    folder = _folder(place, edition)
    content = _read(place, folder / "numbers.json")
    about = _read(place, folder / "manifest.json")
    try:
        found = Said(
            edition=content["edition"],
            as_of=date.fromisoformat(content["as_of"]),
            numbers={number["id"]: _whole(number) for number in content["numbers"]},
            verdicts={verdict["claim"]: verdict for verdict in content["verdicts"]},
            made_with=_made_with(about),
            released=True,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"has not the form of a release: {type(error).__name__} {error}"
        raise _damaged(what, place.shown(folder)) from error
    if (found.edition, found.as_of) != (edition.name, edition.as_of):
        what = f"is edition {found.edition} of {found.as_of}, not {edition.name} of {edition.as_of}"
        raise _damaged(what, place.shown(folder))
    return found


def _whole(number: dict[str, Any]) -> dict[str, Any]:
    if missing := _FIELDS - number.keys():
        raise ValueError(f"{number['id']} has no {', '.join(sorted(missing))}")
    return number


def _read(place: Checkout, path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(f"cannot be read: {error}", place.shown(path)) from error
    if not isinstance(content, dict):
        raise _damaged("has not the form of a release", place.shown(path))
    return content


def _damaged(what: str, where: str) -> BadInput:
    return BadInput(what, where, "restore the file from version control; releases never change")


def _made_with(about: Mapping[str, Any]) -> dict[str, str]:
    """From a manifest: code, notebooks, packages and parameters, each by its name."""
    versions = about["versions"]
    return {
        "code": about["code_sha256"],
        "package azkz": versions["azkz"],
        "Python": versions["python"],
        **{f"package {name}": str(of) for name, of in versions["packages"].items()},
        **{f"notebook {name}": str(digest) for name, digest in about["templates"].items()},
        **{
            f"parameter {name}": str(value)
            for name, value in about["parameters"].items()
            if name not in _OWN
        },
    }
