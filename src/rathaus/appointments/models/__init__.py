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
from rathaus.appointments.models.queue import (
    CounterSession,
    HelpCall,
    QueueDay,
    QueueEvent,
    QueueLesson,
    QueueSettings,
    Ticket,
    TicketSeries,
    WaitGiven,
)
from rathaus.appointments.models.waitlist import (
    KeptBack,
    Proposal,
    WaitlistEntry,
    WaitlistLink,
    WaitlistPlace,
)

__all__ = [
    "Absence",
    "Booking",
    "BookingLink",
    "Closure",
    "Counter",
    "CounterSession",
    "Duty",
    "HelpCall",
    "KeptBack",
    "Location",
    "Offer",
    "OpeningHours",
    "Proposal",
    "QueueDay",
    "QueueEvent",
    "QueueLesson",
    "QueueSettings",
    "Quota",
    "QuotaUse",
    "Skill",
    "StaffSkill",
    "Ticket",
    "TicketSeries",
    "WaitGiven",
    "WaitlistEntry",
    "WaitlistLink",
    "WaitlistPlace",
]
