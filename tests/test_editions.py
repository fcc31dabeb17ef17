"""Editions and chapter templates."""

from __future__ import annotations

import json
from datetime import date

import nbformat
import pytest

from azkz.build import edition as editions
from azkz.build import template as templates
from azkz.build.plan import Plan
from azkz.build.request import Request
from azkz.errors import BadInput
from azkz.paths import Checkout, checkout

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def declared() -> dict[str, object]:
    """The parameters that the chapters declare."""
    return templates.load_all(checkout())["trade"].parameters


def test_the_default_edition(place: Checkout, declared: dict[str, object]) -> None:
    """Edition 2026.11 is as known on 23 November 2026."""
    edition = editions.load(place, "2026.11", declared, TODAY)
    assert edition.as_of == date(2026, 11, 23)
    assert edition.parameters["base_year"] == 2020
    assert editions.names(place)[-1] == "2026.11"


def test_any_edition_file_is_read(copy: Checkout, declared: dict[str, object]) -> None:
    """A file that an author adds is an edition; the list is ordered by the as-of day."""
    text = (copy.editions / "2026.11.yml").read_text(encoding="utf-8")
    for name, day in (("2025.01.10", "2025-01-31"), ("2025.01.2", "2025-01-31")):
        other = text.replace('"2026.11"', f'"{name}"').replace("2026-11-23", day)
        (copy.editions / f"{name}.yml").write_text(other, encoding="utf-8")
    assert editions.names(copy) == ["2024.03", "2025.01.2", "2025.01.10", "2025.10", "2026.11"]
    assert editions.load(copy, "2025.01.2", declared, TODAY).as_of == date(2025, 1, 31)


def test_the_editions_differ_by_their_day_alone(place: Checkout) -> None:
    """But for name and day, their files say the same."""
    own = ("edition:", "as_of:")
    said = {
        tuple(line for line in file.read_text("utf-8").splitlines() if not line.startswith(own))
        for file in place.editions.glob("*.yml")
    }
    assert editions.names(place) == ["2024.03", "2025.10", "2026.11"]
    assert len(said) == 1


@pytest.mark.parametrize(
    ("name", "day", "last_year"),
    [("2024.03", "2024-03-11", 2023), ("2025.10", "2025-10-22", 2024), ("2026.11", "", 2025)],
)
def test_the_last_year_had_ended_on_the_day(
    name: str, day: str, last_year: int, place: Checkout, declared: dict[str, object]
) -> None:
    """Axes of an edition end before its day, and so do those of the unnamed edition of that day."""
    named = editions.load(place, name, declared, TODAY)
    assert named.parameters["last_year"] == last_year
    if day:
        unnamed = editions.load(place, "2026.11", declared, TODAY, day)
        assert unnamed.unnamed
        assert not named.unnamed
        assert unnamed.as_of == named.as_of
        assert {**unnamed.parameters, "edition": name} == named.parameters


@pytest.mark.parametrize("day", ["2027-01-01", "1980-01-01", "20230630", "1996-06-30", "x"])
def test_a_day_that_cannot_be_is_refused(
    day: str, place: Checkout, declared: dict[str, object]
) -> None:
    """In the future, before the republics, in another form, or before the axes begin."""
    with pytest.raises(BadInput, match=f"--as-of {day}"):
        editions.load(place, "2026.11", declared, TODAY, day)


def test_the_day_is_no_parameter(place: Checkout, declared: dict[str, object]) -> None:
    """An edition of another day would bear the name of one that is published."""
    edition = editions.load(place, "2026.11", declared, TODAY)
    with pytest.raises(BadInput, match="give the day with --as-of"):
        editions.override(edition, [("as_of", "2023-06-30")], declared, TODAY)


