"""Which verdicts on the article's claims changed between two editions.

A record has ``changed``, ``appeared``, ``disappeared`` and ``unchanged``: lists of claims by key.
One that changed has ``claim``, ``statement``, ``old`` and ``new``, each with ``verdict`` and
``reasons`` in plain words, with the figures as that edition prints them. One that is in one edition
alone has ``claim``, ``statement``, ``verdict``, ``reasons``; of the others only ``claim``.
"""

from __future__ import annotations

from collections.abc import Mapping

from azkz.ledger import Ledger
from azkz.report.said import Record, Said
from azkz.report.text import MARKUP, print_variant, split_variant


def verdict_changes(old: Said, new: Said, known: Ledger) -> dict[str, list[Record]]:
    """Every claim that either edition judges, in exactly one list."""
    found: dict[str, list[Record]] = {
        "changed": [], "appeared": [], "disappeared": [], "unchanged": []
    }  # fmt: skip
    for claim in sorted({*old.verdicts, *new.verdicts}):
        then, now = old.verdicts.get(claim), new.verdicts.get(claim)
        row = known.claims.get(claim)
        about = {"claim": claim, "statement": row.statement if row else ""}
        if then and now and then["verdict"] == now["verdict"]:
            found["unchanged"].append({"claim": claim})
        elif then and now:
            told = {"old": _told(then, old, known), "new": _told(now, new, known)}
            found["changed"].append({**about, **told})
        elif now:
            found["appeared"].append({**about, **_told(now, new, known)})
        elif then:
            found["disappeared"].append({**about, **_told(then, old, known)})
    return found


def _told(verdict: Record, said: Said, known: Ledger) -> Record:
    words = " ".join(filter(None, (*verdict["reasons"], verdict["text"])))
    return {"verdict": verdict["verdict"], "reasons": plain(words, said.numbers, known)}


def plain(words: str, numbers: Mapping[str, Record], known: Ledger) -> str:
    """``words`` with each cited number as it is printed, and each source by its publisher."""

    def printed(role: str, target: str) -> str:
        if role == "source":
            return known.sources[target].publisher if target in known.sources else target
        key, variant = split_variant(target)
        if key not in numbers:
            return key
        number = numbers[key]
        is_word = number["kind"] == "text"
        return print_variant(number["text"], number["label"], variant, is_word=is_word)

    return MARKUP.sub(lambda found: printed(found[1], found[2]), words)
