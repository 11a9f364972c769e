"""Moved as one row; reminded once; a calendar entry that other programs read."""

from datetime import timedelta

import pytest
import time_machine
from icalendar import Calendar
from tests.tables import tables

from rathaus.appointments import actions
from rathaus.appointments.actions import Whom
from rathaus.appointments.errors import NotPossibleNow, QuotaExhausted, SlotTaken
from rathaus.appointments.models import Booking, Counter, Location, Offer, Quota, QuotaUse
from rathaus.appointments.tests.conftest import at, want
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.errors import NotAllowed
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db
EIGHT = at("2026-09-14", "08:00")


def booked(by: Actor, clock: str = "08:00", day: str = "2026-09-14") -> Booking:
    held = actions.hold(by=by, wanted=want(), begins_at=at(day, clock))
    actions.confirm(by=by, booking=held.booking)
    return Booking.objects.get(pk=held.booking)


def test_by_less_than_its_own_length(offer: Offer, applicant: Actor, people: list[Actor]) -> None:
    Counter.objects.filter(number=2).update(active=False)
    row = booked(applicant)

    actions.move(by=applicant, booking=row.pk, begins_at=at("2026-09-14", "08:10"))
    actions.move(by=applicant, booking=row.pk, begins_at=at("2026-09-14", "08:10"))

    assert Booking.objects.count() == 1
    row.refresh_from_db()
    assert (row.begins_at, row.revision) == (at("2026-09-14", "08:10"), 3)
    assert row.frees_at - row.begins_at == timedelta(minutes=35)


def test_a_taken_time_leaves_the_old_one(
    offer: Offer, applicant: Actor, people: list[Actor]
) -> None:
    Counter.objects.filter(number=2).update(active=False)
    row = booked(applicant)
    booked(people[0], "09:00")
    before = tables()

    with pytest.raises(SlotTaken) as taken:
        actions.move(by=applicant, booking=row.pk, begins_at=at("2026-09-14", "08:50"))

    assert taken.value.next_free[0].begins_at == at("2026-09-14", "09:35")
    assert tables() == before


def test_the_quota_goes_along(
    offer: Offer, location: Location, applicant: Actor, people: list[Actor], clerk: Actor
) -> None:
    Quota.objects.create(location=location, channel="online", share=10)  # 48 of 480 minutes
    row = booked(applicant)
    booked(people[0], day="2026-09-15")
    before = tables()
    with pytest.raises(QuotaExhausted):
        actions.move(by=applicant, booking=row.pk, begins_at=at("2026-09-15", "10:00"))
    assert tables() == before

    actions.move(by=applicant, booking=row.pk, begins_at=at("2026-09-16", "10:00"))
    actions.book(
        by=clerk, wanted=want(channel="phone"), begins_at=EIGHT, whom=Whom(name="Herr Alt")
    )

    used = dict(QuotaUse.objects.values_list("day", "online"))
    assert {day.isoformat(): minutes for day, minutes in used.items()} == {
        "2026-09-14": 0,
        "2026-09-15": 35,
        "2026-09-16": 35,
    }
    actions.cancel(by=applicant, booking=row.pk)
    assert sum(QuotaUse.objects.values_list("online", flat=True)) == 35


def test_only_what_is_booked_and_still_to_come(offer: Offer, applicant: Actor) -> None:
    held = actions.hold(by=applicant, wanted=want(), begins_at=EIGHT)
    before = tables()
    with pytest.raises(NotPossibleNow):
        actions.move(by=applicant, booking=held.booking, begins_at=at("2026-09-15", "08:00"))
    assert tables() == before
    actions.confirm(by=applicant, booking=held.booking)
    before = tables()
    with time_machine.travel(EIGHT, tick=False):
        with pytest.raises(NotPossibleNow):
            actions.move(by=applicant, booking=held.booking, begins_at=at("2026-09-15", "08:00"))
        with pytest.raises(NotPossibleNow):
            actions.cancel(by=applicant, booking=held.booking)
    assert tables() == before


def test_everybody_is_reminded_of_tomorrow_once(offer: Offer, people: list[Actor]) -> None:
    booked(people[0], day="2026-09-15")
    booked(people[1], day="2026-09-16")
    OutgoingMail.objects.all().delete()
    with pytest.raises(NotAllowed):
        actions.remind(by=people[0])
    assert not OutgoingMail.objects.exists()

    assert actions.remind(by=SYSTEM) == 1
    assert actions.remind(by=SYSTEM) == 0

    [mail] = OutgoingMail.objects.all()
    assert mail.subject == "Erinnerung: Ihr Termin am 15.09.2026"


def test_the_calendar_follows_every_change(offer: Offer, applicant: Actor) -> None:
    row = booked(applicant)
    actions.move(by=applicant, booking=row.pk, begins_at=at("2026-09-15", "09:00"))
    actions.cancel(by=applicant, booking=row.pk)

    calendars = [
        Calendar.from_ical(mail.calendar)
        for mail in OutgoingMail.objects.order_by("created_at", "pk")
    ]
    entries = sorted(
        (
            int(entry["SEQUENCE"]),
            str(calendar["METHOD"]),
            str(entry["STATUS"]),
            entry.decoded("DTSTART"),
            str(entry["UID"]).partition("@")[0],
        )
        for calendar in calendars
        for entry in calendar.walk("VEVENT")
    )
    first, second = at("2026-09-14", "08:00"), at("2026-09-15", "09:00")
    assert entries == [
        (2, "REQUEST", "CONFIRMED", first, str(row.pk)),
        (3, "REQUEST", "CONFIRMED", second, str(row.pk)),
        (4, "CANCEL", "CANCELLED", second, str(row.pk)),
    ]
