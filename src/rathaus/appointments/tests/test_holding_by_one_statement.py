"""Who is signed in holds a time with one statement, which keeps all that the long way keeps."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.tables import tables

from rathaus.appointments import actions
from rathaus.appointments.actions.holding import Whom
from rathaus.appointments.errors import QuotaExhausted, SlotTaken, TooManyBookings
from rathaus.appointments.events import SlotHeld
from rathaus.appointments.limits import MOST_A_DAY, MOST_OPEN, Having, may_have_another
from rathaus.appointments.models import Booking, Counter, Location, Offer, Quota, QuotaUse
from rathaus.appointments.tests.conftest import at, want
from rathaus.core import events
from rathaus.core.actor import Actor, ActorKind

pytestmark = pytest.mark.django_db(transaction=True)
EIGHT = at("2026-09-15", "08:00")
HALF_AN_HOUR = timedelta(minutes=35)
WITHIN = "SELECT appointments_within(%s::json, %s::jsonb)"


def test_one_statement_and_no_transaction_around_it(
    offer: Offer, location: Location, people: list[Actor]
) -> None:
    Quota.objects.create(location=location, channel="online", share=50)
    actions.hold(by=people[0], wanted=want(), begins_at=EIGHT)

    with CaptureQueriesContext(connection) as asked:
        held = actions.hold(by=people[1], wanted=want(), begins_at=EIGHT)

    assert ["appointments_take(" in query["sql"] for query in asked] == [True]
    row = Booking.objects.get(pk=held.booking)
    assert (row.person_id, row.begins_at, row.hold_until) == (
        people[1].person,
        EIGHT,
        held.until,
    )
    assert QuotaUse.objects.get().online == 70


def test_a_guest_who_is_signed_in_keeps_the_name_they_said(offer: Offer, applicant: Actor) -> None:
    guest = replace(applicant, kind=ActorKind.GUEST)
    whom = Whom(name="Flora  Kern", phone="0660 123", email="somebody@else.example")

    held = actions.hold(by=guest, wanted=want(), begins_at=EIGHT, whom=whom)

    row = Booking.objects.get(pk=held.booking)
    assert (row.person_id, row.name, row.guest_phone) == (guest.person, "Flora Kern", "0660 123")
    assert row.guest_email == "", "mail goes to the mailbox that they proved"


@pytest.fixture
def heard() -> Iterator[list[tuple[SlotHeld, bool]]]:
    found: list[tuple[SlotHeld, bool]] = []

    def listener(event: SlotHeld) -> None:
        found.append((event, connection.in_atomic_block))

    events.connect(SlotHeld, listener)
    yield found
    events._listeners[SlotHeld].remove(listener)


def test_whoever_listens_hears_it_in_the_transaction(
    offer: Offer, location: Location, applicant: Actor, heard: list[tuple[SlotHeld, bool]]
) -> None:
    held = actions.hold(by=applicant, wanted=want(), begins_at=EIGHT)
    assert [(event.booking, inside) for event, inside in heard] == [(held.booking, True)]


def test_nobody_has_one_too_many(offer: Offer, location: Location, applicant: Actor) -> None:
    for number in range(2):
        actions.hold(by=applicant, wanted=want(), begins_at=EIGHT + number * HALF_AN_HOUR)
    before = tables()
    with pytest.raises(TooManyBookings):
        actions.hold(by=applicant, wanted=want(), begins_at=EIGHT + 2 * HALF_AN_HOUR)
    assert tables() == before


@pytest.mark.parametrize("share", [0, 10])
def test_the_quota_is_kept(
    offer: Offer, location: Location, people: list[Actor], share: int
) -> None:
    Quota.objects.create(location=location, channel="online", share=share)  # of 480 minutes
    if share:
        actions.hold(by=people[0], wanted=want(), begins_at=EIGHT)
    before = tables()
    with pytest.raises(QuotaExhausted) as refusal:
        actions.hold(by=people[1], wanted=want(), begins_at=EIGHT + HALF_AN_HOUR)
    assert tables() == before
    if share:
        assert {slot.begins_at.date() for slot in refusal.value.next_free} == {date(2026, 9, 16)}


def test_what_is_taken_is_refused_and_what_ran_out_makes_room(
    offer: Offer, location: Location, people: list[Actor]
) -> None:
    Counter.objects.filter(number=2).update(active=False)
    actions.hold(by=people[0], wanted=want(), begins_at=EIGHT)
    before = tables()
    with pytest.raises(SlotTaken) as taken:
        actions.hold(by=people[1], wanted=want(), begins_at=EIGHT)
    assert taken.value.next_free[0].begins_at == EIGHT + HALF_AN_HOUR
    assert tables() == before

    with time_machine.travel("2026-09-14T05:16:00+00:00", tick=False):
        actions.hold(by=people[1], wanted=want(), begins_at=EIGHT)
    states = Booking.objects.order_by("made_at").values_list("state", flat=True)
    assert list(states) == ["expired", "held"]


def test_the_statement_knows_the_limits_as_the_rule_does(db: None) -> None:
    luck = Random(1)
    answers = set()
    for _ in range(300):
        offers = [
            [{"offer": luck.choice("abc"), "persons": 1} for _ in range(luck.randint(1, 2))]
            for _ in range(luck.randint(0, 4))
        ]
        counts = {each: sum(w["offer"] == each for c in offers for w in c) for each in "abc"}
        turn = {
            "open": luck.randint(0, MOST_OPEN),
            "today": luck.randint(0, MOST_A_DAY),
            "offers": offers,
        }
        limits = {each: luck.randint(0, 3) for each in luck.sample("abc", luck.randint(0, 3))}
        bounds = {"open": MOST_OPEN, "today": MOST_A_DAY, "offers": limits}
        with connection.cursor() as cursor:
            cursor.execute(WITHIN, [json.dumps(turn), json.dumps(bounds)])
            answer = cursor.fetchone()[0]
        having = Having(int(turn["open"]), int(turn["today"]), counts)  # type: ignore[call-overload]
        assert answer == may_have_another(having, limits), (turn, limits)
        answers.add(answer)
    assert answers == {True, False}
