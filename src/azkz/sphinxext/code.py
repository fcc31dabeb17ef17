"""Colours the code of chapters as Pygments does, without trying rules that cannot begin there.

Pygments tries the rules of Python one after the other at every token, most often thirty or forty
until one fits. Here a rule is tried only where it may begin with the character that comes next;
what it tells, and so the page, is the same.
"""

from __future__ import annotations

# The parsed form of a regular expression has no public name.
from functools import cache
from re import IGNORECASE, Pattern, _constants, _parser  # type: ignore[attr-defined]
from string import printable
from typing import TYPE_CHECKING, Any

from pygments.formatters import HtmlFormatter
from pygments.lexers.python import PythonLexer
from pygments.token import Error, Whitespace, _TokenType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sphinx.application import Sphinx

Rule = tuple[Any, Any, Any]
"""As Pygments keeps it: how it matches, the kind of token or what makes tokens, the next state."""

_WITHOUT_WIDTH = {_constants.AT, _constants.ASSERT, _constants.ASSERT_NOT}
_REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT}
_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    _constants.CATEGORY_SPACE: str.isspace,
    _constants.CATEGORY_NOT_SPACE: lambda character: not character.isspace(),
    _constants.CATEGORY_DIGIT: str.isdigit,
    _constants.CATEGORY_NOT_DIGIT: lambda character: not character.isdigit(),
    _constants.CATEGORY_WORD: lambda character: character.isalnum() or character == "_",
}
CHARACTERS = frozenset(printable) - {"\v", "\f"}
"""Characters about which it can be told; at any other, and at the end, every rule is tried."""


@cache
def beginnings(pattern: Pattern[str]) -> frozenset[str]:
    """Those of ``CHARACTERS`` with which a match of ``pattern`` may begin; all if it may be empty.

    A character of which it is not known that none may is among them.
    """
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    found = {c for c in CHARACTERS if _begins(parsed, c) is not False}
    if parsed.state.flags & IGNORECASE:
        found |= {form for c in found for form in (c.lower(), c.upper())}
    return frozenset(found)


def _begins(items: Iterable[tuple[Any, Any]], character: str) -> bool | None:
    """Whether items that follow each other may begin so; None where they may be empty."""
    for kind, value in items:
        begins = _item_begins(kind, value, character)
        if begins is not None:
            return begins
    return None


def _item_begins(kind: Any, value: Any, character: str) -> bool | None:
    if kind in _WITHOUT_WIDTH:
        return None
    if kind in {_constants.LITERAL, _constants.IN}:
        return _is_in(value if kind is _constants.IN else [(kind, value)], character)
    if kind is _constants.SUBPATTERN:
        _group, more_flags, _fewer_flags, within = value
        return True if more_flags else _begins(within, character)
    if kind is _constants.BRANCH:
        branches = [_begins(branch, character) for branch in value[1]]
        return next((known for known in (True, None) if known in branches), False)
    if kind in _REPEATS:
        begins = _begins(value[2], character)
        return begins or (begins if value[0] else None)
    return True


def _is_in(choices: Sequence[tuple[Any, Any]], character: str) -> bool:
    """Whether a set may hold ``character``."""
    negated = choices[0][0] is _constants.NEGATE
    held = [_is_one(kind, value, character) for kind, value in choices[negated:]]
    return None in held or (True in held) is not negated


def _is_one(kind: Any, value: Any, character: str) -> bool | None:
    if kind is _constants.LITERAL:
        return bool(value == ord(character))
    if kind is _constants.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    told = _CATEGORIES.get(value)
    return told and told(character)


def keep_formatters(app: Sphinx) -> None:
    """Let Sphinx format all code with one formatter, which works out the style sheet once."""
    highlighter = getattr(app.builder, "highlighter", None)
    if highlighter is not None and highlighter.formatter is HtmlFormatter:
        highlighter.formatter = _formatter


def _formatter(**options: Any) -> HtmlFormatter:
    try:
        return _kept_formatter(**options)
    except TypeError:  # An option that is a list, such as the lines to mark.
        return HtmlFormatter(**options)


@cache
def _kept_formatter(**options: Any) -> HtmlFormatter:
    return HtmlFormatter(**options)


class QuickPython(PythonLexer):  # type: ignore[misc]
    """Python as ``PythonLexer`` tells it, with Sphinx's option: lines at the ends are kept."""

    _tokens: dict[str, list[Rule]]
    _beginning: dict[tuple[str, str], list[Rule]] = {}  # noqa: RUF012  filled as it is asked

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"stripnl": False, **options})

    def _rules(self, state: str, character: str) -> list[Rule]:
        """The rules of ``state`` that may begin with ``character``; all at the end of the text."""
        if (state, character) not in self._beginning:
            self._beginning[state, character] = [
                rule
                for rule in self._tokens[state]
                if character not in CHARACTERS or character in beginnings(rule[0].__self__)
            ]
        return self._beginning[state, character]

    def get_tokens_unprocessed(
        self, text: str, stack: Iterable[str] = ("root",)
    ) -> Iterator[tuple[int, _TokenType, str]]:
        """Tokens with their places, as ``RegexLexer`` finds them."""
        at, states, known = 0, list(stack), self._beginning
        while True:
            state, character = states[-1], text[at : at + 1]
            for match, action, new_state in known.get((state, character)) or self._rules(
                state, character
            ):
                found = match(text, at)
                if found:
                    if type(action) is _TokenType:
                        yield at, action, found.group()
                    elif action is not None:
                        yield from action(self, found)
                    at = found.end()
                    if new_state is not None:
                        _change(states, new_state)
                    break
            else:
                if not character:
                    return
                # As after a string that is not closed.
                if character == "\n":
                    states = ["root"]
                yield at, Whitespace if character == "\n" else Error, character
                at += 1


def _change(states: list[str], change: Any) -> None:
    """Go to another state: some steps back, or to one or more by name."""
    if isinstance(change, int):
        # So many back; at least one stays.
        del states[max(1, len(states) + change) :]
        return
    for state in (change,) if isinstance(change, str) else change:
        if state == "#pop":
            if len(states) > 1:
                states.pop()
        else:
            states.append(states[-1] if state == "#push" else state)
