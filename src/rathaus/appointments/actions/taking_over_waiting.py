"""Lets a guest's places in the waitlist follow into the account of the citizen who takes over."""

from rathaus.accounts.events import MattersTakenOver
from rathaus.accounts.queries import actor_by_id
from rathaus.appointments.actions.waitlist_rows import locked_entry
from rathaus.appointments.identity import identity_of
from rathaus.appointments.models import WaitlistEntry, WaitlistPlace
from rathaus.audit.actions import record
from rathaus.core.transaction import atomic


@atomic
def take_over_waiting(event: MattersTakenOver) -> None:
    """Make the named entries of the guest the citizen's; they keep their place in the order.

    Where the citizen waits for the same offer already, the guest's place goes on counting alone.
    """
    by = actor_by_id(event.citizen)
    keys = WaitlistEntry.objects.filter(person=event.guest).values_list("pk", flat=True)
    for key in sorted(keys):
        if str(key) not in event.references:
            continue
        row = locked_entry(key)
        row.person_id = event.citizen
        row.identity = identity_of(person=event.citizen, email="")
        row.save(update_fields=["person", "identity"])
        offers = sorted(set(row.places.values_list("offer", flat=True)))
        places = [WaitlistPlace(entry=row, identity=row.identity, offer=slug) for slug in offers]
        WaitlistPlace.objects.bulk_create(places, ignore_conflicts=True)
        about = [event.guest, event.citizen]
        record(by=by, did="appointments.taken_over", on=row, about=about)
