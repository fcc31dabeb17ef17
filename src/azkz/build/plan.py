"""What is to be built: a request, and the plan that its checked inputs make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from azkz.build import CHAPTERS
from azkz.build import edition as editions
from azkz.build import template as templates_
from azkz.build.edition import Edition
from azkz.build.manifest import code_hash, environment_hash
from azkz.build.pages import check_pages
from azkz.build.progress import Steps
from azkz.build.store import key_of
from azkz.build.template import Template
from azkz.errors import Faults
from azkz.ledger.package import check
from azkz.ledger.read import ledger_hash
from azkz.paths import Checkout

PARTS = ("html", "pdf")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for. ``parameters`` are name and text, as the command line gives them.

    ``as_of`` asks for the unnamed edition of that day, with the parameters of ``edition``;
    ``engine`` is one of ``azkz.build.engine.ENGINES``. ``cluster`` is the address of a Dask cluster
    to work on (``azkz.build.cluster``), in whose place ``jobs`` says nothing.
    """

    edition: str
    chapters: tuple[str, ...] = CHAPTERS
    parts: tuple[str, ...] = PARTS
    parameters: tuple[tuple[str, str], ...] = ()
    jobs: int = 2
    as_of: str = ""
    engine: str = "warm"
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A request whose every input was found sound."""

    request: Request
    edition: Edition
    newest: bool
    templates: Mapping[str, Template]
    ledger_sha256: str
    keys: Mapping[str, str] = field(default_factory=dict)

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


def described(edition: Edition) -> str:
    """An edition by its name and day; an unnamed one by its day alone."""
    name = "no edition" if edition.unnamed else f"edition {edition.name}"
    return f"{name}, as known on {edition.as_of}"


def make_plan(place: Checkout, request: Request, steps: Steps, today: date) -> Plan:
    """Check every input before anything runs."""
    with steps.step("check") as step:
        templates = templates_.load_all(place)
        declared = templates[CHAPTERS[0]].parameters
        edition = editions.load(place, request.edition, declared, today, request.as_of)
        edition = editions.override(edition, request.parameters, declared, today)
        check_pages(place)
        faults = check(place.data)
        if faults:
            raise Faults(faults)
        step.outcome = described(edition)
    ledger = ledger_hash(place.data)
    asked = {name: templates[name] for name in CHAPTERS if name in request.chapters}
    return Plan(
        request=request,
        edition=edition,
        newest=edition.name == editions.newest(place),
        templates=asked,
        ledger_sha256=ledger,
        keys=chapter_keys(asked, edition, ledger),
    )


def chapter_keys(
    templates: Mapping[str, Template], edition: Edition, ledger_sha256: str
) -> dict[str, str]:
    """The key of each chapter in the store: all that its result is determined by."""
    parameters = repr(sorted(edition.parameters.items()))
    shared = (ledger_sha256, code_hash(), environment_hash(), parameters)
    return {name: key_of(template.sha256, *shared) for name, template in templates.items()}
