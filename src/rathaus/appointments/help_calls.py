"""Calls for help from a counter: who hears them, who may close them, when nobody has answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

SECONDS_TO_ANSWER = 30
FEWEST_SECONDS, MOST_SECONDS = 10, 600
LONGEST_NOTE = 200
SAME_CALL_WITHIN = timedelta(minutes=10)


class Outcome(StrEnum):
    """What became of a call."""

    DONE = "done"
    FALSE_ALARM = "false_alarm"
    CALLED_AGAIN = "called_again"


@dataclass(frozen=True)
class HelpTerms:
    """How long colleagues have to answer, and whom the house writes to where nobody did."""

    seconds: int = SECONDS_TO_ANSWER
    emails: tuple[str, ...] = ()

    def unanswered_at(self, called_at: datetime) -> datetime:
        """From then on a call that nobody answered goes to the list."""
        return called_at + timedelta(seconds=self.seconds)


def is_the_same(called_at: datetime, now: datetime, *, same_place: bool, answered: bool) -> bool:
    """Whether a further press means the call that is open already.

    It does not once somebody comes, or from another place, or after ten minutes: then who presses
    again needs help again, and an old call that nobody closed must not swallow it.
    """
    return same_place and not answered and now - called_at < SAME_CALL_WITHIN


def hears(at_counter_of: int | None, location: int) -> bool:
    """Whether a call concerns somebody who serves at its location.

    Whoever is at an open counter of another location now is elsewhere, and is not disturbed.
    """
    return at_counter_of is None or at_counter_of == location


def may_close(person: UUID | None, caller: UUID, coming: Collection[UUID], *, heads: bool) -> bool:
    """Whoever called, whoever comes, and the head of the location say that it is over.

    Nobody else: a press from afar must not end a call that nobody has looked after.
    """
    return heads or person == caller or person in coming
