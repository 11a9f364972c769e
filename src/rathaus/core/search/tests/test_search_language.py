from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.core.search.compounds import Splitter
from rathaus.core.search.dictionary import GermanDictionary, open_dictionary, packed
from rathaus.core.search.grams import grams_of
from rathaus.core.search.languages import German, root
from rathaus.core.search.spelling import slips
from rathaus.core.search.words import words_of

WORDS = {"hund": "Hund", "hunde": "Hund", "steuer": "Steuer", "marke": "Marke", "ehre": "Ehre"}
letters = st.text(alphabet="abcdeäß", max_size=8)


def test_words_are_lower_case_runs_of_letters_and_digits() -> None:
    assert words_of("Hund-Anmeldung (§ 3), Kfz_2a ÄRGER") == [
        "hund", "anmeldung", "3", "kfz", "2a", "ärger",
    ]  # fmt: skip


def test_decomposed_umlauts_are_composed() -> None:
    assert words_of("A\u0308mter") == ["ämter"]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("hundesteuer", ("hunde", "steuer")),
        ("hundesteuermarke", ("hunde", "steuer", "marke")),
        ("hund", ("hund",)),
        ("unbekanntes", ("unbekanntes",)),
    ],
)
def test_compounds_are_cut_where_both_halves_are_known(word: str, parts: tuple[str, ...]) -> None:
    assert Splitter({}, GermanDictionary(packed(WORDS))).parts(word) == parts


def test_a_word_of_the_collection_is_known_from_its_second_use_on() -> None:
    dictionary = GermanDictionary(packed(WORDS))
    assert Splitter({"pickerl": 1}, dictionary).parts("hundepickerl") == ("hundepickerl",)
    assert Splitter({"pickerl": 2}, dictionary).parts("hundepickerl") == ("hunde", "pickerl")


def test_relatives_share_a_root() -> None:
    assert {root(word) for word in ("anmeldung", "anmelden", "anmeldungen")} == {"anmeld"}


def test_families_of_whole_words_and_parts_are_told_apart() -> None:
    analysis = German(GermanDictionary(packed(WORDS))).analysis(Counter())
    filed = analysis("hundesteuer")
    assert filed.parts == (root("hund"), root("steu"))
    assert filed.whole[0] == "hundesteu"


def test_grams_reach_over_the_borders_of_a_word() -> None:
    assert grams_of("ab") == (" ab", "ab ", " ab ")
    assert grams_of("") == ()


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("hund", "hund", 0), ("hnud", "hund", 1), ("hun", "hund", 1), ("hund", "mund", 1),
     ("hund", "katze", 3), ("", "ab", 2)],
)  # fmt: skip
def test_slips_are_counted_up_to_the_limit(one: str, other: str, distance: int) -> None:
    assert slips(one, other, most=2) == distance


@given(letters, letters)
def test_slips_are_symmetric_and_zero_only_for_equals(one: str, other: str) -> None:
    assert slips(one, other, 8) == slips(other, one, 8)
    assert (slips(one, other, 8) == 0) == (one == other)


@given(st.dictionaries(st.text(alphabet="abcdeäöüß", min_size=1), st.text(min_size=1, max_size=40)))
def test_the_packed_dictionary_knows_exactly_its_words(words: dict[str, str]) -> None:
    dictionary = GermanDictionary(packed(words))
    assert {word: dictionary.lemma(word) for word in words} == words
    assert dictionary.lemma("zz") is None


def test_system_word_lists_join_the_dictionary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "rathaus.core.search.dictionary._simplemma_words", lambda: iter(WORDS.items())
    )
    listed = tmp_path / "de_AT.dic"
    listed.write_bytes("2\nJänner/ST\nTrafik/m\n".encode("latin-1"))
    dictionary = open_dictionary(tmp_path / "made", [listed, tmp_path / "absent"])
    assert dictionary.lemma("jänner") == "Jänner"
    assert len(list((tmp_path / "made").iterdir())) == 1
    assert open_dictionary(tmp_path / "made", [listed]).lemma("trafik") == "Trafik"
    assert len(list((tmp_path / "made").iterdir())) == 1


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "rathaus.core.search.dictionary._simplemma_words", lambda: iter(WORDS.items())
    )
    (tmp_path / "file").write_text("")
    assert open_dictionary(tmp_path / "file" / "below", []).lemma("hunde") == "Hund"
