"""What citizens see of their cases, and what they do there, with the real middleware."""

from collections.abc import Callable

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.factories import sign_in

from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.actions import record
from rathaus.audit.models import Entry
from rathaus.cases import actions, queries
from rathaus.cases.models import Case, Message
from rathaus.cases.phases import Phase
from rathaus.cases.tests.working import TEXT, address, state_of
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.transaction import unit_of_work


def test_the_portal_lists_own_cases_with_their_deadline(portal: Client, case: Case) -> None:
    page = portal.get(reverse("cases:mine")).content.decode()

    assert case.title in page
    assert "Entscheidung bis spätestens 12.03.2027" in page


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2027-03-12", "Entscheidung bis spätestens 12.03.2027"),
        ("2027-03-13", "Wir hätten bis 12.03.2027 entscheiden sollen."),
    ],
)
def test_the_citizen_reads_that_the_office_is_late(
    day: str, words: str, citizen: Person, case: Case
) -> None:
    with time_machine.travel(f"{day} 12:00", tick=False):
        portal = sign_in(Client(), citizen)
        pages = [portal.get(page) for page in (reverse("cases:mine"), address("own_case", case))]

    assert [words in page.content.decode() for page in pages] == [True, True]


def test_english_pages_call_a_case_by_its_procedure(portal: Client, case: Case) -> None:
    for page in (reverse("cases:mine"), address("own_case", case)):
        german = portal.get(page).content.decode()
        english = portal.get(page, headers={"accept-language": "en"}).content.decode()

        assert (case.title in german, f"{case.number} · Anmeldung eines Hundes" in german) == (
            True,
            True,
        )
        assert (case.title in english, "Registration of a dog" in english) == (False, True)


def test_the_citizen_sees_how_the_deadline_is_computed(portal: Client, case: Case) -> None:
    page = portal.get(address("own_case", case)).content.decode()

    assert "Entscheidung bis spätestens 12.03.2027" in page
    assert "Frist: 6 Monate" in page
    assert Entry.objects.filter(act="read").count() == 0


def test_a_wrong_file_keeps_the_message_text(portal: Client, case: Case) -> None:
    program = SimpleUploadedFile("bild.png", b"MZ not a picture")

    response = portal.post(address("write", case), {"text": "Hier das Bild", "files": program})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Hier das Bild" in page
    assert "der Inhalt passt aber nicht dazu" in page
    assert not Message.objects.exists()


@pytest.mark.parametrize(("name", "element"), [("write", "message"), ("answer", "answer")])
def test_what_is_refused_is_said_at_its_field(
    name: str, element: str, portal: Client, clerk: Actor, case: Case
) -> None:
    actions.request_correction(by=clerk, case=case.pk, text="Bitte Impfpass", seen=case.revision)

    page = portal.post(address(name, case), {"text": " "}).content.decode()

    sentence = "Bitte schreiben Sie einen Text oder wählen Sie eine Datei."
    assert f'<a href="#id_{element}-text">' in page
    assert f'id="id_{element}-text-error"' in page
    assert page.count(sentence) == 2


def test_a_file_that_is_refused_is_named(portal: Client, case: Case, some_pdf: bytes) -> None:
    files = [SimpleUploadedFile("gut.pdf", some_pdf), SimpleUploadedFile("leer.pdf", b"")]

    page = portal.post(address("write", case), {"text": "Hier", "files": files}).content.decode()

    assert "leer.pdf: Die Datei ist leer." in page
    assert "gut.pdf" not in page
    assert Message.objects.count() == 0


def test_the_citizen_withdraws_after_a_second_thought(portal: Client, case: Case) -> None:
    assert "zurückziehen?" in portal.get(address("withdraw", case)).content.decode()

    assert portal.post(address("withdraw", case), {"why": "verzogen"}).status_code == 302

    case.refresh_from_db()
    assert case.phase == Phase.WITHDRAWN
    assert "Zurückgezogen" in portal.get(reverse("cases:mine")).content.decode()


def test_a_second_withdrawal_changes_nothing_and_says_that_it_is_done(
    portal: Client, case: Case, applicant: Actor
) -> None:
    actions.withdraw(by=applicant, case=case.pk)

    for ask in (portal.get, portal.post):
        answer = ask(address("withdraw", case), follow=True)
        assert answer.redirect_chain == [(address("own_case", case), 302)]
        assert "Ihr Anliegen ist zurückgezogen." in answer.content.decode()
    case.refresh_from_db()
    assert case.revision == 2


def test_what_is_decided_cannot_be_withdrawn(portal: Client, case: Case, clerk: Actor) -> None:
    actions.decide(by=clerk, case=case.pk, seen=1, text=TEXT)
    before = state_of(case)

    for ask in (portal.get, portal.post):
        answer = ask(address("withdraw", case))
        assert answer.status_code == 409
        assert "beim jetzigen Stand" in answer.content.decode()
    assert state_of(case) == before


def test_a_colleague_s_change_stays_hidden_from_the_applicant(
    portal: Client, staff: Client, case: Case
) -> None:
    staff.post(address("write_note", case), {"text": "intern"})

    seen = queries.changes_since(by=actor_of(case.applicant), case=case.pk, seen=0)

    assert [(step.kind, step.by) for step in seen] == [("Eingelangt", "")]
    assert "Notiz" not in portal.get(address("own_case", case)).content.decode()


def test_who_looked_leads_back_to_the_own_case_alone(
    portal: Client, staff: Client, case: Case, file_case: Callable[..., Case], stranger: Actor
) -> None:
    other = file_case(by=stranger, applicant=stranger.person)
    staff.get(address("case", case))
    with unit_of_work():
        record(by=SYSTEM, did="cases.read", case=other.number, about=[case.applicant_id])

    page = portal.get(reverse("audit:mine")).content.decode()
    alone = portal.get(reverse("audit:mine"), {"anliegen": case.number}).content.decode()

    number = f'</a>, <span class="nowrap">{case.number}</span>'
    assert f'<a href="{address("own_case", case)}">{case.title}{number}' in page
    assert other.number in page
    assert str(other.pk) not in page
    assert f"Nur zum Anliegen „{case.title}“ ({case.number})." in alone
    assert number not in alone
