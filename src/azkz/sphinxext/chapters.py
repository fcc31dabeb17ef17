"""What the pages know of a chapter: heading, question, figures, as its notebook has them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_FINDINGS = re.compile(r"^```\{admonition\} Key findings\n(.+?)^```", re.DOTALL | re.MULTILINE)
_FINDING = re.compile(r"^1\. (.+)$", re.MULTILINE)
_QUESTION = re.compile(r"\{div\} question\n(.+?)\n(?:```|:::)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ChapterPage:
    """A chapter of the build, by the heading of its notebook.

    ``questions`` and ``findings`` are written for every day: which of them stand is to be asked.
    ``figures`` are the ids of the figures and tables that it draws.
    """

    name: str
    title: str
    questions: tuple[str, ...] = ()
    figures: frozenset[str] = frozenset()
    findings: tuple[str, ...] = ()


def read_chapter(stage: Path, name: str) -> ChapterPage:
    """The chapter ``name`` as its executed notebook below ``stage`` has it."""
    cells = json.loads((stage / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    prose = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    title, question = _TITLE.search(prose), _QUESTION.search(prose)
    findings = _FINDINGS.search(prose)
    return ChapterPage(
        name=name,
        title=title[1].strip() if title else name.capitalize(),
        questions=tuple(question[1].split("\n\n")) if question else (),
        findings=tuple(_FINDING.findall(findings[1])) if findings else (),
        figures=frozenset(
            str(record["id"])
            for cell in cells
            for output in cell.get("outputs", ())
            if (record := output.get("metadata", {}).get("azkz", {})).keys() >= {"id"}
        ),
    )
