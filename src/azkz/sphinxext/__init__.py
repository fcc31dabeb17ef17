"""The pages of the report: a Sphinx extension over the records of a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register it with Sphinx."""
    # Who wants a table of the records alone does without the rest.
    from azkz.sphinxext import extension

    return extension.setup(app)
