"""The directive for the audit: the article's statements, one by one, against the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from azkz.ledger import Claim, Event
from azkz.report.text import in_words, long_date, print_value, with_unit
from azkz.report.verdicts import VERDICTS, ShownReading, Verdict, told
from azkz.sphinxext.asking import ask
from azkz.sphinxext.numbers import (
    number_reference,
    parse,
    row_reference,
    source_reference,
)
from azkz.sphinxext.pages import RecordsDirective
from azkz.sphinxext.records import Number
from azkz.sphinxext.tree import Content, bullets, grid, joined, paragraph, term, text

NOT_JUDGED = "not yet judged"


class Audit(RecordsDirective):
    """``{azkz-audit}``: a summary of the verdicts, then every claim with its evidence.

    With ``:totals:`` nothing but how often each verdict was given.
    """

    option_spec: ClassVar = {"totals": directives.flag}

    def question(self) -> tuple[str, str]:
        """All claims; their verdicts, and what these rest on, are asked for one by one."""
        return "claims", ""

    def fill(self) -> list[nodes.Node]:
        """The summary and a section for each chapter."""
        claims = list(self.book.ledger.claims.values())
        if not claims:
            return [paragraph(text("No such statement was known on this day."))]
        chapters = list(dict.fromkeys(claim.chapter for claim in claims))
        order = [c for c in self.book.chapters if c in chapters]
        order += [chapter for chapter in chapters if chapter not in order]
        if "totals" in self.options:
            return [self._totals(claims)]
        sections = [
            self._section(chapter, [claim for claim in claims if claim.chapter == chapter])
            for chapter in order
        ]
        return [self._summary(claims, order), *sections]

    def _summary(self, claims: Sequence[Claim], chapters: Sequence[str]) -> nodes.table:
        counts = Counter((self._verdict(claim), claim.chapter) for claim in claims)
        given = {verdict for verdict, _ in counts}
        verdicts = [verdict for verdict in (*VERDICTS, NOT_JUDGED) if verdict in given]
        rows: list[list[Content]] = []
        for verdict in verdicts:
            given_in = [counts[verdict, chapter] for chapter in chapters]
            row: list[Content] = [[_mark(verdict)]]
            rows.append(row + [[text(str(count))] for count in (*given_in, sum(given_in))])
        head = ["Verdict", *map(self.chapter_title, chapters), "All"]
        right = range(1, len(head))
        return grid([[text(name)] for name in head], rows, right=right, classes=["verdict-counts"])

    def _totals(self, claims: Sequence[Claim]) -> nodes.paragraph:
        counts = Counter(map(self._verdict, claims))
        given = [verdict for verdict in (*VERDICTS, NOT_JUDGED) if verdict in counts]
        marks: list[Content] = [
            [_mark(verdict), text(f"\u00a0{counts[verdict]}")] for verdict in given
        ]
        return paragraph(*joined(marks, " · "), classes=["verdict-totals"])

    def _section(self, chapter: str, claims: Sequence[Claim]) -> nodes.section:
        items = [self._claim(claim) for claim in claims]
        listed = nodes.definition_list("", *items, classes=["claims"])
        return self.chapter_section("claims", chapter, listed)

    def _claim(self, claim: Claim) -> nodes.definition_list_item:
        made = self._made(claim)
        said = f"Paragraph {claim.paragraph} of the article. {self._stated(claim)}"
        place = text(said, "claim-place")
        verdict = paragraph(place, _mark(self._verdict(claim)), classes=["claim-verdict"])
        meaning: list[nodes.Node] = [verdict, *(self._found(made) if made else ())]
        return term([text(claim.statement)], *meaning, anchor=f"claim-{claim.key}")

    def _stated(self, claim: Claim) -> str:
        """The figure that the article states, as it puts it."""
        if claim.stated_value is None or claim.period is None:
            return ""
        decimals = max(0, -int(claim.stated_value.as_tuple().exponent))
        figure = with_unit(
            print_value(claim.stated_value, decimals), self.book.ledger.unit(claim.unit)
        )
        return f"Stated: {claim.wording} {figure}, {claim.period.label}. ".replace(":  ", ": ")

    def _found(self, made: Verdict) -> list[nodes.Node]:
        """The reasons, what the chapter adds, the readings, and what else it rests on."""
        found: list[nodes.Node] = [
            paragraph(*parse(self.env, words, self.lineno))
            for words in (" ".join(made.reasons), made.text)
            if words
        ]
        shown = told(made.readings)
        if shown:
            found.append(_lead("Readings known on the day:"))
            found.append(bullets(self._reading(reading, more) for reading, more in shown))
        evidence = self._evidence(made)
        if shown and evidence:
            found.append(_lead("Beside them:"))
        return [*found, bullets(evidence)] if evidence else found

    def _reading(self, reading: ShownReading, more: int) -> Content:
        """Whether it agrees, the figure, whose it is, since when it is known, and its rows."""
        page, rows = self.env.docname, reading.observations
        number = self._number(reading.number)
        figure = (
            number_reference(number, page, reading.value)
            if number
            else row_reference(rows[0], page, reading.value)
        )
        since = long_date(date.fromisoformat(reading.known_from))
        also = f", as do {in_words(more)}\u00a0more" if more > 1 else ", as does one\u00a0more"
        return [
            text(f"{'Agrees' if reading.agrees else 'Differs'}: "),
            figure,
            text(f", {reading.count}, known since {since} ("),
            *joined(([row_reference(key, page)] for key in rows), ", "),
            text(f"){also if more else ''}"),
        ]

    def _made(self, claim: Claim) -> Verdict | None:
        return ask(self.env, "verdict", claim.key).verdicts.get(claim.key)

    def _number(self, key: str) -> Number | None:
        return ask(self.env, "num", key).numbers.get(key)

    def _verdict(self, claim: Claim) -> str:
        made = self._made(claim)
        return made.verdict if made else NOT_JUDGED

    def _evidence(self, made: Verdict) -> list[Content]:
        shown = {reading.number for reading in made.readings}
        cited = [key for key in made.numbers if key not in shown]
        numbers = filter(None, map(self._number, cited))
        events = filter(None, map(self._known_event, made.events))
        lines: list[Content] = [
            [text(f"{number.label}: "), number_reference(number, self.env.docname)]
            for number in numbers
        ]
        return lines + [self._event(event) for event in events]

    def _known_event(self, key: str) -> Event | None:
        return ask(self.env, "event", key).ledger.events.get(key)

    def _event(self, event: Event) -> Content:
        named = (event.source, event.source2)
        keys = [key for key in named if key in ask(self.env, "source", key).ledger.sources]
        links = [[source_reference(self.book, key, self.env.docname)] for key in keys]
        said = event.summary.rstrip(". ")
        return [text(f"{event.period.label}: {said} ("), *joined(links, "; "), text(").")]


def _lead(words: str) -> nodes.paragraph:
    return paragraph(text(words, "claim-place"), classes=["claim-lead"])


def _mark(verdict: str) -> nodes.inline:
    return nodes.inline(
        verdict, verdict.capitalize(), classes=["verdict", nodes.make_id(f"verdict-{verdict}")]
    )
