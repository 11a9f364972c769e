"""The states of a ticket, and which may follow which."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class TicketState(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    MISSED = "missed"
    FINISHED = "finished"
    LEFT = "left"


class TicketChannel(StrEnum):
    """By which way somebody joined the queue."""

    KIOSK = "kiosk"
    PHONE = "phone"
    DESK = "desk"
    BOOKING = "booking"
    VIDEO = "video"


W, C, S, P, M, F, L = TicketState

# Missed comes back to the queue where somebody turns up after all; finished goes back to serving
# where a clerk pressed the wrong button.
FOLLOWERS: Mapping[TicketState, frozenset[TicketState]] = {
    W: frozenset({W, C, F, L}),
    C: frozenset({C, W, S, P, M, F, L}),
    S: frozenset({W, P, F}),
    P: frozenset({W, C, M, F, L}),
    M: frozenset({W}),
    F: frozenset({S}),
    L: frozenset(),
}

OPEN = frozenset({W, C, S, P})
AT_COUNTER = frozenset({C, S})
UNDO_WITHIN = timedelta(minutes=2)


def may_become(current: TicketState, wanted: TicketState) -> bool:
    """Whether a ticket may go from one state to the other."""
    return wanted in FOLLOWERS[current]
