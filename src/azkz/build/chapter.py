"""Runs a chapter: (template, parameters, ledger as of the day, code) -> notebook bytes, records."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from azkz.build.edition import Parameters
from azkz.build.template import Template
from azkz.errors import ChapterFailed
from azkz.paths import INJECTED, Checkout


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter that has run.

    ``notebook`` are the executed notebook's bytes, ``asked`` its questions to the ledger, ``key``
    where the store has it, ``why`` the reason for which it ran now (empty if it was reused).
    """

    name: str
    notebook: bytes
    numbers: list[dict[str, Any]] = field(default_factory=list)
    missing: list[dict[str, str]] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    key: str = ""
    why: str = ""


def environment() -> dict[str, str]:
    """What a chapter's kernel is told; nothing else of the machine may matter to it.

    The backend must be set before pyplot is imported, else all figures are lost without an error.
    """
    return {
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "SOURCE_DATE_EPOCH": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def execute(
    place: Checkout, template: Template, parameters: Parameters, engine: str = "warm"
) -> bytes:
    """Run a template by papermill and return the normalised notebook.

    ``engine`` is one of ``azkz.build.engine.ENGINES``; the bytes are the same with each.

    Raises
    ------
    ChapterFailed
        A cell raised, or took too long, or the kernel died.
    """
    # papermill takes half a second to import; a build that finds all in the store does without.
    from azkz.build import kernel

    os.environ.update(environment())
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.ipynb", Path(folder) / "out.ipynb"
        source.write_bytes(template.content)
        return normalise(
            kernel.run(template.chapter, source, target, parameters, place.notebooks, engine)
        )


def normalise(notebook: nbformat.NotebookNode) -> bytes:
    """The executed notebook without what differs from run to run, code cells folded.

    Time stamps, random cell ids and the machine's kernel name go; the cell with the parameters is
    kept for who opens the notebook and hidden from the page.
    """
    notebook.metadata.pop("papermill", None)
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3", "language": "python", "name": "python3",
    }  # fmt: skip
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        tags = set(cell.metadata.get("tags", ()))
        if INJECTED in tags:
            cell.id = INJECTED
            tags.add("remove-cell")
        if cell.cell_type == "code" and not tags & {"remove-cell", "remove-input", "hide-cell"}:
            tags.add("hide-input")
        if tags:
            cell.metadata["tags"] = sorted(tags)
    content: str = nbformat.writes(notebook, version=4)
    return content.encode() + b"\n"


def read(name: str, notebook: bytes) -> Chapter:
    """What an executed notebook holds for the build.

    Raises
    ------
    ChapterFailed
        The chapter handed over no record, or two, or a cell shows something else.
    """
    records = _records(name, json.loads(notebook))
    kinds: dict[str, list[dict[str, Any]]] = {"figure": [], "table": [], "record": []}
    for record in records:
        kinds[record["kind"]].append(record)
    if len(kinds["record"]) != 1:
        raise ChapterFailed(
            name,
            None,
            "",
            f"handed over {len(kinds['record'])} records; the last cell calls report.finish()",
        )
    last = kinds["record"][0]
    return Chapter(
        name=name,
        notebook=notebook,
        numbers=last["numbers"],
        missing=last["missing"],
        left_out=last["left_out"],
        verdicts=last["verdicts"],
        asked=last["asked"],
        figures=kinds["figure"],
        tables=kinds["table"],
    )


def _records(name: str, notebook: dict[str, Any]) -> list[dict[str, Any]]:
    records = []
    # The template's own numbering: papermill's cell of parameters is not counted.
    own = [cell for cell in notebook["cells"] if cell["id"] != INJECTED]
    for number, cell in enumerate(own, 1):
        for output in cell.get("outputs", ()):
            record = output.get("metadata", {}).get("azkz")
            if record is None:
                raise ChapterFailed(name, number, "".join(cell["source"]), _stray(output))
            records.append(record)
    return records


def _stray(output: dict[str, Any]) -> str:
    """What a cell shows that is neither figure nor table: it would stand in the page as it is."""
    shown = output.get("text") or output.get("data", {}).get("text/plain", "")
    text = "".join(shown).strip().splitlines()
    said = f": {text[0][:120]}" if text else ""
    return f"a cell shows something that is no figure or table{said}"
