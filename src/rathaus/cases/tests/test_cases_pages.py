"""Every page of a case with its real middleware: permission, text kept on conflict, audit."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.factories import make_citizen, make_clerk, sign_in

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.actions import record
from rathaus.audit.models import Entry
from rathaus.cases import actions, queries
from rathaus.cases.models import Case, CaseFile, CorrectionRequest, Message, Note
from rathaus.cases.phases import Phase
from rathaus.cases.tests.conftest import RIGHTS
from rathaus.cases.tests.working import TEXT, state_of
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import today
from rathaus.core.localized import localize
from rathaus.core.models import StoredFile
from rathaus.core.transaction import unit_of_work


@pytest.fixture
def person(office: Department) -> Person:
    return make_clerk(office, *RIGHTS)


@pytest.fixture
def staff(client: Client, person: Person) -> Client:
    return sign_in(client, person)


@pytest.fixture
def portal(citizen: Person) -> Client:
    return sign_in(Client(), citizen)


def in_days(days: int) -> str:
    return f"{today() + timedelta(days=days):%d.%m.%Y}"


def address(name: str, case: Case, *more: object) -> str:
    return reverse(f"cases:{name}", args=[case.pk, *more])


def noted_about(case: Case) -> list[tuple[str, str]]:
    """Act and deed of the entries about the applicant since the case was opened, all in it."""
    entries = Entry.objects.filter(about=[case.applicant_id]).exclude(did="cases.opened")
    assert {entry.case for entry in entries} <= {case.number}
    return [(entry.act, entry.did) for entry in entries.order_by("seq")]


def test_the_dashboard_shows_figures_and_own_cases(
    staff: Client, person: Person, case: Case
) -> None:
    actions.take(by=actor_of(person), case=case.pk)

    page = staff.get(reverse("cases:dashboard")).content.decode()

    assert case.number in page
    assert "Nicht zugeteilt" in page


def test_whoever_looks_for_words_is_one_click_from_all_cases_with_them(
    staff: Client, clerk: Actor, case: Case
) -> None:
    actions.close(by=clerk, case=case.pk, seen=1, why="Erledigt.")
    inbox = reverse("cases:inbox")

    page = staff.get(inbox, {"words": case.number, "level": "2"}).content.decode()
    everywhere = f"?phase=all&amp;words={case.number}"

    assert "Kein Anliegen passt zu diesen Filtern." in page
    assert f'href="{everywhere}"' in page
    found = staff.get(inbox + everywhere.replace("&amp;", "&")).content.decode()
    assert reverse("cases:case", args=[case.pk]) in found
    assert "In allen Anliegen suchen" not in found
    assert "In allen Anliegen suchen" not in staff.get(inbox).content.decode()


def test_the_inbox_calls_a_case_as_its_page_does(staff: Client, case: Case) -> None:
    staff.cookies["sprache"] = "en"

    pages = [
        staff.get(reverse("cases:inbox")).content.decode(),
        staff.get(address("case", case)).content.decode(),
    ]

    assert [case.title in page for page in pages] == [False, False]
    assert [localize(case.procedure.name, "en") in page for page in pages] == [True, True]


def test_the_inbox_lists_the_department_s_cases(
    staff: Client, case: Case, file_case: Callable[..., Case]
) -> None:
    elsewhere = file_case(department="veterinaeramt")

    page = staff.get(reverse("cases:inbox")).content.decode()

    assert case.number in page
    assert case.applicant_name in page
    assert "ein Anliegen" in page
    assert "12.09.2026" in page
    assert elsewhere.number not in page
    entry = Entry.objects.get(did="cases.inbox")
    assert entry.about == [case.applicant_id]


def test_the_case_page_has_everything_at_hand(staff: Client, case: Case) -> None:
    page = staff.get(address("case", case)).content.decode()

    for words in ("Bello", "12.03.2027", "§ 73 Abs. 1 AVG", "Çağla Öztürk", "Übernehmen"):
        assert words in page
    for step in ("forward", "close", "request_correction"):
        assert page.count(f'href="{address(step, case)}"') == 1
    entry = Entry.objects.get(did="cases.read")
    assert (entry.case, entry.about) == (case.number, [case.applicant_id])


def test_a_clerk_works_through_a_case(
    staff: Client, portal: Client, person: Person, case: Case
) -> None:
    def post(client: Client, name: str, **data: object) -> None:
        response = client.post(address(name, case), data)
        assert response.status_code == 302, response.content.decode()

    post(staff, "take")
    post(staff, "set_state", begin="1", seen=2)
    post(staff, "set_state", state="tierarzt", seen=3)
    post(staff, "write_note", text="Sieht gut aus")
    post(staff, "send_message", text="Guten Tag!")
    wanted = {"text": "Bitte Impfpass", "items": "Impfpass\nFoto", "due_on": in_days(30)}
    post(staff, "request_correction", **wanted, seen=6)
    assert CorrectionRequest.objects.get(case=case).items == ["Impfpass", "Foto"]
    post(portal, "answer", text="Hier")
    post(portal, "write", text="Danke")
    words = {"outcome": "granted", "title": "Bescheid", "ruling": "Ja", "remedy": "Vier Wochen"}
    post(staff, "decide", **words, seen=9)
    post(staff, "issue", seen=10)
    case.refresh_from_db()
    assert case.phase == Phase.DECIDED
    assert case.assigned_to_id == person.pk

    page = portal.get(address("own_case", case)).content.decode()
    for words in ("Über Ihr Anliegen ist entschieden", "bewilligt", "Guten Tag!"):
        assert words in page
    assert "Sieht gut aus" not in page
    post(staff, "close", seen=11)
    assert staff.get(address("case", case)).status_code == 200


def test_the_second_clerk_sees_what_changed_and_keeps_their_text(
    staff: Client, case: Case, colleague: object
) -> None:
    actions.write_note(by=colleague, case=case.pk, text="Ich rufe an")  # type: ignore[arg-type]

    response = staff.post(
        address("request_correction", case),
        {
            "text": "Bitte Impfpass nachreichen",
            "items": "",
            "due_on": in_days(30),
            "seen": 1,
        },
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "Bitte Impfpass nachreichen" in page
    assert "Inzwischen geändert" in page
    assert colleague.name in page  # type: ignore[attr-defined]
    assert 'name="seen" value="2"' in page
    assert not CorrectionRequest.objects.exists()


def test_a_wrong_file_keeps_the_message_text(portal: Client, case: Case) -> None:
    program = SimpleUploadedFile("bild.png", b"MZ not a picture")

    response = portal.post(address("write", case), {"text": "Hier das Bild", "files": program})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Hier das Bild" in page
    assert "der Inhalt passt aber nicht dazu" in page
    assert not Message.objects.exists()


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


def test_the_citizen_withdraws_after_a_second_thought(portal: Client, case: Case) -> None:
    assert "zurückziehen?" in portal.get(address("withdraw", case)).content.decode()

    assert portal.post(address("withdraw", case), {"why": "verzogen"}).status_code == 302

    case.refresh_from_db()
    assert case.phase == Phase.WITHDRAWN
    assert "Zurückgezogen" in portal.get(reverse("cases:mine")).content.decode()


def test_whatever_a_click_reads_is_read_for_its_case(staff: Client, case: Case) -> None:
    words = {"outcome": "granted", "title": "Bescheid", "ruling": "Ja", "remedy": "Beschwerde"}
    staff.post(address("send_message", case), {"text": "Guten Tag"})
    staff.post(address("decide", case), {**words, "seen": 2})
    staff.post(address("issue", case), {"seen": 3})

    assert noted_about(case) == [
        ("change", "cases.message"),
        ("read", "cases.read"),
        ("change", "cases.decision_drafted"),
        ("read", "cases.read"),
        ("change", "cases.decided"),
        ("read", "cases.read"),
    ]


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


def test_a_colleague_s_change_stays_hidden_from_the_applicant(
    portal: Client, staff: Client, case: Case
) -> None:
    staff.post(address("write_note", case), {"text": "intern"})

    seen = queries.changes_since(by=actor_of(case.applicant), case=case.pk, seen=0)

    assert [(step.kind, step.by) for step in seen] == [("Eingelangt", "")]
    assert "Notiz" not in portal.get(address("own_case", case)).content.decode()


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


def test_a_file_comes_back_unchanged_and_harmless(
    portal: Client, staff: Client, case: Case, some_pdf: bytes
) -> None:
    upload = SimpleUploadedFile("Plan ä.pdf", some_pdf)
    portal.post(address("write", case), {"text": "", "files": upload})
    file = CaseFile.objects.get()

    for client, name in ((portal, "own_file"), (staff, "staff_file")):
        response = client.get(address(name, case, file.pk))
        assert b"".join(response.streaming_content) == some_pdf
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Disposition"].startswith("inline;")
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["Cache-Control"] == "private, no-store"
    [read] = Entry.objects.filter(act="read")
    assert (read.did, read.case) == ("cases.file_read", case.number)


@pytest.mark.parametrize(
    ("content_type", "shown"), [("image/png", "inline"), ("text/html", "attachment")]
)
def test_only_what_a_browser_shows_safely_is_shown(
    content_type: str, shown: str, staff: Client, portal: Client, case: Case, some_pdf: bytes
) -> None:
    portal.post(address("write", case), {"files": SimpleUploadedFile("Plan.pdf", some_pdf)})
    file = CaseFile.objects.get()
    StoredFile.objects.filter(pk=file.stored_id).update(content_type=content_type)

    response = staff.get(address("staff_file", case, file.pk))

    assert response.headers["Content-Disposition"].split(";")[0] == shown
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    response.close()


CITIZEN_PAGES = ["own_case", "withdraw"]
STAFF_PAGES = ["case", "decide", "preview", "issue", "request_correction"]
STAFF_PAGES += ["extend_correction", "forward", "close"]
STAFF_POSTS = ["take", "assign", "set_state", "write_note", "send_message", "submit_draft"]
STAFF_POSTS += ["return_draft"]


@pytest.mark.parametrize("name", [*STAFF_PAGES, *STAFF_POSTS])
def test_another_department_finds_nothing(name: str, vets: Department, case: Case) -> None:
    client = sign_in(Client(), make_clerk(vets, *RIGHTS))
    words = {
        "seen": 1,
        "text": "x",
        "outcome": "granted",
        "title": "x",
        "ruling": "x",
        "why": "x",
        "note": "x",
        "state": "",
        "due_on": "24.12.2030",
    }

    responses = []
    if name in STAFF_PAGES:
        responses.append(client.get(address(name, case)))
    if name != "case":
        responses.append(client.post(address(name, case), words))

    for response in responses:
        assert response.status_code == 404
        assert case.title not in response.content.decode()
    refused = Entry.objects.filter(act="refused", case=case.number)
    assert refused.count() == len(responses)
    assert all(entry.about == [case.applicant_id] for entry in refused)
    case.refresh_from_db()
    assert case.revision == 1
    assert not Note.objects.exists()


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


@pytest.mark.parametrize("name", ["own_case", "write", "answer", "withdraw"])
def test_another_citizen_finds_nothing(name: str, case: Case) -> None:
    client = sign_in(Client(), make_citizen())

    response = client.post(address(name, case), {"text": "x"})
    if name in CITIZEN_PAGES:
        response = client.get(address(name, case))

    assert response.status_code == 404
    assert Entry.objects.filter(act="refused", case=case.number).exists()
    case.refresh_from_db()
    assert case.revision == 1


def test_an_unknown_case_looks_like_another_s(portal: Client, staff: Client) -> None:
    unknown: UUID = uuid4()
    assert portal.get(reverse("cases:own_case", args=[unknown])).status_code == 404
    assert staff.get(reverse("cases:case", args=[unknown])).status_code == 404


@pytest.mark.parametrize("name", ["dashboard", "inbox"])
def test_citizens_stay_out_of_the_workspace(name: str, portal: Client) -> None:
    assert portal.get(reverse(f"cases:{name}")).status_code == 403


def test_nobody_sees_anything_without_signing_in(client: Client, case: Case) -> None:
    for name in ("case", "own_case"):
        assert client.get(address(name, case)).status_code == 302


@pytest.mark.parametrize(
    ("name", "field"),
    [("write_note", "id_note-text"), ("send_message", "id_message-text"), ("close", "id_why")],
)
def test_an_empty_text_is_marked_at_its_field_and_the_summary_leads_there(
    staff: Client, case: Case, name: str, field: str
) -> None:
    response = staff.post(address(name, case), {"seen": 1, "text": ""})

    page = response.content.decode()
    assert response.status_code == 422
    assert f'<a href="#{field}">' in page
    assert page.count(f'id="{field}"') == 1
    assert page.count(f'id="{field}-error"') == 1
