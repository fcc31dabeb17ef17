"""Content of pages that is read back only where it is asked for."""

from __future__ import annotations

import pickle
from copy import deepcopy
from typing import Any

from azkz.sphinxext.packed import Packed

READ: list[str] = []


class Noisy:
    """Tells when it is read back."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __setstate__(self, state: dict[str, str]) -> None:
        READ.append(state["name"])
        self.__dict__.update(state)


def through_a_file(page: dict[str, Any]) -> dict[str, Any]:
    """The page as Sphinx reads it back."""
    found: dict[str, Any] = pickle.loads(pickle.dumps(page))  # noqa: S301  our own
    return found


def test_it_is_read_back_when_it_is_asked_for() -> None:
    """Once, and not with the page that holds it; what was not asked for is written as it came."""
    READ.clear()
    page = {"words": "a page", "rows": Packed(Noisy("rows"))}
    again = through_a_file(through_a_file(page))
    assert again["words"] == "a page"
    assert READ == []
    assert again["rows"].value.name == again["rows"].value.name == "rows"
    assert READ == ["rows"]


def test_a_copy_is_one_of_its_own() -> None:
    """As of any value of a node."""
    first = Packed(["a"])
    other = deepcopy(first)
    other.value.append("b")
    assert (first.value, other.value) == (["a"], ["a", "b"])
