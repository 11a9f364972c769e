"""Help at a counter: who hears a call, who answers and closes it, and who is told otherwise."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories import make_clerk
from tests.tables import tables

from rathaus.accounts.models import Department
from rathaus.accounts.queries import actor_of
from rathaus.appointments import jobs
from rathaus.appointments.actions import counters, helping
from rathaus.appointments.help_calls import (
    SAME_CALL_WITHIN,
    HelpTerms,
    Outcome,
    hears,
    is_the_same,
    may_close,
)
from rathaus.appointments.help_errors import (
    BadHelpTerms,
    ComeFirst,
    HelpOver,
    HelpStillOpen,
    OwnHelpCall,
)
from rathaus.appointments.models import Counter, HelpCall, HelpTermsRow, Location, QueueEvent
from rathaus.appointments.queries.help_calls import heard_calls, help_terms, past_calls
from rathaus.appointments.queries.past_days import replay_of
from rathaus.appointments.tests.conftest import at
from rathaus.audit.models import Entry
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import today
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.models import OutgoingMail

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEN = at("2026-09-14", "10:00")
FEW = st.integers(min_value=1, max_value=3)


# rules


@given(FEW | st.none(), FEW)
def test_only_who_is_at_a_counter_elsewhere_hears_nothing(here: int | None, called: int) -> None:
    assert hears(here, called) is (here in (None, called))


@pytest.mark.parametrize(
    ("minutes", "same_place", "answered", "same"),
    [
        (0, True, False, True),
        (9, True, False, True),
        (10, True, False, False),
        (0, False, False, False),
        (0, True, True, False),
    ],
)
def test_what_a_second_press_means(
    minutes: int, same_place: bool, answered: bool, same: bool
) -> None:
    later = NOON + timedelta(minutes=minutes)
    assert is_the_same(NOON, later, same_place=same_place, answered=answered) is same
    assert timedelta(minutes=10) == SAME_CALL_WITHIN


def test_whom_a_call_concerns_closes_it() -> None:
    caller, comes, other = uuid4(), uuid4(), uuid4()
    closing = [may_close(who, caller, {comes}, heads=False) for who in (caller, comes, other, None)]
    assert closing == [True, True, False, False]
    assert may_close(other, caller, {comes}, heads=True)


def test_the_time_to_answer_ends_after_its_seconds() -> None:
    assert HelpTerms(45).unanswered_at(NOON) == NOON + timedelta(seconds=45)


# actions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten(on_the_day: None):
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def caller(location: Location) -> Actor:
    """Somebody at counter 2."""
    by = actor_of(make_clerk(location.department, "appointments.serve", given_name="Rosa"))
    counters.open_counter(by=by, counter=Counter.objects.get(number=2).pk)
    return by


@pytest.fixture
def colleague(location: Location) -> Actor:
    return actor_of(make_clerk(location.department, "appointments.serve"))


@pytest.fixture
def head(location: Location) -> Actor:
    return actor_of(make_clerk(location.department, "appointments.serve", "appointments.plan"))


def called(by: Actor) -> int:
    counter = Counter.objects.get(number=2).pk
    return helping.call_for_help(by=by, location="rathaus", counter=counter)


def deeds() -> list[str]:
    return list(QueueEvent.objects.order_by("pk").values_list("kind", flat=True))


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(TEN + timedelta(seconds=seconds), tick=False)


def test_a_call_reaches_those_who_serve_there(
    caller: Actor, colleague: Actor, foreign_clerk: Actor
) -> None:
    call = called(caller)

    (heard,) = heard_calls(colleague)
    assert (heard.id, heard.where, heard.called_at) == (call, "an Schalter 2", TEN)
    assert (heard.is_own, heard.i_come, heard.may_close) == (False, False, False)
    (own,) = heard_calls(caller)
    assert (own.is_own, own.may_close) == (True, True)
    assert heard_calls(foreign_clerk) == []
    assert deeds() == ["opened", "help_called"]
    assert Entry.objects.filter(did="appointments.help_called").count() == 1


def test_who_is_at_a_counter_of_another_house_is_not_disturbed(
    caller: Actor, colleague: Actor, office: Department
) -> None:
    other = Location.objects.create(slug="zwei", name={"de": "Zwei"}, department=office)
    counter = Counter.objects.create(location=other, number=1, name="Schalter 1")
    counters.open_counter(by=colleague, counter=counter.pk)
    called(caller)
    assert heard_calls(colleague) == []


def test_help_at_the_reception_and_without_an_open_counter(
    colleague: Actor, clerk: Actor, location: Location
) -> None:
    helping.call_for_help(by=colleague, location="rathaus")
    assert [heard.where for heard in heard_calls(clerk)] == ["am Empfang"]


def test_two_presses_are_one_call(caller: Actor) -> None:
    assert called(caller) == called(caller)
    assert deeds() == ["opened", "help_called"]


def test_a_forgotten_call_does_not_swallow_a_new_one(caller: Actor, colleague: Actor) -> None:
    first = called(caller)
    with later(3600):
        second = called(caller)
        assert second != first
        assert [heard.id for heard in heard_calls(colleague)] == [second]
    assert HelpCall.objects.get(pk=first).outcome == "called_again"


def test_colleagues_answer_and_the_caller_closes(
    caller: Actor, colleague: Actor, clerk: Actor, location: Location
) -> None:
    call = called(caller)
    with later(8):
        helping.come_to_help(by=colleague, call=call)
        helping.come_to_help(by=colleague, call=call)
        helping.come_to_help(by=clerk, call=call)
    (own,) = heard_calls(caller)
    assert own.coming == [colleague.name, clerk.name]
    with later(60):
        helping.close_help(by=caller, call=call, outcome=Outcome.DONE, note="  alles gut ")
        helping.close_help(by=colleague, call=call, outcome=Outcome.FALSE_ALARM)
    row = HelpCall.objects.get()
    assert (row.outcome, row.note, row.closed_by_id) == ("done", "alles gut", caller.person)
    assert deeds() == ["opened", "help_called", "help_came", "help_closed"]
    assert heard_calls(clerk) == []
    assert replay_of(location, today()).desks.keys() == {Counter.objects.get(number=2).pk}


def test_what_is_refused_changes_nothing(
    caller: Actor, colleague: Actor, foreign_clerk: Actor, office: Department, applicant: Actor
) -> None:
    nobody = actor_of(make_clerk(office))
    call = called(caller)
    before = tables()
    for by in (foreign_clerk, nobody, applicant):
        with pytest.raises(NotAllowed):
            helping.call_for_help(by=by, location="rathaus")
        with pytest.raises(NotAllowed):
            helping.come_to_help(by=by, call=call)
        with pytest.raises(NotAllowed):
            helping.close_help(by=by, call=call, outcome=Outcome.DONE)
    with pytest.raises(ComeFirst):
        helping.close_help(by=colleague, call=call, outcome=Outcome.DONE)
    with pytest.raises(OwnHelpCall):
        helping.come_to_help(by=caller, call=call)
    with pytest.raises(NotFound):
        helping.call_for_help(by=caller, location="nirgends")
    with pytest.raises(NotFound):
        helping.call_for_help(by=caller, location="rathaus", counter=0)
    with pytest.raises(NotFound):
        helping.come_to_help(by=colleague, call=0)
    with pytest.raises(NotAllowed):
        helping.report_unanswered(by=caller, call=call)
    assert tables() == before


def test_nobody_comes_to_what_is_over(caller: Actor, colleague: Actor) -> None:
    call = called(caller)
    helping.close_help(by=caller, call=call, outcome=Outcome.FALSE_ALARM)
    with pytest.raises(HelpOver):
        helping.come_to_help(by=colleague, call=call)
    assert HelpCall.objects.get().answers.count() == 0


# when nobody answers


def test_the_list_is_written_to_after_the_time(caller: Actor, head: Actor) -> None:
    helping.set_help_terms(
        by=head,
        location="rathaus",
        valid_from=today(),
        seconds=40,
        emails=["wache@example.org", "leitung@example.org", "wache@example.org"],
    )
    call = called(caller)
    job = ProcrastinateJob.objects.get(task_name="appointments.help_unanswered")
    assert (job.args, job.scheduled_at) == ({"call": call}, TEN + timedelta(seconds=40))
    assert job.priority == 100
    with later(39):
        assert helping.report_unanswered(by=SYSTEM, call=call) is False
    with later(40):
        assert helping.report_unanswered(by=SYSTEM, call=call) is True
        assert helping.report_unanswered(by=SYSTEM, call=call) is False
        assert helping.report_all_unanswered(by=SYSTEM) == 0
    mails = OutgoingMail.objects.filter(reference=f"help {call}").order_by("pk")
    assert sorted(mail.recipient for mail in mails) == ["leitung@example.org", "wache@example.org"]
    assert mails[0].subject == "Hilferuf ohne Antwort: an Schalter 2, Rathaus"
    assert "Rathaus: Hilfe an Schalter 2, gerufen um 10:00 Uhr." in mails[0].text
    assert "Binnen 40 Sekunden hat niemand geantwortet." in mails[0].text
    assert "Rosa" not in mails[0].text


def test_an_answered_call_is_not_reported(caller: Actor, colleague: Actor) -> None:
    call = called(caller)
    helping.come_to_help(by=colleague, call=call)
    with later(3600):
        assert helping.report_all_unanswered(by=SYSTEM) == 0
    assert HelpCall.objects.get().escalated_at is None


def test_a_lost_job_is_made_up_for(caller: Actor) -> None:
    called(caller)
    with later(31):
        assert helping.report_all_unanswered(by=SYSTEM) == 1
    assert HelpCall.objects.get().escalated_at == TEN + timedelta(seconds=31)


def test_the_jobs_report_once(caller: Actor) -> None:
    call = called(caller)
    with later(30):
        jobs.help_unanswered(call=call)
        jobs.help_overlooked(timestamp=0)
    assert Entry.objects.filter(did="appointments.help_unanswered").count() == 1


def test_a_counter_left_open_overnight_keeps_nobody_from_hearing(
    caller: Actor, colleague: Actor, office: Department
) -> None:
    other = Location.objects.create(slug="zwei", name={"de": "Zwei"}, department=office)
    counter = Counter.objects.create(location=other, number=1, name="Schalter 1")
    with later(-24 * 3600):
        counters.open_counter(by=colleague, counter=counter.pk)
    called(caller)
    assert len(heard_calls(colleague)) == 1


def test_terms_hold_from_their_day_on(head: Actor, location: Location) -> None:
    tomorrow = today() + timedelta(days=1)
    helping.set_help_terms(
        by=head, location="rathaus", valid_from=tomorrow, seconds=60, emails=["a@example.org"]
    )
    assert help_terms(location.pk, today()) == HelpTerms(30, ())
    assert help_terms(location.pk, tomorrow) == HelpTerms(60, ("a@example.org",))
    helping.set_help_terms(by=head, location="rathaus", valid_from=tomorrow, seconds=90, emails=[])
    assert help_terms(location.pk, tomorrow) == HelpTerms(90, ())


@pytest.mark.parametrize(
    "wrong",
    [
        {"seconds": 9},
        {"seconds": 601},
        {"emails": ["niemand"]},
        {"emails": [f"a{number}@example.org" for number in range(21)]},
        {"valid_from": date(2026, 9, 13)},
    ],
)
def test_wrong_terms_change_nothing(head: Actor, wrong: dict) -> None:
    terms = {"valid_from": today(), "seconds": 30, "emails": ["a@example.org"], **wrong}
    with pytest.raises(BadHelpTerms):
        helping.set_help_terms(by=head, location="rathaus", **terms)
    assert HelpTermsRow.objects.count() == 0


def test_terms_and_the_list_are_the_head_s(
    caller: Actor, colleague: Actor, head: Actor, location: Location
) -> None:
    call = called(caller)
    with pytest.raises(NotAllowed):
        helping.set_help_terms(
            by=colleague, location="rathaus", valid_from=today(), seconds=30, emails=[]
        )
    with pytest.raises(NotFound):
        past_calls(by=colleague, location=location)
    with pytest.raises(HelpStillOpen):
        helping.note_help(by=head, call=call, note="x")
    with later(75):
        helping.close_help(by=head, call=call, outcome=Outcome.DONE)
    with pytest.raises(NotAllowed):
        helping.note_help(by=colleague, call=call, note="x")
    helping.note_help(by=head, call=call, note="Mit dem Wachdienst gesprochen")
    (past,) = past_calls(by=head, location=location)
    assert past.caller == caller.name
    assert (past.answered_after, past.closed_after, past.outcome) == (None, 75, "erledigt")
    assert past.note == "Mit dem Wachdienst gesprochen"
