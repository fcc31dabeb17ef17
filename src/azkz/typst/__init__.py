"""The PDF of the report: a Sphinx builder that writes Typst and compiles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the builder ``typst`` and its ``typst_*`` values with Sphinx."""
    # The core below this package is usable without Sphinx, and importing Sphinx takes its time.
    from azkz.typst.builder import setup as register

    return register(app)