@pytest.mark.parametrize(
    ("line", "put", "message"),
    [
        ("base_year: 2020", 'base_year: "2020"', "base_year must be a whole number"),
        ("base_year: 2020", "base_year: true", "base_year must be a whole number"),
        ("base_year: 2020", "base_year: 2025", "before last_year"),
        ("last_year: 2025", "last_year: 2030", "years between"),
        ("first_year: 1995\n", "", "first_year not given"),
        ('edition: "2026.11"', 'edition: "2026.10"', "the file's name"),
        ('as_of: "2026-11-23"', 'as_of: "2026-02-30"', "no day of the calendar"),
        ('as_of: "2026-11-23"', 'as_of: "2026-W47-1"', "no day of the calendar"),
        ('as_of: "2026-11-23"', 'as_of: "2026-11-23T10:00"', "no day of the calendar"),
        ("base_year: 2020", "base_year: 2026-13-45", "is no YAML: month must be"),
        ("base_year: 2020", "base_year: 2020\nbase_year: 2018", "base_year stands twice.* line 7"),
        ("base_year: 2020", f"base_year: {'[' * 3000}", "is no YAML"),
        ('title: "', 'title: "a\\nb', "on one line"),
    ],
)
def test_a_wrong_edition_is_refused(
    line: str, put: str, message: str, copy: Checkout, declared: dict[str, object]
) -> None:
    """The message names the file, the key and what is allowed."""
    file = copy.editions / "2026.11.yml"
    file.write_text(file.read_text(encoding="utf-8").replace(line, put), encoding="utf-8")
    with pytest.raises(BadInput, match=message) as caught:
        editions.load(copy, "2026.11", declared, TODAY)
    assert "notebooks/editions/2026.11.yml" in str(caught.value)


def test_a_file_with_another_name_is_told(copy: Checkout, declared: dict[str, object]) -> None:
    """A file whose name is no year and month is refused by the name that it has."""
    (copy.editions / "2026.11.yml").rename(copy.editions / "november.yml")
    with pytest.raises(BadInput, match=r"editions/november\.yml: the file's name is no name"):
        editions.load(copy, "november", declared, TODAY)


def test_a_parameter_declared_twice_is_refused(copy: Checkout) -> None:
    """Which of the two a chapter would run with is not left to chance."""
    file = copy.notebooks / "energy.ipynb"
    notebook = nbformat.read(file, as_version=4)
    own = next(c for c in notebook.cells if "parameters" in c.metadata.get("tags", ()))
    own.source += "\nbase_year: int = 2018"
    nbformat.write(notebook, file)
    with pytest.raises(BadInput, match=r"energy\.ipynb: .* declares base_year twice"):
        templates.load_all(copy)


@pytest.mark.parametrize(("put", "says"), [(None, "has no id"), ("twin", "of another cell")])
def test_a_cell_has_an_id_of_its_own(put: str | None, says: str, copy: Checkout) -> None:
    """Jupyter makes up an id that is lacking, another one in every build."""
    file = copy.notebooks / "energy.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["cells"][1]["id"] = "twin"
    notebook["cells"][2].pop("id")
    if put:
        notebook["cells"][2]["id"] = put
    file.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(BadInput, match=rf"energy\.ipynb: cell 3 .*{says}"):
        templates.load_all(copy)


def test_an_edition_from_the_future_is_refused(
    place: Checkout, declared: dict[str, object]
) -> None:
    """The day before, nobody could know what edition 2026.11 knows."""
    with pytest.raises(BadInput, match="as_of is 2026-11-23"):
        editions.load(place, "2026.11", declared, date(2026, 11, 22))


def test_parameters_are_overridden_by_type(place: Checkout, declared: dict[str, object]) -> None:
    """Text from the command line becomes the parameter's own type; what changed is known."""
    edition = editions.load(place, "2026.11", declared, TODAY)
    changed = editions.override(edition, [("base_year", "2018")], declared, TODAY)
    assert changed.parameters["base_year"] == 2018
    assert changed.changed == ("base_year",)
    same = editions.override(edition, [("base_year", "2020")], declared, TODAY)
    assert same.changed == ()


def test_only_the_whole_edition_is_published(place: Checkout, declared: dict[str, object]) -> None:
    """Other parameters, some chapters or one part make a build that stays below _build."""
    edition = editions.load(place, "2026.11", declared, TODAY)
    other = editions.override(edition, [("base_year", "2018")], declared, TODAY)
    whole = Request("2026.11")
    assert Plan(whole, edition, True, {}, "").complete
    assert not Plan(whole, other, True, {}, "").complete
    assert Plan(whole, other, True, {}, "").folder_name == "2026.11+base_year=2018"
    assert not Plan(Request("2026.11", chapters=("trade",)), edition, True, {}, "").complete
    unnamed = editions.load(place, "2026.11", declared, TODAY, "2023-06-30")
    assert not Plan(Request("2026.11", as_of="2023-06-30"), unnamed, False, {}, "").complete
    assert not Plan(Request("2026.11", parts=("html",)), edition, True, {}, "").complete
