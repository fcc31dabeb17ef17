"""Code on the pages: formatted as Sphinx formats it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pygments.formatters import HtmlFormatter
from sphinx.highlighting import PygmentsBridge

from azkz.sphinxext.code import Formatted, _formatter


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


def test_code_is_formatted_once_for_each_way(tmp_path: Path) -> None:
    """Where it stands does not matter; what it is, its language and how it is shown do."""
    made: list[str] = []

    def make(source: str, lang: str, *_given: Any, **_named: Any) -> str:
        made.append(f"<{lang}> {source}\r\n{len(made)}")
        return made[-1]

    code = Formatted(tmp_path, make)
    first = code("a = 1", "python", location="here", linenos=False)
    again = Formatted(tmp_path, make)
    assert again("a = 1", "python", location="there", linenos=False) == first
    assert len(made) == 1
    assert again("a = 2", "python", linenos=False) != first
    assert again("a = 1", "text", linenos=False) != first
    assert again("a = 1", "python", linenos=True) != first
    assert again("a = 1", "python", {"stripall": True}, linenos=False) != first
    assert len(made) == 5
