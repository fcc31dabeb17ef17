"""Code on the pages: coloured as Pygments colours it, in less time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.formatters import HtmlFormatter
from pygments.lexers.python import PythonLexer
from sphinx.highlighting import PygmentsBridge

import azkz
from azkz.sphinxext.code import CHARACTERS, QuickPython, _formatter, beginnings

_PIECES = st.sampled_from(
    [
        *("'", '"', "'''", '"""', "f'", 'Rb"', "rf'''", "{", "}", "{x!r:>{w}}", "\\", "\n", " "),
        *("def f", "class C", "from a import b", "lazy import c", "@a.b", "0x1_f", "1.5e-3", "#!x"),
        *("match x:", "case _:", "é", "\u00a0", "\x1c", "$", "?", "%s", "%(a)d", "not in", "print"),
    ]
)


def _both(source: str) -> tuple[list[tuple[object, str]], list[tuple[object, str]]]:
    return (
        list(QuickPython().get_tokens(source)),
        list(PythonLexer(stripnl=False).get_tokens(source)),
    )


def test_package_has_the_same_tokens() -> None:
    """Every file of the package is told as Pygments tells it."""
    for path in sorted(Path(azkz.__file__).parent.rglob("*.py")):
        quick, plain = _both(path.read_text(encoding="utf-8"))
        assert quick == plain, path


@given(st.lists(st.one_of(_PIECES, st.text(max_size=4))).map("".join))
def test_any_text_has_the_same_tokens(source: str) -> None:
    """So is what is no Python: strings left open, signs that begin nothing, other letters."""
    quick, plain = _both(source)
    assert quick == plain


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("ab|c", "ac"),
        ("(?:a|b)*c", "abc"),
        (r"^\s(?=x)", " \t\n\r"),
        (r"[^\S\n]+", " \t\r"),
        ("(?i)(rb|u)'", "rRuU"),
        ("[^a-z]", "".join(c for c in sorted(CHARACTERS) if not "a" <= c <= "z")),
        (r"\d", "0123456789"),
        ("x?", "".join(sorted(CHARACTERS))),
        (".", "".join(sorted(CHARACTERS))),
    ],
)
def test_beginnings(pattern: str, told: str) -> None:
    """A pattern begins with what its first items hold; with anything where it may be empty."""
    assert beginnings(re.compile(pattern)) == set(told)


def test_no_beginning_is_missed() -> None:
    """Whatever one character is matched by a rule of Python is among the rule's beginnings."""
    rules = [rule for state in QuickPython()._tokens.values() for rule in state]
    for match, _action, _state in rules:
        for character in CHARACTERS:
            for text in (character, character * 2, f"{character}a", f"{character}'"):
                if match(text):
                    assert character in beginnings(match.__self__)


def test_one_formatter_writes_all_code() -> None:
    """One that was used before writes as a new one does; one with lines to mark is new."""
    bridge, plain = PygmentsBridge(), PygmentsBridge()
    bridge.formatter = _formatter
    for source in ("a = 1\n", "def f(): ...\n"):
        for options in ({"linenos": False}, {"linenos": True}, {"hl_lines": [1]}):
            written = bridge.highlight_block(source, "python", **options)
            assert written == plain.highlight_block(source, "python", **options)
    assert bridge.get_formatter() is bridge.get_formatter()
    assert isinstance(bridge.get_formatter(hl_lines=[1]), HtmlFormatter)
