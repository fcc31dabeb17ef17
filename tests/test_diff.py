"""What changed between two built editions: ``azkz diff``, the page of changes, and releases."""

from __future__ import annotations

import json
import re
import shutil
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from azkz.build import CHAPTERS
from azkz.build.said import said_by
from azkz.errors import BadInput
from azkz.paths import Checkout
from chapter_checks import table
from conftest import Azkz, copy_checkout

Json = dict[str, Any]

OLD, NEW = "2024.03", "2026.11"
CLASSES = ("revised", "re-read", "appeared", "disappeared", "unchanged")
SPACES = {"\u00a0": " ", "\u202f": " "}


def plain(text: str) -> str:
    """Text with ordinary spaces, one between words."""
    return " ".join("".join(SPACES.get(letter, letter) for letter in text).split())


@pytest.fixture(scope="module")
def record(site: Path, azkz: Azkz, place: Checkout) -> Json:
    """What the command prints as JSON of the first and the newest edition."""
    assert (site / NEW).is_dir()
    done = azkz(place, "diff", OLD, NEW, "--json")
    assert done.returncode == 0, done.stderr
    found: Json = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def numbers(site: Path) -> dict[str, dict[str, Json]]:
    """The numbers of both editions as they are published, by edition and id."""
    return {
        name: {number["id"]: number for number in published(site, name)["numbers"]}
        for name in (OLD, NEW)
    }


def published(site: Path, name: str) -> Json:
    """The numbers file of an edition."""
    content: Json = json.loads((site / name / "numbers.json").read_text(encoding="utf-8"))
    return content


def test_every_number_of_both_is_accounted_for_once(
    record: Json, numbers: dict[str, dict[str, Json]]
) -> None:
    """The classes divide the published numbers, and tell them as they are published."""
    listed = [each["id"] for name in CLASSES for each in record["numbers"][name]]
    assert len(listed) == len(set(listed))
    assert set(listed) == numbers[OLD].keys() | numbers[NEW].keys()
    kept = ("text", "value", "unit", "decimals", "label")
    for change in (*record["numbers"]["revised"], *record["numbers"]["re-read"]):
        for which, name in (("old", OLD), ("new", NEW)):
            assert change[which] == {part: numbers[name][change["id"]][part] for part in kept}
    for each in record["numbers"]["unchanged"]:
        then, now = (numbers[name][each["id"]] for name in (OLD, NEW))
        assert (then["text"], then["observations"]) == (now["text"], now["observations"])


def test_what_is_revised_rests_on_later_evidence(
    record: Json, numbers: dict[str, dict[str, Json]]
) -> None:
    """By the ledger's own file: a revised number has a row of after the day, a re-read one none.

    A re-read number that has one gives the same figure.
    """
    known_from = dict(
        (*table("observations")[["id", "known_from"]].to_numpy(),
         *table("events")[["id", "known_from"]].to_numpy())
    )  # fmt: skip
    day = published_day(record)
    for change in record["numbers"]["revised"]:
        rows = numbers[NEW][change["id"]]["observations"]
        assert any(known_from[row] > day for row in rows)
        assert all(known_from[row] > day for row in change["came"])
        assert all(known_from[row] <= day for row in (*change["taken"], *change["went"]))
    for change in record["numbers"]["re-read"]:
        rows = numbers[NEW][change["id"]]["observations"]
        same = change["old"]["text"] == change["new"]["text"]
        assert same or all(known_from[row] <= day for row in rows)


def published_day(record: Json) -> str:
    """The as-of day of the older edition."""
    return str(record["old"]["as_of"])


def test_differences_are_those_of_the_ledgers_figures(
    record: Json, numbers: dict[str, dict[str, Json]]
) -> None:
    """For numbers that are one row each: subtracted here from the file, in the number's unit."""
    checked = 0
    for change in record["numbers"]["revised"]:
        pair = [numbers[name][change["id"]] for name in (OLD, NEW)]
        if change["difference"] is None or any(each["kind"] != "observed" for each in pair):
            continue
        then, now = (in_ledger(each) for each in pair)
        assert Decimal(str(change["difference"])) == now - then
        checked += 1
    assert checked >= 3


