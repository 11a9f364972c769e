"""Places and times of the city, and who has which of them."""

from rathaus.appointments.models.bookings import Booking, BookingLink
from rathaus.appointments.models.places import (
    Absence,
    Closure,
    Counter,
    Duty,
    Location,
    Offer,
    OpeningHours,
    Quota,
    QuotaUse,
    Skill,
    StaffSkill,
)

__all__ = [
    "Absence",
    "Booking",
    "BookingLink",
    "Closure",
    "Counter",
    "Duty",
    "Location",
    "Offer",
    "OpeningHours",
    "Quota",
    "QuotaUse",
    "Skill",
    "StaffSkill",
]
