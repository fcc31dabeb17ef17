"""What keeps the book from being typeset."""

from __future__ import annotations

from azkz.errors import BadInput


class PdfFailed(BadInput):
    """A page, a picture or a setting cannot become part of the PDF."""
