"""The check of the ledger: the data has no fault, and each kind of bad input is named."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from azkz.errors import Fault
from azkz.ledger import package
from azkz.ledger.notes import sides
from azkz.ledger.package import check
from azkz.ledger.read import TABLES

DATA = Path(__file__).parents[1] / "data"
CITING = ("observations", "events", "claims", "places", "route")

Rows = list[dict[str, str]]


def read(folder: Path, table: str) -> Rows:
    """The rows of a table; the first stands in line 2."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, table: str, rows: Rows) -> None:
    """Writes a table as the ledger's files are written."""
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="session")
def excerpt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small part of the data that is whole in itself: nothing cited is left out."""
    return make_excerpt(tmp_path_factory.mktemp("excerpt") / "data")


def make_excerpt(folder: Path) -> Path:
    """Write a small part of the data, whole in itself, to ``folder``."""
    shutil.copytree(DATA, folder)
    claimed = {row["indicator"] for row in read(DATA, "claims")}
    observations = read(DATA, "observations")
    first = {row["indicator"]: row for row in reversed(observations)}
    lags = [row for row in observations if row["known_from_basis"] == "release-lag"][:5]
    promised = [row for row in observations if row["id"] in ("trade-0113", "energy-0023")]
    some = [*observations[:60], *(first[name] for name in claimed if name), *lags, *promised]
    ids = {row["id"] for row in some}
    write(folder, "observations", [row for row in observations if row["id"] in ids])
    write(folder, "events", read(DATA, "events")[:20])
    indicators = {row["indicator"] for row in some}
    there = ids | indicators | {row["id"] for row in read(folder, "events")}
    matches = read(DATA, "outcomes")
    whole = [row for row in matches if {row["promise"], *row["rows"].split()} <= there]
    write(folder, "outcomes", whole)
    keep = {
        "indicators": indicators,
        "sources": {
            row[column]
            for table in CITING
            for row in read(folder, table)
            for column in ("source", "source2")
            if column in row
        },
    }
    for table, keys in keep.items():
        rows = [row for row in read(DATA, table) if next(iter(row.values())) in keys]
        write(folder, table, rows)
    return folder


@pytest.fixture
def data(excerpt: Path, tmp_path: Path) -> Path:
    """A copy of the excerpt to break."""
    return Path(shutil.copytree(excerpt, tmp_path / "data"))


def put(
    folder: Path, table: str, column: str, text: str, where: Callable[[dict[str, str]], bool]
) -> int:
    """Writes ``text`` into the first row that fits and gives its line."""
    rows = read(folder, table)
    index = next(index for index, row in enumerate(rows) if where(row))
    rows[index][column] = text
    write(folder, table, rows)
    return index + 2


def anywhere(row: dict[str, str]) -> bool:
    """Any row will do."""
    return bool(row)


def based_on(basis: str) -> Callable[[dict[str, str]], bool]:
    """Rows that are known from a day for this reason."""
    return lambda row: row["known_from_basis"] == basis


def the_only(faults: list[Fault]) -> str:
    """The text of the one fault that there is."""
    assert len(faults) == 1, "\n".join(map(str, faults))
    return str(faults[0])


def test_the_data_has_no_fault() -> None:
    """Every row of the repository's ledger meets its description and the rules."""
    assert check(DATA) == []


def test_the_excerpt_has_no_fault(data: Path) -> None:
    """What the tests below find is what they broke."""
    assert check(data) == []


