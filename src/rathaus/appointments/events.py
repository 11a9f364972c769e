"""What other domains may hear of appointments. Times are aware moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class SlotHeld:
    """Somebody has a time until `until`, and has to confirm it by then."""

    booking: UUID
    location: str
    counter: int
    begins_at: datetime
    ends_at: datetime
    channel: str
    until: datetime


@dataclass(frozen=True)
class SlotBooked:
    """An appointment is settled."""

    booking: UUID
    location: str
    counter: int
    begins_at: datetime
    ends_at: datetime
    channel: str
    offers: Sequence[str]
    person: UUID | None
    case_number: str


@dataclass(frozen=True)
class BookingMoved:
    """An appointment takes place at another time, and perhaps at another counter."""

    booking: UUID
    location: str
    counter: int
    begins_at: datetime
    ends_at: datetime
    begun_before: datetime


@dataclass(frozen=True)
class BookingCancelled:
    """Somebody gave an appointment back; `by_staff` where the office did."""

    booking: UUID
    location: str
    begins_at: datetime
    by_staff: bool


@dataclass(frozen=True)
class PersonArrived:
    """Whoever has the appointment is in the house."""

    booking: UUID
    location: str
    counter: int
    begins_at: datetime


@dataclass(frozen=True)
class BookingFinished:
    """The appointment is over, and it took place."""

    booking: UUID
    location: str
    counter: int


@dataclass(frozen=True)
class BookingMissed:
    """Nobody came."""

    booking: UUID
    location: str
    counter: int


@dataclass(frozen=True)
class SlotFreed:
    """A counter has time again, from `begins_at` until `frees_at`.

    Told in the transaction that frees it: a listener that calls `actions.hold` for somebody who
    waits gives it to them before anybody else can see it.
    """

    location: str
    counter: int
    begins_at: datetime
    frees_at: datetime
    offers: Sequence[str]
    channel: str
    booking: UUID | None = None  # whose time it was
