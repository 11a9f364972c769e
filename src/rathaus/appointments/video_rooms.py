"""Where people meet by video: the address of a room, when one may knock, and what is to do now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from rathaus.appointments.states import State
from rathaus.appointments.ticket_states import TicketState

MINUTES_BEFORE = 15
MOST_MINUTES_BEFORE = 120
LONGEST_ADDRESS = 300


class BadRoomAddress(ValueError):
    """Nobody can be sent there."""


@dataclass(frozen=True)
class VideoTerms:
    """The video service of a location, or of one of its counters.

    `address` is where rooms are (`https://meet.example.org/`), or the one room of a counter where
    it `is_fixed`. An address that begins with a slash is a page of this house.
    """

    address: str
    is_fixed: bool = False
    opens_minutes: int = MINUTES_BEFORE

    @property
    def opens(self) -> timedelta:
        """How long before the appointment people may say that they are there."""
        return timedelta(minutes=self.opens_minutes)


def checked_address(text: str) -> str:
    """The address without blanks around it.

    Only https, or a path of this house: what is said there is nobody else's business. Raises
    `BadRoomAddress`, for a name and password in the address too.
    """
    address = text.strip()
    parts = urlsplit(address)
    here = address.startswith("/") and not address.startswith("//")
    there = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    is_plain = address.isprintable() and not any(letter in address for letter in ' "<>\\^`{|}')
    if not (here or there) or not is_plain or len(address) > LONGEST_ADDRESS or parts.fragment:
        raise BadRoomAddress(text)
    return address


def room_address(terms: VideoTerms, room: str) -> str:
    """The address of a room; a fixed room is the same for everybody."""
    return terms.address if terms.is_fixed else f"{terms.address.rstrip('/')}/{room}"


class Step(StrEnum):
    """What somebody with an appointment by video does now."""

    NOT_YET = "not_yet"
    ARRIVE = "arrive"
    IN_HOUSE = "in_house"
    WAIT = "wait"
    ENTER = "enter"
    PARKED = "parked"
    MISSED = "missed"
    DONE = "done"
    OFF = "off"


OF_TICKETS = {
    TicketState.WAITING: Step.WAIT,
    TicketState.CALLED: Step.ENTER,
    TicketState.SERVING: Step.ENTER,
    TicketState.PARKED: Step.PARKED,
    TicketState.MISSED: Step.MISSED,
    TicketState.FINISHED: Step.DONE,
    TicketState.LEFT: Step.MISSED,
}
OF_BOOKINGS = {
    State.HELD: Step.OFF,
    State.CANCELLED: Step.OFF,
    State.EXPIRED: Step.OFF,
    State.MISSED: Step.MISSED,
    State.FINISHED: Step.DONE,
}


def step_now(
    booking: State,
    ticket: TicketState | None,
    begins_at: datetime,
    now: datetime,
    opens: timedelta,
    *,
    in_house: bool = False,
) -> Step:
    """What is to do: the number in the queue says it, before there is one the booking does.

    `in_house` where they came to the house after all and wait there.
    """
    if in_house:
        return Step.IN_HOUSE
    if ticket is not None:
        return OF_TICKETS[ticket]
    if booking in OF_BOOKINGS:
        return OF_BOOKINGS[booking]
    return Step.NOT_YET if now < begins_at - opens else Step.ARRIVE
