"""Code on the pages: formatted as Sphinx formats it."""

from __future__ import annotations

from pygments.formatters import HtmlFormatter
from sphinx.highlighting import PygmentsBridge

from azkz.sphinxext.code import _formatter


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