@pytest.mark.parametrize(
    ("table", "column", "text", "says"),
    [
        ("observations", "obs_value", "abc", '"abc" is not a number — write the figure with'),
        ("observations", "obs_value", "NaN", '"NaN" is not a plain number'),
        ("observations", "obs_value", "", "is empty"),
        ("observations", "known_from", "2024-13-01", '"2024-13-01" is not a date'),
        ("observations", "source", "nobody", '"nobody" is not in sources.csv'),
        ("observations", "indicator", "trade_turnovr", 'write "trade_turnover", if that is meant'),
        ("observations", "unit", "parsec", '"parsec" is not in units.csv'),
        ("observations", "status", "guessed", '"guessed" is not allowed here — write one of'),
        ("observations", "id", "trade-1", '"trade-1" does not have the form'),
        ("observations", "id", "culture-0999", '"culture-0999" does not begin with the chapter'),
        ("observations", "time_period", "spring 2024", '"spring 2024" is not a period'),
        ("observations", "time_period", "2024-02-30", '"2024-02-30" is not in the calendar'),
        ("observations", "time_period", "2023-06/2023-01", "ends before it starts — turn"),
        ("events", "date", "2024-13", '"2024-13" is not in the calendar'),
        ("events", "end_date", "1066-10-14", "is before the event starts"),
        ("events", "source2", "nobody", '"nobody" is not in sources.csv'),
        ("sources", "url", "", "is empty — write address"),
        ("sources", "url", "www.example.org", '"www.example.org" does not have the form'),
        ("sources", "published", "2030-01-01", "is after the page was read"),
        ("units", "factor", "many", '"many" is not a number'),
        ("claims", "paragraph", "two", '"two" is not a whole number'),
        ("claims", "wording", "roughly", '"roughly" is not allowed here'),
        ("claims", "status", "hoped", '"hoped" is not allowed here'),
        ("places", "lat", "123", "is above 90"),
        ("route", "mode", "balloon", '"balloon" is not allowed here'),
    ],
)
def test_a_bad_cell_is_named(data: Path, table: str, column: str, text: str, says: str) -> None:
    """A bad cell gives a message with file, line and column, and says what to do."""
    line = put(data, table, column, text, anywhere)
    place = (f"data/{table}.csv", column)
    message = next(str(fault) for fault in check(data) if (fault.file, fault.column) == place)
    assert message.startswith(f"data/{table}.csv:{line}:{column}: ")
    assert says in message
    assert " — " in message


def test_one_bad_cell_is_one_fault(data: Path) -> None:
    """A cell that breaks several rules is named once, in the wording of the contract."""
    line = put(data, "observations", "obs_value", "abc", anywhere)
    assert the_only(check(data)) == (
        f'data/observations.csv:{line}:obs_value: "abc" is not a number'
        " — write the figure with digits and a point"
    )


def test_an_indicator_has_one_dimension(data: Path) -> None:
    """A unit of another dimension than the indicator's is refused, with the ones that fit."""
    line = put(data, "observations", "unit", "kt", lambda row: row["unit"] == "million USD")
    message = the_only(check(data))
    assert message.startswith(f"data/observations.csv:{line}:unit: ")
    assert '"kt" measures mass' in message
    assert "million USD" in message


def test_a_table_is_looked_through_again_only_for_what_it_rests_on(data: Path) -> None:
    """Another text in one table is seen there alone; a name that goes, where it was referred to."""
    assert check(data) == []
    before = package._errors.cache_info().misses
    sources = read(data, "sources")
    sources[0]["title"] += " (another)"
    write(data, "sources", sources)
    assert check(data) == []
    assert package._errors.cache_info().misses == before + 1
    gone = sources.pop(0)["source"]
    write(data, "sources", sources)
    assert {gone in fault.what for fault in check(data)} == {True}


def test_ids_are_not_given_twice(data: Path) -> None:
    """The second row of an id is named, with the line of the first."""
    rows = read(data, "observations")
    rows[1]["id"] = rows[0]["id"]
    write(data, "observations", rows)
    message = the_only(check(data))
    assert message.startswith(f'data/observations.csv:3:id: "{rows[0]["id"]}" stands in line 2')


def test_rows_are_not_repeated(data: Path) -> None:
    """A row copied under a new id is found."""
    rows = read(data, "observations")
    write(data, "observations", [*rows, {**rows[0], "id": "trade-9999"}])
    message = the_only(check(data))
    assert message.startswith(f"data/observations.csv:{len(rows) + 2}:id: ")
    assert "repeats line 2" in message


@pytest.mark.parametrize(
    ("basis", "says"),
    [
        ("published", "is before"),
        ("release-lag", "is not the assumed day of release"),
        ("retrieved", "is not the day on which"),
    ],
)
def test_known_from_has_its_basis(data: Path, basis: str, says: str) -> None:
    """A day that the basis does not bear out is refused."""
    rows = read(data, "observations")
    index = next(i for i, row in enumerate(rows) if row["known_from_basis"] == basis)
    period = rows[index]["time_period"]
    rows[index] |= {"known_from": "1990-01-01", "time_period": "1989"}
    if basis == "release-lag":
        rows[index] |= {"known_from": "1990-12-30", "time_period": "1989"}
    write(data, "observations", rows)
    message = the_only(check(data))
    assert period != "1989"
    assert message.startswith(f"data/observations.csv:{index + 2}:known_from: ")
    assert says in message


