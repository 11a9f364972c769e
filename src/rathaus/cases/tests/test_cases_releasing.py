"""Whoever leaves the house leaves no case behind that nobody sees."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation
from tests.factories import make_clerk, sign_in

from rathaus.accounts import actions as accounts
from rathaus.accounts.administration import MANAGE
from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.cases import actions
from rathaus.cases.models import Case, CaseStep
from rathaus.core.actor import Actor
from rathaus.core.errors import NotAllowed
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaver(office: Department) -> Person:
    return make_clerk(office, "cases.read", "cases.handle")


@pytest.fixture
def head(office: Department) -> Person:
    return make_clerk(office, "cases.assign", email="leitung@stadt.example")


@pytest.fixture
def admin(db: None) -> Person:
    return make_clerk(None, MANAGE)


def test_open_cases_go_back_to_nobody_and_the_head_is_told(
    file_case: Callable[..., Case], leaver: Person, head: Person, admin: Person, colleague: Actor
) -> None:
    open_one, finished, foreign = file_case(), file_case(), file_case()
    for case in (open_one, finished):
        actions.take(by=actor_of(leaver), case=case.pk)
    actions.take(by=colleague, case=foreign.pk)
    Case.objects.filter(pk=finished.pk).update(phase="closed")
    OutgoingMail.objects.all().delete()

    accounts.deactivate(by=actor_of(admin), person=leaver.pk, why="Karenz")

    rows = {case.pk: case for case in Case.objects.all()}
    assert rows[open_one.pk].assigned_to_id is None
    assert rows[open_one.pk].revision == 3
    assert rows[finished.pk].assigned_to_id == leaver.pk
    assert rows[foreign.pk].assigned_to_id == colleague.person
    step = CaseStep.objects.filter(case=open_one).latest("pk")
    assert (step.kind, step.text, step.public, step.revision) == (
        "assigned",
        "niemandem zugeteilt, weil der Zugang gesperrt wurde",
        False,
        3,
    )
    entry = Entry.objects.filter(did="cases.assigned").latest("seq")
    assert (entry.case, entry.thing_id, entry.actor_kind) == (
        open_one.number,
        str(open_one.pk),
        "system",
    )
    told = {mail.recipient: mail.text for mail in OutgoingMail.objects.all()}
    assert open_one.number in told["leitung@stadt.example"]
    assert finished.number not in told["leitung@stadt.example"]
    assert leaver.email not in told


def test_the_history_stays_german_whoever_closes_the_access(
    case: Case, leaver: Person, admin: Person
) -> None:
    actions.take(by=actor_of(leaver), case=case.pk)

    with translation.override("en"):
        accounts.deactivate(by=actor_of(admin), person=leaver.pk, why="leave")

    step = CaseStep.objects.filter(case=case).latest("pk")
    assert step.text == "niemandem zugeteilt, weil der Zugang gesperrt wurde"


def test_a_refused_lock_releases_nothing(case: Case, leaver: Person) -> None:
    actions.take(by=actor_of(leaver), case=case.pk)

    with pytest.raises(NotAllowed):
        accounts.deactivate(by=actor_of(make_clerk("x", MANAGE)), person=leaver.pk, why="x")

    case.refresh_from_db()
    assert (case.assigned_to_id, case.revision) == (leaver.pk, 2)


def test_the_page_names_what_will_be_released_and_reads_nothing_of_it(
    client: Client, case: Case, leaver: Person, admin: Person
) -> None:
    actions.take(by=actor_of(leaver), case=case.pk)
    sign_in(client, admin)
    before = Entry.objects.filter(about__contains=[case.applicant_id]).count()

    shown = client.get(f"/amt/personen/{leaver.pk}/sperren/").content.decode()

    assert "1 Anliegen in Arbeit" in shown
    assert f"<li>{case.number}</li>" in shown
    assert case.number not in client.get(f"/amt/personen/{leaver.pk}/abmelden/").content.decode()
    assert Entry.objects.filter(about__contains=[case.applicant_id]).count() == before
