"""Who handles a case: given back, given to a colleague, forwarded to another department."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import make_clerk, sign_in

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.cases import actions, queries
from rathaus.cases.decision_faults import DecisionText
from rathaus.cases.errors import (
    AlreadyThere,
    NothingWritten,
    NotPossibleNow,
    UnknownDepartment,
)
from rathaus.cases.events import CaseForwarded
from rathaus.cases.models import Case, DecisionDraft
from rathaus.cases.tests.working import state_of
from rathaus.core.actor import Actor
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.models import OutgoingMail


@pytest.fixture
def handler(office: Department) -> Actor:
    return actor_of(make_clerk(office, "cases.read", "cases.handle"))


def test_a_clerk_gives_their_own_case_back_or_to_a_colleague(
    case: Case, handler: Actor, colleague: Actor
) -> None:
    actions.take(by=handler, case=case.pk)
    actions.assign(by=handler, case=case.pk, clerk=None, seen=2)
    case.refresh_from_db()
    assert case.assigned_to_id is None

    actions.take(by=handler, case=case.pk)
    assert [pk for pk, _name in queries.staff_case(by=handler, case=case.pk).colleagues]
    actions.assign(by=handler, case=case.pk, clerk=colleague.person, seen=4)
    case.refresh_from_db()
    assert case.assigned_to_id == colleague.person


def test_a_clerk_does_not_assign_what_is_not_theirs(
    case: Case, handler: Actor, colleague: Actor
) -> None:
    for _turn in ("nobody has it", "a colleague has it"):
        before = state_of(case)
        with pytest.raises(NotAllowed):
            actions.assign(by=handler, case=case.pk, clerk=handler.person, seen=case.revision)
        assert state_of(case) == before
        assert queries.staff_case(by=handler, case=case.pk).colleagues == []
        actions.take(by=colleague, case=case.pk)


def test_a_case_goes_to_the_competent_department(
    case: Case,
    clerk: Actor,
    applicant: Actor,
    foreign_clerk: Actor,
    vets: Department,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[object] = []
    monkeypatch.setattr("rathaus.cases.actions.forwarding.publish", heard.append)
    due_on = case.due_on
    actions.take(by=clerk, case=case.pk)
    text = DecisionText("granted", "Bescheid", "Ja.", remedy="Beschwerde")
    actions.save_draft(by=clerk, case=case.pk, text=text, seen=2)
    actions.submit_draft(by=clerk, case=case.pk, seen=3)
    OutgoingMail.objects.all().delete()

    actions.forward_case(
        by=clerk, case=case.pk, department="veterinaeramt", why="Es geht um Tierschutz.", seen=4
    )

    case.refresh_from_db()
    assert (case.department_id, case.assigned_to_id, case.due_on) == (vets.pk, None, due_on)
    with pytest.raises(NotFound):
        queries.staff_case(by=clerk, case=case.pk)
    seen_there = queries.staff_case(by=foreign_clerk, case=case.pk)
    assert [note.text for note in seen_there.notes] == ["Es geht um Tierschutz."]
    assert DecisionDraft.objects.get(case=case).stage == "writing"
    own = queries.own_case(by=applicant, case=case.pk)
    assert own.messages[-1].text == (
        "Ihr Anliegen ist jetzt bei der zuständigen Abteilung: Veterinaeramt (§ 6 Abs. 1 AVG)."
    )
    assert (own.steps[-1].kind, own.steps[-1].text) == (
        "An die zuständige Abteilung weitergeleitet",
        "Buergerservice → Veterinaeramt",
    )
    assert heard == [CaseForwarded(case.pk, case.number, case.applicant_id, vets.pk)]
    recipients = set(OutgoingMail.objects.values_list("recipient", flat=True))
    people = Person.objects.filter(pk__in=[applicant.person, foreign_clerk.person])
    assert recipients == {person.email for person in people}
    assert not any("Tierschutz" in mail.text for mail in OutgoingMail.objects.all())
    entry = Entry.objects.get(did="cases.forwarded", act="change")
    assert (entry.why, entry.about) == ("§ 6 Abs. 1 AVG", [case.applicant_id])


@pytest.mark.parametrize(
    ("department", "why", "refusal"),
    [
        ("gibt-es-nicht", "x", UnknownDepartment),
        ("buergerservice", "x", AlreadyThere),
        ("veterinaeramt", " ", NothingWritten),
    ],
)
def test_it_goes_nowhere_without_place_and_reason(
    department: str, why: str, refusal: type[Exception], case: Case, clerk: Actor
) -> None:
    before = state_of(case)
    with pytest.raises(refusal):
        actions.forward_case(by=clerk, case=case.pk, department=department, why=why, seen=1)
    assert state_of(case) == before


def test_what_is_done_stays_where_it_is(case: Case, clerk: Actor) -> None:
    actions.close(by=clerk, case=case.pk, why="doppelt", seen=1)
    before = state_of(case)
    with pytest.raises(NotPossibleNow):
        actions.forward_case(by=clerk, case=case.pk, department="veterinaeramt", why="x", seen=2)
    with pytest.raises(NotPossibleNow):
        queries.other_departments(by=clerk, case=case.pk)
    assert state_of(case) == before


def test_the_page_offers_the_other_departments(
    client: Client, office: Department, case: Case, reader: Actor
) -> None:
    with pytest.raises(NotAllowed):
        queries.other_departments(by=reader, case=case.pk)
    desk = sign_in(client, make_clerk(office, "cases.read", "cases.handle"))
    address = reverse("cases:forward", args=[case.pk])
    page = desk.get(address).content.decode()
    assert '<option value="veterinaeramt">Veterinaeramt</option>' in page
    assert '<option value="buergerservice">' not in page

    refused = desk.post(address, {"department": "", "why": "Tierschutz", "seen": 1})
    assert refused.status_code == 422
    assert "Tierschutz" in refused.content.decode()
    words = {"department": "veterinaeramt", "why": "Tierschutz", "seen": 1}
    answered = desk.post(address, words)

    assert (answered.status_code, answered["Location"]) == (302, reverse("cases:inbox"))
    assert desk.get(reverse("cases:case", args=[case.pk])).status_code == 404
