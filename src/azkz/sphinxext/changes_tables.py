"""The tables of the page of changes: what each number was and is, and which evidence made it so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from docutils import nodes

from azkz.report.text import FIXED, long_date
from azkz.sphinxext.asking import ask
from azkz.sphinxext.domain import cross_reference
from azkz.sphinxext.long_table import long_grid, long_table
from azkz.sphinxext.numbers import number_reference, parse, row_reference
from azkz.sphinxext.tree import Content, joined, text

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

Record = Mapping[str, Any]

NEW = "new: "
NAMED = 2
"""As many rows as are named for a change; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one comparison, for a page of the newer edition."""

    env: BuildEnvironment
    step: Record

    def changes(self, numbers: Sequence[Record]) -> long_table:
        """Number, old value, new value, difference, why."""
        rows = [
            [
                _name(change),
                [text(_narrow(change["old"]["text"]))],
                [self._number(change["id"])],
                [text(_narrow(_gap(change)))],
                self._why(change),
            ]
            for change in numbers
        ]
        old = self.step["old"]["edition"]
        head = ("Number", f"In {old}", "Now", "Difference", "Why")
        return self._table(head, rows, "changes-table", brief=True)

    def restated(self, numbers: Sequence[Record]) -> long_table:
        """Number, the figure that it prints as stated, what has been given since."""
        rows = [
            [
                _name(number),
                [self._number(number["id"])],
                joined(map(self._later, number["later"]), "; "),
            ]
            for number in numbers
        ]
        return self._table(
            ("Number", "As stated", "Given since"), rows, "restated-table", brief=True
        )

    def verdicts(self, verdicts: Record) -> long_table:
        """Statement, the older verdict with its reasons, the newer one with its."""
        rows = [
            [self._claim(each), _verdict(each["old"]), self._verdict_now(each, each["new"])]
            for each in verdicts["changed"]
        ]
        none: Content = []
        rows += [
            [self._claim(each), none, self._verdict_now(each, each)]
            for each in verdicts["appeared"]
        ]
        rows += [[self._claim(each), _verdict(each), none] for each in verdicts["disappeared"]]
        head = ("The article says", f"In {self.step['old']['edition']}", "Now")
        return self._table(head, rows, "verdicts-table")

    def gone(self, numbers: Sequence[Record]) -> long_table:
        """Number and what it was; nothing of this edition to lead to."""
        rows: list[Sequence[Content]] = [[_name(each), [text(each["text"])]] for each in numbers]
        head = ("Number", f"In {self.step['old']['edition']}")
        return self._table(head, rows, "gone-table", brief=True)

    def _table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[Content]],
        kind: str,
        *,
        brief: bool = False,
    ) -> long_table:
        cells = [[text(name)] for name in head]
        return long_grid(cells, rows, classes=["annex", kind], brief=brief)

    def _number(self, key: str) -> nodes.Node:
        """A number of this edition as it prints it, linked."""
        number = ask(self.env, "num", key).numbers[key]
        return number_reference(number, self.env.docname, _narrow(number.text))

    def _why(self, change: Record) -> Content:
        """Another name, other periods, and the rows that came, are used now, or went."""
        parts: list[Content] = []
        old = self.step["old"]["edition"]
        if change["old"]["label"] != change["new"]["label"]:
            parts.append([text(f"then called {change['old']['label']}")])
        if change["periods"]:
            then, now = (_covered(change["periods"][which]) for which in ("old", "new"))
            parts.append([text(f"covers {now} (in edition {old}: {then})")])
        for what, name in ((NEW, "came"), ("now also: ", "taken"), ("no longer: ", "went")):
            parts += self._rows(what, change[name])
        return joined(parts, "; ")

    def _rows(self, what: str, keys: Sequence[str]) -> list[Content]:
        """Some rows, those that came with all that is known of them; how many there are beside."""
        if not keys:
            return []
        tell = self._told if what == NEW else self._named
        shown = joined(map(tell, keys[:NAMED]), ", ")
        more = len(keys) - NAMED
        rest = [text(f" and {more}\u00a0more")] if more > 0 else []
        return [[text(what), *shown, *rest]]

    def _told(self, key: str) -> Content:
        """What a row says, whose it is, since when it is known, with its id as the link."""
        row = self.step["rows"][key]
        said = ", ".join(filter(None, (row["text"], row["what"], row["whose"])))
        return [text(f"{said}, known from {_day(row['known_from'])} ("), self._link(key), text(")")]

    def _named(self, key: str) -> Content:
        said = self.step["rows"][key]["text"]
        return [self._link(key), text(f" ({said})" if said else "")]

    def _link(self, key: str, words: str = "") -> nodes.Node:
        """A row's link, where the page of evidence has it."""
        if key in ask(self.env, "used", key).used:
            return row_reference(key, self.env.docname, words)
        return nodes.literal("", words or key)

    def _later(self, later: Record) -> Content:
        key = later["number"]
        number = ask(self.env, "num", key).numbers.get(key)
        figure = (
            number_reference(number, self.env.docname, later["shown"])
            if number
            else self._link(later["rows"][0], later["shown"])
        )
        about = (later["difference_text"], later["relation"], later["whose"])
        said = ", ".join(filter(None, about))
        page = "" if later["dated"] else " by an undated page"
        return [figure, text(f" ({said}, known from {_day(later['known_from'])}{page})")]

    def _claim(self, verdict: Record) -> Content:
        key, page = verdict["claim"], self.env.docname
        name = nodes.literal("", key)
        if key not in ask(self.env, "known", key).ledger.claims:
            return [name]
        link = cross_reference("claim", key, f"claim-{key}", verdict["statement"], page, "claim")
        return [link, text(" "), name]

    def _verdict_now(self, verdict: Record, told: Record) -> Content:
        """The verdict of this edition, with what its reasons cite linked."""
        key = verdict["claim"]
        made = ask(self.env, "verdict", key).verdicts[key]
        words = " ".join(filter(None, (*made.reasons, made.text)))
        return [*_verdict({**told, "reasons": ""}), *parse(self.env, words)]


def _verdict(told: Record) -> Content:
    mark = nodes.strong("", f"{told['verdict'].capitalize()}.")
    return [mark, text(" "), text(told["reasons"])]


def _name(number: Record) -> Content:
    return [text(f"{number['label']} "), nodes.literal("", number["id"])]


def _narrow(words: str) -> str:
    """A figure for a narrow column, where its unit may go to the next line."""
    return words.replace(FIXED, " ")


def _gap(change: Record) -> str:
    return ", ".join(filter(None, (change["difference_text"], change["relative_text"])))


def _covered(periods: Sequence[str]) -> str:
    if len(periods) <= 3:
        return " and ".join(filter(None, (", ".join(periods[:-1]), *periods[-1:])))
    return f"{len(periods)} periods from {periods[0]} to {periods[-1]}"


def _day(text_: str) -> str:
    return long_date(date.fromisoformat(text_))
