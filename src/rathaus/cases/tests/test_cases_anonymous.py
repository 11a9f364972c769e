"""A matter whose applicant did not say who they are: nobody is written to, nothing is delivered."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import make_clerk, sign_in

from rathaus.accounts.actions import nameless_person
from rathaus.accounts.models import Department
from rathaus.cases import actions
from rathaus.cases.decision_texts import DecisionText
from rathaus.cases.errors import NobodyToReach
from rathaus.cases.models import Case, CaseFile, CaseStep, CorrectionRequest, Message
from rathaus.cases.tests.conftest import RIGHTS
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.models import OutgoingMail, StoredFile

BADGE = "anonym, niemand erreichbar"
TEXT = DecisionText(outcome="settled", title="Antwort", ruling="Danke.")


@pytest.fixture
def anonymous(file_case: Callable[..., Case]) -> Case:
    return file_case(by=SYSTEM, applicant=nameless_person().pk)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda by, case: actions.send_message(by=by, case=case.pk, text="Guten Tag"),
        lambda by, case: actions.request_correction(
            by=by, case=case.pk, text="Bitte ergänzen", seen=1
        ),
        lambda by, case: actions.decide(by=by, case=case.pk, text=TEXT, seen=1),
        lambda by, case: actions.preview(by=by, case=case.pk, text=TEXT),
    ],
)
def test_nothing_is_sent_to_nobody(
    anonymous: Case, clerk: Actor, attempt: Callable[[Actor, Case], None]
) -> None:
    with pytest.raises(NobodyToReach):
        attempt(clerk, anonymous)

    anonymous.refresh_from_db()
    assert (anonymous.phase, anonymous.revision) == ("received", 1)
    assert [step.kind for step in CaseStep.objects.filter(case=anonymous)] == ["opened"]
    for model in (Message, CorrectionRequest, CaseFile, StoredFile, OutgoingMail):
        assert model._default_manager.count() == 0


def test_the_office_takes_it_notes_and_closes_it(anonymous: Case, clerk: Actor) -> None:
    actions.take(by=clerk, case=anonymous.pk)
    actions.write_note(by=clerk, case=anonymous.pk, text="An die Gärtnerei weitergegeben.")
    actions.close(by=clerk, case=anonymous.pk, seen=3, why="Weitergegeben, keine Antwort nötig.")

    anonymous.refresh_from_db()
    assert anonymous.phase == "closed"


def test_what_to_do_with_it_is_said_only_while_something_is_to_do(
    anonymous: Case, clerk: Actor, office: Department, client: Client
) -> None:
    sign_in(client, make_clerk(office, *RIGHTS))
    address = reverse("cases:case", args=[anonymous.pk])
    advice = "Schließen Sie das Anliegen mit einer Begründung ab"
    assert advice in client.get(address).content.decode()

    actions.close(by=clerk, case=anonymous.pk, seen=1, why="Weitergegeben.")

    page = client.get(address).content.decode()
    assert BADGE in page
    assert advice not in page
    assert "Rathaus, Rathaus" not in page


def test_the_clerk_sees_plainly_that_nobody_can_be_reached(
    anonymous: Case, case: Case, office: Department, client: Client
) -> None:
    sign_in(client, make_clerk(office, *RIGHTS))

    page = client.get(reverse("cases:case", args=[anonymous.pk])).content.decode()
    other = client.get(reverse("cases:case", args=[case.pk])).content.decode()

    offers = ("Nachricht schreiben", "Ergänzung verlangen", "Entscheiden")
    assert BADGE in page
    assert [offer in page for offer in offers] == [False, False, False]
    assert BADGE not in other
    assert [offer in other for offer in offers] == [True, True, True]
