"""Ranking of short texts for people who search in their own words. Knows no domain and no Django.

`Index.build(entries, language)` is immutable and lives in memory; `index.search(question)` answers
in milliseconds. Three rankings are fused by reciprocal rank: BM25 over word families and parts of
compounds, character n-grams, and how well a title or a synonym agrees with the whole question.
"""

from rathaus.core.search.dictionary import Dictionary, GermanDictionary, open_dictionary
from rathaus.core.search.entries import Answer, Entry, Hit, Settings, Text
from rathaus.core.search.index import Index
from rathaus.core.search.languages import English, German, Language
from rathaus.core.search.synonyms import SynonymGroup

__all__ = [
    "Answer",
    "Dictionary",
    "English",
    "Entry",
    "German",
    "GermanDictionary",
    "Hit",
    "Index",
    "Language",
    "Settings",
    "SynonymGroup",
    "Text",
    "open_dictionary",
]
