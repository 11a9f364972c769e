"""Guests are forgotten in time, on the day and not before; what happened at the counters stays."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from tests.tables import tables

from rathaus.appointments import actions
from rathaus.appointments.actions import Whom
from rathaus.appointments.actions.forgetting import NOBODY, Forgotten
from rathaus.appointments.jobs import forget_old_guests
from rathaus.appointments.models import Booking, BookingLink, Offer, WaitlistEntry, WaitlistLink
from rathaus.appointments.retention import kept_guests, kept_on
from rathaus.appointments.tests.conftest import at, want
from rathaus.audit.models import Entry
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor
from rathaus.core.errors import NotAllowed

pytestmark = pytest.mark.django_db
EIGHT = at("2026-09-14", "08:00")
GUEST = Whom(name="Ida Gast", email="ida@example.org", phone="+43 660 1")
KEPT = kept_on(date(2026, 9, 14))
LAST_DAY = EIGHT.date() + timedelta(days=KEPT.after_appointment_days)


def on(day: date, clock: str = "02:35") -> time_machine.travel:
    return time_machine.travel(at(day.isoformat(), clock), tick=False)


def contact(row: Booking | WaitlistEntry) -> dict[str, str]:
    row.refresh_from_db()
    return {name: getattr(row, name) for name in NOBODY}


@pytest.fixture
def guest(offer: Offer) -> Booking:
    """Booked at the phone; nobody ever noted whether they came."""
    held = actions.hold(by=ANONYMOUS, wanted=want(), begins_at=EIGHT, whom=GUEST)
    actions.confirm(by=ANONYMOUS, booking=held.booking, proofs={held.booking})
    return Booking.objects.get(pk=held.booking)


def test_a_guest_is_forgotten_after_the_last_day_and_the_appointment_stays(
    guest: Booking, applicant: Actor
) -> None:
    own = actions.hold(by=applicant, wanted=want(), begins_at=at("2026-09-14", "09:00"))
    actions.confirm(by=applicant, booking=own.booking)
    assert BookingLink.objects.filter(booking=guest).count() == 3
    before = tables()
    with on(LAST_DAY, "23:59"):
        assert actions.forget_guests(by=SYSTEM) == Forgotten(0, 0)
    assert tables() == before

    with on(LAST_DAY + timedelta(days=1)):
        with pytest.raises(NotAllowed):
            actions.forget_guests(by=applicant)
        assert tables() == before
        assert actions.forget_guests(by=SYSTEM) == Forgotten(1, 0)
        forgotten = tables()
        assert actions.forget_guests(by=SYSTEM) == Forgotten(0, 0)
        assert tables() == forgotten

    assert contact(guest) == NOBODY
    assert (guest.state, guest.begins_at, guest.persons) == ("booked", EIGHT, 1)
    assert not BookingLink.objects.filter(booking=guest).exists()
    assert Booking.objects.get(pk=own.booking).person_id == applicant.person
    entry = Entry.objects.get(did="appointments.guests_forgotten")
    assert entry.details == {"bookings": 1, "entries": 0}


def test_what_nobody_confirmed_is_forgotten_soon(offer: Offer) -> None:
    held = actions.hold(by=ANONYMOUS, wanted=want(), begins_at=EIGHT, whom=GUEST)
    with on(date(2026, 9, 14), "20:00"):
        actions.sweep_holds(by=SYSTEM)
        assert actions.forget_guests(by=SYSTEM) == Forgotten(0, 0)
    with on(date(2026, 9, 16)):
        assert actions.forget_guests(by=SYSTEM) == Forgotten(1, 0)
    row = Booking.objects.get(pk=held.booking)
    assert (row.state, contact(row)) == ("expired", NOBODY)


def test_the_matter_of_a_case_is_not_forgotten(guest: Booking) -> None:
    Booking.objects.update(case_number="RP-2026-000001")
    with on(LAST_DAY + timedelta(days=400)):
        assert actions.forget_guests(by=SYSTEM) == Forgotten(0, 0)


def test_who_waited_is_forgotten_and_who_waits_is_not(offer: Offer) -> None:
    def waits(name: str) -> WaitlistEntry:
        return WaitlistEntry.objects.create(
            chosen=[{"offer": "ausweis", "persons": 1}],
            locations=["rathaus"],
            earliest="2026-09-15",
            latest="2027-09-15",
            weekdays=[0],
            parts=["morning"],
            notice_hours=2,
            guest_name=name,
            guest_email=f"{name}@example.org",
            identity=name,
            state="waiting",
            made_at=EIGHT,
            joined_at=EIGHT,
            changed_at=EIGHT,
        )

    over, still = waits("otto"), waits("ida")
    WaitlistEntry.objects.filter(pk=over.pk).update(state="withdrawn")
    WaitlistLink.objects.create(entry=over, purpose="leave", token_hash="0" * 64, expires_at=EIGHT)
    last = EIGHT.date() + timedelta(days=KEPT.after_waiting_days)
    with on(last):
        assert actions.forget_guests(by=SYSTEM) == Forgotten(0, 0)
    with on(last + timedelta(days=1)):
        forget_old_guests(timestamp=0)
    assert contact(over) == NOBODY
    assert contact(still)["guest_email"] == "ida@example.org"
    assert not WaitlistLink.objects.exists()


def test_the_newest_row_in_force_counts_and_each_names_its_source() -> None:
    assert all(row.source for row in kept_guests())
    with pytest.raises(LookupError, match="retention of guests"):
        kept_on(date(2025, 12, 31))


def test_the_privacy_page_says_so(city: None, client: Client) -> None:
    said = client.get("/datenschutz/").content.decode()
    assert f"Ihren Kontakt {KEPT.after_appointment_days} Tage danach" in said
