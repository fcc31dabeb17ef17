"""Wrong input, one thing at a time: the message names file and fix, nothing is half done."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from azkz.build import CHAPTERS, kernel
from azkz.build.chapter import execute
from azkz.build.template import load
from azkz.errors import ChapterFailed
from azkz.ledger import Ledger
from azkz.ledger.package import check
from azkz.paths import Checkout
from chapter_checks import table
from conftest import Azkz, copy_checkout

Break = Callable[[Checkout], None]


def edit(path: str, find: str, put: str) -> Break:
    """Replace the first ``find`` of a file."""

    def run(where: Checkout) -> None:
        file = where.root / path
        text = file.read_text(encoding="utf-8")
        assert find in text
        file.write_text(text.replace(find, put, 1), encoding="utf-8")

    return run


def remove(path: str) -> Break:
    """Delete a file."""
    return lambda where: (where.root / path).unlink()


def put_bytes(path: str, content: bytes) -> Break:
    """Write something else into a file."""

    def run(where: Checkout) -> None:
        (where.root / path).write_bytes(content)

    return run


def leave(_where: Checkout) -> None:
    """Break nothing: the command line is what is wrong."""


def untag(where: Checkout) -> None:
    """Take the tag from the parameters cell of a chapter."""
    file = where.notebooks / "energy.ipynb"
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        cell.metadata.pop("tags", None)
    nbformat.write(notebook, file)


BAD_INPUT: dict[str, tuple[Break, tuple[str, ...], str]] = {
    "unknown source": (
        edit("data/observations.csv", "vestikavkaza-primbetov-grain", "no-such-page"),
        (),
        r"data/observations.csv:2:source: .*no-such-page.* — ",
    ),
    "text as value": (
        edit("data/observations.csv", "2010,350,million USD", "2010,many,million USD"),
        (),
        r"data/observations.csv:3:obs_value: .*many.* — ",
    ),
    "duplicate id": (
        edit("data/observations.csv", "trade-0002,", "trade-0001,"),
        (),
        r"data/observations.csv:3:id: .*trade-0001.* — ",
    ),
    "impossible date": (
        edit("data/observations.csv", "2011-10-20,published", "2024-13-01,published"),
        (),
        r"data/observations.csv:3:known_from: .*2024-13-01.* — ",
    ),
    "unknown unit of an indicator": (
        edit("data/indicators.csv", "USD,million USD", "USD,million shells"),
        (),
        r"data/indicators.csv:2:unit: .*million shells.* — ",
    ),
    "missing file": (remove("data/events.csv"), (), r"data/events.csv: .* — "),
    "misspelt parameter in the edition": (
        edit("notebooks/editions/2026.11.yml", "base_year", "base_yaer"),
        (),
        r"notebooks/editions/2026.11.yml: no parameter 'base_yaer' — did you mean base_year\?",
    ),
    "misspelt parameter on the command line": (
        leave,
        ("-p", "base_yaer", "2018"),
        r"-p: no parameter 'base_yaer' — did you mean base_year\?",
    ),
    "parameter of the wrong type": (
        leave,
        ("-p", "base_year", "abc"),
        r"-p base_year: base_year is 'abc' — base_year must be a whole number",
    ),
    "base year out of range": (
        leave,
        ("-p", "base_year", "1890"),
        r"-p: base_year is 1890 — a year from 1995 to 2024",
    ),
    "as-of day in the future": (
        edit("notebooks/editions/2026.11.yml", '"2026-11-23"', '"2999-01-01"'),
        (),
        r"notebooks/editions/2026.11.yml: as_of is 2999-01-01 — give a day between",
    ),
    "as-of day that is no text": (
        edit("notebooks/editions/2026.11.yml", '"2026-11-23"', "2026-11-23"),
        (),
        r"notebooks/editions/2026.11.yml: as_of is .* — as_of must be a text, in quotes",
    ),
    "unknown edition": (
        leave,
        ("2026.12",),
        r"notebooks/editions: no edition '2026.12' — did you mean 2026.11\?",
    ),
    "edition with a path in its name": (
        leave,
        ("../../data/units",),
        r"notebooks/editions: no edition '../../data/units' — ",
    ),
    "notebook without a parameters cell": (
        untag,
        (),
        r"notebooks/energy.ipynb: has no parameters cell — tag the one code cell",
    ),
    "missing notebook": (remove("notebooks/culture.ipynb"), (), r"notebooks/culture.ipynb: .* — "),
    "broken notebook": (
        edit("notebooks/trade.ipynb", "{", "["),
        (),
        r"notebooks/trade.ipynb: is no notebook",
    ),
    "edition that is no YAML": (
        edit("notebooks/editions/2026.11.yml", "edition:", "edition: ["),
        (),
        r"notebooks/editions/2026.11.yml: is no YAML",
    ),
    "missing configuration": (remove("_config.yml"), (), r"_config.yml: the file is missing — "),
    "broken configuration": (
        edit("_config.yml", "title: ", "title: ["),
        (),
        r"_config.yml:\d+: is no YAML: .* — ",
    ),
    "contents without chapters": (
        edit("_toc.yml", "chapters:", "chaptres:"),
        (),
        r"_toc.yml: has not the form of a table of contents — ",
    ),
    "missing page": (
        remove("book/method.md"),
        (),
        r"_toc.yml: names book/method, which is not there — ",
    ),
    "page that is not UTF-8": (
        put_bytes("book/method.md", b"# Rules\n\nCaf\xe9\n"),
        (),
        r"book/method.md:3: .* is not UTF-8 text — ",
    ),
    "missing map": (remove("data/geo/land.geojson"), (), r"data/geo/land.geojson: .* — "),
    "cell that no reader of CSV takes": (
        edit("data/units.csv", "million USD,", f"{'x' * 200_000},"),
        (),
        r"data/units.csv:\d+:unit: the cell holds 200000 characters — ",
    ),
}


@pytest.mark.parametrize("fault", BAD_INPUT)
def test_bad_input_ends_with_2_and_says_what_to_do(fault: str, tmp_path: Path, azkz: Azkz) -> None:
    """Exit code 2; file, place and fix in the message; no traceback; nothing published or run."""
    where = copy_checkout(tmp_path / "checkout", with_store=False)
    break_it, arguments, message = BAD_INPUT[fault]
    break_it(where)
    published = where.site / "2026.11" / "index.html"
    published.parent.mkdir(parents=True)
    published.write_text("as it was", encoding="utf-8")
    done = azkz(where, "build", *arguments)
    assert done.returncode == 2, done.stderr
    assert re.search(message, done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert [p.name for p in where.site.rglob("*") if p.is_file()] == ["index.html"]
    assert published.read_text(encoding="utf-8") == "as it was"
    assert not (where.build / "store").exists()


def test_a_file_in_the_way_is_named(copy: Checkout, azkz: Azkz) -> None:
    """What the system refuses is said with the path and without a traceback."""
    shutil.rmtree(copy.build, ignore_errors=True)
    copy.build.touch()
    done = azkz(copy, "build")
    assert done.returncode == 2
    assert re.search(r"/_build.*: .* — see that it can be", done.stderr), done.stderr
    assert "Traceback" not in done.stderr


def test_a_table_saved_with_a_mark_of_its_encoding_is_read(copy: Checkout) -> None:
    """Spreadsheets put three bytes in front; the check and the readers agree that they are none."""
    sources = len(Ledger.load(copy.data).sources)
    for name in ("sources", "observations"):
        file = copy.data / f"{name}.csv"
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert check(copy.data) == []
    assert len(Ledger.load(copy.data).sources) == sources


def test_all_faults_are_told_at_once(copy: Checkout, azkz: Azkz) -> None:
    """Four faults in three files come in one message, from the build and from the check alike."""
    for fault in (
        "unknown source",
        "text as value",
        "unknown unit of an indicator",
    ):
        BAD_INPUT[fault][0](copy)
    edit("data/events.csv", "milestone", "milestoen")(copy)
    for command in ("build", "check"):
        done = azkz(copy, command)
        assert done.returncode == 2
        for place in (
            "observations.csv:2:",
            "observations.csv:3:",
            "indicators.csv:2:",
            "events.csv:2:",
        ):
            assert f"data/{place}" in done.stderr


def test_a_check_of_the_repository_finds_nothing(place: Checkout, azkz: Azkz) -> None:
    """The ledger, notebooks and editions as they stand are sound, and the counts are said."""
    done = azkz(place, "check")
    assert done.returncode == 0, done.stderr
    assert f"no fault in {len(table('observations'))} observations" in done.stdout


@pytest.mark.usefixtures("built")
def test_a_failing_chapter_is_named_and_the_others_are_kept(tmp_path: Path, azkz: Azkz) -> None:
    """Exit code 3 with chapter, cell number, source and error; the next build need not rerun."""
    where = copy_checkout(tmp_path / "checkout")
    file = where.notebooks / "culture.ipynb"
    notebook = nbformat.read(file, as_version=4)
    number = next(i for i, c in enumerate(notebook.cells) if "report = Report(" in c.source) + 1
    notebook.cells[number - 1].source += "\nbroken = 1 / 0"
    nbformat.write(notebook, file)
    done = azkz(where, "build")
    assert done.returncode == 3, done.stderr
    assert (
        f"notebooks/culture.ipynb, cell {number}: ZeroDivisionError: division by zero"
        in done.stderr
    )
    assert "broken = 1 / 0" in done.stderr
    assert "Traceback" not in done.stderr
    assert not where.site.exists()
    notebook.cells[number - 1].source = notebook.cells[number - 1].source.replace("1 / 0", "1 / 1")
    nbformat.write(notebook, file)
    again = azkz(where, "build")
    assert again.returncode == 0, again.stderr
    assert again.stderr.count(": unchanged in ") == len(CHAPTERS) - 1


def test_the_cell_that_kills_its_kernel_is_named(copy: Checkout) -> None:
    """A kernel that dies leaves no error behind; chapter and cell are said all the same."""
    template = load(copy, "culture")
    notebook = nbformat.reads(template.content.decode(), as_version=4)
    number = next(
        i for i, c in enumerate(notebook.cells, 1) if "parameters" in c.metadata.get("tags", ())
    )
    number += 1
    killer = nbformat.v4.new_code_cell("import os\nos._exit(1)", id="killer")
    notebook.cells.insert(number - 1, killer)
    broken = replace(template, content=nbformat.writes(notebook).encode())
    with pytest.raises(ChapterFailed, match="the kernel died") as caught:
        execute(copy, broken, template.parameters)
    assert caught.value.cell == number
    assert "os._exit(1)" in str(caught.value)


def test_a_cell_that_does_not_end_is_stopped(
    copy: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message has the cell and how long it was given."""
    monkeypatch.setattr(kernel, "CELL_TIMEOUT", 1)
    template = load(copy, "culture")
    notebook = nbformat.reads(template.content.decode(), as_version=4)
    own = next(c for c in notebook.cells if "parameters" in c.metadata.get("tags", ()))
    notebook.cells = [own, nbformat.v4.new_code_cell("while True:\n    pass", id="endless")]
    broken = replace(template, content=nbformat.writes(notebook).encode())
    with pytest.raises(ChapterFailed, match="cell 2: stopped: the cell took longer than 1 sec"):
        execute(copy, broken, template.parameters)


