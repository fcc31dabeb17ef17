"""Directives for the page of changes: the editions up to this one, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from docutils import nodes

from azkz.report.changes import (
    APPEARED,
    DISAPPEARED,
    RE_READ,
    REVISED,
    UNCHANGED,
    counted,
    made_otherwise,
)
from azkz.report.text import long_date, print_whole
from azkz.sphinxext.asking import EDITION, ask
from azkz.sphinxext.changes_tables import Tables
from azkz.sphinxext.figures import figure, page_figures
from azkz.sphinxext.numbers import number_reference
from azkz.sphinxext.pages import RecordsDirective
from azkz.sphinxext.records import laid_out
from azkz.sphinxext.sealed import seal
from azkz.sphinxext.tree import Content, grid, joined, paragraph, term, text

Record = Mapping[str, Any]

FILE = "changes.json"
"""The record of ``azkz.build.changes``."""

MEANINGS = {
    REVISED: "the figure or its wording is another, and evidence of after that day is behind it",
    RE_READ: "the rows behind it were known on that day, or its figure is the same from other rows",
    APPEARED: "not in that edition",
    DISAPPEARED: "in that edition, not in this one",
    UNCHANGED: "the same figure from the same rows",
}


class Editions(RecordsDirective):
    """``{azkz-editions}``: the editions with a file, from the first up to this one."""

    def question(self) -> tuple[str, str]:
        """The editions are no part of the records."""
        return EDITION, ""

    def fill(self) -> list[nodes.Node]:
        """A list of terms: name, and the day up to which it knows the evidence."""
        record = laid_out(self.env, FILE) or {"editions": []}
        items = [self._edition(edition) for edition in record["editions"]]
        return [nodes.definition_list("", *items, classes=["editions"])] if items else []

    def _edition(self, edition: Record) -> nodes.definition_list_item:
        own = " It is this edition." if edition["own"] else ""
        known = f"The report as known on {_day(edition)}.{own}"
        return term([text(edition["edition"])], paragraph(text(known)))


class Changes(RecordsDirective):
    """``{azkz-changes}``: what changed since the edition before this one, and since the first."""

    def question(self) -> tuple[str, str]:
        """What the comparison names is asked for one by one."""
        return EDITION, ""

    def fill(self) -> list[nodes.Node]:
        """A section for each edition that this one is compared with."""
        record = laid_out(self.env, FILE)
        if not record or not record["whole"]:
            return [paragraph(text("This build is not a whole edition and is compared with none."))]
        if not record["steps"]:
            first = "This is the first edition: there is none before it to compare it with."
            return [paragraph(text(first))]
        return [self._step(step) for step in record["steps"]]

    def _step(self, step: Record) -> nodes.section:
        old = step["old"]
        name = old["edition"]
        lead = (
            f"Edition {name} knows the evidence as of {_day(old)} and prints "
            f"{print_whole(old['numbers'])} numbers; this one prints "
            f"{print_whole(step['new']['numbers'])}."
        )
        parts: list[nodes.Node] = [paragraph(text(lead)), _counts(step)]
        if otherwise := made_otherwise(step):
            parts.append(paragraph(text(otherwise)))
        parts += self._figure(step["figure"])
        parts += self._sections(step, Tables(self.env, step))
        return self.section(f"Since edition {name}", f"since-{name}", *parts)

    def _figure(self, key: str) -> list[nodes.Node]:
        record = (page_figures(self.env) or {}).get(key)
        if not record:
            return []
        line = self.get_source_info()[1]
        return [figure(self.env, self.state.document, record, record["svg"], line)]

    def _sections(self, step: Record, tables: Tables) -> Iterator[nodes.section]:
        """Those of which there are any, in the order in which a reader asks."""
        numbers, verdicts = step["numbers"], step["verdicts"]
        given = [verdicts[name] for name in ("changed", APPEARED, DISAPPEARED)]
        parts: list[tuple[str, bool, Iterable[nodes.Node]]] = [
            ("Revised", numbers[REVISED], [tables.changes(numbers[REVISED])]),
            ("Read anew", numbers[RE_READ], [tables.changes(numbers[RE_READ])]),
            ("Other figures since", step["restated"], [tables.restated(step["restated"])]),
            ("Verdicts", any(given), [tables.verdicts(verdicts)]),
            ("Disappeared", numbers[DISAPPEARED], [tables.gone(numbers[DISAPPEARED])]),
            ("Appeared", numbers[APPEARED], self._listed(numbers[APPEARED])),
            ("Unchanged", numbers[UNCHANGED], self._listed(numbers[UNCHANGED])),
        ]
        for title, there_are, content in parts:
            if there_are:
                anchor = f"{title.removesuffix(' since')}-since-{step['old']['edition']}"
                section = self.section(title, anchor, *content)
                if title in ("Appeared", "Unchanged"):
                    section["classes"].append("html-only")
                yield section

    def _listed(self, numbers: Sequence[Record]) -> list[nodes.Node]:
        """A paragraph for each chapter: the ids of its numbers, each leading to its row."""
        found: list[nodes.Node] = []
        for chapter in self.book.chapters:
            own = [number["id"] for number in numbers if number["chapter"] == chapter]
            if own:
                title = nodes.strong("", f"{self.chapter_title(chapter)}: ")
                found.append(seal(paragraph(title, *self._ids(own), classes=["compact"])))
        return found

    def _ids(self, keys: Iterable[str]) -> Content:
        page, env = self.env.docname, self.env
        numbers = [ask(env, "num", key).numbers[key] for key in keys]
        return joined(([number_reference(number, page, number.id)] for number in numbers), ", ")


def _counts(step: Record) -> nodes.table:
    rows: list[list[Content]] = [
        [[text(name.capitalize())], [text(MEANINGS[name])], [text(print_whole(count))]]
        for name, count in counted(step)
    ]
    head = [[text(name)] for name in ("Numbers", "What it means", "How many")]
    return grid(head, rows, right=[2], classes=["change-counts"])


def _day(edition: Record) -> str:
    return long_date(date.fromisoformat(edition["as_of"]))
