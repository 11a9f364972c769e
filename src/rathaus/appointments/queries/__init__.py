"""What others may read of appointments."""

from rathaus.appointments.needs import Wish
from rathaus.appointments.queries.free import (
    FreeSlots,
    Wanted,
    earliest_of,
    free_slots,
    next_free,
    wanted_again,
)

__all__ = [
    "FreeSlots",
    "Wanted",
    "Wish",
    "earliest_of",
    "free_slots",
    "next_free",
    "wanted_again",
]
