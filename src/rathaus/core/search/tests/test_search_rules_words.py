"""Words, compounds, slips, synonyms and questions: one exact case for every rule."""

import struct
from collections import Counter
from pathlib import Path

import pytest

from rathaus.core.search import English, Entry, GermanDictionary, SynonymGroup, Text
from rathaus.core.search.building import Collection
from rathaus.core.search.compounds import Splitter
from rathaus.core.search.dictionary import known_words, open_dictionary, packed
from rathaus.core.search.entries import Settings
from rathaus.core.search.grams import grams_of
from rathaus.core.search.languages import Filed, German, root
from rathaus.core.search.matrices import GramMatrix
from rathaus.core.search.question import AskedWord, Question
from rathaus.core.search.reading import Reader
from rathaus.core.search.spelling import Spelling, slips
from rathaus.core.search.synonyms import Meaning, Thesaurus
from rathaus.core.search.words import ENGLISH_STOP_WORDS, GERMAN_STOP_WORDS, words_of

WORDS = {
    "hund": "Hund", "hunde": "Hund", "steuer": "Steuer", "marke": "Marke", "tier": "Tier",
    "arzt": "Arzt", "laufen": "laufen", "amt": "Amt", "not": "Not",
}  # fmt: skip
DICTIONARY = GermanDictionary(packed(WORDS))


def parts(word: str, **collection: int) -> tuple[str, ...]:
    return Splitter(collection, DICTIONARY).parts(word)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("tierarzt", ("tierarzt",)),
        ("tiermarke", ("tier", "marke")),
        ("hundsmarke", ("hund", "marke")),
        ("hundesmarke", ("hunde", "marke")),
        ("hundenmarke", ("hunde", "marke")),
        ("tierermarke", ("tier", "marke")),
        ("hundeamt", ("hundeamt",)),
        ("amtssteuer", ("amtssteuer",)),
        ("hundelaufen", ("hundelaufen",)),
        ("steuertierarzt", ("steuer", "tier", "arzt")),
        ("markesteuer", ("marke", "steuer")),
    ],
)
def test_compounds_are_cut_at_known_nouns(word, expected):
    assert parts(word) == expected


def test_the_collection_teaches_words():
    assert parts("pickerlmarke") == ("pickerlmarke",)
    assert parts("pickerlmarke", pickerl=1) == ("pickerlmarke",)
    assert parts("pickerlmarke", pickerl=2) == ("pickerl", "marke")
    assert parts("abcmarkex", abc=5) == ("abcmarkex",)


def test_the_most_frequent_cut_wins():
    assert parts("hundestern", stern=9, hunde=2, estern=2, hund=2) == ("hunde", "stern")
    assert parts("hundestern", stern=2, estern=99, hund=9) == ("hund", "estern")
    assert parts("hundestern", stern=2, estern=2, hund=1, hunde=1) == ("hunde", "stern")


def test_whole_compounds_are_parts_too():
    assert parts("hundesteuermarke") == ("hunde", "steuer", "marke")
    splitter = Splitter({}, DICTIONARY)
    assert splitter.parts("hundesteuer") is splitter.parts("hundesteuer")


def test_a_file_of_another_format_is_refused():
    content = packed(WORDS)
    for wrong in (b"XTHWORDS" + content[8:], content[:8] + struct.pack("<I", 2) + content[12:]):
        with pytest.raises(ValueError, match=r"^not a dictionary of this format$"):
            GermanDictionary(wrong)


def test_a_basic_form_of_256_bytes_is_left_out():
    dictionary = GermanDictionary(packed({"lang": "L" * 256, "kurz": "K" * 255, "hund": "Hund"}))
    assert dictionary.lemma("lang") is None
    assert dictionary.lemma("kurz") == "K" * 255
    assert len(dictionary) == 2
    assert len(GermanDictionary(packed({"hund": "Hund", "hunde": "Hund"}))) == 2
    assert len(packed({"hund": "Hund", "hunde": "Hund"})) == 16 + 2 * 12 + 5


PAIRS = [
    ("Essen", "essen"),
    ("essen", "essen"),
    ("Essen", "Essen"),
    ("laufen", "laufen"),
    ("Laufen", "Laufen"),
    ("Laufen", "laufen"),
    ("a", "a"),
    ("ab", "ab"),
    ("x" * 30, "x"),
    ("x" * 31, "x"),
    ("z-b", "z-b"),
]


