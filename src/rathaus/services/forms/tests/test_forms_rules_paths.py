"""Answers found, added and taken away by their path."""

import pytest

from rathaus.services.forms.paths import (
    RowChange,
    answer_at,
    file_ids,
    identifier_of,
    with_answer_at,
    with_rows_changed,
)
from rathaus.services.forms.tests.written_answers import GROUPS, form_of


def test_answers_by_their_path():
    answers = {"a": 1, "g": [{"b": 2}, {"b": 3}]}
    assert [identifier_of(path) for path in ("a", "g.1.b")] == ["a", "b"]
    assert [answer_at(answers, path) for path in ("a", "weg", "g.0.b", "g.1.b", "g.1.c")] == [
        1, None, 2, 3, None,
    ]  # fmt: skip
    assert [answer_at(answers, path) for path in ("g.2.b", "g.-1.b", "a.0.b", "weg.0.b")] == [
        None
    ] * 4
    assert with_answer_at(answers, "a", 5) == {"a": 5, "g": [{"b": 2}, {"b": 3}]}
    assert with_answer_at(answers, "n", 5) == {**answers, "n": 5}
    assert with_answer_at(answers, "g.1.c", 5) == {"a": 1, "g": [{"b": 2}, {"b": 3, "c": 5}]}
    assert answers == {"a": 1, "g": [{"b": 2}, {"b": 3}]}


@pytest.mark.parametrize("path", ["g.2.b", "g.x.b", "a.0.b", "weg.0.b"])
def test_no_answer_where_no_row_is(path):
    with pytest.raises(LookupError) as refused:
        with_answer_at({"a": 1, "g": [{"b": 2}, {"b": 3}]}, path, 5)
    assert refused.value.args == (path,)


def test_rows_are_added_and_taken_away():
    outline = form_of(*GROUPS).outline
    answers = {"a": 1, "r": [{"b": True}, {"b": False}]}
    assert with_rows_changed(outline, answers, RowChange("r")) == {
        "a": 1,
        "r": [{"b": True}, {"b": False}, {}],
    }
    assert with_rows_changed(outline, answers, RowChange("r", 0)) == {"a": 1, "r": [{"b": False}]}
    assert with_rows_changed(outline, answers, RowChange("r", 5)) == answers
    full = {"r": [{}] * 10}
    assert with_rows_changed(outline, full, RowChange("r")) == full
    for other in ("g", "a", "weg"):
        assert with_rows_changed(outline, answers, RowChange(other)) is answers


def test_every_file_is_found_and_nothing_else():
    file = {"id": "1", "sha256": "x"}
    rows = [{"f": [{**file, "id": "2"}], "id": "zeile"}, {"n": [{"id": 5, "sha256": "x"}]}]
    assert file_ids({"a": [file, {"id": "fremd"}], "r": rows, "t": "x"}) == ["1", "2"]
