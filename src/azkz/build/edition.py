"""Editions: a name, an as-of day and the parameters that papermill hands to every chapter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from azkz.build.edition_names import NAME, corrected, order
from azkz.errors import BadInput
from azkz.paths import Checkout

FIRST_DAY = date(1991, 12, 1)
"""Both republics are younger than this; nothing of theirs was known before it."""

FIXED = {
    "edition": "write another edition file",
    "title": "write another edition file",
    "as_of": "give the day with --as-of",
}
"""Parameters that are not given with ``-p``, and what to do instead."""

UNREADABLE = (yaml.YAMLError, OSError, ValueError, RecursionError)
"""What reading YAML raises: no text, no YAML, no such day or number, too deeply nested."""

Parameters = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition as its file has it.

    ``parameters`` are what papermill gets: ``edition``, ``title``, ``as_of``, ``first_year``,
    ``last_year``, ``base_year`` and whatever else the chapters declare. ``last_year`` is the file's
    or, where that is earlier, the last year that had ended on the day. ``changed`` names those that
    the command line has overridden.
    """

    name: str
    title: str
    as_of: date
    parameters: Parameters
    changed: tuple[str, ...] = ()

    @property
    def unnamed(self) -> bool:
        """Whether it is no edition but the report on some day, which is then its name."""
        return not NAME.fullmatch(self.name)

    @property
    def corrects(self) -> str | None:
        """The edition that it corrects; nothing if it is no correction."""
        return corrected(self.name)


def described(edition: Edition) -> str:
    """An edition by its name and day; an unnamed one by its day alone."""
    name = "no edition" if edition.unnamed else f"edition {edition.name}"
    return f"{name}, as known on {edition.as_of}"


def names(place: Checkout) -> list[str]:
    """The editions that have a file, the newest as-of day last."""
    files = sorted(file for file in place.editions.glob("*.yml") if file.is_file())
    return [file.stem for file in sorted(files, key=lambda f: (_as_of_or_name(f), order(f.stem)))]


def newest(place: Checkout) -> str:
    """The name of the edition with the newest as-of day.

    Raises
    ------
    BadInput
        There is no edition.
    """
    known = names(place)
    if not known:
        raise BadInput("no edition", place.shown(place.editions), "write one, such as 2026.11.yml")
    return known[-1]


def load(
    place: Checkout, name: str, declared: Mapping[str, Any], today: date, as_of: str = ""
) -> Edition:
    """The edition ``name``, checked.

    ``declared`` maps every parameter that the chapters know to its default: a key that is not
    there, or has another type, is refused. ``today`` bounds the as-of day. With ``as_of`` it is the
    unnamed edition of that day, with the parameters of ``name``.

    Raises
    ------
    BadInput
        No such edition, a key unknown, missing or of the wrong type, an as-of day in the future,
        years out of order. The message has the key, the file and what is allowed.
    """
    file = place.editions / f"{name}.yml"
    known = names(place)
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise BadInput(
            f"no edition {name!r}",
            place.shown(place.editions),
            f"{hint}There are: {', '.join(known) or 'none'}",
        )
    shown = place.shown(file)
    if not NAME.fullmatch(name):
        todo = "name it by year and month, such as 2026.11.yml"
        raise BadInput("the file's name is no name of an edition", shown, todo)
    parameters = _read(file, shown)
    _check_keys(parameters, declared, shown)
    if parameters["edition"] != name:
        todo = f"write {name!r}, the file's name"
        raise BadInput(f"edition is {parameters['edition']!r}", shown, todo)
    if as_of:
        unnamed = {**parameters, "edition": as_of, "as_of": as_of}
        return _checked(unnamed, f"--as-of {as_of}", today)
    return _checked(parameters, shown, today)


def override(
    edition: Edition, pairs: Iterable[tuple[str, str]], declared: Mapping[str, Any], today: date
) -> Edition:
    """The edition with parameters given on the command line as text.

    Raises
    ------
    BadInput
        A name that no chapter declares, or a text that is not of its type.
    """
    parameters = dict(edition.parameters)
    changed = []
    for name, text in pairs:
        _check_name(name, declared, "-p")
        if name in FIXED:
            raise BadInput(f"{name} belongs to the edition", f"-p {name}", FIXED[name])
        parameters[name] = _typed(name, text, declared[name])
        if parameters[name] != edition.parameters[name]:
            changed.append(name)
    made = _checked(parameters, "-p", today)
    return replace(made, changed=tuple(sorted(set(changed))))