def in_ledger(number: Json) -> Decimal:
    """The figure of an observed number by the files, converted and rounded as it is printed."""
    row = table("observations").set_index("id").loc[number["observations"][0]]
    factors = table("units").set_index("unit")["factor"]
    factor = Decimal(factors[row["unit"]]) / Decimal(factors[number["unit"]])
    digits = Decimal(1).scaleb(-number["decimals"])
    return (Decimal(row["obs_value"]) * factor).quantize(digits, ROUND_HALF_UP)


def test_the_turnover_of_2023_stands_beside_its_revision(record: Json) -> None:
    """529.4 stays as stated; 556.7 is said beside it, 27.3 higher, from the Bureau's two rows."""
    rows = table("observations").set_index("id")["obs_value"]
    (stated,) = (each for each in record["restated"] if each["id"] == "trade.turnover-2023-stated")
    assert plain(stated["text"]) == "529.4 million USD"
    revised = stated["later"][0]
    assert plain(revised["shown"]) == "556.7 million USD"
    counted = sum((Decimal(rows[row]) for row in revised["rows"]), Decimal(0)) / 1000
    assert counted.quantize(Decimal("0.1")) == Decimal("556.7")
    assert (revised["difference"], revised["relation"]) == (27.3, "revision")
    assert plain(revised["difference_text"]) == "+27.3 million USD"
    assert Decimal(rows["trade-0050"]) == Decimal("529.4")
    classes = {each["id"]: name for name in CLASSES for each in record["numbers"][name]}
    assert classes["trade.turnover-2023-stated"] == "unchanged"
    assert classes["trade.turnover-2023-revised"] == "appeared"


def test_verdicts_that_changed_are_those_of_the_editions(record: Json, site: Path) -> None:
    """Computed here from the verdicts that both editions publish."""
    old, new = (
        {each["claim"]: each["verdict"] for each in published(site, name)["verdicts"]}
        for name in (OLD, NEW)
    )
    told = record["verdicts"]
    changed = {each["claim"]: (each["old"]["verdict"], each["new"]["verdict"])
               for each in told["changed"]}  # fmt: skip
    both = old.keys() & new.keys()
    assert changed == {key: (old[key], new[key]) for key in both if old[key] != new[key]}
    assert changed
    assert {each["claim"] for each in told["appeared"]} == new.keys() - old.keys()
    assert {each["claim"] for each in told["disappeared"]} == old.keys() - new.keys()
    assert {each["claim"] for each in told["unchanged"]} == both - changed.keys()
    assert all(each["old"]["reasons"] and each["new"]["reasons"] for each in told["changed"])
    assert "{num}" not in json.dumps(told)


def test_the_terminal_says_what_the_record_says(record: Json, azkz: Azkz, place: Checkout) -> None:
    """Counts, every changed number with both figures, every id but the unchanged ones."""
    done = azkz(place, "diff", OLD, NEW)
    assert done.returncode == 0, done.stderr
    shown = done.stdout
    for name in CLASSES:
        assert re.search(rf"^  {name} +{record['counts'][name]}$", shown, re.MULTILINE)
    for change in (*record["numbers"]["revised"], *record["numbers"]["re-read"]):
        figures = f"{plain(change['old']['text'])} → {plain(change['new']['text'])}"
        assert f"{change['id']}  {figures}" in shown
        assert all(row in shown for row in change["came"][:3])
    for name in ("appeared", "disappeared"):
        assert all(f"{each['id']}  " in shown for each in record["numbers"][name])
    for each in record["verdicts"]["changed"]:
        assert f"{each['claim']}  {each['old']['verdict']} → {each['new']['verdict']}" in shown
    assert "Differences may come from that" not in shown


SECTION = re.compile(r'<section id="since-2024-03">(.*?)(?=<section id="editions-up)', re.DOTALL)


@pytest.fixture(scope="module")
def page(site: Path) -> str:
    """What the newest edition's page says of the way from the first edition."""
    text = (site / NEW / "book" / "changes.html").read_text(encoding="utf-8")
    (found,) = SECTION.findall(text)
    return str(found)


