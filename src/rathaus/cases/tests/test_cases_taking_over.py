"""A guest's case becomes that of the citizen who has proved who they are; nobody else's does."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.factories import make_citizen, make_clerk, make_guest, sign_in
from tests.tables import tables

from rathaus.accounts.actions import NothingChosen, TakenMeanwhile, take_over
from rathaus.accounts.eid import OnlyWithEid
from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.cases import actions, queries
from rathaus.cases.errors import ChangedMeanwhile
from rathaus.cases.models import Case, CaseContent, CaseStep, Message
from rathaus.cases.models.about_case import AboutCase
from rathaus.cases.tests.conftest import RIGHTS
from rathaus.core.actor import Actor
from rathaus.core.errors import NotFound
from rathaus.core.models import OutgoingMail

MAILBOX = "familie@post.example"
REGISTERED = {"street": "Lindengasse", "house_number": "12", "place": "Lindenfurt"}
Filing = Callable[..., Case]


@pytest.fixture
def guest(db: None) -> Person:
    return make_guest(email=MAILBOX)


@pytest.fixture
def file_as_guest(file_case: Filing, guest: Person) -> Filing:
    def file(name: str = "Ada Lovelace") -> Case:
        return file_case(
            by=actor_of(guest),
            applicant=guest.pk,
            applicant_name=name,
            applicant_address={"street": "Am Hof", "house_number": "1"},
        )

    return file


@pytest.fixture
def ada(db: None) -> Person:
    return make_citizen(given_name="Ada", family_name="King-Lovelace", address=REGISTERED)


@pytest.fixture
def charles(db: None) -> Person:
    return make_citizen(given_name="Charles", family_name="Babbage", email=None)


def take(citizen: Person, *cases: Case) -> None:
    take_over(by=actor_of(citizen), email=MAILBOX, matters=[case.number for case in cases])


def test_the_case_bears_the_name_of_the_eid_and_keeps_what_was_filed(
    file_as_guest: Filing, ada: Person, clerk: Actor
) -> None:
    case = file_as_guest("Ada  Byron")
    actions.take(by=clerk, case=case.pk)
    filed = list(CaseContent.objects.values("version", "sections", "at", "by_name"))

    take(ada, case)

    case.refresh_from_db()
    assert (case.applicant_id, case.applicant_name, case.name_confirmed) == (
        ada.pk,
        "Ada King-Lovelace",
        True,
    )
    assert case.applicant_address == REGISTERED
    assert "ada king-lovelace" in case.search_text
    assert list(CaseContent.objects.values("version", "sections", "at", "by_name")) == filed
    step = CaseStep.objects.filter(case=case).last()
    assert step is not None
    assert (step.kind, step.text, step.by_name, step.public) == (
        "taken_over",
        "Im Antrag genannt: Ada Byron",
        "Ada King-Lovelace",
        True,
    )
    entry = Entry.objects.get(did="cases.taken_over")
    assert (entry.actor, entry.about, entry.case) == (ada.pk, [ada.pk], case.number)
    assert OutgoingMail.objects.filter(subject=f"Neues im Anliegen {case.number}").count() == 1


@pytest.mark.parametrize("name", ["", "Ada King-Lovelace"])
def test_no_other_name_leaves_none_in_the_history(
    file_as_guest: Filing, ada: Person, name: str
) -> None:
    case = file_as_guest(name)
    take(ada, case)
    assert CaseStep.objects.get(case=case, kind="taken_over").text == ""


def test_every_row_of_the_case_follows_and_no_other(
    file_as_guest: Filing, guest: Person, ada: Person, clerk: Actor, some_pdf: bytes
) -> None:
    case, other, drafted, other_drafted = (file_as_guest() for _row in range(4))
    by = actor_of(guest)
    for row in (case, other, drafted, other_drafted):
        upload = SimpleUploadedFile("plan.pdf", some_pdf)
        actions.send_message(by=by, case=row.pk, text="Anbei", uploads=[upload])
        actions.write_note(by=clerk, case=row.pk, text="Prüfen")
        actions.request_correction(by=clerk, case=row.pk, text="Bitte", seen=3)
        actions.answer_correction(by=by, case=row.pk, text="Hier")
        text = queries.proposed_decision(by=clerk, case=row.pk, template="bewilligung")
        assert text is not None
        if row in (case, other):
            actions.decide(by=clerk, case=row.pk, text=text, seen=5)
        else:
            actions.save_draft(by=clerk, case=row.pk, text=text, seen=5)

    take(ada, case)
    take(ada, drafted)

    for model in AboutCase.__subclasses__():
        rows = model._base_manager.order_by("pk")
        mine, others = [case, drafted], [other, other_drafted]
        assert {row.subject_id for row in rows.filter(case__in=mine)} == {ada.pk}, model
        assert {row.subject_id for row in rows.filter(case__in=others)} == {guest.pk}, model
    assert Message.objects.get(case=case).by_id == guest.pk
    case.refresh_from_db()
    assert case.phase == "decided"


def test_the_clerk_sees_it_and_decides_only_what_they_have_seen(
    file_as_guest: Filing, ada: Person, office: Department, client: Client
) -> None:
    case = file_as_guest("Ada Byron")
    person = make_clerk(office, *RIGHTS)
    text = queries.proposed_decision(by=actor_of(person), case=case.pk, template="brief")
    assert text is not None

    take(ada, case)

    with pytest.raises(ChangedMeanwhile):
        actions.decide(by=actor_of(person), case=case.pk, text=text, seen=1)
    page = sign_in(client, person).get(reverse("cases:case", args=[case.pk])).content.decode()
    assert "Ada King-Lovelace" in page
    assert "Mit ID Austria ausgewiesen" in page
    assert "Im Antrag genannt: Ada Byron" in page
    assert "nicht bestätigt" not in page


def test_what_is_left_stays_the_guest_s_and_the_rest_closes_the_account(
    file_as_guest: Filing, guest: Person, ada: Person, charles: Person
) -> None:
    hers, his = file_as_guest(), file_as_guest("Charles Babbage")

    take(ada, hers)

    guest.refresh_from_db()
    assert (guest.is_active, guest.email) == (True, MAILBOX)
    assert [case.number for case in queries.my_cases(by=actor_of(guest))] == [his.number]
    with pytest.raises(NotFound):
        queries.own_case(by=actor_of(guest), case=hers.pk)

    take(charles, his)

    guest.refresh_from_db()
    assert (guest.is_active, guest.email) == (False, None)
    assert [case.number for case in queries.my_cases(by=actor_of(ada))] == [hers.number]
    assert [case.number for case in queries.my_cases(by=actor_of(charles))] == [his.number]


def test_mails_go_on_where_the_citizen_left_no_address(
    file_as_guest: Filing, ada: Person, charles: Person
) -> None:
    hers, his = file_as_guest(), file_as_guest()
    before = ada.email

    take(ada, hers)
    take(charles, his)

    ada.refresh_from_db()
    charles.refresh_from_db()
    assert (ada.email, charles.email) == (before, MAILBOX)


def test_the_mailbox_is_told_how_much_went_and_not_what(file_as_guest: Filing, ada: Person) -> None:
    hers, also, his = file_as_guest(), file_as_guest(), file_as_guest()

    take(ada, hers, also)
    take(ada, his)

    first, second = OutgoingMail.objects.filter(recipient=MAILBOX).order_by("created_at")
    assert "wurden 2 Anliegen in ein Konto mit ID Austria übernommen" in first.text
    assert "Was dort noch liegt" in first.text
    assert "wurde ein Anliegen in ein Konto" in second.text
    assert "leer und geschlossen" in second.text
    assert hers.number not in first.text
    assert "Ada" not in first.text


def test_a_second_click_changes_nothing(file_as_guest: Filing, ada: Person) -> None:
    case = file_as_guest()
    take(ada, case)
    before = tables(), Entry.objects.count()

    take(ada, case)

    assert (tables(), Entry.objects.count()) == before


def test_nobody_takes_what_is_not_the_guest_s(
    file_as_guest: Filing, file_case: Filing, ada: Person, charles: Person
) -> None:
    hers, foreign = file_as_guest(), file_case()
    before = tables(), Entry.objects.count()

    for matters in ([foreign.number], [hers.number, foreign.number], ["gibt es nicht"]):
        with pytest.raises(TakenMeanwhile):
            take_over(by=actor_of(charles), email=MAILBOX, matters=matters)
    with pytest.raises(TakenMeanwhile):
        take_over(by=actor_of(charles), email="fremd@post.example", matters=[hers.number])
    with pytest.raises(NothingChosen):
        take_over(by=actor_of(charles), email=MAILBOX, matters=[])
    assert (tables(), Entry.objects.count()) == before

    take(ada, hers)
    before = tables(), Entry.objects.count()
    with pytest.raises(TakenMeanwhile):
        take(charles, hers)
    assert (tables(), Entry.objects.count()) == before


def test_only_a_citizen_with_eid_takes_over_and_only_from_a_guest(
    file_as_guest: Filing, file_case: Filing, guest: Person, clerk: Actor, ada: Person
) -> None:
    hers = file_as_guest()
    other = make_citizen(email="citizen@post.example")
    case_of_other = file_case(by=actor_of(other), applicant=other.pk)
    stranger = actor_of(make_guest())
    before = tables(), Entry.objects.count()

    for somebody in (actor_of(guest), stranger, clerk):
        with pytest.raises(OnlyWithEid):
            take_over(by=somebody, email=MAILBOX, matters=[hers.number])
    with pytest.raises(TakenMeanwhile):
        take_over(by=actor_of(ada), email="citizen@post.example", matters=[case_of_other.number])

    assert (tables(), Entry.objects.count()) == before
