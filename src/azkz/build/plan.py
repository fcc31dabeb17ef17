"""What is to be built: a request, and the plan that its checked inputs make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from azkz.build import CHAPTERS
from azkz.build import edition as editions
from azkz.build import template as templates_
from azkz.build.edition import Edition, described
from azkz.build.files import files_below
from azkz.build.memo import Recipe
from azkz.build.pages import check_pages
from azkz.build.progress import Steps
from azkz.build.recipes import recipes
from azkz.build.request import PARTS, Request
from azkz.build.template import Template
from azkz.errors import Fault, Faults
from azkz.ledger.package import check
from azkz.ledger.read import ledger_hash
from azkz.paths import Checkout


@dataclass(frozen=True, slots=True)
class Plan:
    """A request whose every input was found sound."""

    request: Request
    edition: Edition
    newest: bool
    templates: Mapping[str, Template]
    ledger_sha256: str
    recipes: Mapping[str, Recipe] = field(default_factory=dict)

    @property
    def longest_first(self) -> list[Template]:
        """The chapters in an order in which none is left to run alone at the end."""
        return sorted(self.templates.values(), key=lambda each: -len(each.content))

    @property
    def complete(self) -> bool:
        """Whether it is the edition itself: all chapters and parts, its own parameters."""
        request = self.request
        whole = set(request.chapters) == set(CHAPTERS) and set(request.parts) == set(PARTS)
        return whole and not self.edition.changed and not self.edition.unnamed

    @property
    def folder_name(self) -> str:
        """The name of its folder below ``_build``."""
        if self.complete:
            return self.edition.name
        changed = [f"{name}={self.edition.parameters[name]}" for name in self.edition.changed]
        some = set(self.request.chapters) != set(CHAPTERS)
        return "+".join([self.edition.name, *changed, *(self.request.chapters if some else ())])


def make_plan(place: Checkout, request: Request, steps: Steps, today: date) -> Plan:
    """Check every input before anything runs.

    Raises
    ------
    BadInput
        Anything wrong with what was asked for, the ledger, an edition or a notebook.
    """
    with steps.step("check") as step:
        plan = plan_unchecked(place, request, today)
        if found := faults(place.data):
            raise Faults(found)
        step.outcome = described(plan.edition)
    return plan


def plan_unchecked(place: Checkout, request: Request, today: date) -> Plan:
    """The plan, of which all but the ledger is checked: that takes longest.

    Raises
    ------
    BadInput
        Anything wrong with what was asked for, an edition or a notebook.
    """
    templates = templates_.load_all(place)
    declared = templates[CHAPTERS[0]].parameters
    edition = editions.load(place, request.edition, declared, today, request.as_of)
    edition = editions.override(edition, request.parameters, declared, today)
    check_pages(place)
    asked = {name: templates[name] for name in CHAPTERS if name in request.chapters}
    return Plan(
        request=request,
        edition=edition,
        newest=edition.name == editions.newest(place),
        templates=asked,
        ledger_sha256=ledger_hash(place.data),
        recipes=recipes(place, asked, edition),
    )


def faults(folder: Path) -> tuple[Fault, ...]:
    """What is wrong with the ledger in ``folder``."""
    return _faults(folder, _stamps(folder))


def _stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    found = ((path, path.stat()) for path in files_below(folder))
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


@lru_cache(maxsize=1)
def _faults(folder: Path, _stamps: tuple[tuple[str, int, int], ...]) -> tuple[Fault, ...]:
    """What is wrong with the ledger; a preview asks again and again while no file has changed."""
    return tuple(check(folder))