def part(page: str, name: str) -> str:
    """One part of the page: the classes' own sections."""
    found = re.search(rf'<section [^>]*id="{name}-since-2024-03">(.*?)</section>', page, re.DOTALL)
    return found[1] if found else ""


def ids(part_: str) -> set[str]:
    """The ids of numbers that a reader of a part of the page sees."""
    text = re.sub(r"<[^>]+>", " ", part_)
    return set(re.findall(rf"\b((?:{'|'.join(CHAPTERS)})\.[a-z0-9-]+)", text))


def test_the_page_says_what_the_record_says(record: Json, page: str) -> None:
    """Each part names exactly the numbers of its class; changed ones with their difference."""
    titles = {"re-read": "read-anew"}
    for name in CLASSES:
        own = {each["id"] for each in record["numbers"][name]}
        assert ids(part(page, titles.get(name, name))) == own
    shown = plain(re.sub(r"<[^>]+>", "", page))
    for change in (*record["numbers"]["revised"], *record["numbers"]["re-read"]):
        row = f"{change['label']} {change['id']}"
        assert plain(row) in shown
        assert plain(change["difference_text"]) in shown
    for name, count in record["counts"].items():
        assert re.search(rf"{name.capitalize()} [^0-9]+ {count}\b", shown)


def test_the_tables_of_the_page_have_both_figures(record: Json, page: str) -> None:
    """Row by row, in the record's order: id, older figure, newer figure, difference."""
    for title, name in (("revised", "revised"), ("read-anew", "re-read")):
        rows = re.findall(r"<tr[^>]*>(.*?)</tr>", part(page, title), re.DOTALL)[1:]
        assert len(rows) == len(record["numbers"][name])
        for row, change in zip(rows, record["numbers"][name], strict=True):
            cells = [plain(re.sub(r"<[^>]+>", "", cell))
                     for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]  # fmt: skip
            assert cells[0].endswith(change["id"])
            assert cells[1:3] == [plain(change["old"]["text"]), plain(change["new"]["text"])]
            gap = filter(None, (change["difference_text"], change["relative_text"]))
            assert cells[3] == plain(", ".join(gap))
            assert all(key in cells[4] for key in change["came"][:2])


def test_the_page_shows_verdicts_and_chart(record: Json, page: str) -> None:
    """Both verdicts of each claim that changed; the chart with its data."""
    shown = plain(re.sub(r"<[^>]+>", "", page))
    for each in record["verdicts"]["changed"]:
        assert plain(each["statement"]) in shown
        reasons = plain(each["old"]["reasons"])
        assert f"{each['old']['verdict'].capitalize()}. {reasons}" in shown
        assert f"{each['new']['verdict'].capitalize()}." in shown
    assert "529.4 → 556.7 million USD" in re.findall(r'alt="([^"]*)"', plain(page))[0]
    assert "changes.since-2024.03.csv" in page


@pytest.mark.parametrize("name", [OLD, "2025.10"])
def test_an_older_edition_knows_of_no_later_one(name: str, site: Path) -> None:
    """Its list of editions ends with itself; the first says that it is the first."""
    page = (site / name / "book" / "changes.html").read_text(encoding="utf-8")
    article = page[page.index("<article") : page.index("</article>")]
    known = [OLD, "2025.10", NEW]
    later = known[known.index(name) + 1 :]
    listed = re.search(r'<dl class="[^"]*editions[^"]*">(.*?)</dl>', article, re.DOTALL)
    assert listed
    assert re.findall(r"<dt>([0-9.]+)", listed[1]) == known[: known.index(name) + 1]
    assert not [each for each in later if each in re.sub(r"<[^>]+>", "", article)]
    first = "This is the first edition: there is none before it to compare it with."
    assert (first in article) == (name == OLD)
    assert ("Since edition 2024.03" in article) == (name != OLD)


