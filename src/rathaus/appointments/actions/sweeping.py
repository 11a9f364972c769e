"""Puts away the holds that nobody confirmed in time."""

from rathaus.appointments.actions import taking
from rathaus.appointments.actions.rows import freed_event
from rathaus.appointments.models import Booking
from rathaus.appointments.queries.finding import booking_rows
from rathaus.appointments.states import State
from rathaus.audit.actions import record
from rathaus.core.actor import Actor, ActorKind
from rathaus.core.clock import local_date, now
from rathaus.core.errors import NotAllowed
from rathaus.core.events import publish
from rathaus.core.transaction import atomic

AT_ONCE = 200


def sweep_holds(*, by: Actor) -> int:
    """Let every hold end that has run out; how many. A second sweep finds nothing.

    What is being confirmed or put away at this moment is left to whoever does it.
    """
    if by.kind is not ActorKind.SYSTEM:
        raise NotAllowed
    total = 0
    while swept := _sweep_some(by):
        total += swept
    return total


@atomic
def _sweep_some(by: Actor) -> int:
    moment = now()
    rows = list(
        booking_rows()
        .filter(state=State.HELD, hold_until__lte=moment)
        .order_by("location", "begins_at", "pk")
        .select_for_update(of=("self",), skip_locked=True)[:AT_ONCE]
    )
    if not rows:
        return 0
    for row in sorted(rows, key=lambda row: (row.location_id, local_date(row.begins_at))):
        taking.give_back(row, State.EXPIRED)
        row.revision += 1
        row.changed_at = moment
    Booking.objects.bulk_update(rows, ["state", "revision", "changed_at", "quota_minutes"])
    about = {row.person_id for row in rows if row.person_id}
    record(by=by, did="appointments.holds_swept", about=about, details={"holds": len(rows)})
    for row in rows:
        if row.frees_at > moment:
            publish(freed_event(row))
    return len(rows)
