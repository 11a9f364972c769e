"""The rankings against a naive reading of their formulas, entry by entry."""

import math

import numpy as np
import pytest

from rathaus.core.search import Entry, GermanDictionary, Settings, Text
from rathaus.core.search.building import Collection
from rathaus.core.search.dictionary import packed
from rathaus.core.search.fusion import best_first, fused
from rathaus.core.search.index import Index
from rathaus.core.search.languages import English, German
from rathaus.core.search.matrices import (
    GramMatrix,
    PhraseMatrix,
    TermMatrix,
    bag_matrix,
    inverse_frequency,
    numbered,
)

COLUMNS = {"a": 0, "b": 1, "c": 2, "d": 3}
BAGS = [{"a": 2.0, "b": 1.0}, {"b": 3.0, "c": 1.0}, {"a": 1.0, "b": 1.0, "x": 9.0}, {}]
COUNTS = bag_matrix(BAGS, COLUMNS)
ROWS = len(BAGS)
HOLDING = {"a": 2, "b": 3, "c": 1, "d": 0}
IDF = {name: math.log(1 + (ROWS - held + 0.5) / (held + 0.5)) for name, held in HOLDING.items()}
RAREST = math.log(1 + (ROWS - 1 + 0.5) / 1.5)


def asked(**weights: float) -> tuple[np.ndarray, np.ndarray]:
    columns = np.array([COLUMNS[name] for name in weights], dtype=np.int32)
    return columns, np.array(list(weights.values()), dtype=np.float32)


def known(bag: dict[str, float]) -> dict[str, float]:
    return {name: count for name, count in bag.items() if name in COLUMNS}


def bm25(bag: dict[str, float], name: str) -> float:
    """Robertson: k1 = 1.2, b = 0.5."""
    average = sum(sum(known(other).values()) for other in BAGS) / ROWS
    norm = 1.2 * (1 - 0.5 + 0.5 * sum(known(bag).values()) / average)
    count = bag.get(name, 0.0)
    return IDF[name] * count * 2.2 / (count + norm)


def bytes_of(*, filled: int, columns: int) -> int:
    """Scores of 4 bytes, rows and columns as places of 8 bytes."""
    return filled * (4 + 8) + (columns + 1) * 8


def test_names_get_columns_in_their_order():
    assert numbered(["b", "a", "b", "c"]) == {"b": 0, "a": 1, "c": 2}


def test_a_bag_becomes_a_row():
    assert COUNTS.toarray().tolist() == [[2, 1, 0, 0], [0, 3, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]]
    assert COUNTS.dtype == np.float32
    assert bag_matrix([], COLUMNS).shape == (0, 4)


def test_rare_names_tell_more():
    expected = [IDF[name] for name in "abcd"]
    assert inverse_frequency(COUNTS) == pytest.approx(expected, rel=1e-6)
    assert inverse_frequency(COUNTS).dtype == np.float32


def test_terms_are_scored_by_bm25():
    terms = TermMatrix(COUNTS)
    scores = terms.scores(*asked(a=1.0, b=0.5, c=2.0))
    expected = [bm25(bag, "a") + 0.5 * bm25(bag, "b") + 2 * bm25(bag, "c") for bag in BAGS]
    assert scores == pytest.approx(expected, rel=1e-5)
    assert scores.dtype == np.float32
    assert terms.telling(2) == pytest.approx(IDF["c"])
    assert terms.telling(None) == pytest.approx(RAREST)
    assert [terms.rows(column).tolist() for column in range(4)] == [[0, 2], [0, 1, 2], [1], []]
    assert terms.rows(None).tolist() == []
    assert terms.rows(None).dtype == np.int32
    assert terms.nbytes == bytes_of(filled=6, columns=4)


def test_an_empty_collection_has_no_telling_words():
    empty = TermMatrix(bag_matrix([], {}))
    assert (empty.telling(None), empty.nbytes) == (0.0, bytes_of(filled=0, columns=0))


def cosine(bag: dict[str, float], question: dict[str, float], unknown: list[float]) -> float:
    """TF-IDF with log(1 + count) and idf + 1; strange names are as telling as the rarest."""
    mine = {name: math.log1p(count) * (IDF[name] + 1) for name, count in known(bag).items()}
    theirs = {name: math.log1p(weight) * (IDF[name] + 1) for name, weight in question.items()}
    strange = [math.log1p(weight) * (RAREST + 1) for weight in unknown]
    length = math.sqrt(sum(it * it for it in mine.values()))
    asked_length = math.sqrt(sum(it * it for it in [*theirs.values(), *strange]))
    product = sum(mine.get(name, 0.0) * weight for name, weight in theirs.items())
    return product / (length * asked_length) if length else 0.0


