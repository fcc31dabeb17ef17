"""What was measured, against the bounds: medians, ratios, and the tables that tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Rounds = Sequence[Mapping[str, Mapping[str, float]]]
"""Of each round the scenarios with their seconds ``wall``, ``cpu`` or both."""

NAMES = {
    "stock-chapters": "stock: papermill, chapter after chapter",
    "stock-pages": "stock: jupyter-book build",
    "stock": "stock: both",
    "cold-html": "azkz build --only html, cold",
    "cold-pdf": "azkz build, cold: HTML and PDF",
    "no-change": "azkz build --only html, nothing changed",
    "template": "azkz build --only html, one template changed",
    "row": "azkz build --only html, one row changed",
    "sweep-12": "azkz sweep of 12 months",
    "sweep-24": "azkz sweep of 24 months",
    "help": "azkz --help",
    "serve-page": "azkz serve: a page saved, until it is shown",
    "serve-code": "azkz serve: a code cell saved, until text and numbers are shown",
    "serve-row": "azkz serve: a CSV saved, until text and numbers are shown",
    "execution": "all chapters in warm kernels, side by side",
    "cells": "the cells by themselves",
}
"""What each scenario is, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A bound that the report sets itself; ``value`` may be at most ``bound``, in ``unit``."""

    name: str
    value: float
    bound: float
    unit: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is kept."""
        return self.value <= self.bound


def medians(rounds: Rounds) -> dict[str, dict[str, float]]:
    """The median of each scenario's seconds."""
    return {
        name: {kind: median(each[name][kind] for each in rounds) for kind in rounds[0][name]}
        for name in rounds[0]
    }


def floor(rounds: Rounds, cores: int) -> float:
    """Seconds that the cells take at least where they share all cores evenly."""
    return medians(rounds)["cells"]["cpu"] / cores


def claims(rounds: Rounds, once: Mapping[str, float], cores: int) -> list[Claim]:
    """Every bound with what was measured.

    ``once`` has bytes: ``peak`` of memory, ``store-10`` of the store after ten editions.
    """
    wall = {name: each["wall"] for name, each in medians(rounds).items() if "wall" in each}
    pdf = median(each["cold-pdf"]["wall"] - each["cold-html"]["wall"] for each in rounds)
    stock, execution = wall["stock"], wall["execution"]
    return [
        Claim("cold HTML / stock", wall["cold-html"] / stock, 1 / 4),
        Claim("no change / stock", wall["no-change"] / stock, 1 / 15),
        Claim("no change", wall["no-change"], 0.7, "s"),
        Claim("one row changed / stock", wall["row"] / stock, 1 / 6),
        Claim("PDF adds", pdf, 1.5, "s"),
        Claim("execution / cells on all cores", execution / floor(rounds, cores), 1.5),
        Claim(
            "sweep: one day / execution of one edition", wall["sweep-24"] / 24 / execution, 1 / 3
        ),
        Claim("sweep: 24 months / 12 months", wall["sweep-24"] / wall["sweep-12"], 2.2),
        Claim("peak memory of a cold build", once["peak"] / 1e9, 1.5, "GB"),
        Claim("store of ten editions", once["store-10"] / 1e6, 200, "MB"),
        Claim("help", wall["help"], 0.2, "s"),
        Claim("a saved page is shown", wall["serve-page"], 2, "s"),
        Claim("a saved code cell is shown", wall["serve-code"], 2, "s"),
        Claim("a saved row is shown", wall["serve-row"], 2, "s"),
    ]


def report(result: Mapping[str, Any]) -> str:
    """Both tables as Markdown, and what they were measured on."""
    rounds, cores = result["rounds"], result["machine"]["cores"]
    times = [
        _line(NAMES[name], *(_seconds(rounds, name, kind) for kind in ("wall", "cpu")))
        for name in NAMES
    ]
    found = [
        _line(
            each.name,
            f"{each.value:.3g} {each.unit}",
            f"{each.bound:.3g} {each.unit}",
            "yes" if each.holds else "**no**",
        )
        for each in claims(rounds, result["once"], cores)
    ]
    return "\n".join([
        _machine(result), "",
        _line("what", "wall, s", "CPU, s"), _line("---", "---:", "---:"), *times, "",
        _line("bound", "measured", "at most", "holds"),
        _line("---", "---:", "---:", "---"), *found,
    ])  # fmt: skip


def _machine(result: Mapping[str, Any]) -> str:
    machine, count = result["machine"], len(result["rounds"])
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return (
        f"{machine['cpu']}, {machine['cores']} cores, Python {machine['python']}; commit "
        f"{result['commit']}; median (smallest–largest) of {count} round{'s' * (count != 1)}. "
        f"{packages}."
    )


def _seconds(rounds: Rounds, name: str, kind: str) -> str:
    found = [each[name][kind] for each in rounds if kind in each[name]]
    if not found:
        return ""
    return f"{median(found):.2f} ({min(found):.2f}–{max(found):.2f})"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cell.strip() for cell in cells)} |"
