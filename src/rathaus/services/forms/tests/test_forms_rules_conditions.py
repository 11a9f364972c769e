"""Conditions: when they hold, what they read, and which of them form a circle."""

import pytest

from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.conditions import field_of, parts_of, paths_of
from rathaus.services.forms.dependencies import CircularConditions, evaluation_order, needs_of
from rathaus.services.forms.evaluation import Problem
from rathaus.services.forms.messages import message
from rathaus.services.forms.outline import Outline
from rathaus.services.forms.tests.written_answers import ADDRESS
from rathaus.services.forms.tests.written_forms import TODAY, document, field, page

X, Y = {"value": "x", "label": "X"}, {"value": "y", "label": "Y"}
ASKED = (
    field("z", "number", required=False),
    field("k", "number", required=False, decimals=2),
    field("d", "date", required=False),
    field("e", "date", required=False),
    field("c", "choice", required=False, options=[X, Y]),
    field("m", "multiple", required=False, options=[X, Y]),
    field("y", "yesno", required=False),
    field("o", "address", required=False),
    field("t", required=False),
    field("g", "group", fields=[field("i", required=False)]),
    field("r", "group", repeat={"item": "I"}, fields=[field("j", required=False)]),
)
HOLDS = [
    ({"eq": ["z", 5]}, {"z": 5}, True),
    ({"eq": ["z", "5.0"]}, {"z": 5}, True),
    ({"eq": ["z", 5]}, {"z": 6}, False),
    ({"eq": ["z", 5]}, {}, False),
    ({"ne": ["z", 5]}, {"z": 6}, True),
    ({"ne": ["z", 5]}, {"z": 5}, False),
    ({"ne": ["z", 5]}, {}, False),
    ({"gt": ["z", 5]}, {"z": 5}, False),
    ({"gt": ["z", 5]}, {"z": 6}, True),
    ({"ge": ["z", 5]}, {"z": 5}, True),
    ({"ge": ["z", 5]}, {"z": 4}, False),
    ({"lt": ["z", 5]}, {"z": 4}, True),
    ({"lt": ["z", 5]}, {"z": 5}, False),
    ({"le": ["z", 5]}, {"z": 5}, True),
    ({"le": ["z", 5]}, {"z": 6}, False),
    ({"gt": ["k", 1.25]}, {"k": "1.26"}, True),
    ({"gt": ["k", 1.25]}, {"k": "1.25"}, False),
    ({"eq": ["k", 1.1]}, {"k": "1.1"}, True),
    ({"lt": ["z", {"field": "k"}]}, {"z": 1, "k": "1.01"}, True),
    ({"lt": ["z", {"field": "k"}]}, {"z": 1, "k": "1.00"}, False),
    ({"ne": ["z", {"field": "k"}]}, {"z": 1}, False),
    ({"eq": ["d", "2026-11-22"]}, {"d": "2026-11-22"}, True),
    ({"eq": ["d", "2026-11-22"]}, {"d": "2026-11-23"}, False),
    ({"le": ["d", "today"]}, {"d": "2026-11-22"}, True),
    ({"le": ["d", "today"]}, {"d": "2026-11-23"}, False),
    ({"gt": ["d", "today+1w"]}, {"d": "2026-11-30"}, True),
    ({"in": ["d", ["today", "2026-01-01"]]}, {"d": "2026-11-22"}, True),
    ({"in": ["d", ["today", "2026-01-01"]]}, {"d": "2026-01-01"}, True),
    ({"in": ["d", ["today", "2026-01-01"]]}, {"d": "2026-01-02"}, False),
    ({"lt": ["d", {"field": "e"}]}, {"d": "2026-01-01", "e": "2026-01-02"}, True),
    ({"eq": ["c", "x"]}, {"c": "x"}, True),
    ({"eq": ["c", "x"]}, {"c": "y"}, False),
    ({"in": ["c", ["x"]]}, {"c": "x"}, True),
    ({"in": ["c", ["x"]]}, {"c": "y"}, False),
    ({"in": ["c", ["x"]]}, {}, False),
    ({"not_in": ["c", ["x"]]}, {"c": "y"}, True),
    ({"not_in": ["c", ["x"]]}, {"c": "x"}, False),
    ({"not_in": ["c", ["x"]]}, {}, False),
    ({"in": ["m", ["x", "y"]]}, {"m": ["y"]}, True),
    ({"in": ["m", ["x"]]}, {"m": ["y"]}, False),
    ({"not_in": ["m", ["x"]]}, {"m": ["y"]}, True),
    ({"not_in": ["m", ["x"]]}, {"m": ["x", "y"]}, False),
    ({"in": ["z", [4, 5]]}, {"z": 5}, True),
    ({"in": ["z", [4, 5]]}, {"z": 6}, False),
    ({"eq": ["y", True]}, {"y": True}, True),
    ({"eq": ["y", True]}, {"y": False}, False),
    ({"eq": ["y", False]}, {"y": False}, True),
    ({"ne": ["y", True]}, {"y": False}, True),
    ({"eq": ["t", "today"]}, {"t": "today"}, True),
    ({"eq": ["t", "today"]}, {"t": "2026-11-22"}, False),
    ({"eq": ["o.postcode", "4890"]}, {"o": ADDRESS}, True),
    ({"eq": ["o.postcode", "4891"]}, {"o": ADDRESS}, False),
    ({"ne": ["o.postcode", "4891"]}, {}, False),
    ({"ne": ["o.door", "1"]}, {"o": ADDRESS}, False),
    ({"ne": ["o.door", "1"]}, {"o": {**ADDRESS, "door": "2"}}, True),
    ({"eq": ["o.listed", True]}, {"o": {**ADDRESS, "listed": True}}, True),
    ({"eq": ["o.listed", True]}, {"o": ADDRESS}, False),
    ({"eq": ["o.listed", False]}, {"o": ADDRESS}, True),
    ({"present": "o"}, {"o": ADDRESS}, True),
    ({"present": "o.door"}, {"o": ADDRESS}, False),
    ({"present": "o.place"}, {"o": ADDRESS}, True),
    ({"eq": ["o.place", {"field": "t"}]}, {"o": ADDRESS, "t": "Lindenfurt"}, True),
    ({"present": "t"}, {"t": "a"}, True),
    ({"present": "t"}, {"t": " "}, False),
    ({"present": "z"}, {"z": 0}, True),
    ({"present": "y"}, {"y": False}, True),
    ({"present": "i"}, {"i": "a"}, True),
    ({"present": "r"}, {"r": [{}]}, True),
    ({"present": "r"}, {"r": []}, False),
    ({"present": "r"}, {}, False),
    ({"eq": ["r", 0]}, {}, True),
    ({"lt": ["z", {"field": "r"}]}, {"z": 1, "r": [{}, {}]}, True),
    ({"not": {"present": "t"}}, {}, True),
    ({"not": {"present": "t"}}, {"t": "a"}, False),
    ({"all": [{"present": "t"}, {"present": "z"}]}, {"t": "a", "z": 1}, True),
    ({"all": [{"present": "t"}, {"present": "z"}]}, {"t": "a"}, False),
    ({"any": [{"present": "t"}, {"present": "z"}]}, {"z": 1}, True),
    ({"any": [{"present": "t"}, {"present": "z"}]}, {}, False),
]


