"""Appointments that a change hits, as the planner decides about them: a read that is on record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rathaus.appointments.models import Booking, MoveRequest, Offer
from rathaus.appointments.queries.finding import SERVE, address_of, booking_rows
from rathaus.appointments.queries.planning.places import PLAN
from rathaus.audit.reading import reading
from rathaus.core.actor import Actor
from rathaus.core.localized import Localized


@dataclass(frozen=True)
class Hit:
    """An appointment that nobody can serve; the name is empty for those who serve elsewhere.

    `asked_at` is when its owner was asked to choose another time, if they were.
    """

    booking: UUID
    begins_at: datetime
    ends_at: datetime
    location: Localized
    counter: str
    titles: Sequence[Localized]
    name: str
    phone: str
    may_open: bool
    may_tell: bool
    has_mail: bool
    asked_at: datetime | None


def hits(*, by: Actor, bookings: Collection[UUID]) -> list[Hit]:
    """These appointments in the order of their time."""
    if not bookings:
        return []
    with reading(by=by, did="appointments.read"):
        rows = list(booking_rows().filter(pk__in=bookings).order_by("begins_at", "pk"))
        titles: dict[str, Localized] = dict(Offer.objects.values_list("slug", "title"))
        asked = asked_at(rows)
        return [_hit(by, row, titles, asked.get(row.pk)) for row in rows]


def asked_at(rows: Collection[Booking]) -> dict[UUID, datetime]:
    """When their owners were asked to choose another time than the one they still have."""
    requests = MoveRequest.objects.filter(booking__in=[row.pk for row in rows])
    begins = {row.pk: row.begins_at for row in rows}
    return {
        request.booking_id: request.asked_at
        for request in requests
        if request.begins_at == begins[request.booking_id]
    }


def _hit(by: Actor, row: Booking, titles: dict[str, Localized], asked: datetime | None) -> Hit:
    department = row.location.department_id
    serves, plans = by.may(SERVE, department), by.may(PLAN, department)
    return Hit(
        booking=row.pk,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        location=row.location.name,
        counter=row.counter.name,
        titles=[titles[wish["offer"]] for wish in row.chosen if wish["offer"] in titles],
        name=row.name if serves else "",
        phone=phone_of(row) if serves else "",
        may_open=serves,
        may_tell=plans and bool(address_of(row)),
        has_mail=bool(address_of(row)),
        asked_at=asked,
    )


def phone_of(row: Booking) -> str:
    """Where they can be called, if anywhere."""
    return (row.person.phone if row.person else row.guest_phone) or ""
