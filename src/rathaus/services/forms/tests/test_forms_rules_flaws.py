"""Every flaw of a document has its exact place and its exact German sentence."""

import pytest

from rathaus.services.forms.checking import Flaw, flaws_of
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.outline import Outline, conditions_of

X = {"value": "x", "label": "X"}
FIELDS = [
    {"id": "ja", "type": "yesno", "label": "J"},
    {"id": "zahl", "type": "number", "label": "Z"},
    {"id": "tag", "type": "date", "label": "T"},
    {"id": "wahl", "type": "choice", "label": "W", "options": [X, {"value": "a", "label": "A"}]},
    {"id": "viele", "type": "multiple", "label": "V", "options": [X]},
    {"id": "ort", "type": "address", "label": "O"},
    {"id": "name", "type": "text", "label": "N"},
    {
        "id": "g",
        "type": "group",
        "label": "G",
        "fields": [{"id": "in-g", "type": "text", "label": "I"}],
    },
    {
        "id": "r",
        "type": "group",
        "label": "R",
        "repeat": {"item": "I"},
        "fields": [
            {"id": "in-r", "type": "number", "label": "I"},
            {"id": "auch-in-r", "type": "number", "label": "I", "show": {"eq": ["in-r", 1]}},
        ],
    },
]
HERE = ("pages", 0, "fields", len(FIELDS))


def document(*fields: object, **rest: object) -> FormDocument:
    pages = [{"id": "p", "title": "P", "fields": [*FIELDS, *fields]}]
    plain = {"schema": 1, "form": "x", "service": "x", "title": "X", "pages": pages, **rest}
    return FormDocument.model_validate(plain)


def flaws(*fields: object, **rest: object) -> list[tuple[tuple[object, ...], str]]:
    return [(flaw.location, flaw.reason) for flaw in flaws_of(document(*fields, **rest))]


def field(**given: object) -> dict[str, object]:
    return {"id": "f", "type": "text", "label": "F", **given}


def test_a_sound_document_has_no_flaw():
    assert flaws_of(document()) == ()


FIELD_FLAWS = [
    (field(min_length=3, max_length=2), "min_length", "min_length ist größer als max_length"),
    (field(type="number", min=3, max=2), "min", "min ist größer als max"),
    (field(type="date", min="2026-02-30"), "min", "„2026-02-30“ ist kein Tag"),
    (field(type="date", max="today+9999y"), "max", "„today+9999y“ ist kein Tag"),
    (field(type="choice"), "id", "zu einer Auswahl gehören entweder options oder codelist"),
    (
        field(type="multiple", options=[X], codelist="l"),
        "id",
        "zu einer Auswahl gehören entweder options oder codelist",
    ),
    (field(type="choice", codelist="weg"), "codelist", "die Liste „weg“ gibt es nicht"),
    (field(type="multiple", options=[X, X, X]), "options", "der Wert „x“ steht 3 Mal da"),
]


@pytest.mark.parametrize(("wrong", "key", "reason"), FIELD_FLAWS)
def test_a_field_contradicts_itself(wrong, key, reason):
    assert flaws(wrong) == [((*HERE, key), reason)]


@pytest.mark.parametrize(
    "right",
    [
        field(min_length=3, max_length=3),
        field(type="number", min=3, max=3),
        field(type="number", min=3),
        field(type="number", max=3),
        field(type="date", min="2026-02-28", max="today+1d"),
        field(type="choice", options=[X, {"value": "y", "label": "X"}]),
    ],
)
def test_bounds_may_meet(right):
    assert flaws(right) == []


def group(**given: object) -> dict[str, object]:
    inner = {"id": "innen", "type": "text", "label": "I"}
    return {"id": "h", "type": "group", "label": "H", "fields": [inner], **given}


def test_rows_have_possible_numbers():
    assert flaws(group(repeat={"item": "I", "min": 3, "max": 3})) == []
    assert flaws(group(repeat={"item": "I", "min": 3, "max": 2})) == [
        ((*HERE, "repeat", "min"), "min ist größer als max")
    ]


def test_rows_hold_no_rows_but_may_hold_groups():
    inner = group(repeat={"item": "I", "min": 2, "max": 1})
    outer = group(id="aussen", repeat={"item": "I"}, fields=[inner])
    assert flaws(outer) == [
        ((*HERE, "fields", 0, "repeat"), "eine Wiederholung darf nicht in einer anderen stehen"),
        ((*HERE, "fields", 0, "repeat", "min"), "min ist größer als max"),
    ]
    assert flaws({**outer, "fields": [group()]}) == []
    assert flaws(group(id="aussen", fields=[group(repeat={"item": "I"})])) == []


def test_a_list_names_each_value_once():
    assert flaws(codelists={"gut": [X], "l": [X, X]}) == [
        (("codelists", "l"), "der Wert „x“ steht 2 Mal da")
    ]