@pytest.fixture
def few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rathaus.core.search.dictionary._simplemma_words", lambda: iter(PAIRS))


@pytest.mark.usefixtures("few_words")
def test_the_noun_wins_and_odd_words_are_left_out():
    assert known_words([]) == {"essen": "Essen", "laufen": "Laufen", "ab": "ab", "x" * 30: "x"}


@pytest.mark.usefixtures("few_words")
def test_lists_of_the_system_add_what_is_missing(tmp_path: Path):
    hunspell, plain = tmp_path / "de.dic", tmp_path / "ngerman"
    hunspell.write_bytes("3\nEssen/S\nJänner/ST\n".encode("latin-1"))
    plain.write_bytes("Straße\nessEN\nkaputt\xff\nnein nein\n".encode("latin-1"))
    plain.write_bytes("Straße\nJÄNNER\nnein nein\n".encode() + b"kaputt\xff\n")
    words = known_words([hunspell, plain])
    assert {word: words.get(word) for word in ("essen", "jänner", "straße", "nein nein", "3")} == {
        "essen": "Essen",
        "jänner": "Jänner",
        "straße": "Straße",
        "nein nein": None,
        "3": None,
    }


@pytest.mark.usefixtures("few_words")
def test_a_dictionary_is_made_once_for_its_lists(tmp_path: Path):
    listed, folder = tmp_path / "ngerman", tmp_path / "tief" / "unten"
    listed.write_text("Trafik\n", encoding="utf-8")
    assert open_dictionary(folder, []).lemma("trafik") is None
    assert open_dictionary(folder, [listed]).lemma("trafik") == "Trafik"
    listed.write_text("Trafik\nMaut\n", encoding="utf-8")
    assert open_dictionary(folder, [listed, tmp_path / "weg"]).lemma("maut") == "Maut"
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 3
    assert {(name[:7], name[-6:], len(name)) for name in names} == {("german-", ".words", 25)}


@pytest.mark.usefixtures("few_words")
def test_half_a_file_is_never_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_one: Path, _other: Path) -> None:
        raise OSError("voll")

    monkeypatch.setattr(Path, "replace", refuse)
    assert open_dictionary(tmp_path, []).lemma("laufen") == "Laufen"
    assert list(tmp_path.iterdir()) == []


def test_grams_have_three_to_five_letters():
    assert grams_of("abcd") == (
        " ab", "abc", "bcd", "cd ", " abc", "abcd", "bcd ", " abcd", "abcd ",
    )  # fmt: skip
    assert grams_of("a") == (" a ",)


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("anmeldungen", "anmeld"),
        ("freundlichkeit", "freund"),
        ("wohnung", "wohn"),
        ("ehrung", "ehrung"),
        ("hund", "hund"),
        ("ungen", "unge"),
    ],
)
def test_a_root_keeps_four_letters(stem, expected):
    assert root(stem) == expected


def test_german_files_words_by_stem_family_and_parts():
    german = German(DICTIONARY)
    analysis = german.analysis(Counter())
    assert analysis("hunde") == Filed(("hund", "hund"))
    assert analysis("hunde").every == ("hund",)
    assert analysis("hundemarke") == Filed(("hundemark", "hundemark"), ("hund", "mark"))
    assert analysis("hundemarke").every == ("hundemark", "hund", "mark")
    assert (german.knows("hunde"), german.knows("katze")) == (True, False)


def test_english_has_stems_and_no_dictionary():
    english = English()
    assert english.analysis({})("registering") == Filed(("regist",))
    assert english.knows("register") is False


def test_stop_words_are_words():
    assert {"der", "die", "und"} <= GERMAN_STOP_WORDS
    assert {"the", "and"} <= ENGLISH_STOP_WORDS
    assert words_of("Der HUND, 3 ½") == ["der", "hund", "3", "1", "2"]


