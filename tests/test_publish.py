"""A new site beside the last one: what is the same is the same file, and neither is changed."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from azkz.build.edition import Edition
from azkz.build.publish import assemble, file_hashes

EDITION = Edition("2026.11", "Title", date(2026, 11, 23), {}, ())


@pytest.fixture
def html(tmp_path: Path) -> Path:
    """Pages as Sphinx leaves them."""
    folder = tmp_path / "html"
    (folder / "book").mkdir(parents=True)
    for name in ("index.html", "book/index.html", "book/method.html"):
        (folder / name).write_text(f"<p>{name}</p>", encoding="utf-8")
    return folder


def _sites(html: Path) -> tuple[Path, Path]:
    """A site, and one that follows it after a page has changed."""
    last, new = html.parent / "last", html.parent / "new"
    assemble(last, html, EDITION, html.parent / "none")
    path = html / "book" / "method.html"
    path.write_text("<p>book/METHOD.html</p>", encoding="utf-8")
    os.utime(path, ns=(0, 1))
    assemble(new, html, EDITION, last)
    return last, new


def test_what_is_the_same_is_not_copied_again(html: Path) -> None:
    """One page has changed, to a text as long; the cover leads on, whatever Sphinx has there."""
    last, new = _sites(html)
    same = {name for name in file_hashes(new) if (new / name).samefile(last / name)}
    assert same == {"book/index.html"}
    assert "METHOD" in (new / "book" / "method.html").read_text(encoding="utf-8")
    assert "method" in (last / "book" / "method.html").read_text(encoding="utf-8")
    assert not any((html / name).samefile(new / name) for name in file_hashes(new))


def test_where_nothing_can_be_linked_all_is_copied(
    html: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site is the same."""
    linked = file_hashes(_sites(html)[1])

    def refuse(*_given: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    last, new = _sites(html)
    assert file_hashes(new) == linked
    assert not any((last / name).samefile(new / name) for name in linked)
