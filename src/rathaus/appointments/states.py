"""The states of a booking, and which may follow which."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a booking stands."""

    HELD = "held"
    BOOKED = "booked"
    ARRIVED = "arrived"
    FINISHED = "finished"
    MISSED = "missed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


FOLLOWERS: Mapping[State, frozenset[State]] = {
    State.HELD: frozenset({State.BOOKED, State.CANCELLED, State.EXPIRED}),
    State.BOOKED: frozenset({State.ARRIVED, State.MISSED, State.CANCELLED}),
    State.ARRIVED: frozenset({State.FINISHED, State.MISSED}),
    State.FINISHED: frozenset(),
    State.MISSED: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}

# A booking in one of these keeps its time at its counter from everybody else.
BLOCKING = frozenset({State.HELD, State.BOOKED, State.ARRIVED})
# What somebody has before them: counted against how many they may have at once.
OPEN = frozenset({State.HELD, State.BOOKED})


def may_follow(current: State, wanted: State) -> bool:
    """Whether a booking may go from one state to the other; staying is no step."""
    return wanted in FOLLOWERS[current]


def blocks(state: State) -> bool:
    """Whether nobody else can have the time."""
    return state in BLOCKING


def is_open(state: State) -> bool:
    """Whether somebody is still expected."""
    return state in OPEN