CONDITIONS = [
    ({"eq": ["weg", "x"]}, (), "das Feld „weg“ gibt es nicht"),
    ({"eq": ["weg.hof", "x"]}, (), "das Feld „weg“ gibt es nicht"),
    ({"eq": ["ja.hof", "x"]}, (), "„ja“ ist keine Adresse und hat keine Teile"),
    (
        {"eq": ["ort.hof", "x"]},
        (),
        "eine Adresse hat keinen Teil „hof“,"
        " sondern: street, number, door, postcode, place, listed",
    ),
    (
        {"eq": ["ja", "x"]},
        (),
        "„ja“ ist Ja oder Nein: verglichen wird damit true oder false, nicht 'x'",
    ),
    (
        {"eq": ["ort.listed", "x"]},
        (),
        "„ort.listed“ ist Ja oder Nein: verglichen wird damit true oder false, nicht 'x'",
    ),
    ({"eq": ["r", "x"]}, (), "„r“ ist Zahl: verglichen wird damit eine Zahl, nicht 'x'"),
    ({"gt": ["zahl", "x"]}, (), "„zahl“ ist Zahl: verglichen wird damit eine Zahl, nicht 'x'"),
    ({"gt": ["zahl", True]}, (), "„zahl“ ist Zahl: verglichen wird damit eine Zahl, nicht True"),
    ({"gt": ["zahl", "NaN"]}, (), "„zahl“ ist Zahl: verglichen wird damit eine Zahl, nicht 'NaN'"),
    (
        {"lt": ["tag", "x"]},
        (),
        "„tag“ ist Datum: verglichen wird damit ein Tag wie „2026-12-31“ oder „today-18y“,"
        " nicht 'x'",
    ),
    (
        {"lt": ["tag", 5]},
        (),
        "„tag“ ist Datum: verglichen wird damit ein Tag wie „2026-12-31“ oder „today-18y“, nicht 5",
    ),
    (
        {"in": ["wahl", ["x", "y"]]},
        (),
        "„wahl“ ist Auswahl: verglichen wird damit einer der Werte a, x, nicht 'y'",
    ),
    (
        {"not_in": ["viele", ["y"]]},
        (),
        "„viele“ ist Mehrfachauswahl: verglichen wird damit einer der Werte x, nicht 'y'",
    ),
    ({"eq": ["name", 5]}, (), "„name“ ist Text: verglichen wird damit ein Text, nicht 5"),
    ({"eq": ["ort", "x"]}, (), "„ort“ ist Adresse: eq ist damit nicht möglich"),
    ({"gt": ["name", "x"]}, (), "„name“ ist Text: gt ist damit nicht möglich"),
    ({"not_in": ["ja", [True]]}, (), "„ja“ ist Ja oder Nein: not_in ist damit nicht möglich"),
    ({"in": ["ja", [True]]}, (), "„ja“ ist Ja oder Nein: in ist damit nicht möglich"),
    ({"present": "g"}, (), "„g“ ist Gruppe ohne Wiederholung: present ist damit nicht möglich"),
    (
        {"present": "in-r"},
        (),
        "„in-r“ steht in der Wiederholung „r“ und ist nur in derselben Zeile bekannt",
    ),
    (
        {"lt": ["zahl", {"field": "tag"}]},
        (),
        "„zahl“ ist Zahl, „tag“ ist Datum: das lässt sich nicht vergleichen",
    ),
    ({"lt": ["zahl", {"field": "ja"}]}, (), "„ja“ ist Ja oder Nein: lt ist damit nicht möglich"),
    (
        {"all": [{"present": "ja"}, {"not": {"any": [{"present": "weg"}]}}]},
        ("all", 1, "not", "any", 0),
        "das Feld „weg“ gibt es nicht",
    ),
]


@pytest.mark.parametrize(("condition", "below", "reason"), CONDITIONS)
def test_a_condition_that_can_never_hold(condition, below, reason):
    assert flaws(field(show=condition)) == [((*HERE, "show", *below), reason)]


@pytest.mark.parametrize(
    "condition",
    [
        {"eq": ["zahl", "1.5"]},
        {"lt": ["tag", "today-18y"]},
        {"lt": ["zahl", {"field": "r"}]},
        {"eq": ["ort.listed", True]},
        {"ne": ["ort.postcode", "4890"]},
        {"in": ["viele", ["x"]]},
        {"ge": ["r", 2]},
        {"present": "r"},
    ],
)
def test_a_condition_that_may_hold(condition):
    assert flaws(field(show=condition)) == []


CHECK = {"id": "c", "when": {"present": "ja"}, "message": "M"}
ENDING = {"id": "e", "when": {"present": "ja"}, "title": "T", "text": "T"}
FEE = {"id": "f", "label": "F", "amount": "5.00"}


@pytest.mark.parametrize("at", ["weg", "g", "r", "in-r"])
def test_a_contradiction_stands_at_a_question_outside_rows(at):
    entries = [{**CHECK, "at": "in-g"}, {**CHECK, "id": "d", "at": at}]
    assert flaws(checks=entries) == [
        (("checks", 1, "at"), f"„{at}“ ist kein Feld außerhalb einer Wiederholung")
    ]