@pytest.mark.parametrize("unknown", [[], [1.0], [0.5, 2.0]])
def test_grams_are_scored_by_cosine(unknown):
    grams = GramMatrix(COUNTS)
    question = {"a": 1.0, "b": 2.0}
    scores = grams.scores(*asked(**question), np.array(unknown, dtype=np.float32))
    assert scores == pytest.approx([cosine(bag, question, unknown) for bag in BAGS], rel=1e-5)
    assert scores.dtype == np.float32
    assert grams.nbytes == bytes_of(filled=6, columns=4)


def test_the_same_grams_are_wholly_similar():
    scores = GramMatrix(COUNTS).scores(*asked(a=2.0, b=1.0), np.empty(0, dtype=np.float32))
    assert scores[0] == pytest.approx(1.0)
    nothing = GramMatrix(COUNTS).scores(*asked(), np.empty(0, dtype=np.float32))
    assert nothing.tolist() == [0.0] * ROWS


PHRASES = bag_matrix([{"a": 1.0, "b": 1.0}, {"c": 1.0}, {"b": 1.0}], COLUMNS)
OWNERS = [0, 1, 0]


def phrase_matrix() -> PhraseMatrix:
    idf = np.array([IDF[name] for name in "abcd"], dtype=np.float32)
    return PhraseMatrix(PHRASES, OWNERS, 3, idf)


def test_phrases_are_scored_by_dice():
    scores = phrase_matrix().scores(*asked(b=1.0), IDF["b"])
    assert scores == pytest.approx([1.0, 0.0, 0.0])
    scores = phrase_matrix().scores(*asked(a=1.0, c=0.5), IDF["a"] + IDF["c"])
    first = 2 * IDF["a"] / (IDF["a"] + IDF["b"] + IDF["a"] + IDF["c"])
    second = 2 * 0.5 * IDF["c"] / (IDF["c"] + IDF["a"] + IDF["c"])
    assert scores == pytest.approx([first, second, 0.0], rel=1e-5)
    assert scores.dtype == np.float32
    assert phrase_matrix().nbytes == bytes_of(filled=4, columns=4)


def test_agreement_is_never_more_than_whole():
    scores = phrase_matrix().scores(*asked(a=1.0, b=1.0), IDF["b"])
    assert scores[0] == 1.0


def test_columns_and_weights_belong_together():
    with pytest.raises(ValueError, match="shorter"):
        TermMatrix(COUNTS).scores(np.array([0, 1]), np.array([1.0], dtype=np.float32))


def test_the_best_come_first_and_equals_keep_their_order():
    scores = np.array([0.0, 2.0, 1.0, -1.0, 2.0, 3.0], dtype=np.float32)
    assert best_first(scores).tolist() == [5, 1, 4, 2]
    assert best_first(scores, 2).tolist() == [5, 1]
    assert best_first(scores, 3).tolist() == [5, 1, 4]
    assert best_first(scores, 4).tolist() == [5, 1, 4, 2]
    assert best_first(np.zeros(3, dtype=np.float32)).tolist() == []
    many = np.tile(np.array([1.0, 2.0], dtype=np.float32), 100)
    assert best_first(many).tolist() == list(range(1, 200, 2))
    assert best_first(many, 150).tolist() == [*range(1, 200, 2), *range(0, 100, 2)]


def test_ranks_are_fused():
    one = np.array([3.0, 2.0, 0.0], dtype=np.float32)
    other = np.array([0.0, 1.0, 5.0], dtype=np.float32)
    scores = fused([(one, 1.0), (other, 0.5)], 3, 5)
    assert scores == pytest.approx([1 / 6, 1 / 7 + 0.5 / 7, 0.5 / 6])
    assert scores.dtype == np.float32


WORDS = {"hund": "Hund", "hunde": "Hund", "steuer": "Steuer", "baum": "Baum"}
GERMAN = German(GermanDictionary(packed(WORDS)))


