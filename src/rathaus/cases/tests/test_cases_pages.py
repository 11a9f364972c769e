"""Pages of the workspace with their real middleware: permission, text kept on conflict, audit."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.cases import actions
from rathaus.cases.models import Case, CaseFile, CorrectionRequest
from rathaus.cases.phases import Phase
from rathaus.cases.tests.working import address
from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.localized import localize
from rathaus.core.models import StoredFile


def in_days(days: int) -> str:
    return f"{today() + timedelta(days=days):%d.%m.%Y}"


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
