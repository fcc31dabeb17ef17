"""Rules of the evidence about figures, units, keys and citations, which no description can say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from azkz.errors import Fault
from azkz.ledger.notes import sides
from azkz.ledger.rulebook import Rulebook, Tables, by_key
from azkz.ledger.tables import TableRow, quoted

RULES = Rulebook()

CITING = {
    "observations": ("source",),
    "events": ("source", "source2"),
    "claims": ("source",),
    "places": ("source",),
    "route": ("source",),
}
_FIGURE = re.compile(r"-?\d+(\.\d+)?")


@RULES.rule(
    units=("unit", "dimension"),
    indicators=("indicator", "dimension", "unit"),
    observations=("indicator", "unit"),
    claims=("indicator", "unit"),
)
def units_have_the_dimension_of_the_indicator(tables: Tables) -> Iterator[Fault]:
    """An indicator has one dimension, and its figures have units of it."""
    dimensions = {row["unit"]: row["dimension"] for row in tables["units"].rows}
    wanted = {row["indicator"]: row["dimension"] for row in tables["indicators"].rows}
    for name in ("indicators", "observations", "claims"):
        for row in tables[name].rows:
            has, wants = dimensions.get(row["unit"]), wanted.get(row["indicator"])
            if has and wants and has != wants:
                what = f'"{row["unit"]}" measures {has}, {row["indicator"]} is {wants}'
                fitting = [unit for unit, dimension in dimensions.items() if dimension == wants]
                todo = (
                    f"write one of {', '.join(fitting)}" if fitting else "add a unit to units.csv"
                )
                yield Fault(tables[name].file, row.line, "unit", what, todo)


@RULES.rule(
    indicators=("indicator", "ref_area", "counterpart_area", "item"),
    observations=("indicator", "ref_area", "counterpart_area", "item"),
)
def columns_have_a_meaning(tables: Tables) -> Iterator[Fault]:
    """An area or item is given only where the indicator says what it means."""
    table, meanings = tables["observations"], by_key(tables["indicators"], "indicator")
    for row in table.rows:
        meaning = meanings.get(row["indicator"])
        for column in ("ref_area", "counterpart_area", "item"):
            if meaning and row[column] and not meaning[column]:
                what = f'indicators.csv gives "{column}" no meaning for {row["indicator"]}'
                yield Fault(table.file, row.line, column, what, "empty the cell, or say it there")


@RULES.rule(observations=("obs_value", "note"))
def notes_are_one_sided(tables: Tables) -> Iterator[Fault]:
    """A note makes its figure a floor or a ceiling, not both."""
    table = tables["observations"]
    for row in table.rows:
        if _FIGURE.fullmatch(row["obs_value"]) and len(sides(row["note"], row["obs_value"])) > 1:
            what = f"{quoted(row['note'])} makes {row['obs_value']} a floor and a ceiling"
            yield Fault(table.file, row.line, "note", what, "keep the wording of the page alone")


@RULES.rule(observations=("obs_value",), units=("factor",), claims=("stated_value", "unit"))
def figures_are_plain(tables: Tables) -> Iterator[Fault]:
    """Figures are digits and a point (no NaN, no exponent); a claimed figure has its unit."""
    todo = "write the figure with digits and a point"
    figures = (("observations", "obs_value"), ("units", "factor"), ("claims", "stated_value"))
    for name, column in figures:
        for row in tables[name].rows:
            if row[column] and not _FIGURE.fullmatch(row[column]):
                what = f"{quoted(row[column])} is not a plain number"
                yield Fault(tables[name].file, row.line, column, what, todo)
    for row in tables["claims"].rows:
        if bool(row["stated_value"]) != bool(row["unit"]):
            what = "a stated figure and its unit go together"
            yield Fault(tables["claims"].file, row.line, "unit", what, "fill or empty both")


@RULES.rule(sources=("source",), **CITING)
def sources_are_cited(tables: Tables) -> Iterator[Fault]:
    """A source that nothing cites does not belong in the ledger."""
    cited = {
        text
        for name, columns in CITING.items()
        for row in tables[name].rows
        for text in _named(row, columns)
    }
    for row in tables["sources"].rows:
        if row["source"] and row["source"] not in cited:
            what, todo = f"nothing cites {quoted(row['source'])}", "cite it or remove the row"
            yield Fault(tables["sources"].file, row.line, "source", what, todo)


@RULES.rule(indicators=("indicator",), observations=("indicator",))
def indicators_are_observed(tables: Tables) -> Iterator[Fault]:
    """An indicator without observations does not belong in the ledger."""
    rows = tables["observations"].rows
    seen = {text for row in rows for text in _named(row, ("indicator",))}
    for row in tables["indicators"].rows:
        if row["indicator"] and row["indicator"] not in seen:
            what = f"{quoted(row['indicator'])} has no observation"
            todo = "add one or remove the row"
            yield Fault(tables["indicators"].file, row.line, "indicator", what, todo)


@RULES.rule(observations=("id", "chapter"))
def ids_name_their_chapter(tables: Tables) -> Iterator[Fault]:
    """The id of an observation begins with the chapter in which it was collected."""
    table = tables["observations"]
    for row in table.rows:
        prefix = row["id"].rpartition("-")[0]
        if prefix and row["chapter"] and prefix != row["chapter"]:
            what = f"{quoted(row['id'])} does not begin with the chapter, {row['chapter']}"
            yield Fault(table.file, row.line, "id", what, "give it an id of its chapter")


@RULES.rule(
    observations=("id", "indicator", "item", "reporter", "time_period", "obs_value", "source"),
    events=("id", "date", "summary", "source"),
)
def rows_are_not_repeated(tables: Tables) -> Iterator[Fault]:
    """No row stands twice under two ids."""
    for name in ("observations", "events"):
        first: dict[tuple[str, ...], TableRow] = {}
        for row in tables[name].rows:
            content = tuple(text for column, text in row.cells.items() if column != "id")
            same = first.setdefault(content, row)
            if same is not row and same["id"] != row["id"]:
                what = f"{quoted(row['id'])} repeats line {same.line} ({same['id']}) word for word"
                yield Fault(tables[name].file, row.line, "id", what, "remove one of the two rows")


@RULES.rule(sources=("url",))
def pages_are_listed_once(tables: Tables) -> Iterator[Fault]:
    """One address is one source."""
    table = tables["sources"]
    first: dict[str, TableRow] = {}
    for row in table.rows:
        same = first.setdefault(row["url"], row)
        if same is not row and row["url"].startswith("http"):
            what = f"the address stands in line {same.line} already"
            yield Fault(table.file, row.line, "url", what, "cite one source of the two")


def _named(row: TableRow, columns: Iterable[str]) -> Iterable[str]:
    """What a row cites in these columns; in a ragged row it may stand in any."""
    return row.cells.values() if row.ragged else [row[column] for column in columns]


@RULES.rule(
    names=("code",),
    observations=("ref_area", "counterpart_area"),
    events=("country",),
    places=("country",),
)
def areas_have_names(tables: Tables) -> Iterator[Fault]:
    """An area is written as a code whose name a reader can be told."""
    named = {row["code"] for row in tables["names"].rows}
    cited = {
        "observations": ("ref_area", "counterpart_area"),
        "events": ("country",),
        "places": ("country",),
    }
    for name, columns in cited.items():
        for row in tables[name].rows:
            for column in columns:
                if row[column] and row[column] not in named:
                    what = f"names.csv has no name for {quoted(row[column])}"
                    todo = "mend the code or add its name"
                    yield Fault(tables[name].file, row.line, column, what, todo)
