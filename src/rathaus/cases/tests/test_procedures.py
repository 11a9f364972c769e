from datetime import date

import pytest

from rathaus.accounts.models import Department
from rathaus.cases import actions
from rathaus.cases.deadlines import Ladder, Period, Unit
from rathaus.cases.law import Remedy
from rathaus.cases.models import CaseState, Procedure
from rathaus.cases.procedures import parse_procedures
from rathaus.cases.routing import RoutingRule
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.documents.source import BadDocument
from rathaus.core.errors import NotAllowed

TODAY = date(2026, 11, 22)
SMALL = "procedure: x\nname: {de: X}\ndepartment: amt\n"


def test_a_small_procedure_follows_the_general_law() -> None:
    (document,) = parse_procedures(SMALL)

    assert document.deadline_on(TODAY) == Period(6, Unit.MONTHS, "§ 73 Abs. 1 AVG")
    assert document.correction_on(TODAY) == Period(2, Unit.WEEKS, "§ 13 Abs. 3 AVG")
    assert document.remedy_on(TODAY).period == Period(4, Unit.WEEKS, "§ 7 Abs. 4 VwGVG")
    assert document.ladder_on(TODAY, Period(2, Unit.MONTHS)) == Ladder(20, 6)
    assert (document.suspends, document.suspension_basis) == (False, "")
    assert document.template("x") is None
    assert "{{ aktenzeichen }}" in document.remedy_on(TODAY).text["de"]


def test_a_procedure_has_its_own_rules() -> None:
    (document,) = parse_procedures(
        SMALL
        + """
deadline: {working_days: 10, basis: "§ 5 G"}
correction: {days: 5, basis: "§ 6 G", suspends: true, suspends_basis: "§ 7 G"}
remedy: {weeks: 2, basis: "§ 8 G", text: {de: Berufung}}
warning: {soon: 5, urgent: 2}
routing: [{key: a, values: [b, c], department: d}]
templates: [{slug: t, name: {de: T}, outcome: granted, title: Bescheid, ruling: "Ja {{ name }}"}]
"""
    )

    assert document.deadline_on(TODAY) == Period(10, Unit.WORKING_DAYS, "§ 5 G")
    assert document.correction_on(TODAY) == Period(5, Unit.DAYS, "§ 6 G")
    own = Remedy(Period(2, Unit.WEEKS, "§ 8 G"), {"de": "Berufung"})
    assert document.remedy_on(TODAY) == document.remedy_on(TODAY, "t") == own
    assert document.ladder_on(TODAY, Period(2, Unit.MONTHS)) == Ladder(5, 2)
    assert (document.suspends, document.suspension_basis) == (True, "§ 7 G")
    assert document.routing_rules() == [RoutingRule("a", frozenset({"b", "c"}), "d")]
    template = document.template("t")
    assert template is not None
    assert template.ruling == "Ja {{ name }}"