def test_a_leg_is_known_from_its_page(data: Path) -> None:
    """Another day than that of the page is refused."""
    line = put(data, "route", "known_from", "1999-01-01", lambda row: row["source"] != "not-listed")
    message = the_only(check(data))
    assert message.startswith(f"data/route.csv:{line}:known_from: 1999-01-01 is not the day")


def test_a_page_without_a_date_is_known_from_its_reading(data: Path) -> None:
    """An undated page cannot be the basis ``published``."""
    line = put(data, "observations", "known_from_basis", "published", based_on("retrieved"))
    message = the_only(check(data))
    assert message.startswith(f"data/observations.csv:{line}:known_from_basis: ")
    assert "shows no date" in message


def test_no_row_is_known_from_the_future(data: Path) -> None:
    """Nothing is known after the last page was read."""
    line = put(data, "observations", "known_from", "2999-01-01", based_on("published"))
    message = the_only(check(data))
    assert message.startswith(f"data/observations.csv:{line}:known_from: ")
    assert "after the last page was read" in message


def test_an_outcome_does_not_lie_ahead(data: Path) -> None:
    """What was reported cannot be of a period that had not begun."""
    line = put(data, "observations", "time_period", "2999", lambda row: row["status"] == "reported")
    message = the_only(check(data))
    assert message.startswith(f"data/observations.csv:{line}:time_period: ")


def test_a_source_is_cited(data: Path) -> None:
    """A source that nothing cites is an orphan."""
    rows = read(data, "sources")
    orphan = {**rows[0], "source": "orphan", "url": "https://example.org/orphan"}
    write(data, "sources", [*rows, orphan])
    message = the_only(check(data))
    assert message.startswith(f'data/sources.csv:{len(rows) + 2}:source: nothing cites "orphan"')


def test_a_page_is_one_source(data: Path) -> None:
    """The same address under two keys is found."""
    rows = read(data, "sources")
    line = put(data, "sources", "url", rows[0]["url"], lambda row: row != rows[0])
    assert the_only(check(data)).startswith(f"data/sources.csv:{line}:url: the address stands in")


def test_an_indicator_is_observed(data: Path) -> None:
    """An indicator without observations is an orphan."""
    rows = read(data, "indicators")
    orphan = {**rows[0], "indicator": "orphan", "label": "Orphan"}
    write(data, "indicators", [*rows, orphan])
    message = the_only(check(data))
    assert message.startswith(f"data/indicators.csv:{len(rows) + 2}:indicator: ")


def test_an_item_has_a_meaning(data: Path) -> None:
    """An item under an indicator that knows none is refused."""
    meanings = {row["indicator"]: row["item"] for row in read(data, "indicators")}
    line = put(data, "observations", "item", "x", lambda row: not meanings[row["indicator"]])
    message = the_only(check(data))
    assert message.startswith(f"data/observations.csv:{line}:item: ")


@pytest.mark.parametrize("column", ["stated_value", "unit", "status", "indicator", "time_period"])
def test_a_figure_that_is_claimed_can_be_judged(data: Path, column: str) -> None:
    """A claim that states a figure says all that its verdict is computed from."""
    line = put(data, "claims", column, "", lambda row: row["kind"] == "figure")
    faults = check(data)
    assert {(fault.file, fault.row) for fault in faults} == {("data/claims.csv", line)}
    told = {fault.column for fault in faults}
    figure = {"stated_value", "unit"}  # which go together
    assert told
    assert told <= (figure if column in figure else {column})


def test_the_unit_of_a_claim_is_of_its_indicator(data: Path) -> None:
    """A figure claimed in tonnes is not held against dollars."""
    line = put(data, "claims", "unit", "kt", lambda row: row["unit"] == "million USD")
    assert the_only(check(data)).startswith(f"data/claims.csv:{line}:unit: ")


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        ("promise", "trade-9999", '"trade-9999" is no observation, event or indicator — write the'),
        ("promise", "trade-0001", '"trade-0001" is reported, which promises nothing — name a targ'),
        ("promise", "trade_target", '"trade_target" is an indicator: its hopes have no outcome in'),
        ("promise", "", "is empty — write id of an observation"),
        ("relation", "kept", '"kept" is not allowed here — write one of judged by, '),
        ("rows", "trade-0019 trade-9999", '"trade-9999" is no observation or event — write ids of'),
        ("rows", "energy-0023", '"energy-0023" is not an outcome — name an outcome'),
        ("rows", "", 'a promise that is "judged by" names its rows — mend the rows'),
        ("due", "2020-13", '"2020-13" is not a period — write YYYY, YYYY-Qn, YYYY-MM or'),
        ("times", "0", '"0" is below 1 — write what the promised figure is multiplied by'),
    ],
)
def test_a_promise_is_tied_to_rows_of_the_ledger(
    data: Path, column: str, text: str, says: str
) -> None:
    """A wrong id, relation or day in the table of outcomes is named with file, row and column."""
    line = put(data, "outcomes", column, text, lambda row: row["promise"] == "trade-0113")
    assert the_only(check(data)).startswith(f"data/outcomes.csv:{line}:{column}: {says}")


