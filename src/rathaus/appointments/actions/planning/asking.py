"""Asks somebody whom nobody can serve to choose another time."""

from __future__ import annotations

from uuid import UUID

from rathaus.appointments.actions.move_letters import ask_for_another_time
from rathaus.appointments.actions.rows import note
from rathaus.appointments.errors import NotPossibleNow
from rathaus.appointments.models import MoveRequest
from rathaus.appointments.planning_errors import NobodyToTell, UnknownPlan
from rathaus.appointments.queries.finding import SERVE, address_of, booking_rows
from rathaus.appointments.queries.planning.places import PLAN
from rathaus.appointments.states import State
from rathaus.audit.reading import reading
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.localized import Localized
from rathaus.core.transaction import atomic


@atomic
def ask_to_move(*, by: Actor, booking: UUID, reason: Localized) -> None:
    """Mail the owner of an appointment a way to choose another time; they keep it until then.

    Asking again sends the mail again, with a fresh link. Raises `UnknownPlan` for those who neither
    plan nor serve at its location, `NotPossibleNow`, `NobodyToTell` where no mail reaches anybody.
    """
    with reading(by=by, did="appointments.asked_to_move"):
        row = booking_rows().select_for_update(of=("self",)).filter(pk=booking).first()
    if row is None or not any(by.may(right, row.location.department_id) for right in (PLAN, SERVE)):
        raise UnknownPlan
    if row.state != State.BOOKED or row.begins_at <= now():
        raise NotPossibleNow
    if not address_of(row):
        raise NobodyToTell
    MoveRequest.objects.update_or_create(
        booking=row, begins_at=row.begins_at, defaults={"reason": reason, "asked_at": now()}
    )
    note(row, by=by, did="appointments.asked_to_move")
    ask_for_another_time(row, reason)