def test_procedure_and_template_name_a_remedy_of_the_law() -> None:
    (document,) = parse_procedures(
        SMALL
        + """
remedy: appeal
templates:
  - {slug: steuer, name: {de: T}, outcome: granted, title: B, ruling: R, remedy: tax_complaint}
  - {slug: weg, name: {de: T}, outcome: refused, title: B, ruling: R}
  - {slug: brief, name: {de: T}, outcome: settled, title: B, ruling: R, remedy: false}
"""
    )
    ends = {
        slug: document.remedy_on(TODAY, slug).period for slug in ("steuer", "weg", "brief", "frei")
    }

    appeal = Period(2, Unit.WEEKS, "§ 63 Abs. 5 AVG")
    assert ends == {
        "steuer": Period(1, Unit.MONTHS, "§ 245 Abs. 1 BAO"),
        "weg": appeal,
        "brief": appeal,
        "frei": appeal,
    }
    assert document.is_formal("granted")
    assert not document.is_formal("settled")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("procedure: [", "Zeile 1: kein gültiges YAML"),
        ("- a", "Zeile 1: ein Verfahren beginnt mit"),
        ("procedure: x", "Zeile 1: „name“ fehlt"),
        (SMALL + "wrong: 1", "Zeile 4: den Schlüssel „wrong“ gibt es hier nicht"),
        (SMALL + "deadline: {basis: b}", "Zeile 4: genau eines davon angeben: months"),
        (SMALL + "deadline: {months: 1, weeks: 2, basis: b}", "genau eines davon angeben"),
        (SMALL + "deadline: {months: 0, basis: b}", "Zeile 4: der Wert muss mindestens 1 sein"),
        (SMALL + "warning: {soon: 3, urgent: 3}", "urgent kommt nach soon"),
        (
            SMALL + "correction: {days: 3, basis: b, suspends: true}",
            "Grundlage in suspends_basis",
        ),
        (SMALL + "remedy: berufung", "Zeile 4: erlaubt ist hier: 'complaint', 'tax_complaint'"),
        (SMALL + "remedy: {weeks: 2, basis: b}", "Zeile 4: „text“ fehlt"),
        (
            SMALL + "templates: [{slug: t, name: {de: T}, outcome: granted, title: B,"
            " ruling: r, remedy: berufung}]",
            "Zeile 4: erlaubt ist hier: 'complaint', 'tax_complaint' or 'appeal'",
        ),
        (SMALL + "number_prefix: bs", "Zeile 4: „bs“ passt nicht zur Schreibweise"),
        (
            SMALL + "states: [{slug: a, phase: examining, label: {de: A}},"
            "{slug: a, phase: received, label: {de: B}}]",
            "ein Name steht zweimal: a, a",
        ),
        (
            SMALL + "templates: [{slug: t, name: {de: T}, outcome: granted, title: B,"
            ' ruling: "{{ nmae }}"}]',
            "Zeile 4: den Platzhalter „nmae“ gibt es nicht",
        ),
        (
            SMALL + "templates: [{slug: t, name: {de: T}, outcome: ja, title: B, ruling: r}]",
            "Zeile 4: „ja“ passt nicht zur Schreibweise",
        ),
    ],
)
def test_a_bad_procedure_is_refused_with_place_and_reason(text: str, reason: str) -> None:
    with pytest.raises(BadDocument) as refusal:
        parse_procedures(text)
    assert reason in str(refusal.value)


def test_installing_again_replaces(procedure: Procedure, office: Department) -> None:
    changed = """
procedure: hund
name: {de: Hund neu}
department: buergerservice
states: [{slug: neu, phase: received, label: {de: Neu}}]
"""

    assert actions.install_procedures(by=SYSTEM, text=changed) == ["hund"]

    procedure = Procedure.objects.get()
    assert procedure.name == {"de": "Hund neu"}
    assert procedure.rules.deadline is None
    states = CaseState.objects.order_by("slug").values_list("slug", "is_active")
    assert list(states) == [("neu", True), ("tierarzt", False)]


def test_an_unknown_department_installs_nothing(office: Department) -> None:
    both = (
        "procedures:\n"
        "  - {procedure: gut, name: {de: G}, department: buergerservice}\n"
        "  - {procedure: schlecht, name: {de: S}, department: mondamt}\n"
    )
    with pytest.raises(BadDocument, match="Zeile 3: die Abteilung „mondamt“ gibt es nicht"):
        actions.install_procedures(by=SYSTEM, text=both)
    assert not Procedure.objects.exists()


def test_only_those_who_may_configure_install(office: Department, clerk: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.install_procedures(by=clerk, text=SMALL)
    assert not Procedure.objects.exists()


@pytest.mark.parametrize(
    ("templates", "outcome", "formal"),
    [
        ([("granted", False), ("refused", True)], "refused", True),
        ([("granted", False), ("refused", True)], "granted", False),
        ([("granted", False), ("refused", True)], "partly_granted", True),
        ([("granted", False), ("refused", False)], "partly_granted", False),
        ([("granted", False), ("refused", False)], "refused", False),
        ([], "refused", True),
        ([], "granted", False),
    ],
)
def test_what_must_be_a_formal_decision(
    templates: list[tuple[str, bool]], outcome: str, formal: bool
) -> None:
    words = "name: {de: T}, title: T, ruling: R"
    told = ", ".join(
        f"{{slug: t{number}, outcome: {of}, remedy: {remedy}, {words}}}"
        for number, (of, remedy) in enumerate(templates)
    )
    text = (
        f"{{procedure: p, name: {{de: P}}, department: d, number_prefix: PX, templates: [{told}]}}"
    )

    [document] = parse_procedures(text)

    assert document.is_formal(outcome) is formal
