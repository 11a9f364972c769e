"""What the answers to a whole form come to: problems, pages, exits, fees."""

from rathaus.core.money import Money
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.evaluation import Evaluation, FeeLine, Problem
from rathaus.services.forms.messages import message
from rathaus.services.forms.tests.written_forms import TODAY, document, field, page

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


def test_a_fee_is_owed_when_granted_unless_the_form_says_otherwise():
    fees = [
        {"id": "a", "label": "A", "amount": "1.00"},
        {"id": "b", "label": "B", "amount": "2.00", "owed": "decided"},
        {"id": "c", "label": "C", "amount": "3.00", "owed": "filed"},
    ]
    form = CompiledForm(document(*PAGES, fees=fees))
    lines = form.evaluate({}, today=TODAY).fees
    assert [line.owed for line in lines] == ["granted", "decided", "filed"]
