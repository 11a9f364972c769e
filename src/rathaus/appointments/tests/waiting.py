"""Somebody who waits: what the tests of the waitlist share."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from rathaus.appointments import actions
from rathaus.appointments.actions import Waits, Whom
from rathaus.appointments.models import Booking, Proposal, WaitlistEntry
from rathaus.appointments.queries import Wish
from rathaus.appointments.tests.conftest import at, want
from rathaus.appointments.waitlist_order import DayPart, Suits
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor
from rathaus.core.clock import now
from rathaus.core.models import OutgoingMail

MONDAY, TUESDAY, FRIDAY = "2026-09-14", "2026-09-15", "2026-09-18"
EVERY_DAY = frozenset(range(7))


OVERLAPS = """
    SELECT count(*) FROM appointments_booking AS one JOIN appointments_booking AS other
    ON one.counter_id = other.counter_id AND one.id < other.id AND one.occupies && other.occupies
    WHERE one.state IN ('held', 'booked', 'arrived')
        AND other.state IN ('held', 'booked', 'arrived')
"""


def overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return int(cursor.fetchone()[0])


def booked(by: Actor, clock: str = "08:00", day: str = FRIDAY) -> Booking:
    held = actions.hold(by=by, wanted=want(), begins_at=at(day, clock))
    actions.confirm(by=by, booking=held.booking)
    return Booking.objects.get(pk=held.booking)


def waits(**changed: Any) -> Waits:
    """For a passport, any time within two weeks, told at least two hours before."""
    fields: dict[str, Any] = {
        "earliest": date(2026, 9, 14),
        "latest": date(2026, 9, 28),
        "weekdays": EVERY_DAY,
        "parts": frozenset(DayPart),
        "notice_hours": 2,
    }
    persons = changed.pop("persons", 1)
    locations = changed.pop("locations", ("rathaus",))
    return Waits((Wish("ausweis", persons),), locations, Suits(**{**fields, **changed}))


def join(by: Actor, booking: Booking | None = None, **changed: Any) -> UUID:
    entry = actions.join_waitlist(
        by=by, waits=waits(**changed), booking=booking.pk if booking else None
    )
    return one_after_the_other(entry)


def guest_joins(name: str, email: str, **changed: Any) -> UUID:
    """A guest who has confirmed their mailbox."""
    entry = actions.join_waitlist(
        by=ANONYMOUS, waits=waits(**changed), whom=Whom(name=name, email=email)
    )
    actions.confirm_waiting_by_link(token=mailed_token("bestaetigen"))
    return one_after_the_other(entry)


def one_after_the_other(entry: UUID) -> UUID:
    """The clock of the tests stands still; those who wait came one second after the other."""
    joined = now() - timedelta(seconds=60 - WaitlistEntry.objects.count())
    WaitlistEntry.objects.filter(pk=entry).update(joined_at=joined, made_at=joined)
    return entry


def mailed_token(word: str) -> str:
    """The secret of the newest mail with such a link."""
    pattern = re.compile(rf"/termine/warteliste/{word}/(\S+?)/")
    texts = OutgoingMail.objects.order_by("-created_at", "-pk").values_list("text", flat=True)
    return next(found[1] for text in texts if (found := pattern.search(text)))


def states() -> list[str]:
    return list(WaitlistEntry.objects.order_by("made_at", "pk").values_list("state", flat=True))


def asked() -> list[UUID]:
    """The entries that have an open proposal, in the order in which they were asked."""
    rows = Proposal.objects.filter(answer="open").order_by("sent_at", "pk")
    return list(rows.values_list("entry", flat=True))


def expire_now() -> int:
    return actions.expire_proposals(by=SYSTEM)
