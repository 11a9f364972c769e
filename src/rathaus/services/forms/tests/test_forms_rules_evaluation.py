"""Conditions, order, contradictions, exits and fees: one exact case for every turn they take."""

from datetime import date

import pytest

from rathaus.core.money import Money
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.conditions import field_of, parts_of, paths_of
from rathaus.services.forms.dependencies import CircularConditions, evaluation_order, needs_of
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.evaluation import Evaluation, FeeLine, Problem
from rathaus.services.forms.iban import is_iban
from rathaus.services.forms.messages import message
from rathaus.services.forms.outline import Outline

TODAY = date(2026, 11, 22)
ADDRESS = {"street": "Rathausplatz", "number": "5", "postcode": "4890", "place": "Lindenfurt"}
X, Y = {"value": "x", "label": "X"}, {"value": "y", "label": "Y"}


def field(identifier: str, kind: str = "text", **given: object) -> dict[str, object]:
    return {"id": identifier, "type": kind, "label": identifier.upper(), **given}


def page(identifier: str, *fields: dict[str, object], **given: object) -> dict[str, object]:
    return {"id": identifier, "title": identifier, "fields": [*fields], **given}


def document(*pages: dict[str, object], **rest: object) -> FormDocument:
    plain = {"schema": 1, "form": "x", "service": "x", "title": "X", "pages": [*pages], **rest}
    return FormDocument.model_validate(plain)


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


PAGES = (
    page("eins", field("a", required=False), field("n", "number", required=False)),
    page(
        "zwei",
        field("b", required=False),
        field("h", "group", fields=[field("x", show={"eq": ["b", "x"]})]),
        show={"ne": ["a", "kurz"]},
    ),
    page("leer", field("l", "group", show={"present": "b"}, fields=[field("k", required=False)])),
    page("drei", field("c", required=False), field("d")),
)
ENDING = {"title": "T", "text": "T"}
RULES = {
    "checks": [
        {"id": "k1", "when": {"present": "a"}, "at": "c", "message": "Erste."},
        {"id": "k2", "when": {"present": "a"}, "at": "c", "message": "Zweite."},
        {"id": "k3", "when": {"present": "c"}, "at": "d", "message": "Dritte."},
        {"id": "k4", "when": {"present": "a"}, "at": "b", "message": "Vierte."},
    ],
    "exits": [
        {"id": "e1", "when": {"eq": ["a", "ende"]}, **ENDING},
        {
            "id": "e2",
            "when": {"all": [{"present": "a"}, {"not": {"eq": ["b", "weiter"]}}]},
            **ENDING,
        },
        {"id": "e3", "when": {"present": "c"}, **ENDING},
    ],
    "fees": [
        {"id": "f1", "label": "Grund", "amount": "40.00"},
        {"id": "f2", "label": "Mit", "amount": "1.50", "when": {"present": "a"}},
        {"id": "f3", "label": "Stück", "amount": "2.25", "per": "n"},
    ],
}


def evaluated(answers: dict[str, object]) -> Evaluation:
    return CompiledForm(document(*PAGES, **RULES)).evaluate(answers, today=TODAY)


def problems(answers: dict[str, object]) -> list[Problem]:
    return list(evaluated(answers).problems)


MISSING = Problem("d", "drei", message("missing", {"de": "D"}))


def test_contradictions_stand_once_at_a_visible_right_answer():
    assert problems({}) == [MISSING]
    assert problems({"a": "x"}) == [
        Problem("b", "zwei", {"de": "Vierte."}),
        Problem("c", "drei", {"de": "Erste."}),
        MISSING,
    ]
    assert problems({"a": "kurz", "c": "c", "d": "d"}) == [
        Problem("c", "drei", {"de": "Erste."}),
        Problem("d", "drei", {"de": "Dritte."}),
    ]


def test_contradictions_stand_in_the_order_of_the_form():
    rows = field("r", "group", repeat={"item": "I"}, fields=[field("j")])
    rule = {"id": "k", "when": {"present": "z"}, "at": "z", "message": "M"}
    early = {"id": "l", "when": {"present": "z"}, "at": "a", "message": "N"}
    form = CompiledForm(
        document(
            page("p", field("a"), rows, field("z", "number")),
            page("q", field("y")),
            checks=[rule, early],
        )
    )
    evaluation = form.evaluate({"a": "a", "r": [{}, {}], "z": 1}, today=TODAY)
    assert [(problem.path, problem.page) for problem in evaluation.problems] == [
        ("a", "p"), ("r.0.j", "p"), ("r.1.j", "p"), ("z", "p"), ("y", "q"),
    ]  # fmt: skip


