"""The one way to change a booking's row, and to write the change down."""

from typing import Any
from uuid import UUID

from django.db import connection

from rathaus.appointments.errors import NotPossibleNow
from rathaus.appointments.events import SlotFreed
from rathaus.appointments.models import Booking
from rathaus.appointments.queries.finding import Proofs, booking_rows, visible_booking
from rathaus.appointments.states import State, may_follow
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now

SAVE = """
    UPDATE appointments_booking
    SET state = %s, revision = %s, changed_at = %s, quota_minutes = %s WHERE id = %s
"""


def locked(by: Actor, booking: UUID, did: str, proofs: Proofs) -> Booking:
    """The booking, locked until the end of the action. Raises `NotFound`."""
    rows = booking_rows().select_for_update(of=("self",))
    return visible_booking(by, booking, did=did, proofs=proofs, rows=rows)


def require(row: Booking, state: State) -> None:
    """Raise `NotPossibleNow` where that state may not follow."""
    if not may_follow(State(row.state), state):
        raise NotPossibleNow


def step(row: Booking, state: State) -> None:
    """Put the booking into that state. Raises `NotPossibleNow`."""
    require(row, state)
    row.state = state


def write_down(row: Booking, *, by: Actor, did: str, why: str = "") -> None:
    """Save the state under the next revision, with an audit entry."""
    row.revision += 1
    row.changed_at = now()
    with connection.cursor() as cursor:
        values: list[Any] = [row.state, row.revision, row.changed_at, row.quota_minutes, row.pk]
        cursor.execute(SAVE, values)
    note(row, by=by, did=did, why=why)


def note(row: Booking, *, by: Actor, did: str, why: str = "") -> None:
    """The audit entry alone, where the row is saved already."""
    about = [row.person_id] if row.person_id else []
    record(by=by, did=did, on=row, about=about, case=row.case_number, why=why)


def freed_event(row: Booking) -> SlotFreed:
    """What others hear of time that is free again."""
    return SlotFreed(
        row.location.slug,
        row.counter_id,
        row.begins_at,
        row.frees_at,
        tuple(wish["offer"] for wish in row.chosen),
        row.channel,
        row.pk,
    )
