"""The counters and the treasury of Lindenfurt: alive at any hour, and every row true."""

from collections import Counter as Count
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker
from tests.tables import tables

from rathaus.appointments.models import (
    Booking,
    CounterSession,
    Location,
    Proposal,
    QueueLesson,
    Ticket,
    WaitlistEntry,
)
from rathaus.appointments.queries import Wanted, Wish, next_free
from rathaus.appointments.queries.past_days import replay_of
from rathaus.core.city import forget_city
from rathaus.core.clock import as_of, local_date
from rathaus.demo.lindenfurt import load, load_today
from rathaus.payments.models import (
    BankMovement,
    CashClosing,
    Claim,
    Export,
    InstalmentPlan,
    Receipt,
    Refund,
    Reminder,
    Transfer,
)

pytestmark = pytest.mark.django_db

SUNDAY_NIGHT = datetime(2026, 11, 29, 2, 10, tzinfo=UTC)
HOLIDAY = datetime(2026, 12, 8, 10, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The hand-written city, loaded once on a night on which nothing is open."""
    with django_db_blocker.unblock(), transaction.atomic():
        with as_of(SUNDAY_NIGHT):
            load(showpieces_only=True)
        yield
        transaction.set_rollback(True)
    forget_city()


@pytest.fixture
def sunday_night(city: None) -> Iterator[None]:
    with as_of(SUNDAY_NIGHT):
        yield


def states_of(moment: datetime, location: str = "rathaus") -> set[str]:
    rows = Ticket.objects.filter(location__slug=location, day=local_date(moment))
    return set(rows.values_list("state", flat=True))


def test_the_queue_runs_even_on_a_sunday_night(sunday_night: None) -> None:
    assert states_of(SUNDAY_NIGHT) >= {"waiting", "serving", "finished"}
    assert states_of(SUNDAY_NIGHT, "technisches-rathaus") >= {"finished"}
    clerks = CounterSession.objects.filter(closed_at=None, counter__location__slug="rathaus")
    numbers = clerks.values_list("counter__number", flat=True)
    assert sorted(numbers) == [2, 3, 4, 5, 6], "the first counter is for whoever looks"
    today = Booking.objects.filter(
        begins_at__range=(SUNDAY_NIGHT, SUNDAY_NIGHT + timedelta(hours=2)), state="booked"
    )
    assert Count(today.values_list("person__family_name", flat=True)) == {
        "Wagner": 1,
        "Steininger": 1,
        "Yıldız": 1,
    }


@pytest.mark.parametrize("moment", [HOLIDAY, TUESDAY])
def test_the_queue_runs_on_every_later_day(city: None, moment: datetime) -> None:
    with transaction.atomic():
        with as_of(moment):
            load_today()
            once = tables()
            load_today()
        assert states_of(moment) >= {"waiting", "serving", "finished"}
        assert tables() == once
        left_open = CounterSession.objects.filter(closed_at=None, opened_at__lt=SUNDAY_NIGHT)
        assert not left_open.exists()
        transaction.set_rollback(True)


def test_there_is_free_time_in_the_coming_days(sunday_night: None) -> None:
    for location, offer in (("rathaus", "reisepass"), ("technisches-rathaus", "baubewilligung")):
        found = next_free(Wanted(location, (Wish(offer),)), SUNDAY_NIGHT, count=5, within=4)
        assert len(found) == 5, offer


def test_the_tables_of_the_queue_are_what_its_log_tells(sunday_night: None) -> None:
    for location in Location.objects.all():
        for day in Ticket.objects.filter(location=location).values_list("day", flat=True):
            told = replay_of(location, day).tickets
            rows = Ticket.objects.filter(location=location, day=day)
            assert {row.pk: row.position for row in rows} == told
    assert QueueLesson.objects.count() == 2


def test_somebody_waits_and_somebody_was_offered_a_time(sunday_night: None) -> None:
    rows = WaitlistEntry.objects.values_list("person__family_name", "state")
    assert sorted(rows) == [("Huber", "waiting"), ("Yıldız", "offered")]
    assert Proposal.objects.get(answer="open").until > SUNDAY_NIGHT
    moved = Booking.objects.get(person__family_name="Huber", persons=2)
    assert moved.revision > 2
    assert Booking.objects.filter(state="cancelled").count() == 2


def test_money_came_in_every_way(sunday_night: None) -> None:
    ways = Count(BankMovement.objects.filter(state="booked").values_list("way", flat=True))
    assert ways == {"structured": 3, "text": 1, "typo": 1, "end_to_end": 1, "person": 1}
    doubts = BankMovement.objects.filter(state="left").values_list("way", "doubt")
    assert sorted(doubts) == [
        ("", "no_receipt"),
        ("", "no_reference"),
        ("", "unknown_reference"),
        ("known_payer", "no_reference"),
    ]
    outcomes = set(Receipt.objects.values_list("shares__outcome", flat=True))
    assert outcomes == {"settled", "partial", "over", "double"}
    assert set(BankMovement.objects.values_list("statement__gap_cents", flat=True)) == {0}


def test_the_treasury_has_done_its_work(sunday_night: None) -> None:
    assert sorted(Refund.objects.values_list("state", "cents")) == [
        ("done", 4000),
        ("requested", 900),
        ("requested", 4500),  # a deposit
    ]
    assert sorted(Reminder.objects.values_list("claim__reference", "level")) == [
        ("FH-2026-000118", 1),
        ("FH-2026-000131", 1),
        ("HA-2026-000417", 1),
        ("HA-2026-000417", 2),
    ]
    on_paper = Reminder.objects.filter(by_mail=False)
    assert [one.claim.debtor.family_name for one in on_paper] == ["Pfister"]
    assert InstalmentPlan.objects.get().instalments.count() == 6
    assert (Transfer.objects.count(), Export.objects.count()) == (1, 2)
    days = CashClosing.objects.order_by("day").values_list("takings_cents", "counted_cents")
    assert list(days) == [(3930, 23920), (None, None)]
    assert Claim.objects.filter(debtor__family_name="Huber", settled_at=None).count() >= 2