@pytest.mark.parametrize(("condition", "answers", "holds"), HOLDS)
def test_a_condition_holds_or_not(condition, answers, holds):
    form = CompiledForm(document(page("p", *ASKED, field("f", required=False, show=condition))))
    assert ("f" in form.evaluate(answers, today=TODAY).visible) is holds


def test_a_row_sees_itself_and_what_is_outside():
    rows = field(
        "r",
        "group",
        repeat={"item": "I"},
        fields=[
            field("a", required=False),
            field("b", show={"eq": ["a", "x"]}),
            field("h", "group", fields=[field("n", show={"present": "b"})]),
            field("c", show={"eq": ["t", "x"]}),
            field("w", show={"ge": ["r", 2]}),
        ],
    )
    form = CompiledForm(document(page("p", rows, field("t", required=False))))
    answers = {"t": "x", "r": [{"a": "x", "b": "ja"}, {"a": "y", "b": "nein"}, "kaputt"]}
    evaluation = form.evaluate(answers, today=TODAY)
    assert evaluation.visible == {
        "t", "r", "r.0.a", "r.0.b", "r.0.h", "r.0.n", "r.0.c", "r.0.w",
        "r.1.a", "r.1.h", "r.1.c", "r.1.w",
    }  # fmt: skip
    assert evaluation.answers == {"t": "x", "r": [{"a": "x", "b": "ja"}, {"a": "y"}]}
    assert [(problem.path, problem.page) for problem in evaluation.problems] == [
        ("r.0.n", "p"), ("r.0.c", "p"), ("r.0.w", "p"), ("r.1.c", "p"), ("r.1.w", "p"),
    ]  # fmt: skip


