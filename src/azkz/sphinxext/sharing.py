"""What pages show of each other: where it has changed, all of them are written again."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.util.index_entries import split_index_msg

from azkz.sphinxext.domain import report_domain
from azkz.sphinxext.figures import data_file

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class Shared:
    """Titles, contents, labels and numbers of figures, before and after pages are read."""

    def __init__(self) -> None:
        self._before: Any = None

    def note(self, _app: Sphinx, env: BuildEnvironment, _pages: list[str]) -> None:
        """Before pages are read: keep what was shared."""
        self._before = _shared(env)

    def outdated(self, _app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
        """After they are read and numbered: every page, or none beyond those that were read."""
        return () if _shared(env) == self._before else list(env.all_docs)


def _shared(env: BuildEnvironment) -> Any:
    numbered = (env.toctree_includes, env.toc_secnumbers, env.toc_fignumbers)
    return (
        {page: title.astext() for page, title in env.titles.items()},
        {page: contents.pformat() for page, contents in env.tocs.items()},
        # What is read again is put at the end of these: their order does not matter.
        deepcopy(numbered),
        deepcopy(env.get_domain("std").data),
        sorted((c.key, c.formatted_entry.label) for c in env.get_domain("cite").data["citations"]),
    )


def complete_search(app: Sphinx) -> Iterable[Any]:
    """Before the index of the search is written: make it that of all pages.

    Sphinx takes over from the last index what it knows of pages that are not written again, without
    the terms that they explain, and with words that no page has any more. No page is made.
    """
    index: Any = app.builder.indexer  # type: ignore[attr-defined]
    for words in (index._mapping, index._title_mapping):  # noqa: SLF001
        for word in [word for word, pages in words.items() if not pages]:
            del words[word]
    known: dict[str, list[tuple[str, str, str]]] = index._index_entries  # noqa: SLF001
    domain = app.env.get_domain("index")
    for page in app.env.all_docs.keys() - known.keys():
        found = {
            (entry, target, main)
            for kind, value, target, main, _key in domain.data["entries"].get(page, ())
            for entry in split_index_msg(kind, value)
        }
        known[page] = sorted(found)
    ordered = {page: known[page] for page in sorted(known)}
    known.clear()
    known.update(ordered)
    return ()


def remove_stale(app: Sphinx, error: Exception | None) -> None:
    """After a build of the site: take away pictures and data that no page has any more."""
    if error is not None or app.builder.format != "html":
        return
    pictures = {name for _pages, name in app.env.images.values()}
    _keep(Path(app.outdir, "_images"), pictures)
    figures = report_domain(app.env).noted("figures")
    _keep(Path(app.outdir, "data"), {Path(data_file(figure["id"])).name for figure in figures})


def _keep(folder: Path, names: set[str]) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in names:
            path.unlink()
