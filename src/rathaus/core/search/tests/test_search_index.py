from pathlib import Path

import pytest

from rathaus.core.search import (
    English,
    Entry,
    German,
    GermanDictionary,
    Index,
    SynonymGroup,
    Text,
)
from rathaus.core.search.dictionary import packed

WORDS = {
    "hund": "Hund", "hunde": "Hund", "steuer": "Steuer", "marke": "Marke", "anmeldung": "Anmeldung",
    "anmelden": "anmelden", "wohnsitz": "Wohnsitz", "wohnung": "Wohnung", "pass": "Pass",
    "reise": "Reise", "baum": "Baum", "bäume": "Baum", "katze": "Katze", "kasse": "Kasse",
}  # fmt: skip
ENTRIES = [
    Entry("hund", "Hund anmelden", (Text("Sie bekommen eine Hundemarke."),), ("Vierbeiner",)),
    Entry("wohnsitz", "Wohnsitz anmelden", (Text("Binnen drei Tagen nach dem Einzug."),)),
    Entry("reisepass", "Reisepass beantragen", (Text("Mit Lichtbild, nicht älter als ein Jahr."),)),
    Entry("baum", "Baumfällung bewilligen", (Text("Bäume ab 80 cm Umfang sind geschützt."),)),
    Entry("kasse", "Stadtkasse", (Text("Hier zahlen Sie Abgaben ein."),)),
]
SYNONYMS = [SynonymGroup(("Pass", "Reisedokument", "amtliches Papier"))]


@pytest.fixture(scope="module")
def german() -> German:
    return German(GermanDictionary(packed(WORDS)))


@pytest.fixture(scope="module")
def index(german: German) -> Index:
    return Index.build(ENTRIES, german, SYNONYMS)


def ids(index: Index, text: str, **options: bool) -> list[str]:
    return [hit.id for hit in index.search(text, **options).hits]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("hund anmelden", "hund"),
        ("Hunde", "hund"),
        ("Anmeldung eines Hundes", "hund"),
        ("Wo kann ich meinen Hund anmelden?", "hund"),
        ("Hundesteuermarke", "hund"),
        ("Wohnsitzanmeldung", "wohnsitz"),
        ("Bäume fällen", "baum"),
        ("Vierbeiner", "hund"),
        ("Reisedokument", "reisepass"),
        ("amtliches Papier", "reisepass"),
    ],
)
def test_people_find_it_in_their_own_words(index: Index, question: str, first: str) -> None:
    assert ids(index, question)[0] == first


@pytest.mark.parametrize("question", ["Wohnsizt", "Wonsitz", "Reisepas", "Hnud anmelden"])
def test_slips_are_forgiven(index: Index, question: str) -> None:
    expected = {"Wohnsizt": "wohnsitz", "Wonsitz": "wohnsitz", "Reisepas": "reisepass"}
    assert ids(index, question)[0] == expected.get(question, "hund")


def test_a_known_word_is_never_taken_for_a_slip(index: Index) -> None:
    assert ids(index, "Katze") == []


def test_an_unfinished_word_finds_only_while_typing(index: Index) -> None:
    assert ids(index, "rei", typing=True) == ["reisepass"]
    assert ids(index, "woh", typing=True) == ["wohnsitz"]
    assert ids(index, "woh ", typing=True) == ids(index, "woh")


def test_an_exact_name_comes_first_and_is_marked(index: Index) -> None:
    hit = index.search("Vierbeiner").hits[0]
    assert (hit.id, hit.exact) == ("hund", True)


@pytest.mark.parametrize("question", ["", "   ", "???", "xyzzy", "Quantenphysik", "🙂", "\u202e"])
def test_nothing_rather_than_anything(index: Index, question: str) -> None:
    answer = index.search(question)
    assert (answer.hits, answer.certain) == ((), False)


def test_an_answer_to_half_of_the_question_is_not_certain(index: Index) -> None:
    assert index.search("Hund anmelden").certain is True
    assert index.search("Quantenphysik Elementarteilchen Neutrino Hund").certain is False


def test_stop_words_alone_find_nothing_but_do_not_fail(index: Index) -> None:
    assert ids(index, "wo kann ich das") == []


def test_an_empty_index_answers(german: German) -> None:
    assert Index.build([], german).search("Hund").hits == ()


def test_ten_thousand_characters_are_cut(index: Index) -> None:
    assert ids(index, "Hund " * 2000)[0] == "hund"


def test_the_same_question_always_has_the_same_answer(index: Index, german: German) -> None:
    again = Index.build(ENTRIES, german, SYNONYMS)
    for question in ("hund anmelden", "Wohnsitzanmeldung", "bewilligen"):
        assert again.search(question) == index.search(question)


def test_english_uses_english_stems() -> None:
    index = Index.build([Entry("dog", "Register a dog"), Entry("tax", "Pay taxes")], English())
    assert ids(index, "registering dogs")[0] == "dog"
    assert ids(index, "how do I pay a tax")[0] == "tax"


def test_limit_is_kept(index: Index) -> None:
    assert len(index.search("anmelden", limit=1).hits) == 1


def test_broken_dictionary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a dictionary"):
        GermanDictionary(b"x" * 100)


def test_of_equal_answers_the_preferred_one_comes_first_but_never_before_a_better_one() -> None:
    entries = [
        Entry("off", "Deregister a dog"),
        Entry("on", "Register a dog", preference=2),
        Entry("cat", "Register a cat", preference=2),
    ]
    index = Index.build(entries, English())

    assert ids(index, "dog")[:2] == ["on", "off"]
    assert ids(index, "deregister a dog")[0] == "off"
    assert ids(Index.build([Entry("a", "dog"), Entry("b", "dog")], English()), "dog") == ["a", "b"]