def test_wrong_numbers_of_rows_stand_before_their_rows():
    rows = field("r", "group", repeat={"item": "I", "min": 2, "max": 3}, fields=[field("j")])
    form = CompiledForm(document(page("p", rows, field("z"))))

    def found(count: int) -> list[tuple[str, object]]:
        evaluation = form.evaluate({"r": [{}] * count}, today=TODAY)
        assert {problem.page for problem in evaluation.problems} == {"p"}
        return [(problem.path, problem.text) for problem in evaluation.problems]

    label, item = {"de": "R"}, {"de": "I"}
    missing = message("missing", {"de": "J"})
    last = ("z", message("missing", {"de": "Z"}))
    few = message("too_few_rows", label, limit=2, item=item)
    many = message("too_many_rows", label, limit=3, item=item)
    assert found(1) == [("r", few), ("r.0.j", missing), last]
    assert found(2) == [("r.0.j", missing), ("r.1.j", missing), last]
    assert found(4) == [("r", many), *((f"r.{number}.j", missing) for number in range(4)), last]


def test_pages_without_a_question_are_left_out():
    assert evaluated({}).pages == ("eins", "drei")
    assert evaluated({"a": "kurz", "b": "b"}).pages == ("eins", "drei")
    four = ("eins", "zwei", "leer", "drei")
    assert evaluated({"a": "x", "b": "b"}).pages == four
    first = evaluated({"a": "x"})
    assert first.pages == ("eins", "zwei", "drei")
    assert [first.page_after(name) for name in first.pages] == ["zwei", "drei", None]
    assert [first.page_before(name) for name in first.pages] == [None, "eins", "zwei"]
    empty = evaluated({})
    assert empty.problems_on("drei") == (MISSING,)
    assert empty.problems_on("eins") == ()
    assert empty.first_incomplete == "drei"
    assert evaluated({"d": "d"}).first_incomplete is None


def test_an_exit_stands_on_the_page_of_its_last_question():
    def exits(answers: dict[str, object]) -> list[tuple[str, str]]:
        evaluation = evaluated({**answers, "d": "d"})
        return [(at, ending.id) for at, ending in evaluation.exits]

    assert exits({"a": "ende"}) == [("eins", "e1"), ("zwei", "e2")]
    assert exits({"a": "kurz"}) == [("eins", "e2")]
    assert exits({"a": "x", "b": "weiter", "c": "c"}) == [("drei", "e3")]


def test_an_exit_ends_the_form_from_its_page_on():
    evaluation = evaluated({"a": "x", "d": "d"})
    assert evaluation.exit_until("eins") is None
    assert [evaluation.exit_until(name).id for name in ("zwei", "drei")] == ["e2", "e2"]
    both = evaluated({"a": "ende", "d": "d"})
    assert both.exit_until("eins").id == "e1"


def test_only_a_form_without_problem_and_exit_is_complete():
    assert evaluated({"d": "d"}).complete is True
    assert evaluated({}).complete is False
    ended = evaluated({"c": "c"})
    assert (ended.problems == (), ended.complete) == (False, False)
    only = CompiledForm(
        document(
            page("p", field("a")),
            exits=[{"id": "e", "when": {"present": "a"}, **ENDING}],
        )
    )
    stopped = only.evaluate({"a": "a"}, today=TODAY)
    assert (stopped.problems, stopped.complete) == ((), False)


def test_an_exit_before_every_visible_page_stands_on_the_first():
    form = CompiledForm(
        document(
            page("p", field("a", show={"eq": ["b", "x"]})),
            page("q", field("b", required=False)),
            exits=[{"id": "e", "when": {"not": {"present": "a"}}, **ENDING}],
        )
    )
    evaluation = form.evaluate({}, today=TODAY)
    assert (evaluation.pages, evaluation.exits[0][0]) == (("q",), "p")


def test_fees_are_counted_and_summed():
    label = {"de": "Grund"}
    assert evaluated({}).fees == (FeeLine("f1", label, Money(4000)),)
    evaluation = evaluated({"a": "x", "n": 3})
    assert evaluation.fees == (
        FeeLine("f1", label, Money(4000)),
        FeeLine("f2", {"de": "Mit"}, Money(150)),
        FeeLine("f3", {"de": "Stück"}, Money(675)),
    )
    assert evaluation.total == Money(4825)
    assert [line.id for line in evaluated({"n": 0}).fees] == ["f1"]


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
    "number", ["AT61190430023457320", "AT6119043002345732010", "aT61", "AT61!"]
)
def test_shape_and_length_both_count(number):
    assert is_iban(number) is False


def test_right_check_digits_do_not_excuse_a_wrong_length():
    assert is_iban("AT611904300234573201") is True
    assert is_iban("XX" + "00" + "0" * 16) is False
    short = next(f"AT{check:02d}{'1' * 15}" for check in range(98) if _checks(check, "1" * 15))
    assert is_iban(short) is False


def _checks(check: int, rest: str) -> bool:
    return int(f"{rest}1029{check:02d}") % 97 == 1


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


def test_a_fee_is_owed_when_granted_unless_the_form_says_otherwise():
    fees = [
        {"id": "a", "label": "A", "amount": "1.00"},
        {"id": "b", "label": "B", "amount": "2.00", "owed": "decided"},
        {"id": "c", "label": "C", "amount": "3.00", "owed": "filed"},
    ]
    form = CompiledForm(document(page("p", *ASKED), fees=fees))
    lines = form.evaluate({}, today=TODAY).fees
    assert [line.owed for line in lines] == ["granted", "decided", "filed"]