@pytest.mark.parametrize(
    "line", ["print(1)", "ledger.unit('Mt')", "import sys; sys.stderr.write('x')"]
)
def test_a_stray_output_is_refused(line: str, tmp_path: Path, azkz: Azkz) -> None:
    """What a cell shows beside figures and tables would be printed as it is: the cell is named."""
    where = copy_checkout(tmp_path / "checkout")
    file = where.notebooks / "culture.ipynb"
    notebook = nbformat.read(file, as_version=4)
    number = next(i for i, c in enumerate(notebook.cells) if "report = Report(" in c.source) + 1
    notebook.cells[number - 1].source += f"\n{line}"
    nbformat.write(notebook, file)
    done = azkz(where, "build")
    assert done.returncode == 3, done.stderr
    assert f"notebooks/culture.ipynb, cell {number}: a cell shows something" in done.stderr


def test_a_chapter_without_its_last_cell_is_told(tmp_path: Path, azkz: Azkz) -> None:
    """A chapter that hands nothing over does not make an empty report."""
    where = copy_checkout(tmp_path / "checkout")
    edit("notebooks/culture.ipynb", "report.finish()", "pass")(where)
    done = azkz(where, "build")
    assert done.returncode == 3
    assert "the last cell calls report.finish()" in done.stderr


def test_a_damaged_result_is_made_again(tmp_path: Path, azkz: Azkz, built: Path) -> None:
    """An entry of the store whose bytes are not what was written is not used."""
    where = copy_checkout(tmp_path / "checkout")
    keys = json.loads((built / "manifest.json").read_text(encoding="utf-8"))["chapters"]
    entry = where.build / "store" / keys["culture"][:2] / keys["culture"]
    content = entry.read_bytes()
    entry.write_bytes(content[: len(content) // 2])
    done = azkz(where, "build")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(": unchanged in ") == len(CHAPTERS) - 1
    assert entry.read_bytes() == content