@pytest.fixture(scope="module")
def released(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout in which the first edition is released with another figure, by other code."""
    copy = copy_checkout(tmp_path_factory.mktemp("released") / "checkout")
    folder = copy.data / "releases" / OLD
    folder.mkdir(parents=True)
    for name in ("numbers.json", "manifest.json"):
        shutil.copy(site / OLD / name, folder)
    content = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))
    number = next(n for n in content["numbers"] if n["id"] == "trade.turnover-2023-stated")
    number.update(text="500.4\u00a0million\u00a0USD", value=500.4)
    (folder / "numbers.json").write_text(json.dumps(content), encoding="utf-8")
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    about["code_sha256"] = "0" * 64
    about["versions"]["packages"]["pandas"] = "2.9.9"
    (folder / "manifest.json").write_text(json.dumps(about), encoding="utf-8")
    return copy


def test_a_released_edition_is_read_from_its_release(released: Checkout, azkz: Azkz) -> None:
    """Its figure is the released one; that code and packages are not the same is said."""
    done = azkz(released, "diff", OLD, NEW, "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert (record["old"]["released"], record["new"]["released"]) == (True, False)
    (change,) = (c for c in record["numbers"]["re-read"] if c["id"] == "trade.turnover-2023-stated")
    assert (change["old"]["value"], change["new"]["value"]) == (500.4, 529.4)
    assert (change["difference"], change["came"]) == (29.0, [])
    assert {each["what"] for each in record["unequal"]} == {"code", "package pandas"}
    shown = azkz(released, "diff", OLD, NEW).stdout
    assert "The two were not made with the same: code, package pandas." in shown
    assert re.search(rf"from {OLD}, as known on 11 March 2024: \d+ numbers, as released\n", shown)


@pytest.mark.parametrize(
    ("name", "put", "says"),
    [
        ("numbers.json", "{", "numbers.json: cannot be read"),
        ("numbers.json", "[]", "numbers.json: has not the form of a release"),
        (
            "numbers.json",
            '{"edition": "2024.03"}',
            "releases/2024.03: has not the form of a release",
        ),
        ("numbers.json", '{"numbers": [{"id": "trade.x"}]}', "has not the form of a release"),
        ("manifest.json", "", "manifest.json: cannot be read"),
        ("manifest.json", "{}", "has not the form of a release"),
    ],
)
def test_a_damaged_release_is_told(copy: Checkout, name: str, put: str, says: str) -> None:
    """File and what to do are named; it is not passed over for what the checkout has."""
    folder = copy.data / "releases" / OLD
    folder.mkdir(parents=True)
    whole = {"edition": OLD, "as_of": "2024-03-11", "numbers": [], "verdicts": []}
    (folder / "numbers.json").write_text(json.dumps(whole), encoding="utf-8")
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    (folder / name).write_text(put, encoding="utf-8")
    with pytest.raises(BadInput, match=says) as caught:
        said_by(copy, [OLD], 1)
    assert "restore the file from version control" in str(caught.value)


def test_a_release_under_the_wrong_name_is_told(copy: Checkout) -> None:
    """A folder that holds another edition's numbers is damaged."""
    folder = copy.data / "releases" / OLD
    folder.mkdir(parents=True)
    other = {"edition": NEW, "as_of": "2026-11-23", "numbers": [], "verdicts": []}
    made = {"versions": {"azkz": "1", "python": "3", "packages": {}}, "code_sha256": "",
            "templates": {}, "parameters": {}}  # fmt: skip
    (folder / "numbers.json").write_text(json.dumps(other), encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(made), encoding="utf-8")
    with pytest.raises(BadInput, match=r"is edition 2026\.11 of 2026-11-23, not 2024\.03"):
        said_by(copy, [OLD], 1)


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ((OLD, "2026.12"), r"no edition '2026\.12' — did you mean 2026\.11\? There are: 2024\.03"),
        (("x", NEW), r"no edition 'x' — There are: 2024\.03, 2025\.10, 2026\.11"),
        ((NEW, NEW), r"edition 2026\.11 is given twice — name two editions, the older first"),
        ((NEW, OLD), r"2026\.11 is newer than 2024\.03 — .* azkz diff 2024\.03 2026\.11"),
    ],
)
def test_a_wrong_pair_is_told(
    pair: tuple[str, str], says: str, azkz: Azkz, place: Checkout
) -> None:
    """Exit code 2, the way out named, nothing on standard output."""
    done = azkz(place, "diff", *pair, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(says, done.stderr)