def test_a_promise_is_judged_by_what_measures_the_same(data: Path) -> None:
    """Dollars are not held against tonnes; a promise repeats another promise, not an outcome."""
    tonnes = next(row["id"] for row in read(data, "observations") if row["unit"] == "Mt")
    row = put(data, "outcomes", "rows", tonnes, lambda row: row["promise"] == "trade-0113")
    put(data, "observations", "status", "reported", lambda row: row["id"] == tonnes)
    says = f'"{tonnes}" measures something else than trade-0113 — name a row of the same'
    assert any(
        str(each).startswith(f"data/outcomes.csv:{row}:rows: {says}") for each in check(data)
    )


def test_a_promise_without_a_period_has_its_day(data: Path) -> None:
    """An event that announces something says for when; a repeat needs another promise."""
    line = put(data, "outcomes", "due", "", lambda row: row["promise"] == "event-0008")
    says = "is empty, and no other column says when it falls due — write YYYY"
    assert the_only(check(data)).startswith(f"data/outcomes.csv:{line}:due: {says}")
    put(data, "outcomes", "relation", "repeats", lambda row: row["promise"] == "event-0008")
    put(data, "outcomes", "rows", "trade-0019", lambda row: row["promise"] == "event-0008")
    says = '"trade-0019" is not another promise — name another promise'
    assert the_only(check(data)).startswith(f"data/outcomes.csv:{line}:rows: {says}")


def test_a_note_has_one_side(data: Path) -> None:
    """A figure cannot be at least and at most itself."""
    line = put(data, "observations", "note", "more than; up to", anywhere)
    message = the_only(check(data))
    assert message.startswith(f"data/observations.csv:{line}:note: ")


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_file_is_one_fault(data: Path, table: str) -> None:
    """A missing table is named, and not once more for every row that refers to it."""
    (data / f"{table}.csv").unlink()
    assert the_only(check(data)) == f"data/{table}.csv: the file is missing — restore the file"


@pytest.mark.parametrize("column", ["source", "obs_value", "id", "indicator"])
def test_a_missing_column_is_one_fault(data: Path, column: str) -> None:
    """A missing column is named, and not once more for every row."""
    rows = [{k: v for k, v in row.items() if k != column} for row in read(data, "observations")]
    write(data, "observations", rows)
    message = the_only(check(data))
    assert message.startswith(f"data/observations.csv:1:{column}: the column is missing")


def test_a_column_more_is_a_fault(data: Path) -> None:
    """A column that nobody described is named."""
    write(data, "events", [{**row, "mood": "fine"} for row in read(data, "events")])
    assert the_only(check(data)).startswith("data/events.csv:1:mood: the column is not described")


@pytest.mark.parametrize(("text", "cells"), [("trade-0001,trade", 2), ("a," * 20, 21)])
def test_a_ragged_row_is_one_fault(data: Path, text: str, cells: int) -> None:
    """A row with too few or too many cells is named for that alone."""
    path = data / "observations.csv"
    lines = path.read_text(encoding="utf-8").count("\n")
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")
    message = the_only(check(data))
    assert message.startswith(f"data/observations.csv:{lines + 1}: the row has {cells} cells")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "data/events.csv: the file is empty"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "data/events.csv:1: byte 1 is not UTF-8 text"),
        (b"id,chapter\0\n", "data/events.csv:1: holds binary data"),
        (b"rubbish\nmore rubbish\n", "data/events.csv:1: the first line is not the header"),
    ],
)
def test_rubbish_is_one_fault(data: Path, content: bytes, says: str) -> None:
    """A file that is no table of ours is named; nothing is raised."""
    (data / "events.csv").write_bytes(content)
    orphaned = [fault for fault in check(data) if fault.file != "data/events.csv"]
    assert not orphaned
    assert the_only(check(data)).startswith(says)


