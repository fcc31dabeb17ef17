"""The index of the search: Sphinx's own, from less work."""

from __future__ import annotations

from sphinx.search.en import SearchEnglish

from azkz.sphinxext.search import EnglishOnce

TEXT = "Trade, trades and trading: the trade of the Khazar-era \u049bala grew 3-fold, and grew"


def test_words_are_those_of_sphinx() -> None:
    """The same words, each once, with the same stems; the same ones are left out."""
    once, plain = EnglishOnce({}), SearchEnglish({})
    words = once.split(TEXT)
    assert len(words) == len(set(words)) < len(plain.split(TEXT))
    assert set(words) == set(plain.split(TEXT))
    for word in (*words, ""):
        assert once.stem(word) == plain.stem(word)
        assert once.word_filter(word) == plain.word_filter(word)


def test_the_script_of_the_search_is_that_of_english() -> None:
    """What the browser does with a question fits the index."""
    assert EnglishOnce.lang == "en"
    assert EnglishOnce.js_stemmer_code == SearchEnglish.js_stemmer_code
    assert EnglishOnce.stopwords == SearchEnglish.stopwords
