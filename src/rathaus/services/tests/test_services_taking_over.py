"""Drafts, applications, reservations and claims follow a guest into the account of their eID."""

from functools import partial

import pytest
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_guest
from tests.tables import tables

from rathaus.accounts.actions import AccountClosed, TakenMeanwhile, take_over
from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.cases import actions as casework
from rathaus.cases.models import Case
from rathaus.core.actor import ANONYMOUS
from rathaus.core.domain import begun_matters, matters_of
from rathaus.core.errors import NotFound
from rathaus.payments.models import Claim
from rathaus.services.actions.amending import start_amendment
from rathaus.services.actions.drafts import claim_draft, start_draft
from rathaus.services.actions.resuming import mail_resume_link
from rathaus.services.actions.submitting import submit
from rathaus.services.draft_access import Knock
from rathaus.services.models import Application, Draft, DraftKey, GrantReservation
from rathaus.services.queries.forms import application_of, draft_for, newest_application
from rathaus.services.tests.conftest import ask_for_correction, save
from rathaus.services.tests.solar import apply_for, build_solar_city

pytestmark = pytest.mark.django_db
at_once = partial(all_at_once, refusals=(AccountClosed, NotFound, TakenMeanwhile))

MAILBOX = "familie@post.example"


@pytest.fixture
def person(db) -> Person:
    return make_guest(email=MAILBOX)


@pytest.fixture
def as_guest(person) -> Knock:
    return Knock(actor_of(person), "device-of-the-family")


def take(citizen: Knock, *matters: str) -> None:
    take_over(by=citizen.by, email=MAILBOX, matters=matters)


def reference(draft: Draft) -> str:
    return f"draft {draft.pk}"


def test_what_a_guest_has_is_listed_once_with_the_name_given(fill, as_guest, person):
    sent = submit(knock=as_guest, draft=fill(as_guest, complete=True).pk)
    ask_for_correction(sent.case_id)
    start_amendment(knock=as_guest, case=sent.case_id)
    begun = fill(as_guest, "person")

    listed = {it.reference: (it.title, it.number, it.name) for it in matters_of(person.pk)}

    assert listed == {
        sent.case_number: ("Hund anmelden", sent.case_number, "Ada Lovelace"),
        reference(begun): ("Hund anmelden", "", "Ada Lovelace"),
    }


def test_a_draft_goes_on_in_the_citizen_s_account(fill, as_guest, citizen):
    draft = fill(as_guest, "person")

    take(citizen, reference(draft))

    assert draft_for(citizen, draft.pk).answers == draft.answers
    assert [matter.title["de"] for matter in begun_matters(citizen.by)] == ["Hund anmelden"]
    save(citizen, draft.pk, "hund")
    with pytest.raises(NotFound):
        draft_for(as_guest, draft.pk)


def test_the_family_s_device_and_links_open_it_no_longer(fill, as_guest, citizen):
    draft = fill(as_guest, "person")
    mail_resume_link(
        knock=as_guest, draft=draft.pk, email=MAILBOX, address=lambda token: f"/{token}/"
    )
    assert DraftKey.objects.filter(draft=draft).count() == 2

    take(citizen, reference(draft))

    assert DraftKey.objects.filter(draft=draft).count() == 0
    with pytest.raises(NotFound):
        save(Knock(ANONYMOUS, as_guest.device), draft.pk, "hund", rufname=["Fremd"])
    assert "rufname" not in Draft.objects.get(pk=draft.pk).answers


def test_an_application_is_amended_paid_and_read_by_the_citizen(fill, as_guest, citizen, person):
    draft = fill(as_guest, complete=True)
    sent = submit(knock=as_guest, draft=draft.pk)
    ask_for_correction(sent.case_id)
    begun = start_amendment(knock=as_guest, case=sent.case_id)
    answers = sent.answers

    take(citizen, sent.case_number)

    assert application_of(draft_for(citizen, draft.pk)).pk == sent.pk
    newest = newest_application(citizen.by, sent.case_id)
    assert (newest.person_id, newest.answers) == (citizen.by.person, answers)
    assert start_amendment(knock=citizen, case=sent.case_id) == begun
    amended = submit(knock=citizen, draft=begun)
    assert amended.person_id == citizen.by.person
    claim = Claim.objects.get()
    assert (claim.debtor_id, claim.reference) == (citizen.by.person, sent.case_number)
    entry = Entry.objects.get(did="payments.claim_taken_over")
    assert (entry.about, entry.case) == ([citizen.by.person], sent.case_number)
    with pytest.raises(NotFound):
        newest_application(as_guest.by, sent.case_id)


