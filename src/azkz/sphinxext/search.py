"""The words of the search, each looked at once."""

from __future__ import annotations

from functools import cache

from sphinx.search.en import SearchEnglish


class EnglishOnce(SearchEnglish):
    """English, as Sphinx searches it.

    Sphinx asks of every word on every page whether it is to be found, three times, and puts what is
    into a set. A text gives each of its words once here, and what is known of a word is kept.
    """

    def init(self, options: dict[str, str]) -> None:
        """Begin to keep what is known of words."""
        super().init(options)
        self.stem = cache(super().stem)  # type: ignore[method-assign]
        self.word_filter = cache(super().word_filter)  # type: ignore[method-assign]

    def split(self, input: str) -> list[str]:  # noqa: A002  the name is Sphinx's
        """The words of a text, in the order in which they come first."""
        return list(dict.fromkeys(super().split(input)))
