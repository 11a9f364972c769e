"""A decision on its way: drafted by the clerk, approved by the head, looked at, issued."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import make_clerk, sign_in

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.cases import actions, queries
from rathaus.cases.decision_faults import DecisionText, Fault
from rathaus.cases.errors import (
    ChangedMeanwhile,
    DecisionFaulty,
    NothingWritten,
    NotPossibleNow,
)
from rathaus.cases.models import Case, CaseStep, Decision, DecisionDraft
from rathaus.cases.queries import InboxFilter
from rathaus.cases.queries.dashboard import cards
from rathaus.cases.tests.working import state_of
from rathaus.core.actor import Actor
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.usefixtures("on_the_day")

BESCHEID = DecisionText(
    "granted", "Bescheid", "{{ name }} darf.", "Weil.", "Beschwerde an …", "bewilligung"
)
LETTER = DecisionText("settled", "Erledigung", "Ist erledigt.", template="brief")


@pytest.fixture
def writer_person(office: Department) -> Person:
    return make_clerk(office, "cases.read", "cases.handle")


@pytest.fixture
def head_person(office: Department) -> Person:
    return make_clerk(office, "cases.read", "cases.handle", "cases.decide")


@pytest.fixture
def writer(writer_person: Person) -> Actor:
    return actor_of(writer_person)


@pytest.fixture
def head(head_person: Person) -> Actor:
    return actor_of(head_person)


def test_the_clerk_drafts_and_the_head_issues(case: Case, writer: Actor, head: Actor) -> None:
    actions.save_draft(by=writer, case=case.pk, text=BESCHEID, seen=1)
    actions.submit_draft(by=writer, case=case.pk, seen=2)

    draft = DecisionDraft.objects.get(case=case)
    assert (draft.stage, draft.author_name, draft.text) == ("submitted", writer.name, BESCHEID)
    [mail] = OutgoingMail.objects.all()
    assert mail.recipient == Person.objects.get(pk=head.person).email
    assert mail.subject == f"Ein Entwurf liegt zur Genehmigung: {case.number}"
    rows = queries.inbox(by=head, wanted=InboxFilter(phase="approval")).rows
    assert [row.number for row in rows] == [case.number]

    actions.decide(by=head, case=case.pk, text=draft.text, seen=3)

    assert Decision.objects.get(case=case).by_name == head.name
    assert not DecisionDraft.objects.exists()
    kinds = CaseStep.objects.filter(case=case).values_list("kind", "public")
    assert list(kinds)[1:] == [("drafted", False), ("submitted", False), ("decided", True)]
    did = Entry.objects.filter(case=case.number, act="change").values_list("did", flat=True)
    assert list(did) == [
        "cases.opened",
        "cases.decision_drafted",
        "cases.decision_submitted",
        "cases.decided",
    ]


def test_the_head_returns_a_draft_with_a_note(case: Case, writer: Actor, head: Actor) -> None:
    actions.save_draft(by=writer, case=case.pk, text=BESCHEID, seen=1)
    before = state_of(case)
    with pytest.raises(NotPossibleNow):
        actions.return_draft(by=head, case=case.pk, note="noch gar nicht vorgelegt", seen=2)
    assert state_of(case) == before
    actions.submit_draft(by=writer, case=case.pk, seen=2)
    before = state_of(case)
    with pytest.raises(NotAllowed):
        actions.return_draft(by=writer, case=case.pk, note="selbst", seen=3)
    with pytest.raises(NothingWritten):
        actions.return_draft(by=head, case=case.pk, note=" ", seen=3)
    assert state_of(case) == before

    actions.return_draft(by=head, case=case.pk, note="Bitte die Auflage nennen.", seen=3)

    draft = DecisionDraft.objects.get(case=case)
    assert (draft.stage, draft.note) == ("returned", "Bitte die Auflage nennen.")
    mail = OutgoingMail.objects.get(recipient=Person.objects.get(pk=writer.person).email)
    assert "Auflage" not in mail.text
    actions.submit_draft(by=writer, case=case.pk, seen=4)
    assert DecisionDraft.objects.get(case=case).note == ""


def test_the_head_s_changes_leave_the_author_alone(case: Case, writer: Actor, head: Actor) -> None:
    actions.save_draft(by=writer, case=case.pk, text=BESCHEID, seen=1)
    actions.submit_draft(by=writer, case=case.pk, seen=2)

    actions.save_draft(by=head, case=case.pk, text=replace(BESCHEID, ruling="Ja."), seen=3)

    draft = DecisionDraft.objects.get(case=case)
    assert (draft.stage, draft.author_name, draft.ruling) == ("submitted", writer.name, "Ja.")


@pytest.mark.parametrize("text", [BESCHEID, replace(LETTER, outcome="refused", reasons="x")])
def test_a_clerk_signs_only_what_the_procedure_lets_clerks_sign(
    text: DecisionText, case: Case, writer: Actor
) -> None:
    before = state_of(case)
    with pytest.raises(NotAllowed):
        actions.decide(by=writer, case=case.pk, text=text, seen=1)
    assert state_of(case) == before

    actions.decide(by=writer, case=case.pk, text=LETTER, seen=1)
    assert Decision.objects.get(case=case).by_name == writer.name


def test_two_at_one_draft_lose_nothing(case: Case, writer: Actor, head: Actor) -> None:
    actions.save_draft(by=writer, case=case.pk, text=BESCHEID, seen=1)
    before = state_of(case)

    with pytest.raises(ChangedMeanwhile):
        actions.save_draft(by=head, case=case.pk, text=LETTER, seen=1)
    with pytest.raises(ChangedMeanwhile):
        actions.decide(by=head, case=case.pk, text=BESCHEID, seen=1)

    assert state_of(case) == before


def test_a_draft_may_have_gaps_until_it_is_finished(case: Case, writer: Actor) -> None:
    gap = replace(BESCHEID, reasons="[Grund]")
    actions.save_draft(by=writer, case=case.pk, text=gap, seen=1)
    before = state_of(case)

    for attempt in (
        lambda: actions.save_draft(
            by=writer, case=case.pk, text=replace(gap, ruling="neu"), seen=2, is_finished=True
        ),
        lambda: actions.submit_draft(by=writer, case=case.pk, seen=2),
    ):
        with pytest.raises(DecisionFaulty) as refusal:
            attempt()
        assert [found.fault for found in refusal.value.found] == [Fault.GAP]
        assert state_of(case) == before


def test_drafts_are_for_open_cases_and_for_those_who_work_on_them(
    case: Case, writer: Actor, head: Actor, reader: Actor, foreign_clerk: Actor, applicant: Actor
) -> None:
    before = state_of(case)
    refusals = [(reader, NotAllowed), (foreign_clerk, NotFound), (applicant, NotAllowed)]
    for outsider, refusal in refusals:
        with pytest.raises(refusal):
            actions.save_draft(by=outsider, case=case.pk, text=BESCHEID, seen=1)
        with pytest.raises(refusal):
            actions.submit_draft(by=outsider, case=case.pk, seen=1)
        with pytest.raises(refusal):
            queries.decision_draft(by=outsider, case=case.pk)
    with pytest.raises(NotPossibleNow):
        actions.submit_draft(by=writer, case=case.pk, seen=1)
    assert state_of(case) == before

    actions.decide(by=head, case=case.pk, text=BESCHEID, seen=1)
    before = state_of(case)
    with pytest.raises(NotPossibleNow):
        actions.save_draft(by=writer, case=case.pk, text=BESCHEID, seen=2)
    with pytest.raises(NotPossibleNow):
        queries.finished_decision(by=writer, case=case.pk)
    assert state_of(case) == before


def address(name: str, case: Case) -> str:
    return reverse(f"cases:{name}", args=[case.pk])


def words(text: DecisionText, seen: int, **more: str) -> dict[str, object]:
    return {**vars(text), "seen": seen, **more}


@pytest.fixture
def desk(client: Client, writer_person: Person) -> Client:
    return sign_in(client, writer_person)


@pytest.fixture
def office_of_the_head(head_person: Person) -> Client:
    return sign_in(Client(), head_person)


def test_the_whole_way_through_the_pages(
    desk: Client, office_of_the_head: Client, case: Case, writer: Actor
) -> None:
    answered = desk.post(address("decide", case), words(BESCHEID, 1))
    assert (answered.status_code, answered["Location"]) == (302, address("issue", case))
    looked = desk.get(address("issue", case)).content.decode()
    assert "Zur Genehmigung vorlegen" in looked
    assert "Jetzt zustellen" not in looked
    assert desk.post(address("issue", case), {"seen": 2}).status_code == 403
    assert desk.post(address("submit_draft", case), {"seen": 2}).status_code == 302

    head = office_of_the_head
    assert (
        f"Entwurf von {writer.name} liegt zur Genehmigung"
        in head.get(address("case", case)).content.decode()
    )
    note = {"seen": 3, "note": "Kürzer bitte"}
    assert head.post(address("return_draft", case), note).status_code == 302
    assert "Kürzer bitte" in desk.get(address("decide", case)).content.decode()
    assert desk.post(address("submit_draft", case), {"seen": 4}).status_code == 302
    finished = head.get(address("issue", case)).content.decode()
    for shown in ("Çağla Öztürk darf.", "Jetzt zustellen", "E-Mail an", "bis 12.10.2026"):
        assert shown in finished
    assert head.get(address("preview", case)).content.startswith(b"%PDF-1.")
    assert not Decision.objects.exists()

    assert head.post(address("issue", case), {"seen": 5}).status_code == 302
    assert Decision.objects.get(case=case).ruling == "Çağla Öztürk darf."
    assert desk.get(address("decide", case)).status_code == 409


def test_a_gap_is_told_at_its_field_and_nothing_is_lost(desk: Client, case: Case) -> None:
    text = replace(BESCHEID, reasons="Mein Anfang. [Bitte hier festhalten.]", ruling="{{ nmae }}")

    response = desk.post(address("decide", case), words(text, 1))

    page = response.content.decode()
    assert response.status_code == 422
    assert "Mein Anfang." in page
    gap = "Spruch (bei einem Brief: der Text): Den Platzhalter „nmae“ gibt es nicht."
    assert f'href="#id_ruling">{gap}' in page
    assert not DecisionDraft.objects.exists()
    response = desk.post(address("decide", case), words(replace(text, ruling="Ja"), 1))
    assert 'href="#id_reasons">Begründung: Hier ist noch eine Lücke: [Bitte hier festhalten.]' in (
        response.content.decode()
    )
    saved = desk.post(address("decide", case), words(text, 1, save="1"))
    assert saved.status_code == 302
    assert DecisionDraft.objects.get().reasons == text.reasons


def test_the_last_page_refuses_what_has_become_faulty(
    desk: Client, office_of_the_head: Client, case: Case, writer: Actor
) -> None:
    rejection = replace(BESCHEID, outcome="rejected")
    actions.save_draft(by=writer, case=case.pk, text=rejection, seen=1)
    actions.request_correction(by=writer, case=case.pk, text="Bitte", seen=2)

    page = office_of_the_head.get(address("issue", case)).content.decode()
    refused = office_of_the_head.post(address("issue", case), {"seen": 3})

    assert "Sie läuft noch bis 28.09.2026" in page
    assert "Jetzt zustellen" not in page
    assert refused.status_code == 422
    assert not Decision.objects.exists()


def test_a_draft_that_changed_is_looked_at_again(
    desk: Client, office_of_the_head: Client, case: Case, writer: Actor
) -> None:
    actions.save_draft(by=writer, case=case.pk, text=BESCHEID, seen=1)
    actions.save_draft(by=writer, case=case.pk, text=replace(BESCHEID, ruling="Nein."), seen=2)

    refused = office_of_the_head.post(address("issue", case), {"seen": 2})

    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Inzwischen geändert" in page
    assert "Nein." in page
    assert not Decision.objects.exists()


def test_the_second_writer_sees_the_first_one_s_text_beside_their_own(
    desk: Client, case: Case, head: Actor
) -> None:
    actions.save_draft(by=head, case=case.pk, text=replace(BESCHEID, ruling="Vom Chef."), seen=1)

    refused = desk.post(address("decide", case), words(replace(BESCHEID, ruling="Von mir."), 1))

    page = refused.content.decode()
    assert refused.status_code == 409
    for kept in ("Von mir.", "Vom Chef.", f"Gespeicherter Entwurf von {head.name}"):
        assert kept in page
    assert DecisionDraft.objects.get().ruling == "Vom Chef."


LETTER_OF_TEMPLATE = "Ihr Anliegen HU-2026-000001 ist erledigt."
EMPTY = replace(BESCHEID, ruling="", reasons="", remedy="", template="")


@pytest.mark.parametrize(
    ("text", "insert", "is_replaced"),
    [
        (EMPTY, "1", True),
        (replace(EMPTY, ruling="Mein Text"), "1", False),
        (replace(EMPTY, ruling="Mein Text"), "replace", True),
        (replace(EMPTY, template="brief", ruling=LETTER_OF_TEMPLATE), "1", True),
    ],
)
def test_a_template_replaces_own_words_only_when_told_to(
    text: DecisionText, insert: str, is_replaced: bool, desk: Client, case: Case
) -> None:
    more = {"insert": insert, "vorlage": "bewilligung"}
    page = desk.post(address("decide", case), words(text, 1, **more)).content.decode()

    assert ("Çağla Öztürk darf den Hund Bello halten." in page) is is_replaced
    assert ("Soll die Vorlage Ihren Text ersetzen?" in page) is not is_replaced
    assert ("Mein Text" in page) is not is_replaced
    assert not DecisionDraft.objects.exists()


def test_the_facts_stand_beside_the_text(desk: Client, case: Case) -> None:
    page = desk.get(address("decide", case)).content.decode()
    aside = page[page.index("<aside") :]
    assert "Rufname" in aside
    assert "Bello" in aside


def test_without_a_draft_there_is_nothing_to_look_at(desk: Client, case: Case) -> None:
    assert desk.get(address("issue", case)).status_code == 404
    assert desk.get(address("preview", case)).status_code == 404


def test_what_was_just_typed_can_be_seen_as_pdf(desk: Client, case: Case) -> None:
    pdf = desk.post(address("preview", case), words(BESCHEID, 1))

    assert pdf.content.startswith(b"%PDF-1.")
    assert pdf["Content-Type"] == "application/pdf"
    assert not DecisionDraft.objects.exists()
    broken = desk.post(address("preview", case), words(replace(BESCHEID, ruling="{{ x }}"), 1))
    assert broken.status_code == 422


def test_the_head_sees_at_once_what_waits_for_approval(
    case: Case, writer: Actor, head: Actor
) -> None:
    actions.save_draft(by=writer, case=case.pk, text=BESCHEID, seen=1)
    before = {str(card.label): card.value for card in cards(head)}
    actions.submit_draft(by=writer, case=case.pk, seen=2)

    waiting = next(card for card in cards(head) if card.label == "Zur Genehmigung")

    assert before["Zur Genehmigung"] == "0"
    assert (waiting.value, waiting.url) == ("1", "/amt/faelle/?phase=approval")
    assert "Zur Genehmigung" not in {str(card.label) for card in cards(writer)}


def test_the_enter_key_never_lets_a_template_replace_what_was_typed(
    client: Client, case: Case, writer_person: Person
) -> None:
    sign_in(client, writer_person)
    editor = reverse("cases:decide", args=[case.pk])
    typed = {"seen": 1, "outcome": "granted", "title": "T", "ruling": "Mein Text", "insert": "1"}

    for response in (
        client.get(editor),
        client.post(editor, {**typed, "vorlage": "bewilligung"}),
    ):
        form = response.content.decode().split('aria-label="Entscheidung"')[1]
        first_button = re.search(r"<button[^>]*>", form)
        assert first_button is not None
        assert "insert" not in first_button.group()


@pytest.mark.parametrize(("text", "has_headings"), [(BESCHEID, True), (LETTER, False)])
def test_a_letter_is_shown_without_the_headings_that_its_paper_does_not_have(
    client: Client,
    case: Case,
    writer: Actor,
    writer_person: Person,
    text: DecisionText,
    *,
    has_headings: bool,
) -> None:
    sign_in(client, writer_person)
    actions.save_draft(by=writer, case=case.pk, text=text, seen=1)

    page = client.get(reverse("cases:issue", args=[case.pk])).content.decode()

    assert text.title in page
    assert ("<h4>Spruch</h4>" in page) is has_headings
