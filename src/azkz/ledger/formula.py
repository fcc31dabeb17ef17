"""Reads a number's formula into a tree of names, figures and operations.

The language is what ``quantity`` and ``arithmetic`` write:

- a name is an observation (``trade-0043``), an event, or a number (``trade.turnover-2023``);
- a bare figure (``5``) is a ratio, an amount has its unit behind it (``100 percent``);
- ``+ - * /`` have spaces around them; multiplication and division come first;
- ``percent(x)`` writes a ratio in percent, ``sum(a, b)`` adds up, ``exact(x)`` is ``x`` without the
  interval of its digits, ``count(a, b)`` is how many things there are in it, each once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from azkz.errors import ReportError

FUNCTIONS = ("percent", "sum", "exact", "count")

_TOKEN = re.compile(
    r"(?P<amount>-?\d+(?:\.\d+)?(?: [^\W\d_].*?)?(?= [-+*/] |, |\)|$))"
    r"|(?P<call>[a-z]+)\("
    r"|(?P<name>[a-z][a-z0-9]*(?:[.-][a-z0-9]+)+)(?![\w.-])"
    r"|(?P<sign> [-+*/] )|(?P<mark>, |[()])"
)


class FormulaError(ReportError):
    """A formula that cannot be read or recomputed; the message has the formula and the place."""


@dataclass(frozen=True, slots=True)
class Name:
    """An observation, an event or a number, by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure written into the formula. ``unit`` is a symbol, empty for a bare figure."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Two parts joined by ``+``, ``-``, ``*`` or ``/``."""

    sign: str
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Call:
    """One of ``FUNCTIONS`` with what stands between its brackets."""

    function: str
    arguments: tuple[Formula, ...]


Formula = Name | Amount | Operation | Call


def parse(text: str) -> Formula:
    """The tree that a formula writes.

    Raises
    ------
    FormulaError
        It is malformed; the message says at which character.
    """
    reader = _Reader(text)
    tree = reader.expression()
    if reader.token[0] != "end":
        reader.refuse()
    return tree


def names(tree: Formula) -> tuple[str, ...]:
    """The names in a formula, each once, from left to right."""
    return tuple(dict.fromkeys(_names(tree)))


def as_part(text: str) -> str:
    """A formula as part of another: in brackets where it joins parts itself."""
    return f"({text})" if isinstance(parse(text), Operation) else text


class _Reader:
    """Reads one formula from left to right; ``token`` is what stands at the place reached."""

    def __init__(self, text: str) -> None:
        self._text, self._place, self._next = text, 0, 0
        self.token = self._read()

    def expression(self, signs: str = "+-") -> Formula:
        """Parts joined by signs of one rank; those of the higher rank are read first."""
        part = self._term if signs == "+-" else self._operand
        made = part()
        while self.token[0] == "sign" and self.token[1] in signs:
            sign = self._take()
            made = Operation(sign, made, part())
        return made

    def refuse(self) -> NoReturn:
        """Say what cannot stand at the place reached."""
        found = self._text[self._place :] or "the end"
        place = f"{self._text!r}, character {self._place + 1}"
        raise FormulaError(f"{found[:30]!r} is not expected", place, "mend the formula")

    def _term(self) -> Formula:
        return self.expression("*/")

    def _operand(self) -> Formula:
        kind, text = self.token
        if kind == "amount":
            value, _, unit = self._take().partition(" ")
            return Amount(Decimal(value), unit)
        if kind == "name":
            return Name(self._take())
        if kind == "call" and text in FUNCTIONS:
            return self._call()
        if text != "(":
            self.refuse()
        self._take()
        made = self.expression()
        self._close()
        return made

    def _call(self) -> Formula:
        start, function = self._place, self._take()
        arguments = [self.expression()]
        while self.token[1] == ",":
            self._take()
            arguments.append(self.expression())
        self._close()
        one = function in ("percent", "exact")
        counted_twice = function == "count" and len(set(arguments)) < len(arguments)
        if (one and len(arguments) > 1) or counted_twice:
            self._place = start
            self.refuse()
        return Call(function, tuple(arguments))

    def _close(self) -> None:
        if self.token[1] != ")":
            self.refuse()
        self._take()

    def _take(self) -> str:
        text = self.token[1]
        self._place = self._next
        self.token = self._read()
        return text

    def _read(self) -> tuple[str, str]:
        """The kind and the text of the token at the place reached, which stays where it is."""
        if self._place == len(self._text):
            return "end", ""
        found = _TOKEN.match(self._text, self._place)
        if found is None or found.lastgroup is None:
            self.refuse()
        self._next = found.end()
        return found.lastgroup, found[found.lastgroup].strip()


def _names(tree: Formula) -> Iterator[str]:
    match tree:
        case Name(key):
            yield key
        case Operation(_, left, right):
            yield from _names(left)
            yield from _names(right)
        case Call(_, arguments):
            for each in arguments:
                yield from _names(each)
