"""The waitlist when several things happen at the same moment, on connections of their own."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from tests.all_at_once import all_at_once
from tests.factories import make_citizen

from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.actions import Whom
from rathaus.appointments.errors import LinkUsed, NotPossibleNow, SlotTaken, TooManyBookings
from rathaus.appointments.identity import identity_of
from rathaus.appointments.models import (
    Booking,
    Counter,
    Location,
    Offer,
    Proposal,
    Quota,
    QuotaUse,
    WaitlistEntry,
    WaitlistPlace,
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
    mailed_token,
    overlaps,
    states,
    waits,
)
from rathaus.appointments.waitlist_errors import AlreadyWaiting, ProposalOver
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor

pytestmark = pytest.mark.django_db(transaction=True)
REFUSALS = (
    AlreadyWaiting,
    LinkUsed,
    NotPossibleNow,
    ProposalOver,
    SlotTaken,
    TooManyBookings,
)
at_once = partial(all_at_once, refusals=REFUSALS)


@pytest.fixture(autouse=True)
def one_counter(offer: Offer) -> None:
    Counter.objects.filter(number=2).update(active=False)


def test_two_freed_times_and_one_who_waits(people: list[Actor]) -> None:
    rows = [booked(people[number], f"{8 + number:02d}:00") for number in range(3)]
    entry = join(people[5])

    at_once(
        *[
            partial(actions.cancel, by=people[number], booking=row.pk)
            for number, row in enumerate(rows)
        ]
    )

    assert asked() == [entry]
    assert Booking.objects.filter(state="held").count() == 1
    assert overlaps() == 0


def test_two_freed_times_and_two_who_wait(people: list[Actor]) -> None:
    rows = [booked(people[number], f"{8 + number:02d}:00") for number in range(2)]
    entries = [join(people[5]), join(people[6])]

    at_once(
        *[
            partial(actions.cancel, by=people[number], booking=row.pk)
            for number, row in enumerate(rows)
        ]
    )

    assert sorted(asked()) == sorted(entries)
    assert Booking.objects.filter(state="held").count() == 2


def test_the_public_never_sees_it(people: list[Actor]) -> None:
    row = booked(people[0])
    entry = join(people[1])

    answers = at_once(
        lambda: actions.cancel(by=people[0], booking=row.pk),
        *[
            partial(actions.hold, by=person, wanted=want(), begins_at=row.begins_at)
            for person in people[2:]
        ],
    )

    assert answers == [None, *[SlotTaken] * 10]
    assert asked() == [entry]


@pytest.mark.parametrize("minute", ["07:59", "08:00"])
def test_taken_and_expired_at_the_same_moment(people: list[Actor], minute: str) -> None:
    """At the end of the time the next gets it; a minute before, whoever says yes has it."""
    row = booked(people[0], day=TUESDAY)
    own = booked(people[1])
    entry, following = join(people[1], own), join(people[2])
    actions.cancel(by=people[0], booking=row.pk)

    with time_machine.travel(at(MONDAY, minute), tick=False):
        answers = at_once(
            lambda: actions.accept_proposal(by=people[1], entry=entry),
            lambda: actions.expire_proposals(by=SYSTEM),
            lambda: actions.expire_proposals(by=SYSTEM),
            lambda: actions.sweep_holds(by=SYSTEM),
        )

    own.refresh_from_db()
    if minute == "07:59":
        assert answers == [own.pk, 0, 0, 0]
        assert own.begins_at == at(TUESDAY, "08:00")
        assert states() == ["taken", "offered"], "the old time goes on to the next"
    else:
        assert answers[0] is ProposalOver
        assert answers[1] + answers[2] == 1  # type: ignore[operator]
        assert own.begins_at == at(FRIDAY, "08:00")
        assert asked() == [following]
    assert overlaps() == 0


def test_two_tabs_take_it_once(people: list[Actor]) -> None:
    row = booked(people[0])
    guest_joins("Ida Gast", "ida@example.org")
    actions.cancel(by=people[0], booking=row.pk)
    token = mailed_token("nehmen")

    answers = at_once(*[partial(actions.accept_proposal_by_link, token=token)] * 6)

    assert answers.count(ProposalOver) + answers.count(LinkUsed) == 5
    assert Booking.objects.filter(state="booked").count() == 1
    assert states() == ["taken"]


def test_taken_declined_and_left_at_once_is_one_of_them(people: list[Actor]) -> None:
    row, own = booked(people[0], day=TUESDAY), booked(people[1])
    entry, following = join(people[1], own), join(people[2])
    actions.cancel(by=people[0], booking=row.pk)

    at_once(
        lambda: actions.accept_proposal(by=people[1], entry=entry),
        lambda: actions.decline_proposal(by=people[1], entry=entry),
        lambda: actions.leave_waitlist(by=people[1], entry=entry),
        lambda: actions.cancel(by=people[1], booking=own.pk),
    )

    assert overlaps() == 0
    answer = Proposal.objects.get(entry=entry).answer
    own.refresh_from_db()
    assert own.state == "cancelled"
    moved = own.begins_at == at(TUESDAY, "08:00")
    assert moved == (answer == "taken")
    assert following in {proposal.entry_id for proposal in Proposal.objects.all()}


def test_the_same_person_joins_once(people: list[Actor]) -> None:
    citizen = people[0]

    answers = at_once(*[partial(actions.join_waitlist, by=citizen, waits=waits())] * 5)

    assert answers.count(AlreadyWaiting) == 4
    assert WaitlistEntry.objects.count() == 1
    assert WaitlistPlace.objects.filter(entry__person=citizen.person).count() == 2


def test_nobody_gets_more_than_their_limit(people: list[Actor]) -> None:
    """They book while they are offered a time: together never more than two."""
    rows = [booked(people[number], f"{8 + number:02d}:00", TUESDAY) for number in range(2)]
    entry = join(people[5])
    booked(people[5], "08:00")

    at_once(
        lambda: actions.cancel(by=people[0], booking=rows[0].pk),
        lambda: actions.hold(by=people[5], wanted=want(), begins_at=at(FRIDAY, "10:00")),
        lambda: actions.cancel(by=people[1], booking=rows[1].pk),
    )

    whose = identity_of(person=people[5].person, email="")
    mine = Booking.objects.filter(identity=whose, state__in=["held", "booked"])
    assert mine.count() == 2
    assert len(asked()) <= 1
    assert set(asked()) <= {entry}


def test_with_a_quota_nothing_waits_in_a_ring(people: list[Actor]) -> None:
    """Everybody cancels, moves, takes and leaves on two days at once; nothing deadlocks."""
    Quota.objects.create(location=Location.objects.get(), channel="online", share=100)
    rows = [
        booked(people[number], f"{8 + number // 2:02d}:00", (TUESDAY, FRIDAY)[number % 2])
        for number in range(6)
    ]
    late = [booked(people[6 + number], f"{8 + number:02d}:00", "2026-09-21") for number in range(3)]
    entries = [join(people[6 + number], row) for number, row in enumerate(late)]
    actions.cancel(by=people[0], booking=rows[0].pk)
    assert asked() == entries[:1]

    at_once(
        lambda: actions.accept_proposal(by=people[6], entry=entries[0]),
        *[
            partial(actions.cancel, by=people[number], booking=rows[number].pk)
            for number in range(1, 5)
        ],
        lambda: actions.cancel(by=people[7], booking=late[1].pk),
        lambda: actions.move(by=people[8], booking=late[2].pk, begins_at=at(TUESDAY, "11:00")),
        lambda: actions.move(by=people[5], booking=rows[5].pk, begins_at=at("2026-09-21", "11:00")),
    )

    assert overlaps() == 0
    used = dict(QuotaUse.objects.values_list("day", "online"))
    expected: dict[object, int] = dict.fromkeys(used, 0)
    for row in Booking.objects.filter(state__in=["held", "booked"]):
        expected[(row.begins_at + timedelta(hours=2)).date()] += row.quota_minutes
    assert used == expected


def test_a_guest_and_a_citizen_with_one_mailbox_wait_once(people: list[Actor]) -> None:
    citizen = actor_of(make_citizen(email="ida@example.org"))
    whom = Whom(name="Ida", email="IDA+x@example.org")

    answers = at_once(
        partial(actions.join_waitlist, by=ANONYMOUS, waits=waits(), whom=whom),
        partial(actions.join_waitlist, by=citizen, waits=waits()),
    )

    waiting = WaitlistEntry.objects.filter(joined_at__isnull=False, places__isnull=False)
    assert {row.person_id for row in waiting} <= {citizen.person}
    places = list(WaitlistPlace.objects.values_list("identity", "offer"))
    assert len(places) == len(set(places)) > 0
    assert answers.count(AlreadyWaiting) <= 1
