"""Finds in a published edition what was not known on its day: the ledger read by plain csv.

Nothing here asks the package: what was known follows from the columns ``known_from``,
``published`` and ``retrieved``, and what is published is read as a visitor's programs would.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from pypdf import PdfReader

DATA = Path(__file__).parents[1] / "data"
HOPES = ("forecast", "target", "announced", "capacity")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
READ = (".html", ".pdf", ".csv", ".json", ".svg", ".js")
SEEN = ("alt", "title", "aria-label", "content", "label", "placeholder", "data-card")
"""Attributes whose text reaches a reader."""

Row = dict[str, str]
Day = tuple[int, int, int]
"""Year, month and day; 0 stands for a month or day that is not said."""

_ROW = re.compile(r"(?<![\w-])[a-z]+-\d{4}(?![\w-])")
_ISO = re.compile(r"(?<![\w.-])(20\d\d)-(0[1-9]|1[0-2])(?:-([0-3]\d))?(?![\d-])")
_LONG = re.compile(rf"(?:(?<!\d)(\d{{1,2}})\s)?\b({'|'.join(MONTHS)})\s(20\d\d)(?!\d)")
_YEAR = re.compile(r"(?<![\w.,/#=-])(20\d\d)(?![\w/]|[.,]\d)")
_THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u2009\u202f ](?=\d{3}(?!\d))")


@dataclass(frozen=True, order=True)
class Leak:
    """Something of a later day in a published file."""

    file: str
    kind: str
    what: str


@cache
def table(name: str) -> tuple[Row, ...]:
    """The rows of a table of the ledger as text."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@dataclass(frozen=True)
class Then:
    """What the ledger knew on ``day`` (an ISO date), and what only later."""

    day: str

    @cached_property
    def rows(self) -> list[Row]:
        """Observations and events known on the day."""
        return [row for row in _rows() if row["known_from"] <= self.day]

    @cached_property
    def later(self) -> list[Row]:
        """Observations and events known later."""
        return [row for row in _rows() if row["known_from"] > self.day]

    @cached_property
    def sources(self) -> dict[str, Row]:
        """The sources that known rows cite, by key; a second source only if known itself."""
        known = {row["source"] for row in self.rows}
        second = {row["source2"] for row in self.rows if row.get("source2")}
        second |= {row["source"] for name in ("claims", "route") for row in table(name)}
        every = {row["source"]: row for row in table("sources")}
        known |= {key for key in second if key in every and _dated(every[key]) <= self.day}
        return {key: every[key] for key in known}

    @cached_property
    def claims(self) -> list[Row]:
        """The statements of the article, if it was known."""
        return [row for row in table("claims") if row["source"] in self.sources]

    @cached_property
    def words(self) -> str:
        """All that known rows, their sources, indicators and names say."""
        used = {cell for row in self.rows for cell in row.values()}
        asked = {row["indicator"] for row in (*self.rows, *self.claims) if row.get("indicator")}
        meant = [row for row in table("indicators") if row["indicator"] in asked]
        named = [row for row in table("names") if row["code"] in used]
        own = (*self.rows, *self.sources.values(), *self.claims, *meant, *named)
        return "\n".join(cell for row in own for cell in row.values())

    @cached_property
    def days(self) -> set[Day]:
        """Days, months and years that known rows speak of: hopes, periods, events, titles.

        How many rows there are may look like a year, too.
        """
        said = [row.get("time_period", "") for row in (*self.rows, *self.claims)]
        said += [row["note"] for row in self.rows if row.get("status") in HOPES]
        said += [row[n] for row in self.rows if "summary" in row for n in _EVENT]
        said += [row["title"] for row in self.sources.values()]
        found = {day for text in said for day in days_in(text.replace("/", " "))}
        years = {(int(year), 0, 0) for text in said for year in re.findall(r"20\d\d", text)}
        observations = [row for row in self.rows if "obs_value" in row]
        years |= {(len(counted), 0, 0) for counted in (self.rows, observations, self.sources)}
        return found | {(y, m, 0) for y, m, _ in found} | {(y, 0, 0) for y, _, _ in found} | years

    @cached_property
    def figures(self) -> set[str]:
        """Figures of later rows that no known row has, with four significant digits or more."""
        told = {row["obs_value"] for row in self.rows if "obs_value" in row}
        late = {row["obs_value"] for row in self.later if "obs_value" in row}
        return {figure for figure in late - told if _is_distinctive(figure)}

    def only_later(self, column: str) -> set[str]:
        """What sources say in ``column`` that no source known on the day says."""
        told = {row[column] for row in self.sources.values()}
        return {row[column] for row in table("sources")} - told - {"no-address", ""}


_EVENT = ("date", "end_date", "summary", "item")


