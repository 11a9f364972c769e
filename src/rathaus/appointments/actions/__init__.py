"""Everything that changes an appointment: permission first, one transaction, one audit entry."""

from rathaus.appointments.actions.attending import arrive, finish, miss
from rathaus.appointments.actions.changing import (
    cancel,
    cancel_by_link,
    confirm,
    confirm_by_link,
)
from rathaus.appointments.actions.holding import Held, Whom, book, hold
from rathaus.appointments.actions.moving import move, move_by_link
from rathaus.appointments.actions.reminding import remind
from rathaus.appointments.actions.sweeping import sweep_holds
from rathaus.appointments.actions.taking_over import take_over_bookings

__all__ = [
    "Held",
    "Whom",
    "arrive",
    "book",
    "cancel",
    "cancel_by_link",
    "confirm",
    "confirm_by_link",
    "finish",
    "hold",
    "miss",
    "move",
    "move_by_link",
    "remind",
    "sweep_holds",
    "take_over_bookings",
]