@pytest.mark.parametrize(
    ("one", "other", "most", "distance"),
    [
        ("ab", "ba", 2, 1),
        ("abc", "cab", 2, 2),
        ("abcd", "badc", 2, 2),
        ("ca", "abc", 5, 3),
        ("a", "abcd", 2, 3),
        ("a", "abc", 2, 2),
        ("aaaa", "bbbb", 2, 3),
        ("", "", 1, 0),
        ("aab", "aba", 2, 1),
        ("xab", "xba", 2, 1),
    ],
)
def test_slips_are_counted(one, other, most, distance):
    assert slips(one, other, most) == distance
    assert slips(other, one, most) == distance


def spelling(*words: str) -> Spelling:
    """A collection in which each word occurs once in as many entries as it is named."""
    entries = [Entry(str(number), word) for number, word in enumerate(words)]
    read = Collection.read(entries, English(), Settings())
    return Spelling(read.frequency, GramMatrix(read.word_grams), read.gram_columns)


def test_short_words_may_have_one_slip_and_long_ones_two():
    near = spelling("hund", "wohnsitz", "baumes", "karte")
    assert near.corrections("hnud") == ["hund"]
    assert near.corrections("hunb") == ["hund"]
    assert near.corrections("hubn") == []
    assert near.corrections("kadde") == []
    assert near.corrections("wonsiz") == ["wohnsitz"]
    assert near.corrections("baumaz") == ["baumes"]
    assert near.corrections("hun") == []
    assert near.corrections("hun4") == []
    assert near.corrections("zzzz") == []


def test_the_nearest_and_most_frequent_correction_comes_first():
    near = spelling("hand", "hund", "hund", "mund", "rund", "mund", "mund")
    assert near.corrections("bund") == ["mund", "hund"]
    assert near.corrections("bund", limit=5) == ["mund", "hund", "rund"]
    assert near.corrections("hundd") == ["hund"]
    assert spelling("hunden", "hundes", "hundes").corrections("hundem", limit=1) == ["hundes"]
    assert spelling("xxhundes", "hunden").corrections("hundem") == ["hunden"]


def test_letters_in_another_order_are_always_a_candidate():
    near = spelling("abcd", *("dcbx" + str(number) for number in range(40)))
    assert near.corrections("bacd") == ["abcd"]


def test_an_unfinished_word_goes_on_by_frequency():
    near = spelling("wohnen", "wohnung", "wohnung", "wolle", "baum", "wohn", "wohn")
    assert near.completions("wohn") == ["wohn", "wohnung", "wohnen"]
    assert near.completions("wohn", limit=1) == ["wohn"]
    assert near.completions("x") == []
    many = spelling(*(f"wort{number:02d}" for number in range(20)))
    assert many.completions("wo") == [f"wort{number:02d}" for number in range(12)]


def test_synonyms_say_the_same():
    groups = [SynonymGroup(("pass", "reise dokument")), SynonymGroup(("hund", "vierbeiner", ""))]
    thesaurus = Thesaurus(groups, str.split, str.upper)
    assert list(thesaurus.meanings(["PASS"], [])) == [
        Meaning(("PASS",), ("reise", "dokument"), 1.0)
    ]
    assert list(thesaurus.meanings(["REISE"], [])) == []
    assert list(thesaurus.meanings(["REISE"], ["DOKUMENT"])) == [
        Meaning(("REISE", "DOKUMENT"), ("pass",), 0.5)
    ]
    assert list(thesaurus.meanings(["DOKUMENT", "REISE"], [])) == [
        Meaning(("REISE", "DOKUMENT"), ("pass",), 1.0)
    ]
    assert list(thesaurus.meanings([], ["HUND"])) == [Meaning(("HUND",), ("vierbeiner",), 0.5)]


def test_trust_in_a_term_only_grows():
    asked = AskedWord("hund", ("hund",))
    asked.may_mean("hund", 0.5)
    asked.may_mean("hund", 0.2)
    asked.may_mean("marke", 0.1)
    asked.may_mean("marke", 0.3)
    assert asked.terms == {"hund": 0.5, "marke": 0.3}


GERMAN = German(DICTIONARY)
COLLECTION = Collection.read(
    [
        Entry("1", "Hund", (Text("Wohnsitz"),)),
        Entry("2", "Marke", (Text("Wohnsitz Wohnort"),)),
        Entry("3", "Arzt und Amt"),
    ],
    GERMAN,
    Settings(),
)


