"""Nobody has more of the waitlist than their share, and nobody trades by it."""

from datetime import timedelta

import pytest
import time_machine
from tests.factories import make_citizen
from tests.tables import tables

from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.actions import Whom
from rathaus.appointments.errors import (
    SlotTaken,
    TooManyBookings,
)
from rathaus.appointments.models import (
    Booking,
    Counter,
    Location,
    Offer,
    Quota,
    QuotaUse,
    WaitlistEntry,
)
from rathaus.appointments.tests.conftest import at, want
from rathaus.appointments.tests.waiting import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    asked,
    booked,
    guest_joins,
    join,
    waits,
)
from rathaus.appointments.waitlist_errors import (
    AlreadyWaiting,
    TooManyWaiting,
)
from rathaus.appointments.waitlist_order import DayPart
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_counter(offer: Offer, location: Location) -> None:
    Counter.objects.filter(number=2).update(active=False)


def test_only_whom_it_suits(people: list[Actor]) -> None:
    row, earlier = booked(people[0], "10:00"), booked(people[1], "08:00", TUESDAY)
    join(people[1], earlier)  # has an earlier one
    join(people[2], notice_hours=200)
    join(people[6], parts=frozenset({DayPart.AFTERNOON}))
    join(people[3], weekdays=frozenset({0, 1}))
    join(people[4], latest=at(TUESDAY, "08:00").date())
    suited = join(people[5])

    actions.cancel(by=people[0], booking=row.pk)

    assert asked() == [suited]


def test_never_back_to_whoever_gave_it_up(people: list[Actor]) -> None:
    """Not as a citizen, not by their mailbox as a guest, whatever stands after a plus sign."""
    citizen = make_citizen(email="trader@example.org")
    trader = actor_of(citizen)
    row = booked(trader)
    guest_joins("Tom Trader", "Trader+slot@example.org")
    actions.cancel(by=trader, booking=row.pk)
    assert asked() == []

    row = actions.hold(
        by=ANONYMOUS,
        wanted=want(),
        begins_at=at(FRIDAY, "08:00"),
        whom=Whom(name="Tom", email="trader+2@example.org"),
    )
    actions.confirm(by=SYSTEM, booking=row.booking)
    WaitlistEntry.objects.all().delete()
    join(trader)
    honest = join(people[0])
    actions.cancel(by=SYSTEM, booking=row.booking)
    assert asked() == [honest]


def test_a_hundred_addresses_of_one_mailbox_are_one(people: list[Actor]) -> None:
    row = booked(people[0])
    guest_joins("Bot", "bot@example.org")
    before = tables()
    for number in range(100):
        with pytest.raises(AlreadyWaiting):
            actions.join_waitlist(
                by=ANONYMOUS,
                waits=waits(),
                whom=Whom(name="Bot", email=f"BOT+{number}@Example.org"),
            )
    assert tables() == before
    with pytest.raises(AlreadyWaiting):
        join(actor_of(make_citizen(email="bot@example.org")))
    assert tables().keys() == before.keys()

    actions.cancel(by=people[0], booking=row.pk)

    assert len(asked()) == 1


def test_limits_hold_here_too(people: list[Actor]) -> None:
    """Two open passports are all that anybody may have; moving one is no booking more."""
    row = booked(people[0], day=TUESDAY)
    entry = join(people[1])
    booked(people[1], "09:00")
    second = booked(people[1], "10:00")
    before = tables()
    with pytest.raises(TooManyBookings):
        join(people[1])
    assert tables() == before

    actions.cancel(by=people[0], booking=row.pk)
    assert asked() == []

    actions.leave_waitlist(by=people[1], entry=entry)
    entry = join(people[1], second)
    row = booked(people[0], day=TUESDAY)
    actions.cancel(by=people[0], booking=row.pk)
    assert asked() == [entry]


def test_an_open_proposal_counts_as_one_of_them(people: list[Actor]) -> None:
    row = booked(people[0], day=TUESDAY)
    join(people[1])
    booked(people[1], "09:00")
    actions.cancel(by=people[0], booking=row.pk)
    before = tables()
    with pytest.raises(TooManyBookings):
        actions.hold(by=people[1], wanted=want(), begins_at=at(FRIDAY, "11:00"))
    assert tables() == before


def test_what_is_offered_again_counts_in_the_quota_and_is_never_refused_by_it(
    people: list[Actor], location: Location
) -> None:
    Quota.objects.create(location=location, channel="online", share=15)  # 36 of 240 minutes
    row, other = booked(people[0], day=TUESDAY), booked(people[1])
    entry = join(people[1], other)
    actions.cancel(by=people[0], booking=row.pk)
    used = dict(QuotaUse.objects.values_list("day", "online"))
    assert {day.isoformat(): minutes for day, minutes in used.items()} == {TUESDAY: 35, FRIDAY: 35}

    actions.accept_proposal(by=people[1], entry=entry)

    used = dict(QuotaUse.objects.values_list("day", "online"))
    assert {day.isoformat(): minutes for day, minutes in used.items()} == {TUESDAY: 35, FRIDAY: 0}
    Quota.objects.update(share=10)
    other.refresh_from_db()
    waiting = join(people[2])
    actions.cancel(by=people[1], booking=other.pk)
    assert asked() == [waiting], "the freed time was online already: lowering the share takes none"
    assert sum(QuotaUse.objects.values_list("online", flat=True)) == 35


def test_where_nobody_waits_it_is_public_after_a_random_while(
    offer: Offer, people: list[Actor]
) -> None:
    offer.kept_back_minutes = 30
    offer.save(update_fields=["kept_back_minutes"])
    row = booked(people[0])
    actions.cancel(by=people[0], booking=row.pk)

    kept = Booking.objects.get(state="held")
    assert (kept.person_id, kept.identity, kept.chosen) == (None, "", [])
    assert kept.hold_until is not None
    assert timedelta() < kept.hold_until - at(MONDAY, "07:00") <= timedelta(minutes=30)
    with pytest.raises(SlotTaken):
        actions.hold(by=people[1], wanted=want(), begins_at=row.begins_at)
    with time_machine.travel(kept.hold_until, tick=False):
        actions.sweep_holds(by=SYSTEM)
        assert not Booking.objects.filter(state="held").exists(), "not kept back again"
        actions.hold(by=people[1], wanted=want(), begins_at=row.begins_at)


def test_without_such_a_wish_it_is_public_at_once(people: list[Actor]) -> None:
    row = booked(people[0])
    actions.cancel(by=people[0], booking=row.pk)
    assert not Booking.objects.filter(state="held").exists()


def test_nobody_joins_without_end(people: list[Actor]) -> None:
    for _ in range(10):
        actions.leave_waitlist(by=people[0], entry=join(people[0]))
    before = tables()
    with pytest.raises(TooManyWaiting):
        join(people[0])
    assert tables() == before


def test_a_guests_place_follows_into_the_account(people: list[Actor]) -> None:
    from rathaus.accounts.actions import guest_for, take_over
    from rathaus.core.domain import matters_of

    guest = guest_for(email="ida@example.org")
    assert guest is not None
    entry = join(actor_of(guest))
    citizen = make_citizen()
    references = [matter.reference for matter in matters_of(guest.pk)]
    assert references == [str(entry)]

    take_over(by=actor_of(citizen), email="ida@example.org", matters=references)

    row = WaitlistEntry.objects.get()
    assert (row.person_id, row.state) == (citizen.pk, "waiting")
    with pytest.raises(AlreadyWaiting):
        join(actor_of(citizen))
