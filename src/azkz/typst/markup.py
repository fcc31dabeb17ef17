"""Typst source made from plain values.

Text never enters Typst's markup syntax: it is written as a string literal, in which only the
backslash and the quotation mark mean something. Whatever a page or the ledger holds therefore
shows as typed, and no list of special characters has to be kept up with Typst.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_SPACES = re.compile(r"[ \t\r\n]+")
_BREAK = "#h(0.001pt)"  # Typst skips a space of no width and with it the place to break
_LONG = 17
_LONG_WORD = re.compile(rf"[^\s\u00a0\u202f]{{{_LONG},}}")
_STRING = re.compile(r'#("(?:[^"\\]|\\.)*")')
_SHORT_RUN = 14
_UNBROKEN = re.compile(r".+?(?:[-/–](?!\d)|$)")  # lines break by themselves behind these signs
_PIECE = re.compile(r"[^/._\-=&?%,:;]{1,18}[/._\-=&?%,:;]*|[/._\-=&?%,:;]+")


def string(value: str) -> str:
    """``value`` as a Typst string literal."""
    return f'"{value.translate(_ESCAPES)}"'


def text(value: str) -> str:
    """``value`` as text in running content; runs of spaces and line ends become one space."""
    return _BREAK.join("#" + string(part) for part in _parts(_SPACES.sub(" ", value)))


def raw(value: str) -> str:
    """``value`` as code within a line."""
    return _BREAK.join(call("raw", string(part)) for part in _parts(value))


def _parts(value: str) -> list[str]:
    """Split where a line may break within addresses and other words without spaces.

    The parts are joined by a space without a character, so that copied text stays whole. They are
    as few as can be, because each becomes a link area of its own.
    """
    if max(map(len, value.split()), default=0) < _LONG:
        return [value] if value else []
    parts: list[str] = []
    begin = 0
    for word in _LONG_WORD.finditer(value):
        for run in _UNBROKEN.finditer(word[0]):
            pieces = list(_PIECE.finditer(run[0])) if len(run[0]) > _SHORT_RUN else []
            for piece in pieces[:-1]:
                end = word.start() + run.start() + piece.end()
                parts.append(value[begin:end])
                begin = end
    return [*parts, value[begin:]] if value[begin:] else parts


def content(markup: str) -> str:
    """Markup as functions take it: a content block, or a string where it is nothing else."""
    alone = _STRING.fullmatch(markup)
    return alone[1] if alone else f"[{markup}]"


def array(items: Iterable[str]) -> str:
    """Typst expressions as an array; the comma at the end keeps one item an array."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


def call(function: str, *positional: str, **named: str | None) -> str:
    """A call inside markup. Arguments are Typst expressions; named ones that are None are left out.

    Underscores in argument names become hyphens, as Typst spells them.
    """
    return "#" + apply(function, *positional, **named)


def block(function: str, *positional: str, **named: str | None) -> str:
    """A call on a line of its own."""
    return call(function, *positional, **named) + "\n"


def apply(function: str, *positional: str, **named: str | None) -> str:
    """A call inside code, for example as an argument of another call."""
    options = [
        f"{key.replace('_', '-')}: {value}" for key, value in named.items() if value is not None
    ]
    return f"{function}({', '.join([*options, *positional])})"


def label(name: str) -> str:
    """The label ``name`` as an expression."""
    return f"label({string(name)})"


def anchor(name: str) -> str:
    """An invisible place in the text to which links lead."""
    return f"#metadata(none)#{label(name)}"


def boolean(*, value: bool) -> str:
    """``true`` or ``false``."""
    return "true" if value else "false"


def printable(value: str, known: Callable[[str], bool]) -> tuple[str, str]:
    """``value`` with letters that no font holds written as ``U+4E2D``, and those letters.

    A letter that a reader can look up is better than the empty box which the typesetter would
    leave without a word.
    """
    if value.isascii() and value.isprintable():
        return value, ""
    letters = set(value)
    if all(map(known, letters)):
        return value, ""
    missing = "".join(sorted(letter for letter in letters if not known(letter)))
    shown = re.sub(f"[{re.escape(missing)}]+", _code_points, value)
    return shown, missing


def _code_points(found: re.Match[str]) -> str:
    return " ".join(f"U+{ord(letter):04X}" for letter in found[0])