def test_a_collection_counts_words_with_the_weights_of_their_texts():
    entries = [
        Entry("1", "Hund Hund", (Text("der Baum baum", 0.5), Text("Hund")), ("Steuer",)),
        Entry("2", "Baum", (Text("wo"),)),
    ]
    chosen = Settings(title_weight=2.0, synonym_weight=0.25)
    read = Collection.read(entries, GERMAN, chosen)
    assert list(read.ids) == ["1", "2"]
    assert dict(read.frequency) == {"hund": 1, "baum": 2, "steuer": 1}
    assert read.counts.toarray().tolist() == [[5.0, 1.0, 0.25], [0.0, 2.0, 0.0]]
    assert list(read.term_columns) == ["hund", "baum", "steu"]
    assert read.word_terms.toarray().tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert read.phrases.toarray().tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert list(read.phrase_owners) == [0, 0, 1]
    assert list(read.gram_columns)[:3] == [" hu", "hun", "und"]
    assert read.word_grams.shape == (3, len(read.gram_columns))


def test_a_word_used_twice_in_all_texts_may_be_part_of_a_compound():
    entries = [Entry("1", "Pickerl", (Text("Hundepickerl"),)), Entry("2", "Ein Pickerl")]
    analysis = Collection.read(entries, GERMAN, Settings()).analysis
    assert analysis("hundepickerl").parts == ("hund", "pickerl")
    once = [Entry("1", "Pickerl", (Text("Hundepickerl"),))]
    assert Collection.read(once, GERMAN, Settings()).analysis("hundepickerl").parts == ()


def english(*entries: Entry, **chosen: float) -> Index:
    return Index.build(entries, English(), settings=Settings(**chosen))


DOGS = (
    Entry("dog", "Register dog", (Text("A dog pays tax"),), ("hound",)),
    Entry("tax", "Pay tax"),
    Entry("tree", "Fell tree"),
)


def test_coverage_is_the_telling_share_of_the_question():
    answer = english(*DOGS).search("dog tree tax")
    idf = {count: math.log(1 + (3 - count + 0.5) / (count + 0.5)) for count in (1, 2)}
    whole = 2 * idf[1] + idf[2]
    assert {hit.id: hit.coverage for hit in answer.hits} == {
        "dog": pytest.approx((idf[1] + idf[2]) / whole, rel=1e-5),
        "tree": pytest.approx(idf[1] / whole, rel=1e-5),
        "tax": pytest.approx(idf[2] / whole, rel=1e-5),
    }
    assert {hit.exact for hit in answer.hits} == {False}


def test_a_strange_word_counts_like_the_rarest():
    [hit] = english(*DOGS).search("dog zzzzqq").hits
    assert (hit.id, hit.coverage) == ("dog", pytest.approx(0.5))
    assert isinstance(hit.coverage, float)


@pytest.mark.parametrize(
    ("covered", "similar", "certain"),
    [(0.5, 2.0, True), (0.51, 2.0, False), (2.0, 0.01, True), (2.0, 2.0, False)],
)
def test_one_sign_is_enough_to_be_certain(covered, similar, certain):
    index = english(*DOGS, certain_coverage=covered, certain_similarity=similar)
    assert index.search("dog zzzzqq").certain is certain


@pytest.mark.parametrize(
    ("covered", "similar", "found"),
    [(0.5, 2.0, ["dog"]), (0.51, 2.0, []), (2.0, 0.01, ["dog"]), (2.0, 2.0, [])],
)
def test_one_sign_is_enough_to_be_shown(covered, similar, found):
    index = english(*DOGS, least_coverage=covered, least_similarity=similar)
    assert [hit.id for hit in index.search("dog zzzzqq").hits] == found


def test_only_what_comes_near_the_best_is_shown():
    index = english(*DOGS, share_of_best=1.0)
    assert [hit.id for hit in index.search("dog tax").hits] == ["dog"]
    lenient = english(*DOGS, share_of_best=0.1)
    assert [hit.id for hit in lenient.search("dog tax").hits] == ["dog", "tax"]


def test_an_exact_name_beats_every_rank():
    entries = (Entry("long", "Tax", (Text("hound dog hound"),)), Entry("b", "Bee", (), ("hound",)))
    answer = english(*entries, title_weight=9.0).search("hound")
    assert [(hit.id, hit.exact) for hit in answer.hits] == [("b", True), ("long", False)]
    assert answer.hits[0].coverage == pytest.approx(1.0)


def test_the_index_knows_its_size():
    index = english(*DOGS)
    assert len(index) == 3
    parts = (index.terms.nbytes, index.grams.nbytes, index.phrases.nbytes)
    assert index.nbytes == sum(parts)
    assert min(parts) > 0


def test_twenty_hits_are_shown_unless_asked_otherwise():
    index = english(*(Entry(str(number), f"Dog {number}") for number in range(30)))
    assert len(index.search("dog").hits) == 20
    assert len(index.search("dog", limit=25).hits) == 25
