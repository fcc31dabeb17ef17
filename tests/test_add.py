"""New rows: every fault at its row, ids and days filled in, what they change, all or nothing."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from azkz.errors import Faults
from azkz.ledger import Ledger
from azkz.ledger.candidate import Candidate, make_candidate
from azkz.ledger.package import check
from azkz.ledger.reconcile import REPEAT
from azkz.paths import Checkout
from conftest import Azkz
from test_package import DATA, make_excerpt, read

Row = dict[str, str]

LATE = {
    "source": "example-2026-12-01-table",
    "publisher": "Example",
    "title": "[Turnover by country]",
    "published": "2026-12-01",
    "retrieved": "2026-12-02",
    "url": "https://example.org/table",
    "lang": "en",
    "kind": "official",
}
"""A page of a day after that of the newest edition."""
DATED = {**LATE, "source": "example-2026-10-01-table", "published": "2026-10-01"}
DATED |= {"retrieved": "2026-11-20", "url": "https://example.org/earlier"}
"""A page of a day before it."""
UNDATED = {**DATED, "source": "example-nd-table", "published": "", "url": "https://example.org/nd"}


def figure(**own: str) -> Row:
    """A row as it is typed: without id, and without the day, which follows from the page."""
    return {
        "chapter": "trade",
        "indicator": "trade_turnover",
        "item": "",
        "reporter": "KAZ",
        "ref_area": "KAZ",
        "counterpart_area": "AZE",
        "time_period": "2024",
        "obs_value": "612.5",
        "unit": "million USD",
        "status": "reported",
        "source": LATE["source"],
        **own,
    }


def hundred() -> list[Row]:
    """A hundred different figures."""
    return [figure(obs_value=f"{500 + number}.5") for number in range(100)]


def event(**own: str) -> Row:
    """An event as it is typed."""
    return {
        "chapter": "culture",
        "date": "2026-11-30",
        "kind": "visit",
        "summary": "A visit.",
        "source": LATE["source"],
        **own,
    }


def as_csv(rows: Iterable[Mapping[str, str]], delimiter: str = ",", end: str = "\n") -> str:
    """Rows as the text of a file."""
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def put(path: Path, *rows: Mapping[str, str]) -> Path:
    """Rows as a file."""
    path.write_text(as_csv(rows), encoding="utf-8", newline="")
    return path


def state(data: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and time of every file of the ledger."""
    return {
        path.relative_to(data).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(data.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small part of the ledger; no test changes it."""
    return make_excerpt(tmp_path_factory.mktemp("small") / "data")


def made(small: Path, tmp_path: Path, *files: Path) -> Candidate:
    """The candidate that the files make of the small ledger."""
    folder = tmp_path / "candidate" / "data"
    shutil.rmtree(folder, ignore_errors=True)
    return make_candidate(small, folder, [(file, file.name) for file in files])


def refused(small: Path, tmp_path: Path, *files: Path) -> list[str]:
    """The faults that the files have, as messages."""
    before = state(small)
    with pytest.raises(Faults) as caught:
        made(small, tmp_path, *files)
    assert state(small) == before
    return [str(fault) for fault in caught.value.faults]


def blamed(small: Path, tmp_path: Path, *files: Path) -> set[str]:
    """The files that are said to be wrong; none where they make a ledger in which nothing is."""
    try:
        found = made(small, tmp_path, *files)
    except Faults as error:
        return {fault.file for fault in error.faults}
    return {fault.file for fault in check(found.folder)}


# The command, on the whole ledger.


def test_one_bad_row_among_a_hundred_writes_nothing(copy: Checkout, azkz: Azkz) -> None:
    """The bad row is named by file, row and column, and not a byte of the ledger is touched."""
    rows = hundred()
    rows[56]["obs_value"] = "many"
    put(copy.root / "pages.csv", LATE)
    put(copy.root / "rows.csv", *rows)
    before = state(copy.data)
    done = azkz(copy, "add", "pages.csv", "rows.csv", "--write")
    assert done.returncode == 2
    assert state(copy.data) == before
    assert 'rows.csv:58:obs_value: "many" is not a number — write the figure with' in done.stderr
    assert done.stderr.endswith("1 fault\n")


def test_a_hundred_rows_are_shown_then_written(copy: Checkout, azkz: Azkz) -> None:
    """A new page with its rows: ids follow each other, and only lines at the end are new."""
    put(copy.root / "rows.csv", *hundred())
    put(copy.root / "pages.csv", LATE)
    put(copy.root / "events.csv", event())
    files = ("rows.csv", "pages.csv", "events.csv")
    before = state(copy.data)
    seen = azkz(copy, "add", *files)
    assert seen.returncode == 0, seen.stderr
    assert state(copy.data) == before
    assert seen.stdout.endswith(f"to append these rows: azkz add {' '.join(files)} --write\n")
    last = max(int(row["id"][-4:]) for row in read(DATA, "observations") if "trade-" in row["id"])
    ids = [f"trade-{last + number:04d}" for number in range(1, 101)]
    assert re.findall(r"^  (trade-\d{4})  ", seen.stdout, re.MULTILINE) == ids
    after_day = "known from 1 December 2026, after the day of 2026.11"
    assert f"nothing by {ids[0]}: {after_day}" in seen.stdout
    assert "changed number" not in seen.stdout
    done = azkz(copy, "add", *files, "--write")
    assert done.returncode == 0, done.stderr
    assert "written: data/sources.csv, data/observations.csv, data/events.csv" in done.stdout
    for name, (old, _) in before.items():
        new = (copy.data / name).read_bytes()
        count = {"observations.csv": 100, "sources.csv": 1, "events.csv": 1}.get(name, 0)
        assert new.startswith(old)
        assert new[len(old) :].count(b"\n") == count
    assert check(copy.data) == []
    ledger = Ledger.load(copy.data)
    assert [key for key in ledger.observations if key in ids] == ids
    again = azkz(copy, "add", *files, "--write")
    assert again.returncode == 2
    assert "102 faults" in again.stderr
    assert f"the row stands in data/observations.csv already, as {ids[0]}" in again.stderr


def test_a_revision_shows_the_old_and_the_new_number(copy: Checkout, azkz: Azkz) -> None:
    """Cargo of 2024: 4,517 thousand tonnes in place of 4,484, and what is computed from it.

    By hand: growth on 2,764 in 2023 is 63.4 percent, and 4,119 in 2025 is 8.8 percent below it.
    """
    cargo = figure(
        chapter="corridor",
        indicator="corridor_cargo",
        ref_area="",
        counterpart_area="",
        obs_value="4517",
        unit="kt",
        source=DATED["source"],
    )
    put(copy.root / "pages.csv", DATED)
    put(copy.root / "rows.csv", cargo)
    before = state(copy.data)
    done = azkz(copy, "add", "rows.csv", "pages.csv")
    assert done.returncode == 0, done.stderr
    assert state(copy.data) == before
    said = done.stdout
    assert re.search(r"corridor-\d{4}  4517 thousand tonnes: .*, 2024; Kazakhstan, reported", said)
    assert "revises corridor-0047: 4484 thousand tonnes; Kazakhstan; known from 10 March" in said
    assert "corridor.cargo-2024  4.484 million tonnes -> 4.517 million tonnes  Cargo" in said
    assert "corridor.change-2024  62 percent -> 63 percent  " in said
    assert "corridor.change-2025  −8.1 percent -> −8.8 percent  " in said
    assert "trade." not in said
    assert "after the day of" not in said


def test_a_chapter_that_fails_with_the_rows_is_named(copy: Checkout, azkz: Azkz) -> None:
    """A second port under the name of one series: the chapter that reads it says so."""
    elsewhere = figure(
        chapter="corridor",
        indicator="baku_port_containers",
        reporter="Port of Baku",
        ref_area="GEO",
        counterpart_area="",
        obs_value="5000",
        unit="TEU",
        source=DATED["source"],
    )
    put(copy.root / "pages.csv", DATED)
    put(copy.root / "rows.csv", elsewhere)
    done = azkz(copy, "add", "rows.csv", "pages.csv")
    assert done.returncode == 0, done.stderr
    assert re.search(r"1 failing chapter\n +corridor: notebooks/corridor\.ipynb", done.stdout)
    assert "lost number" not in done.stdout


KILLED = """
import os, pathlib, signal, sys
renames = int(sys.argv.pop(1))
done = 0
replace = pathlib.Path.replace
def counting(self, target):
    global done
    if pathlib.Path(target).parent.name == "data":
        if done == renames:
            os.kill(os.getpid(), signal.SIGKILL)
        done += 1
    return replace(self, target)
pathlib.Path.replace = counting
from azkz.cli import main
main()
"""


@pytest.mark.parametrize("renames", [0, 1, 2])
def test_a_stop_between_the_tables_is_undone(renames: int, copy: Checkout, azkz: Azkz) -> None:
    """Killed when none, one or two of three tables are in place, the next start undoes them."""
    for name, row in (("pages", LATE), ("rows", figure()), ("events", event())):
        put(copy.root / f"{name}.csv", row)
    files = [str(copy.root / f"{name}.csv") for name in ("rows", "pages", "events")]
    before = {name: content for name, (content, _) in state(copy.data).items()}
    command = [sys.executable, "-c", KILLED, str(renames), "add", *files, "--write"]
    environment = {key: text for key, text in os.environ.items() if key != "COLUMNS"}
    ended = subprocess.run(
        command, cwd=copy.root, env=environment, capture_output=True, check=False, timeout=120
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    Ledger.load(copy.data)
    done = azkz(copy, "add", *files)
    assert done.returncode == 0, done.stderr
    assert {name: content for name, (content, _) in state(copy.data).items()} == before
    assert ("adding was stopped half way" in done.stderr) is bool(renames)


# What is filled in, on a small ledger.


@pytest.mark.parametrize(
    ("page", "own", "day", "basis"),
    [
        (LATE, {}, "2026-12-01", "published"),
        (UNDATED, {}, "2026-11-20", "retrieved"),
        (UNDATED, {"known_from_basis": "release-lag"}, "2025-12-31", "release-lag"),
        (DATED, {"known_from": "2026-10-05"}, "2026-10-05", "published"),
    ],
)
def test_the_day_follows_from_the_page(
    page: Row, own: Row, day: str, basis: str, small: Path, tmp_path: Path
) -> None:
    """Dated page: its day; undated: the day of reading; a release lag: the end of the next year."""
    pages = put(tmp_path / "pages.csv", page)
    rows = put(tmp_path / "rows.csv", figure(source=page["source"], **own))
    (row,) = made(small, tmp_path, pages, rows).rows["observations"]
    assert (row.cells["known_from"], row.cells["known_from_basis"]) == (day, basis)


def test_ids_follow_in_the_order_of_the_files(small: Path, tmp_path: Path) -> None:
    """Each chapter counts on from its last id; an id that a file gives is passed over."""
    last = max(row["id"] for row in read(small, "observations") if row["chapter"] == "trade")
    count = int(last[-4:])
    given = f"trade-{count + 2:04d}"
    pages = put(tmp_path / "pages.csv", LATE)
    one = put(tmp_path / "one.csv", *(figure(id="", obs_value=text) for text in ("1", "2")))
    two = put(tmp_path / "two.csv", figure(id=given, obs_value="3"), figure(id="", obs_value="4"))
    events = put(tmp_path / "events.csv", event())
    found = made(small, tmp_path, one, two, events, pages).rows
    wanted = [f"trade-{count + number:04d}" for number in (1, 3, 2, 4)]
    assert [row.cells["id"] for row in found["observations"]] == wanted
    last_event = max(row["id"] for row in read(small, "events"))
    assert found["events"][0].cells["id"] == f"event-{int(last_event[-4:]) + 1:04d}"


def test_text_stays_text(small: Path, tmp_path: Path) -> None:
    """What looks like a formula, markup or a delimiter is kept as it was typed."""
    notes = [
        "=1+1",
        "<script>x</script>",
        '"about", a; b',
        "{num}`trade.x`",
        "  two spaces",
        "ə ğ ң",
    ]
    pages = put(tmp_path / "pages.csv", LATE)
    rows = [figure(note=note, obs_value=str(at)) for at, note in enumerate(notes, 1)]
    found = made(small, tmp_path, pages, put(tmp_path / "rows.csv", *rows))
    ledger = Ledger.load(found.folder)
    ids = [row.cells["id"] for row in found.rows["observations"]]
    assert [ledger.observations[key].note for key in ids] == notes


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_forms_of_spreadsheets_are_read(
    delimiter: str, end: str, mark: str, small: Path, tmp_path: Path
) -> None:
    """Delimiter, line ends, byte order mark and empty rows at the end change nothing."""
    pages = put(tmp_path / "pages.csv", LATE)
    plain = made(small, tmp_path, pages, put(tmp_path / "rows.csv", figure(note="a, b; c")))
    text = as_csv([figure(note="a, b; c")], delimiter, end) + delimiter * 11 + end
    (tmp_path / "rows.csv").write_text(mark + text, encoding="utf-8", newline="")
    assert made(small, tmp_path, pages, tmp_path / "rows.csv").after == plain.after


def test_a_ledger_without_a_last_line_end_gets_one(small: Path, tmp_path: Path) -> None:
    """The first new row never continues the last line of a file."""
    data = Path(shutil.copytree(small, tmp_path / "data"))
    file = data / "observations.csv"
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    pages = put(tmp_path / "pages.csv", LATE)
    found = made(data, tmp_path, pages, put(tmp_path / "rows.csv", figure()))
    assert found.after["observations"].startswith(file.read_bytes() + b"\n")
    assert check(found.folder) == []


def test_a_rounded_figure_repeats_the_exact_one(small: Path, tmp_path: Path) -> None:
    """A new row meets the readings of the same thing, which say how it relates to them."""
    old = next(row for row in read(small, "observations") if row["id"] == "trade-0002")
    about = {name: old[name] for name in figure() if name in old}
    rows = put(tmp_path / "rows.csv", {**about, "obs_value": "0.35", "unit": "billion USD",
               "source": LATE["source"]})  # fmt: skip
    found = made(small, tmp_path, put(tmp_path / "pages.csv", LATE), rows)
    ledger = Ledger.load(found.folder)
    new = ledger.observations[found.rows["observations"][0].cells["id"]]
    relations = {r.observation.id: r.relation for r in ledger.alternatives(new)}
    assert relations["trade-0002"] == REPEAT


# What is refused.


def test_every_fault_of_every_file_is_said_at_once(small: Path, tmp_path: Path) -> None:
    """By file, row and column, in the words of the check, in the order of the files."""
    rows = put(
        tmp_path / "rows.csv",
        figure(unit="parsec"),
        figure(chapter="trde", obs_value="1"),
        figure(source="nobody", obs_value="2"),
        figure(time_period="2027", obs_value="3"),
    )
    pages = put(tmp_path / "pages.csv", LATE, {**DATED, "lang": "english"})
    events = put(tmp_path / "events.csv", event(date="2026-13-01"))
    faults = refused(small, tmp_path, rows, events, pages)
    starts = [fault.partition(" — ")[0] for fault in faults]
    assert starts == [
        'rows.csv:2:unit: "parsec" is not in units.csv',
        'rows.csv:3:chapter: "trde" is not allowed here',
        'rows.csv:4:source: "nobody" is not in sources.csv',
        "rows.csv:5:time_period: 2027 lies after 2026-12-01, from which it is said to be known",
        'events.csv:2:date: "2026-13-01" is not in the calendar',
        'pages.csv:3:source: nothing cites "example-2026-10-01-table"',
        'pages.csv:3:lang: "english" does not have the form ^[a-z]{2}$',
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "rows.csv: the file is empty — write the names of the columns"),
        (b"\n\n", "rows.csv: the file is empty"),
        (b"name,value\nx,1\n", "rows.csv:1: these are the columns of no table that takes rows"),
        ("é".encode("utf-16"), "rows.csv: is UTF-16 text — save it as CSV in UTF-8"),
        (b"id\n\xe9\n", "rows.csv: byte 4, in line 2, is not UTF-8 text"),
        (b"PK\x03\x04workbook", "rows.csv: is a workbook or an archive, not CSV"),
        (as_csv([figure()]).partition("\n")[0].encode(), "rows.csv: holds no row below its header"),
        (as_csv([figure()]).encode() + b'"\n', "rows.csv:3: from here on the file cannot be read"),
        (
            as_csv([figure()]).encode() + b"a,b\n",
            "rows.csv:3: the row has 2 cells, the header has 11",
        ),
        (
            as_csv([figure()]).replace("obs_value", "obs_vlaue").encode(),
            "rows.csv:1:obs_vlaue: observations.csv has no such column — did you mean obs_value?",
        ),
        (
            as_csv([figure()]).replace("obs_value", "item").encode(),
            "rows.csv:1:item: the column stands here twice — remove one",
        ),
        (
            as_csv([{k: v for k, v in figure().items() if k != "unit"}]).encode(),
            "rows.csv:1:unit: the column is missing — add it",
        ),
        (as_csv([figure(note="a\nb")]).encode(), 'rows.csv:2:note: "a b" holds a line break'),
        (as_csv([figure(note="a\x07")]).encode(), "holds the control character U+0007"),
        (as_csv([figure(note="a\0b")]).encode(), "holds the control character U+0000"),
        (as_csv([figure(note="x" * 100_001)]).encode(), "rows.csv:2:note: the cell holds 100001"),
        (as_csv([figure(obs_value="1,5")], ";").encode(), '2:obs_value: "1,5" is not a number'),
    ],
)
def test_a_file_of_the_wrong_form_is_refused(
    content: bytes, says: str, small: Path, tmp_path: Path
) -> None:
    """What cannot be read as rows is said by file, row and column, with what to do."""
    (tmp_path / "rows.csv").write_bytes(content)
    faults = refused(small, tmp_path, tmp_path / "rows.csv", put(tmp_path / "pages.csv", LATE))
    assert any(says in fault for fault in faults), faults


def test_a_missing_file_is_named(small: Path, tmp_path: Path) -> None:
    """A name that is no file is refused as it was typed."""
    assert refused(small, tmp_path, tmp_path / "no.csv")[0].startswith(
        "no.csv: there is no such file"
    )


def test_rows_count_as_a_spreadsheet_counts(small: Path, tmp_path: Path) -> None:
    """A row with a line break, and an empty one, are one row each; the next is named rightly."""
    rows = [figure(note="a\nb"), dict.fromkeys(figure(), ""), figure(unit="parsec")]
    file = put(tmp_path / "rows.csv", *({"note": "", **row} for row in rows))
    faults = refused(small, tmp_path, file, put(tmp_path / "pages.csv", LATE))
    assert [fault.partition(": ")[0] for fault in faults] == ["rows.csv:2:note", "rows.csv:4:unit"]


def test_what_the_ledger_has_is_refused_by_its_id(small: Path, tmp_path: Path) -> None:
    """A row that is there, one whose id is taken, and one that stands twice in the files."""
    (old, *_) = read(small, "observations")
    anew = {**old, "id": ""}
    file = put(tmp_path / "rows.csv", old, anew, {**old, "obs_value": "1"})
    twice = put(tmp_path / "twice.csv", figure(), figure())
    faults = refused(small, tmp_path, file, twice, put(tmp_path / "pages.csv", LATE))
    there = f"the row stands in data/observations.csv already, as {old['id']}, word for word"
    assert [fault.partition(" — ")[0] for fault in faults] == [
        f"rows.csv:2:id: {there}",
        f"rows.csv:3:id: {there}",
        f'rows.csv:4:id: "{old["id"]}" is taken: it is in data/observations.csv, line 2',
        "twice.csv:3:id: the row stands in row 2 of twice.csv already, word for word",
    ]


def test_lines_of_other_rows_are_told_by_file_and_row(small: Path, tmp_path: Path) -> None:
    """A fault that names another row names it where its reader finds it."""
    (old, *_) = read(small, "sources")
    same = put(tmp_path / "pages.csv", {**LATE, "url": old["url"]}, DATED,
               {**UNDATED, "url": DATED["url"]})  # fmt: skip
    sources = (LATE, DATED, UNDATED)
    rows = put(tmp_path / "rows.csv", *(figure(source=page["source"]) for page in sources))
    faults = refused(small, tmp_path, same, rows)
    assert "the address stands in line 2 of data/sources.csv already" in faults[0]
    assert "the address stands in row 3 of pages.csv already" in faults[1]


def test_a_ledger_with_faults_is_refused(small: Path, tmp_path: Path) -> None:
    """Nothing is added to what is not sound; the fault is told where it is."""
    data = Path(shutil.copytree(small, tmp_path / "data"))
    file = data / "observations.csv"
    file.write_bytes(file.read_bytes() + b"x\n")
    with pytest.raises(Faults, match=r"data/observations\.csv:\d+: the row has 1 cells"):
        made(data, tmp_path, put(tmp_path / "pages.csv", LATE))


_CELLS = st.text(st.characters(codec="utf-8"), max_size=12)
_COLUMNS = st.sampled_from([*figure(), "id", "known_from", "known_from_basis", "note"])


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=st.lists(st.dictionaries(_COLUMNS, _CELLS, max_size=3), min_size=1, max_size=4))
@example(changes=[{"time_period": "9999"}, {"known_from": "0001-01-01"}, {"id": "trade-9999"}])
@example(changes=[{"known_from_basis": "release-lag", "time_period": "0000-13"}])
def test_no_cell_ends_in_a_traceback(changes: list[Row], small: Path, tmp_path: Path) -> None:
    """Whatever stands in the cells: faults of the files, or a sound ledger."""
    rows = [{"id": "", "known_from": "", "known_from_basis": "", "note": "", **figure(), **own}
            for own in changes]  # fmt: skip
    files = put(tmp_path / "rows.csv", *rows), put(tmp_path / "pages.csv", LATE)
    before = state(small)
    assert blamed(small, tmp_path, *files) <= {"rows.csv", "pages.csv"}
    assert state(small) == before


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(noise=st.binary(max_size=60), at=st.integers(0, 400))
def test_no_bytes_end_in_a_traceback(noise: bytes, at: int, small: Path, tmp_path: Path) -> None:
    """Whatever bytes stand in a file: faults of the files, or a sound ledger."""
    whole = as_csv([figure(), figure(obs_value="7")]).encode()
    (tmp_path / "rows.csv").write_bytes(whole[:at] + noise + whole[at:])
    pages = put(tmp_path / "pages.csv", LATE)
    before = state(small)
    assert blamed(small, tmp_path, tmp_path / "rows.csv", pages) <= {"rows.csv", "pages.csv"}
    assert state(small) == before