def test_other_matters_stay_where_they_are(fill, as_guest, citizen, person):
    first = submit(knock=as_guest, draft=fill(as_guest, complete=True).pk)
    second = submit(knock=as_guest, draft=fill(as_guest, complete=True).pk)
    draft = fill(as_guest, "person")

    take(citizen, first.case_number)

    assert Application.objects.get(pk=second.pk).person_id == person.pk
    assert Claim.objects.get(reference=second.case_number).debtor_id == person.pk
    assert Draft.objects.get(pk=draft.pk).person_id == person.pk
    assert draft_for(as_guest, draft.pk).pk == draft.pk
    assert Person.objects.get(pk=person.pk).is_active


def test_a_reservation_follows_and_is_released_by_the_citizen(as_guest, person):
    budget = build_solar_city(total="400.00")
    sent = apply_for(as_guest)
    other = make_citizen()

    take_over(by=actor_of(other), email=MAILBOX, matters=[sent.case_number])

    assert GrantReservation.objects.get().subject_id == other.pk
    casework.withdraw(by=actor_of(other), case=sent.case_id)
    budget.refresh_from_db()
    assert budget.reserved_cents == 0


@pytest.mark.django_db(transaction=True)
def test_a_draft_sent_at_the_moment_of_the_taking_is_in_one_account(fill, as_guest, citizen):
    for _ in range(4):
        person = Person.objects.get_or_create(email=MAILBOX, is_active=True, kind="guest")[0]
        knock = Knock(actor_of(person), "device")
        draft = fill(knock, complete=True)

        answers = at_once(
            lambda knock=knock, draft=draft: submit(knock=knock, draft=draft.pk).case_number,
            lambda draft=draft: take(citizen, reference(draft)),
        )

        row = Draft.objects.get(pk=draft.pk)
        if answers[1] is None:  # taken: the draft is there, unsent, and the guest was turned away
            assert answers[0] in (AccountClosed, NotFound)
            assert (row.person_id, row.submitted_at) == (citizen.by.person, None)
        else:  # sent: a case of the guest's, and the citizen is asked to look again
            assert answers[1] is TakenMeanwhile
            assert Case.objects.get(number=answers[0]).applicant_id == person.pk
            assert (row.person_id, person.is_active) == (person.pk, True)


@pytest.mark.django_db(transaction=True)
def test_an_amendment_sent_at_the_moment_of_the_taking_holds_nobody_up(fill, as_guest, citizen):
    sent = submit(knock=as_guest, draft=fill(as_guest, complete=True).pk)
    ask_for_correction(sent.case_id)
    begun = start_amendment(knock=as_guest, case=sent.case_id)

    amended, taken = at_once(
        lambda: submit(knock=as_guest, draft=begun).case_number,
        lambda: take(citizen, sent.case_number),
    )

    assert taken is None
    assert amended in (sent.case_number, AccountClosed)
    assert set(Application.objects.values_list("person", flat=True)) == {citizen.by.person}
    assert Case.objects.get().applicant_id == citizen.by.person


@pytest.mark.django_db(transaction=True)
def test_nothing_begins_in_an_account_at_the_moment_it_closes(fill, as_guest, citizen, person):
    """Whatever wins, everything is in an account that somebody can open."""
    foundling = fill(Knock(ANONYMOUS, "found"), "person")
    first = fill(as_guest, "person")

    claimed, begun, taken = at_once(
        lambda: claim_draft(knock=Knock(as_guest.by, "found"), draft=foundling.pk),
        lambda: start_draft(knock=as_guest, form="hund", account={}),
        lambda: take(citizen, reference(first)),
    )

    assert taken is None
    person.refresh_from_db()
    owner = Draft.objects.get(pk=foundling.pk).person_id
    assert (claimed, owner) in ((None, person.pk), (AccountClosed, None))
    assert person.is_active is (owner is not None)
    assert begun in (first.pk, AccountClosed) or person.is_active
    closed = Draft.objects.filter(person__is_active=False)
    assert closed.count() == 0


def test_a_closed_guest_begins_nothing(fill, as_guest, citizen, person):
    foundling = fill(Knock(ANONYMOUS, "found"), complete=True)
    first, knock = fill(as_guest, "person"), Knock(as_guest.by, "found")
    take(citizen, reference(first))
    before = tables()

    for attempt in (
        lambda: start_draft(knock=knock, form="hund", account={}),
        lambda: claim_draft(knock=knock, draft=foundling.pk),
        lambda: submit(knock=knock, draft=foundling.pk),
    ):
        with pytest.raises(AccountClosed):
            attempt()
    assert tables() == before
