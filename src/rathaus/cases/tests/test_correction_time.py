"""How long an applicant has to correct: at least the procedure's time, and more where needed."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import make_clerk, sign_in

from rathaus.accounts.models import Department
from rathaus.audit.models import Entry
from rathaus.cases import actions, queries
from rathaus.cases.deadlines import DayOutOfBounds, chosen_day
from rathaus.cases.errors import CorrectionTimeWrong, NotPossibleNow
from rathaus.cases.models import Case, CaseStep, CorrectionRequest, Message
from rathaus.cases.tests.working import state_of
from rathaus.core.actor import Actor
from rathaus.core.calendar import excluded_because
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.usefixtures("on_the_day")

day = st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31))


@given(day, day, day)
def test_a_chosen_day_lies_within_its_bounds_and_can_end_a_time(
    wanted: date, earliest: date, latest: date
) -> None:
    if not earliest <= wanted <= latest:
        with pytest.raises(DayOutOfBounds, match=f"from {earliest} to {latest}"):
            chosen_day(wanted, earliest, latest)
        return
    chosen = chosen_day(wanted, earliest, latest)
    assert chosen >= wanted
    assert excluded_because(chosen) is None
    assert (chosen == wanted) is (excluded_because(wanted) is None)


def test_a_saturday_moves_on() -> None:
    bounds = date(2026, 9, 28), date(2027, 1, 1)
    assert chosen_day(date(2026, 10, 3), *bounds) == date(2026, 10, 5)


def test_the_clerk_may_give_more_time_but_not_less(case: Case, clerk: Actor) -> None:
    before = state_of(case)
    for wrong in (date(2026, 9, 27), date(2027, 9, 15)):
        with pytest.raises(CorrectionTimeWrong) as refusal:
            actions.request_correction(by=clerk, case=case.pk, text="Bitte", due_on=wrong, seen=1)
        assert "zwischen 28.09.2026 und 14.09.2027" in str(refusal.value)
        assert state_of(case) == before

    actions.request_correction(
        by=clerk, case=case.pk, text="Bitte", due_on=date(2026, 10, 3), seen=1
    )

    assert CorrectionRequest.objects.get(case=case).due_on == date(2026, 10, 5)


def test_more_time_is_told_and_shown(case: Case, clerk: Actor, applicant: Actor) -> None:
    actions.request_correction(by=clerk, case=case.pk, text="Bitte", seen=1)

    actions.extend_correction(by=clerk, case=case.pk, due_on=date(2026, 10, 12), seen=2)
    actions.extend_correction(by=clerk, case=case.pk, due_on=date(2026, 10, 20), seen=3)

    request = CorrectionRequest.objects.get(case=case)
    assert (request.due_on, request.extended_from) == (date(2026, 10, 20), date(2026, 9, 28))
    assert [message.text for message in Message.objects.filter(case=case)] == [
        "Sie haben für Ihre Ergänzung jetzt bis 12.10.2026 Zeit.",
        "Sie haben für Ihre Ergänzung jetzt bis 20.10.2026 Zeit.",
    ]
    subject = f"Sie haben mehr Zeit für Ihr Anliegen {case.number}"
    assert OutgoingMail.objects.filter(subject=subject).count() == 2
    step = CaseStep.objects.filter(kind="correction_extended").latest("pk")
    assert (step.text, step.public) == ("bis 20.10.2026", True)
    entries = Entry.objects.filter(did="cases.correction_extended", act="change")
    assert {(entry.case, entry.why) for entry in entries} == {(case.number, "§ 13 Abs. 3 AVG")}
    for view in (
        queries.own_case(by=applicant, case=case.pk),
        queries.staff_case(by=clerk, case=case.pk),
    ):
        assert view.deadline is not None
        assert view.deadline.awaited == request


def test_less_time_is_no_extension(case: Case, clerk: Actor) -> None:
    actions.request_correction(by=clerk, case=case.pk, text="Bitte", seen=1)
    before = state_of(case)

    with pytest.raises(CorrectionTimeWrong, match=r"zwischen 29\.09\.2026 und 14\.09\.2027"):
        actions.extend_correction(by=clerk, case=case.pk, due_on=date(2026, 9, 28), seen=2)

    assert state_of(case) == before


def test_only_a_running_time_can_be_extended(
    case: Case,
    clerk: Actor,
    reader: Actor,
    foreign_clerk: Actor,
    applicant: Actor,
) -> None:
    later = date(2026, 10, 12)
    with pytest.raises(NotPossibleNow):
        actions.extend_correction(by=clerk, case=case.pk, due_on=later, seen=1)
    actions.request_correction(by=clerk, case=case.pk, text="Bitte", seen=1)
    before = state_of(case)
    refusals = [(reader, NotAllowed), (foreign_clerk, NotFound), (applicant, NotAllowed)]
    for outsider, refusal in refusals:
        with pytest.raises(refusal):
            actions.extend_correction(by=outsider, case=case.pk, due_on=later, seen=2)
    with time_machine.travel("2026-09-29T08:00:00+00:00"), pytest.raises(NotPossibleNow):
        actions.extend_correction(by=clerk, case=case.pk, due_on=later, seen=2)
    assert state_of(case) == before


def test_the_pages_say_so_at_the_field(client: Client, office: Department, case: Case) -> None:
    desk = sign_in(client, make_clerk(office, "cases.read", "cases.handle"))
    order, extend, page = (
        reverse(f"cases:{name}", args=[case.pk])
        for name in ("request_correction", "extend_correction", "case")
    )
    assert 'value="28.09.2026"' in desk.get(order).content.decode()
    words = {"text": "Bitte", "items": "", "seen": 1}

    refused = desk.post(order, {**words, "due_on": "20.09.2026"})

    assert refused.status_code == 422
    page_of_the_order = refused.content.decode()
    assert 'href="#id_due_on">' in page_of_the_order
    assert "Bitte wählen Sie einen Tag zwischen" in page_of_the_order
    assert desk.post(order, {**words, "due_on": "05.10.2026"}).status_code == 302
    assert extend in desk.get(page).content.decode()
    assert desk.get(extend).status_code == 200
    assert desk.post(extend, {"due_on": "19.10.2026", "seen": 2}).status_code == 302
    shown = desk.get(page).content.decode()
    assert "(erstreckt, ursprünglich bis 05.10.2026)" in shown
    assert "Für die Ergänzung ist bis 19.10.2026 Zeit" in shown