def _read(file: Path, shown: str) -> Parameters:
    try:
        content = _parsed(file)
    except UNREADABLE as error:
        raise BadInput(f"is no YAML: {error}", shown, "one `key: value` a line") from error
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise BadInput("holds no parameters", shown, "one `key: value` a line")
    return content


def _parsed(file: Path) -> Any:
    """What the file says. A key that stands twice is refused: YAML's reader would take the last."""
    text = file.read_text(encoding="utf-8")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode):
        keys = [key.value for key, _ in root.value]
        twice = [key for key, _ in root.value if keys.count(key.value) > 1]
        if twice:
            line = twice[-1].start_mark.line + 1
            raise yaml.YAMLError(f"{twice[-1].value} stands twice, again in line {line}")
    return yaml.safe_load(text)


def _check_keys(parameters: Parameters, declared: Mapping[str, Any], shown: str) -> None:
    for name in parameters:
        _check_name(name, declared, shown)
    if missing := [name for name in declared if name not in parameters]:
        todo = "every edition says every parameter"
        raise BadInput(f"{', '.join(missing)} not given", shown, todo)
    for name, value in parameters.items():
        wanted = type(declared[name])
        if type(value) is not wanted:
            hint = ", in quotes" if wanted is str else ""
            raise BadInput(f"{name} is {value!r}", shown, f"{name} must be {_kind(wanted)}{hint}")


def _check_name(name: str, declared: Mapping[str, Any], shown: str) -> None:
    if name in declared:
        return
    near = get_close_matches(name, list(declared), 1)
    hint = f"did you mean {near[0]}? " if near else ""
    todo = f"{hint}The chapters declare: {', '.join(declared)}"
    raise BadInput(f"no parameter {name!r}", shown, todo)


def _checked(parameters: Parameters, shown: str, today: date) -> Edition:
    as_of = _day(parameters["as_of"], shown)
    if not FIRST_DAY <= as_of <= today:
        todo = f"give a day between {FIRST_DAY} and today, {today}"
        raise BadInput(f"as_of is {as_of}", shown, todo)
    first, last, base = (parameters[k] for k in ("first_year", "last_year", "base_year"))
    if not FIRST_DAY.year <= first < last <= today.year:
        raise BadInput(
            f"first_year is {first} and last_year {last}",
            shown,
            f"years between {FIRST_DAY.year} and {today.year}, the first before the last",
        )
    own = min(last, as_of.year - 1)
    # The report on a day before its base year leaves out what needs one.
    until = own if NAME.fullmatch(str(parameters["edition"])) else today.year
    if not first <= base < until:
        todo = f"a year from {first} to {until - 1}, before last_year and the year of as_of"
        raise BadInput(f"base_year is {base}", shown, todo)
    if as_of.year - 1 <= first:
        todo = f"give a day after {first + 1}, or an earlier first_year"
        raise BadInput(f"as_of is {as_of}, and first_year {first}", shown, todo)
    title = parameters["title"]
    if not title.strip() or not title.isprintable():
        raise BadInput(f"title is {title!r}", shown, "give the report's title, on one line")
    return Edition(
        parameters["edition"], title, as_of, {**parameters, "last_year": min(last, as_of.year - 1)}
    )


def _day(text: str, shown: str) -> date:
    wrong = BadInput(f"as_of is {text!r}, no day of the calendar", shown, "write it as 2026-11-23")
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise wrong from error
    # Other forms of the standard (20261123, 2026-W48-1) would be another text for the same day.
    if day.isoformat() != text:
        raise wrong
    return day


def _typed(name: str, text: str, default: Any) -> Any:
    if isinstance(default, str):
        return text
    try:
        return type(default)(text)
    except ValueError as error:
        todo = f"{name} must be {_kind(type(default))}"
        raise BadInput(f"{name} is {text!r}", f"-p {name}", todo) from error


def _kind(wanted: type) -> str:
    return {int: "a whole number", float: "a number", str: "a text"}.get(wanted, wanted.__name__)


def _as_of_or_name(file: Path) -> str:
    try:
        return str(_parsed(file)["as_of"])
    except (*UNREADABLE, KeyError, TypeError):
        return file.stem
