"""The directive for the audit: the article's statements, one by one, against the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from docutils import nodes

from azkz.ledger import Claim, Event
from azkz.report.verdicts import VERDICTS, Verdict
from azkz.sphinxext.numbers import number_reference, parse, source_reference
from azkz.sphinxext.pages import RecordsDirective
from azkz.sphinxext.tree import Content, bullets, grid, joined, paragraph, term, text

NOT_JUDGED = "not yet judged"


class Audit(RecordsDirective):
    """``{azkz-audit}``: a summary of the verdicts, then every claim with its evidence."""

    def fill(self) -> list[nodes.Node]:
        """The summary and a section for each chapter."""
        claims = list(self.book.ledger.claims.values())
        if not claims:
            return [paragraph(text("The article was not known on this day."))]
        chapters = list(dict.fromkeys(claim.chapter for claim in claims))
        order = [c for c in self.book.chapters if c in chapters]
        order += [chapter for chapter in chapters if chapter not in order]
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
        head = ["Verdict", *map(self.book.chapter_title, chapters), "All"]
        right = range(1, len(head))
        return grid([[text(name)] for name in head], rows, right=right, classes=["verdict-counts"])

    def _section(self, chapter: str, claims: Sequence[Claim]) -> nodes.section:
        items = [self._claim(claim) for claim in claims]
        listed = nodes.definition_list("", *items, classes=["claims"])
        return self.chapter_section("claims", chapter, listed)

    def _claim(self, claim: Claim) -> nodes.definition_list_item:
        made = self.book.verdicts.get(claim.key)
        place = text(f"Paragraph {claim.paragraph} of the article. ", "claim-place")
        verdict = paragraph(place, _mark(self._verdict(claim)), classes=["claim-verdict"])
        meaning: list[nodes.Node] = [verdict]
        if made:
            meaning.append(paragraph(*parse(self.env, made.text, self.lineno)))
            evidence = self._evidence(made)
            if evidence:
                meaning.append(bullets(evidence))
        return term([text(claim.statement)], *meaning, anchor=f"claim-{claim.key}")

    def _verdict(self, claim: Claim) -> str:
        made = self.book.verdicts.get(claim.key)
        return made.verdict if made else NOT_JUDGED

    def _evidence(self, made: Verdict) -> list[Content]:
        numbers = [self.book.numbers[key] for key in made.numbers if key in self.book.numbers]
        events = [self.book.ledger.events[k] for k in made.events if k in self.book.ledger.events]
        lines: list[Content] = [
            [text(f"{number.label}: "), number_reference(number, self.env.docname)]
            for number in numbers
        ]
        return lines + [self._event(event) for event in events]

    def _event(self, event: Event) -> Content:
        keys = [key for key in (event.source, event.source2) if key in self.book.ledger.sources]
        links = [[source_reference(self.book, key, self.env.docname)] for key in keys]
        said = event.summary.rstrip(". ")
        return [text(f"{event.period.label}: {said} ("), *joined(links, "; "), text(").")]


def _mark(verdict: str) -> nodes.inline:
    return nodes.inline(
        verdict, verdict.capitalize(), classes=["verdict", nodes.make_id(f"verdict-{verdict}")]
    )