def read(text: str, *groups: tuple[str, ...], typing: bool = False) -> Question:
    spelled = Spelling(
        COLLECTION.frequency, GramMatrix(COLLECTION.word_grams), COLLECTION.gram_columns
    )
    reader = Reader(
        GERMAN,
        COLLECTION.analysis,
        spelled,
        COLLECTION.term_columns,
        [SynonymGroup(words) for words in groups],
    )
    return reader.read(text, typing=typing)


def terms_of(question: Question) -> list[dict[str, float]]:
    return [word.terms for word in question.words]


def test_a_question_is_its_meaningful_words():
    question = read("Der Hund und der Arzt")
    assert [word.word for word in question.words] == ["hund", "arzt"]
    assert [word.own for word in question.words] == [("hund",), ("arzt",)]
    assert question.terms == {"hund": 1.0, "arzt": 1.0}
    assert question.spelled == {"hund": 1.0, "arzt": 1.0}
    assert [word.word for word in read("der die").words] == ["der", "die"]
    assert read("...").words == ()


def test_a_word_asked_twice_counts_twice():
    assert read("Hund Hunde").terms == {"hund": 2.0}


def test_parts_of_a_compound_count_less():
    question = read("Hundemarke")
    assert terms_of(question) == [{"hundemark": 1.0, "hund": 0.6, "mark": 0.6}]
    assert question.words[0].own == ("hundemark", "hund", "mark")


def test_a_slip_is_corrected_only_where_nothing_is_known():
    question = read("Wohnsizt")
    assert question.spelled == {"wohnsizt": 1.0, "wohnsitz": 0.8}
    assert terms_of(question) == [{"wohnsizt": 1.0, "wohnsiz": 1.0, "wohnsitz": 0.8}]
    assert question.terms == question.words[0].terms
    assert read("Wohnsitz").spelled == {"wohnsitz": 1.0}
    assert read("Tier").spelled == {"tier": 1.0}


def test_a_word_asked_for_itself_is_not_taken_back_by_a_slip():
    assert read("Wohnsitz Wohnsizt").spelled == {"wohnsitz": 1.0, "wohnsizt": 1.0}


def test_the_last_word_may_be_unfinished():
    assert read("wohn").spelled == {"wohn": 1.0}
    question = read("Hund wohn", typing=True)
    assert question.spelled == {"hund": 1.0, "wohn": 1.0, "wohnsitz": 0.7, "wohnort": 0.7}
    assert question.words[1].terms["wohnsitz"] == 0.7
    assert "wohnsitz" not in question.words[0].terms
    assert read("wohn ", typing=True).spelled == {"wohn": 1.0}
    assert read("wo", typing=True).words[0].terms["wohnsitz"] == 0.7
    assert read("w", typing=True).spelled == {"w": 1.0}
    assert read("hund", typing=True).words[0].terms == {"hund": 1.0}
    assert read("", typing=True).words == ()


def test_synonyms_stand_in_but_rank_quietly():
    question = read("Hund", ("Hund", "Marke"))
    assert terms_of(question) == [{"hund": 1.0, "mark": 0.6}]
    assert question.terms == {"hund": 1.0, "mark": 0.2}
    assert question.spelled == {"hund": 1.0, "marke": 0.2}


def test_synonyms_of_a_part_stand_in_by_half():
    question = read("Hundemarke", ("Hund", "Arzt"))
    assert terms_of(question) == [{"hundemark": 1.0, "hund": 0.6, "mark": 0.6, "arzt": 0.3}]
    assert question.terms["arzt"] == pytest.approx(0.1)
    assert question.spelled == {"hundemarke": 1.0, "arzt": 0.1}


def test_synonyms_stand_for_the_words_that_mean_them():
    question = read("Hund Arzt", ("Hund", "Marke"))
    assert terms_of(question) == [{"hund": 1.0, "mark": 0.6}, {"arzt": 1.0}]


def test_a_whole_meaning_outweighs_half_of_one():
    question = read("Hundemarke Arzt", ("Hund", "Amt"), ("Arzt", "Amt"))
    assert question.terms["amt"] == 0.2
    assert [word.terms.get("amt") for word in question.words] == [0.3, 0.6]


def test_a_question_is_cut_after_three_hundred_characters():
    assert [word.word for word in read("x" * 299 + " hund").words] == ["x" * 299]
    assert read("x" * 298 + " h").words[-1].word == "h"
