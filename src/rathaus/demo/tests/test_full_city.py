"""The whole of Lindenfurt as `./rathaus demo` shows it: every office alive, every row true."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.audit import verify
from rathaus.audit.models import Entry, Root
from rathaus.audit.queries import last_examination, roots_document, trail_lines
from rathaus.cases import queries
from rathaus.cases.deadlines import warning_level
from rathaus.cases.models import (
    Case,
    CaseContent,
    CaseStep,
    CorrectionRequest,
    Decision,
    Message,
    Outcome,
)
from rathaus.cases.phases import Phase
from rathaus.cases.queries import InboxFilter
from rathaus.core.city import forget_city
from rathaus.core.clock import as_of, local_date
from rathaus.core.models import OutgoingMail, StoredFile
from rathaus.demo.lindenfurt import addresses, load
from rathaus.demo.lindenfurt.people import desks, person_id
from rathaus.demo.lindenfurt.residents import residents
from rathaus.demo.lindenfurt.storytelling import stories
from rathaus.payments.models import Claim
from rathaus.services.models import Application, GrantBudget, GrantReservation, SearchMiss

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)  # a Wednesday
TODAY = local_date(NOW)


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """Everything, loaded once on a certain day."""
    with django_db_blocker.unblock(), transaction.atomic():
        with as_of(NOW):
            load()
        yield
        transaction.set_rollback(True)
    forget_city()


@pytest.fixture(autouse=True)
def that_day(city):
    with as_of(NOW):
        yield


def test_all_that_was_told_has_happened():
    told = stories(residents(addresses.streets()), addresses.streets(), TODAY)

    assert Case.objects.count() == len(told) + 18
    assert 150 <= Case.objects.count() <= 250
    assert Application.objects.count() == sum(not matter.on_paper for matter in told) + 10
    kinds = Counter(CaseStep.objects.values_list("kind", flat=True))
    assert kinds["decided"] == sum(
        step.deed == "decide" for matter in told for step in matter.steps
    ) + 3  # fmt: skip


def test_there_is_something_in_every_phase_of_every_kind():
    assert set(Case.objects.values_list("phase", flat=True)) == set(Phase) - {Phase.DRAFT}
    assert set(Case.objects.values_list("origin", flat=True)) == {"services", "paper"}
    assert set(Decision.objects.values_list("outcome", flat=True)) == set(Outcome)
    assert set(CaseStep.objects.values_list("kind", flat=True)) == set(CaseStep.Kind) - {
        CaseStep.Kind.AMENDED,
        CaseStep.Kind.CORRECTION_EXTENDED,
        CaseStep.Kind.FORWARDED,
        CaseStep.Kind.RETURNED,
        CaseStep.Kind.TAKEN_OVER,
    }


def test_every_department_has_an_inbox_and_everybody_at_work_has_something_to_do():
    for department in Department.objects.all():
        desk = desks()[department.slug]
        clerk, head = (
            actor_of(Person.objects.get(pk=person_id(slug))) for slug in (desk.clerk, desk.head)
        )
        assert len(queries.inbox(by=clerk, wanted=InboxFilter()).rows) >= 5, department.slug
        assert queries.inbox(by=clerk, wanted=InboxFilter(assigned="me")).rows, department.slug
        assert queries.inbox(by=head, wanted=InboxFilter(assigned="me")).rows, department.slug


def test_there_is_a_workday_ahead():
    waiting = Case.objects.still_open()

    assert waiting.filter(due_on__range=(TODAY, TODAY + timedelta(days=6))).count() >= 10
    assert waiting.filter(level=2).count() >= 3
    assert 3 <= waiting.filter(level=3).count() <= 12
    assert waiting.filter(assigned_to=None).count() >= 15
    assert CorrectionRequest.objects.filter(closed_at=None, lapsed_at=None).count() >= 3
    assert CorrectionRequest.objects.exclude(lapsed_at=None).count() >= 1
    unread = Message.objects.filter(direction=Message.Direction.TO_OFFICE, read_at=None)
    assert unread.count() >= 3
    assert SearchMiss.objects.count() == 20


def test_an_inbox_goes_on_on_a_second_page():
    clerk = actor_of(Person.objects.get(pk=person_id("eva-leitner")))

    page = queries.inbox(by=clerk, wanted=InboxFilter(phase="all"))

    assert len(page.rows) == 50
    assert page.next


def test_warnings_are_true():
    running = Case.objects.still_open().filter(suspended_since=None).select_related("procedure")
    wrong = [
        case.number
        for case in running
        if case.level
        != warning_level(case.due_on, TODAY, case.procedure.rules.ladder_on(TODAY, case.period))
    ]  # fmt: skip

    assert wrong == []


def test_numbers_are_given_in_the_order_of_filing():
    by_prefix: dict[str, list[datetime]] = {}
    for number, opened_at in Case.objects.order_by("number").values_list("number", "opened_at"):
        by_prefix.setdefault(number.rpartition("-")[0], []).append(opened_at)

    assert all(moments == sorted(moments) for moments in by_prefix.values())
    assert len(by_prefix) == 15
    assert [
        case for case in Case.objects.all() if case.received_on > local_date(case.opened_at)
    ] == []


def test_the_trail_is_sound_and_goes_forward():
    moments = list(Entry.objects.order_by("seq").values_list("at", flat=True))

    assert moments == sorted(moments)
    assert moments[-1] <= NOW
    assert verify.check_trail(trail_lines(), roots_document()["roots"]) == []
    assert last_examination().details == {"faults": []}
    days = list(Root.objects.order_by("published_on").values_list("published_on", flat=True))
    assert days == [TODAY - timedelta(days=number) for number in range(30, -1, -1)]


def test_every_case_has_its_entry_and_its_history():
    opened = set(Entry.objects.filter(did="cases.opened").values_list("case", flat=True))
    decided = Entry.objects.filter(did="cases.decided", act="change").count()

    assert opened == set(Case.objects.values_list("number", flat=True))
    assert decided == Decision.objects.count()
    for case in Case.objects.all():
        assert case.casesteps.count() == case.revision, case.number


def test_what_came_on_paper_is_asked_in_the_words_of_the_form():
    typed_in = CaseContent.objects.filter(
        case__origin="paper", case__procedure__slug="baumfaellung"
    )
    labels = {
        row["key"]: row["label"]
        for content in typed_in
        for section in content.sections
        for row in section["rows"]
    }

    assert labels["grund-text"] == "Erklären Sie bitte kurz"


def test_what_was_owed_and_promised_adds_up():
    for application in Application.objects.all():
        owed = sum(fee["cents"] for fee in application.fees)
        claims = Claim.objects.filter(reference=application.case_number, fee_for=None)
        claims = claims.exclude(kind="deposit")  # of the treasury, by hand
        assert sum(claims.values_list("cents", flat=True)) == owed
        phase = Case.objects.get(pk=application.case_id).phase
        if phase not in ("decided", "closed", "withdrawn"):
            assert not claims.exclude(cancelled_at=None).exists()
    for budget in GrantBudget.objects.all():
        held = GrantReservation.objects.filter(budget=budget, released_at=None)
        assert sum(held.values_list("cents", flat=True)) == budget.reserved_cents
    assert GrantBudget.objects.get(year=2026).reserved_cents > 100_000


def test_rows_are_as_old_as_what_they_tell():
    assert StoredFile.objects.filter(created_at__lt=NOW - timedelta(days=90)).count() > 20
    assert not StoredFile.objects.filter(created_at__gt=NOW).exists()
    assert not Decision.objects.filter(ruling__contains="[Bitte").exists()
    assert not Decision.objects.filter(reasons__contains="[Bitte").exists()


def test_mail_has_left_and_old_mail_is_forgotten():
    assert not OutgoingMail.objects.filter(sent_at=None).exists()
    kept = OutgoingMail.objects.filter(emptied_at=None)
    assert kept.filter(created_at__lt=NOW - timedelta(days=30)).count() == 0
    assert 20 < kept.count() < 300
    assert ProcrastinateJob.objects.count() == 0


def test_loading_again_adds_nothing():
    counted = [Case, Person, Message, Claim, SearchMiss]
    before = [model.objects.count() for model in counted]
    opened = Entry.objects.filter(did="cases.opened").count()

    load()

    assert [model.objects.count() for model in counted] == before
    assert Entry.objects.filter(did="cases.opened").count() == opened