def leaks(edition: Path, then: Then, later_numbers: Iterable[str]) -> list[Leak]:
    """Everything in the files of ``edition`` that was not known ``then``."""
    numbers = set(later_numbers)
    found: set[Leak] = set()
    for path in sorted(edition.rglob("*")):
        if path.suffix in READ and "_static" not in path.parts:
            name = path.relative_to(edition).as_posix()
            told = _found(*texts(path), then, numbers)
            found.update(Leak(name, kind, what) for kind, what in told)
    return sorted(found)


def texts(path: Path) -> tuple[str, str]:
    """What a reader of the file sees, and all that stands in it."""
    match path.suffix:
        case ".pdf":
            return _pdf(path)
        case ".html" | ".svg":
            markup = path.read_text(encoding="utf-8")
            seen = Seen()
            seen.feed(markup)
            return _plain("".join(seen.found)), unescape(markup)
        case ".js":
            called = path.read_text(encoding="utf-8")
            index = json.loads(called.partition("(")[2].rpartition(")")[0])
            words = " ".join([*index["terms"], *index["titleterms"], *index["titles"]])
            return words, json.dumps(index, ensure_ascii=False)
        case _:
            text = path.read_text(encoding="utf-8")
            return _plain(text), text


class Seen(HTMLParser):
    """The text of a page, and the attributes that reach a reader."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the attributes say."""
        self._hidden += tag in ("script", "style")
        self.found += [f"\n{value}\n" for name, value in attrs if name in SEEN and value]
        self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """See on after a script."""
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        """Note what is not a script."""
        if not self._hidden:
            self.found.append(data)


def days_in(text: str) -> Iterator[Day]:
    """Every day, month and year of this century that ``text`` names."""
    for year, month, day in _ISO.findall(text):
        yield int(year), int(month), int(day or 0)
    for day, month, year in _LONG.findall(text):
        yield int(year), MONTHS.index(month) + 1, int(day or 0)
    for year in _YEAR.findall(_LONG.sub(" ", _ISO.sub(" ", text))):
        yield int(year), 0, 0


def is_later(day: Day, than: str) -> bool:
    """Whether all of ``day`` (or month, or year) lies after the ISO date ``than``."""
    limit = [int(part) for part in than.split("-")]
    parts = [part for part in day if part]
    return parts > limit[: len(parts)]


def figures_in(text: str) -> set[str]:
    """The numbers that ``text`` prints, spaces between thousands closed."""
    return set(re.findall(r"(?<![\w.,])\d+(?:\.\d+)?(?![\w]|[.,]\d)", _THOUSANDS.sub("", text)))


def _found(said: str, whole: str, then: Then, numbers: set[str]) -> Iterator[tuple[str, str]]:
    late = {row["id"] for row in then.later}
    yield from (("row", key) for key in late & set(_ROW.findall(whole)))
    anchors = {f"number-{key.replace('.', '-')}" for key in numbers}
    for kind, names in (("number", numbers | anchors), ("source", then.only_later("source"))):
        yield from ((kind, name) for name in names if _holds(whole, name))
    yield from (("address", url) for url in then.only_later("url") if _holds(whole, url))
    for kind in ("title", "publisher"):
        names = then.only_later(kind)
        told = (name for name in names if _holds(said, name) and not _holds(then.words, name))
        yield from ((kind, name) for name in told)
    for day in set(days_in(said)) - then.days:
        if is_later(day, then.day):
            yield "day", "-".join(f"{part:02}" for part in day if part)
    yield from (("figure", figure) for figure in then.figures & figures_in(said))


def _holds(text: str, name: str) -> bool:
    """Whether ``name`` stands in ``text`` by itself, not as a part of a longer one."""
    if name not in text:
        return False
    return bool(re.search(rf"(?<![\w./-]){re.escape(name)}(?![\w/-]|[.#?]\w)", text)) or bool(
        re.search(rf"source-{re.escape(name)}(?![\w-])", text)
    )


def _pdf(path: Path) -> tuple[str, str]:
    """Text and link addresses; a hyphen that ends a line is kept in one of two readings."""
    pages = PdfReader(path).pages
    text = "\n".join(page.extract_text() for page in pages).replace("\u2060", "")
    kept = re.sub(r"-\s+", "-", text.replace("\u00ad", "-"))
    joined = re.sub(r"[\u00ad-]\s*\n\s*", "", text).replace("\u00ad", "-")
    links = [
        str(note["/A"]["/URI"])
        for page in pages
        for note in (each.get_object() for each in page.get("/Annots", ()))
        if "/URI" in note.get("/A", {})
    ]
    both = _plain(f"{kept}\n{joined}")
    return both, "\n".join((both, *links))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _rows() -> Sequence[Row]:
    return (*table("observations"), *table("events"))


def _dated(source: Mapping[str, str]) -> str:
    return source["published"] or source["retrieved"]


def _is_distinctive(figure: str) -> bool:
    digits = figure.lstrip("-")
    digits = digits.replace(".", "") if "." in digits else digits.rstrip("0")
    is_year = re.fullmatch(r"(19|20)\d\d", figure)
    return len(digits.lstrip("0")) >= 4 and not is_year
