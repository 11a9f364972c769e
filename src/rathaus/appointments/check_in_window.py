"""When somebody with an appointment may check in, and whether the appointment still counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rathaus.appointments.calling_order import Punctuality


class Arrival(StrEnum):
    """How somebody comes to an appointment."""

    TOO_EARLY = "too_early"
    IN_TIME = "in_time"
    LATE = "late"


@dataclass(frozen=True)
class CheckIn:
    """From `opens` before the appointment people check in; after `punctuality.late` it is none."""

    opens: timedelta
    punctuality: Punctuality

    def arrival(self, appointment_at: datetime, now: datetime) -> Arrival:
        """Late people are served like those without an appointment."""
        if now < appointment_at - self.opens:
            return Arrival.TOO_EARLY
        if now > appointment_at + self.punctuality.late:
            return Arrival.LATE
        return Arrival.IN_TIME
