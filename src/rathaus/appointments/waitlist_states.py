"""The states of an entry in the waitlist, and which may follow which."""

from collections.abc import Mapping
from enum import StrEnum


class Waiting(StrEnum):
    """Where an entry stands. `DECLINED` and `EXPIRED` are ends: no to every proposal, or no answer
    to any, or nothing left to wait for.
    """

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """How a proposal ended; `OPEN` is none yet."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


FOLLOWERS: Mapping[Waiting, frozenset[Waiting]] = {
    Waiting.WAITING: frozenset({Waiting.OFFERED, Waiting.EXPIRED, Waiting.WITHDRAWN}),
    Waiting.OFFERED: frozenset(
        {Waiting.WAITING, Waiting.TAKEN, Waiting.DECLINED, Waiting.EXPIRED, Waiting.WITHDRAWN}
    ),
    Waiting.TAKEN: frozenset(),
    Waiting.DECLINED: frozenset(),
    Waiting.EXPIRED: frozenset(),
    Waiting.WITHDRAWN: frozenset(),
}
OPEN = frozenset({Waiting.WAITING, Waiting.OFFERED})


def may_follow(current: Waiting, wanted: Waiting) -> bool:
    """Whether an entry may go from one state to the other; staying is no step."""
    return wanted in FOLLOWERS[current]


def is_open(state: Waiting) -> bool:
    """Whether somebody still waits."""
    return state in OPEN


def after_no(declined: int, most: int) -> Waiting:
    """Where an entry goes after its `declined`th no: back into the order, or out of the list."""
    return Waiting.DECLINED if declined >= most else Waiting.WAITING


def after_silence(unanswered: int, most: int) -> Waiting:
    """Where an entry goes after so many proposals in all without an answer."""
    return Waiting.EXPIRED if unanswered >= most else Waiting.WAITING
