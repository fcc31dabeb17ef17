"""What a build made, for who asked for it, and for the next build to which nothing is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azkz.build.edition import Edition

if TYPE_CHECKING:
    from azkz.build.released import ReleaseDiffers


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build made. ``site`` is where; ``published`` says if that is the public place.

    ``left_out`` are the passages that cite numbers not known on the day: place, passage, text,
    missing (ids with the reasons). ``reasons`` say by chapter why it ran now, empty where it was
    reused. ``differs`` says how the build of a released edition differs from the release; it is not
    published then.
    """

    edition: Edition
    site: Path
    published: bool
    pdf: Path | None
    seconds: Mapping[str, float]
    numbers: int
    figures: int
    sources: int
    left_out: Sequence[Mapping[str, Any]]
    reasons: Mapping[str, str]
    differs: ReleaseDiffers | None = None

    def as_record(self) -> dict[str, Any]:
        """As JSON holds it; of a build that is as it was released, or was never released."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        edition = {**asdict(self.edition), "as_of": self.edition.as_of.isoformat()}
        pdf = str(self.pdf) if self.pdf else None
        del told["differs"], told["seconds"]
        return {**told, "edition": edition, "site": str(self.site), "pdf": pdf}


def from_record(record: Mapping[str, Any]) -> Outcome:
    """What ``as_record`` has written, of a build in which no chapter had to run."""
    about = record["edition"]
    edition = Edition(
        **{**about, "as_of": date.fromisoformat(about["as_of"]), "changed": tuple(about["changed"])}
    )
    made = {
        **{name: record[name] for name in ("published", "numbers", "figures", "sources")},
        "left_out": record["left_out"],
        "reasons": dict.fromkeys(record["reasons"], ""),
    }
    pdf = Path(record["pdf"]) if record["pdf"] else None
    return Outcome(edition=edition, site=Path(record["site"]), pdf=pdf, seconds={}, **made)