def test_rows_know_what_day_it_is():
    rows = field("r", "group", repeat={"item": "I"}, fields=[field("d", "date", min="today")])
    form = CompiledForm(document(page("p", rows)))
    answers = {"r": [{"d": "2026-11-21"}, {"d": "2026-11-22"}]}
    assert form.evaluate(answers, today=TODAY).problems == (
        Problem("r.0.d", "p", message("too_early_by_today", {"de": "D"})),
    )


def test_rows_need_what_they_read_outside_but_not_themselves():
    rows = field(
        "r",
        "group",
        repeat={"item": "I"},
        fields=[
            field("a"),
            field("b", show={"present": "a"}),
            field("c", show={"all": [{"present": "t"}, {"ge": ["r", 1]}, {"present": "o.place"}]}),
        ],
    )
    flat = field("g", "group", fields=[field("u", show={"present": "t"})])
    outline = Outline(document(page("p", rows, flat), page("q", field("t"), field("o", "address"))))
    place, first, second = ("page", "p"), ("field", "r"), ("page", "q")
    assert needs_of(outline) == {
        place: frozenset(),
        second: frozenset(),
        first: {place, ("field", "t"), ("field", "o")},
        ("field", "a"): {place, first},
        ("field", "b"): {place, first, ("field", "a")},
        ("field", "c"): {place, first, ("field", "t"), ("field", "o")},
        ("field", "g"): {place},
        ("field", "u"): {place, ("field", "g"), ("field", "t")},
        ("field", "t"): {second},
        ("field", "o"): {second},
    }
    order = evaluation_order(outline)
    assert sorted(order) == sorted(needs_of(outline))
    assert order.index(("field", "t")) < order.index(first)


def test_two_groups_of_rows_do_not_see_each_other_as_one():
    one = field(
        "r",
        "group",
        repeat={"item": "I"},
        fields=[field("a", show={"present": "t"}), field("s", show={"present": "weg"})],
    )
    outline = Outline(document(page("p", one, field("t"))))
    assert needs_of(outline)[("field", "r")] == {("page", "p"), ("field", "t"), ("field", "weg")}


def test_a_circle_names_its_way():
    circle = document(
        page("p", field("a", show={"present": "b"}), field("b", show={"present": "a"}))
    )
    with pytest.raises(CircularConditions, match=r"^Bedingungen im Kreis: ") as refused:
        evaluation_order(Outline(circle))
    assert refused.value.path in (("a", "b", "a"), ("b", "a", "b"))
    assert refused.value.nodes == tuple(("field", name) for name in refused.value.path)
    assert str(refused.value) == f"Bedingungen im Kreis: {' → '.join(refused.value.path)}"


def test_a_condition_knows_its_parts_and_paths():
    shown = document(
        page(
            "p",
            field(
                "f",
                show={
                    "any": [
                        {"not": {"all": [{"present": "a"}, {"in": ["o.place", ["x"]]}]}},
                        {"lt": ["b", {"field": "c"}]},
                    ]
                },
            ),
        )
    )
    condition = shown.pages[0].fields[0].show
    assert [place for place, _ in parts_of(condition)] == [
        (), ("any", 0), ("any", 0, "not"), ("any", 0, "not", "all", 0),
        ("any", 0, "not", "all", 1), ("any", 1),
    ]  # fmt: skip
    assert paths_of(condition) == {"a", "o.place", "b", "c"}
    assert [field_of(path) for path in ("a", "o.place")] == ["a", "o"]


def test_a_condition_may_be_given_as_an_object():
    condition = document(page("p", field("f", show={"eq": ["a", "x"]}))).pages[0].fields[0].show
    again = document(page("p", field("f", show={"not": condition}))).pages[0].fields[0].show
    assert again.negated == condition


@pytest.mark.parametrize(
    ("rest", "answers", "anonymous"),
    [
        ({}, {"y": False}, False),
        ({"anonymous": "allowed"}, {}, True),
        ({"anonymous": "allowed", "anonymous_when": {"eq": ["y", False]}}, {"y": False}, True),
        ({"anonymous": "allowed", "anonymous_when": {"eq": ["y", False]}}, {"y": True}, False),
        ({"anonymous": "allowed", "anonymous_when": {"eq": ["y", False]}}, {}, False),
        ({"anonymous_when": {"eq": ["y", False]}}, {"y": False}, False),
    ],
)
def test_who_need_not_say_who_they_are(rest, answers, anonymous):
    form = CompiledForm(document(page("p", *ASKED), **rest))
    assert form.evaluate(answers, today=TODAY).anonymous is anonymous