@pytest.mark.parametrize("per", ["weg", "g", "in-r", "ja", "name"])
def test_a_fee_counts_whole_numbers_or_rows(per):
    entries = [FEE, {**FEE, "id": "g", "per": per}]
    assert flaws(fees=entries) == [
        (("fees", 1, "per"), f"„{per}“ ist weder eine ganze Zahl noch eine Wiederholung")
    ]
    assert flaws(fees=[{**FEE, "per": "zahl"}, {**FEE, "id": "g", "per": "r"}]) == []


def test_a_fee_counts_no_fractions():
    assert flaws(field(type="number", decimals=1), fees=[FEE, {**FEE, "id": "g", "per": "f"}]) == [
        (("fees", 1, "per"), "„f“ ist weder eine ganze Zahl noch eine Wiederholung")
    ]


def test_what_the_account_knows_fits_its_field():
    assert flaws(prefill={"name": "account.full_name", "in-g": "account.given_name"}) == []
    assert flaws(prefill={"weg": "account.email", "in-r": "account.email"}) == [
        (("prefill", "weg"), "„weg“ ist kein Feld außerhalb einer Wiederholung"),
        (("prefill", "in-r"), "„in-r“ ist kein Feld außerhalb einer Wiederholung"),
    ]
    assert flaws(prefill={"name": "account.email"}) == [
        (("prefill", "name"), "account.email passt nicht zu einem Feld vom Typ text")
    ]


DOUBLED = [
    (
        {"checks": [{**CHECK, "at": "ja"}, {**CHECK, "at": "ja"}]},
        ("checks", 1, "id"),
        "Widerspruch „c“",
    ),
    ({"exits": [ENDING, {**ENDING, "id": "z"}, ENDING]}, ("exits", 2, "id"), "Ausstieg „e“"),
    ({"fees": [FEE, FEE]}, ("fees", 1, "id"), "Gebühr „f“"),
]


@pytest.mark.parametrize(("rest", "location", "what"), DOUBLED)
def test_each_id_is_there_once(rest, location, what):
    assert flaws(**rest) == [(location, f"{what} gibt es schon: jede id nur einmal")]


def test_pages_and_fields_have_their_own_ids():
    first = {"id": "p", "title": "P", "fields": [field()]}
    second = {"id": "p", "title": "P", "fields": [field()]}
    plain = {"schema": 1, "form": "x", "service": "x", "title": "X", "pages": [first, second]}
    assert flaws_of(FormDocument.model_validate(plain)) == (
        Flaw(("pages", 1, "fields", 0, "id"), "Feld „f“ gibt es schon: jede id nur einmal"),
        Flaw(("pages", 1, "id"), "Seite „p“ gibt es schon: jede id nur einmal"),
    )


def test_a_circle_is_named_at_its_field():
    one = field(id="a", show={"present": "b"})
    other = field(id="b", show={"present": "a"})
    [(location, reason)] = flaws(one, other)
    assert (location, reason) in (
        (("pages", 0, "fields", 9, "show"), "Bedingungen im Kreis: a → b → a"),
        (("pages", 0, "fields", 10, "show"), "Bedingungen im Kreis: b → a → b"),
    )


def test_a_circle_through_pages_is_named_at_a_page_or_field():
    first = {"id": "eins", "title": "P", "fields": [field()]}
    second = {
        "id": "zwei",
        "title": "P",
        "show": {"present": "g"},
        "fields": [field(id="g")],
    }
    plain = {"schema": 1, "form": "x", "service": "x", "title": "X", "pages": [first, second]}
    [flaw] = flaws_of(FormDocument.model_validate(plain))
    assert flaw in (
        Flaw(("pages", 1, "fields", 0, "show"), "Bedingungen im Kreis: g → zwei → g"),
        Flaw(("pages", 1, "show"), "Bedingungen im Kreis: zwei → g → zwei"),
    )


def test_every_condition_is_found_where_it_stands():
    page = {
        "id": "p",
        "title": "P",
        "show": {"present": "a"},
        "fields": [
            field(show={"present": "b"}),
            group(
                repeat={"item": "I"},
                show={"present": "c"},
                fields=[field(id="k", show={"present": "d"})],
            ),
        ],
    }
    plain = {"schema": 1, "form": "x", "service": "x", "title": "X", "pages": [page]}
    fee = {**FEE, "when": {"present": "h"}}
    rules = {"checks": [{**CHECK, "at": "f"}], "exits": [ENDING], "fees": [FEE, fee]}
    outline = Outline(FormDocument.model_validate({**plain, **rules}))
    rows = outline.by_id["h"].field
    assert [(place.location, place.row) for place in conditions_of(outline)] == [
        (("pages", 0, "show"), None),
        (("pages", 0, "fields", 0, "show"), None),
        (("pages", 0, "fields", 1, "show"), None),
        (("pages", 0, "fields", 1, "fields", 0, "show"), rows),
        (("checks", 0, "when"), None),
        (("exits", 0, "when"), None),
        (("fees", 1, "when"), None),
    ]


def test_a_list_that_is_not_there_has_no_options():
    nowhere = document(field(type="choice", codelist="weg"))
    assert Outline(nowhere).options(nowhere.pages[0].fields[-1]) == ()
    assert Outline(nowhere).options(document(field(type="choice")).pages[0].fields[-1]) == ()