def test_an_open_quotation_mark_is_named_where_it_stands(data: Path) -> None:
    """What follows an open quotation mark cannot be read; the fault names the row that opens it."""
    path = data / "observations.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[10] = lines[10] + '"'
    lines[11] = '"' + lines[11]
    path.write_text("\n".join(lines), encoding="utf-8")
    message = str(check(data)[0])
    assert message.startswith("data/observations.csv:1")
    assert "quotation mark" in message


def test_lines_are_counted_as_an_editor_counts(data: Path) -> None:
    """A line break inside a cell does not shift the lines that messages name."""
    rows = read(data, "observations")
    rows[0]["note"] = "two\nlines"
    rows[5]["obs_value"] = "abc"
    write(data, "observations", rows)
    assert the_only(check(data)).startswith("data/observations.csv:8:obs_value: ")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "data/datapackage.json:1: is not JSON"),
        ("[]", "data/datapackage.json: "),
        ('{"resources": 3}', "data/datapackage.json: "),
        ('{"resources": [{"name": "x"}]}', "data/datapackage.json: "),
    ],
)
def test_a_broken_description_is_a_fault(data: Path, content: str, says: str) -> None:
    """Without its description the package cannot be checked, and says so."""
    (data / "datapackage.json").write_text(content, encoding="utf-8")
    faults = check(data)
    assert faults
    assert all(str(fault).startswith(says) for fault in faults)


def test_every_table_is_described(data: Path) -> None:
    """A table that the description leaves out is a fault of the description."""
    path = data / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"] = [each for each in package["resources"] if each["name"] != "events"]
    path.write_text(json.dumps(package), encoding="utf-8")
    assert the_only(check(data)).startswith("data/datapackage.json: does not describe events.csv")


def test_all_faults_are_told_at_once_in_file_order(data: Path) -> None:
    """Faults of several files and kinds are all in the list, ordered by file, line and column."""
    put(data, "sources", "kind", "rumour", anywhere)
    put(data, "observations", "unit", "parsec", lambda row: row["id"] == "trade-0005")
    put(data, "observations", "obs_value", "abc", anywhere)
    put(data, "observations", "time_period", "2024-13", anywhere)
    put(data, "events", "country", "Atlantis", lambda row: row["id"] == "event-0003")
    (data / "route.csv").unlink()
    found = [(fault.file, fault.row, fault.column) for fault in check(data)]
    assert found[:3] == [
        ("data/sources.csv", 2, "kind"),
        ("data/observations.csv", 2, "time_period"),
        ("data/observations.csv", 2, "obs_value"),
    ]
    assert [place[0] for place in found[3:]] == [
        "data/observations.csv",
        "data/events.csv",
        "data/route.csv",
    ]


def rubbish(content: bytes, dice: random.Random) -> Iterator[bytes]:
    """The content with something done to it at a place of chance."""
    place = dice.randrange(len(content))
    yield content[:place]
    yield content[:place] + bytes(dice.randrange(256) for _ in range(40)) + content[place:]
    yield content[:place] + b'",\n\r;""' + content[place + 5 :]


@pytest.mark.parametrize("table", TABLES)
def test_the_check_never_raises(data: Path, table: str) -> None:
    """Whatever is done to a file, the answer is a list of faults with a text each."""
    path, dice = data / f"{table}.csv", random.Random(table)  # noqa: S311 (no secret is drawn)
    for content in rubbish(path.read_bytes(), dice):
        path.write_bytes(content)
        assert all(str(fault).startswith("data/") for fault in check(data))


@pytest.mark.parametrize(
    ("note", "figure", "side"),
    [
        ("grain; more than; page has no date", "1", {"floor"}),
        ('"over"; almost twice', "1.3", {"floor"}),
        ("over 300 thousand; far above every census", "300000", {"floor"}),
        ("up to 3 Mt per year, under discussion", "3", {"ceiling"}),
        ("standard containers, no less than", "50000", {"floor"}),
        ("no more than 2.2", "2.2", {"ceiling"}),
        ("over 15 years", "3.5", set()),
        ("30 minutes per container train; up to 3 hours before", "30", set()),
        ("2023 over 2022", "65", set()),
        ("11.6 percent above plan", "78.7", set()),
        ("delivered under the agreement", "1057", set()),
        ("", "1", set()),
    ],
)
def test_a_note_speaks_of_its_own_figure(note: str, figure: str, side: set[str]) -> None:
    """A wording makes a figure one-sided only where it is about this figure."""
    assert sides(note, figure) == side
