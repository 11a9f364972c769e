"""Several people at one time at the same moment, on connections of their own."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from tests.all_at_once import all_at_once

from rathaus.appointments import actions
from rathaus.appointments.actions import Whom
from rathaus.appointments.errors import (
    HoldExpired,
    NotPossibleNow,
    QuotaExhausted,
    SlotTaken,
    TooManyBookings,
)
from rathaus.appointments.events import SlotFreed
from rathaus.appointments.models import Booking, Counter, Location, Offer, Quota, QuotaUse
from rathaus.appointments.tests.conftest import at, want
from rathaus.appointments.tests.waiting import overlaps
from rathaus.core import events
from rathaus.core.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db(transaction=True)
REFUSALS = (SlotTaken, TooManyBookings, QuotaExhausted, HoldExpired, NotPossibleNow)
at_once = partial(all_at_once, refusals=REFUSALS)
EIGHT = at("2026-09-14", "08:00")


def booked(by: Actor, clock: str) -> Booking:
    held = actions.hold(by=by, wanted=want(), begins_at=at("2026-09-14", clock))
    actions.confirm(by=by, booking=held.booking)
    return Booking.objects.get(pk=held.booking)


@pytest.fixture
def one_counter(offer: Offer, location: Location) -> Location:
    Counter.objects.filter(number=2).update(active=False)
    return location


def test_two_counters_make_two_winners(offer: Offer, people: list[Actor]) -> None:
    answers = at_once(
        *[partial(actions.hold, by=person, wanted=want(), begins_at=EIGHT) for person in people]
    )

    assert answers.count(SlotTaken) == 10
    assert Booking.objects.count() == 2
    assert overlaps() == 0


def test_a_double_click_is_one_booking(offer: Offer, applicant: Actor) -> None:
    key = uuid4()
    click = partial(actions.hold, by=applicant, wanted=want(), begins_at=EIGHT, key=key)

    answers = at_once(*[click] * 6)

    assert len(set(answers)) == 1
    assert Booking.objects.count() == 1


def test_nobody_passes_the_limit_by_asking_at_once(offer: Offer, applicant: Actor) -> None:
    answers = at_once(
        *[
            partial(
                actions.hold,
                by=applicant,
                wanted=want(),
                begins_at=at("2026-09-15", "08:00") + number * timedelta(minutes=35),
            )
            for number in range(6)
        ]
    )

    assert answers.count(TooManyBookings) == 4
    assert Booking.objects.count() == 2


def test_a_hold_that_ran_out_is_one_winners(one_counter: Location, people: list[Actor]) -> None:
    actions.hold(by=people[0], wanted=want(), begins_at=EIGHT)
    with time_machine.travel("2026-09-14T05:20:00+00:00", tick=False):
        answers = at_once(
            lambda: actions.sweep_holds(by=SYSTEM),
            *[
                partial(
                    actions.hold,
                    by=person,
                    wanted=want(),
                    begins_at=EIGHT + timedelta(minutes=number),
                )
                for number, person in enumerate(people[1:])
            ],
        )

    assert answers.count(SlotTaken) == 10
    assert sorted(Booking.objects.values_list("state", flat=True)) == ["expired", "held"]
    assert overlaps() == 0


def test_holds_that_ran_out_side_by_side_make_nobody_wait_in_a_ring(
    one_counter: Location, people: list[Actor]
) -> None:
    """Each of the later ones needs the time of two that ran out."""
    for number, person in enumerate(people[:6]):
        begins_at = EIGHT + number * timedelta(minutes=35)
        actions.hold(by=person, wanted=want(), begins_at=begins_at)
    with time_machine.travel("2026-09-14T05:20:00+00:00", tick=False):
        answers = at_once(
            *[
                partial(
                    actions.hold,
                    by=person,
                    wanted=want(),
                    begins_at=EIGHT + timedelta(minutes=15 + 35 * (number % 5)),
                )
                for number, person in enumerate(people[2:])
            ]
        )

    assert answers.count(SlotTaken) == 5
    assert Booking.objects.filter(state="held").count() == 5
    assert overlaps() == 0


def test_two_who_want_each_others_time_keep_their_own(
    one_counter: Location, people: list[Actor]
) -> None:
    first, second = booked(people[0], "08:00"), booked(people[1], "09:00")

    answers = at_once(
        lambda: actions.move(by=people[0], booking=first.pk, begins_at=second.begins_at),
        lambda: actions.move(by=people[1], booking=second.pk, begins_at=first.begins_at),
    )

    assert answers == [SlotTaken, SlotTaken]
    times = dict(Booking.objects.values_list("pk", "begins_at"))
    assert times == {first.pk: first.begins_at, second.pk: second.begins_at}


def test_moving_and_booking_at_once_leave_nothing_double(
    offer: Offer, location: Location, people: list[Actor]
) -> None:
    """Some move among a few times, some by less than their own length, others book there."""
    Quota.objects.create(location=location, channel="online", share=90)
    mine = [booked(person, f"0{8 + number}:00") for number, person in enumerate(people[:2])]
    mine += [booked(people[2], "10:00")]
    works: list[Callable[[], object]] = []
    for number, row in enumerate(mine):
        target = at("2026-09-14", ("09:00", "08:00", "10:10")[number])
        works.append(partial(actions.move, by=people[number], booking=row.pk, begins_at=target))
    works += [
        partial(
            actions.hold,
            by=person,
            wanted=want(),
            begins_at=at("2026-09-14", ("08:00", "09:10", "10:00", "10:20")[number % 4]),
        )
        for number, person in enumerate(people[3:])
    ]

    at_once(*works)

    assert overlaps() == 0
    used = sum(
        row.quota_minutes for row in Booking.objects.filter(state__in=["held", "booked", "arrived"])
    )
    assert QuotaUse.objects.get().online == used
    assert Booking.objects.filter(pk__in=[row.pk for row in mine], state="booked").count() == 3
    assert Booking.objects.exclude(place__in=Booking.objects.values("pk")).count() == 0


def test_the_quota_is_never_passed(offer: Offer, location: Location, people: list[Actor]) -> None:
    Quota.objects.create(location=location, channel="online", share=25)  # 120 of 480 minutes

    answers = at_once(
        *[
            partial(
                actions.hold,
                by=person,
                wanted=want(),
                begins_at=at("2026-09-15", "08:00") + number % 6 * timedelta(minutes=35),
            )
            for number, person in enumerate(people)
        ]
    )

    assert answers.count(QuotaExhausted) == 9
    assert Booking.objects.count() == 3
    assert QuotaUse.objects.get().online == 105


@pytest.fixture
def listener() -> Iterator[Callable[[Callable[[SlotFreed], None]], None]]:
    before = list(events._listeners[SlotFreed])
    yield partial(events.connect, SlotFreed)
    events._listeners[SlotFreed][:] = before


def test_whoever_waits_gets_a_freed_time_before_anybody_sees_it(
    one_counter: Location,
    people: list[Actor],
    listener: Callable[[Callable[[SlotFreed], None]], None],
) -> None:
    def give_to_whoever_waits(freed: SlotFreed) -> None:
        whom = Whom(person=people[1].person)
        actions.hold(by=SYSTEM, wanted=want(), begins_at=freed.begins_at, whom=whom)

    row = booked(people[0], "08:00")
    listener(give_to_whoever_waits)

    answers = at_once(
        lambda: actions.cancel(by=people[0], booking=row.pk),
        *[
            partial(actions.hold, by=person, wanted=want(), begins_at=EIGHT)
            for person in people[2:]
        ],
    )

    assert answers == [None, *[SlotTaken] * 10]
    assert Booking.objects.get(state="held").person_id == people[1].person
