"""What is known of a queue at one moment: counters, those who wait, those who are expected."""

from dataclasses import dataclass
from datetime import datetime

from rathaus.appointments.calling_order import Punctuality, Turn, Waiting
from rathaus.appointments.queue_log import Opening


@dataclass(frozen=True)
class Serving:
    """Whom a counter has called; `began_at` is absent while that person is on the way."""

    offers: tuple[str, ...]
    called_at: datetime
    began_at: datetime | None = None


@dataclass(frozen=True)
class Counter:
    """A counter today: by plan open in `openings`, with this clerk and these skills.

    `free_since` is when the last person left it, absent while it serves and before its first call.
    """

    name: str
    skills: frozenset[str]
    openings: tuple[Opening, ...]
    clerk: str = ""
    serving: Serving | None = None
    free_since: datetime | None = None


@dataclass(frozen=True)
class Expected:
    """An appointment of today whose person has not arrived yet.

    `number` is that of nobody else today and stays the same when the person arrives, so that the
    estimate draws the same luck again. All numbers are below 1,000,000,000.
    """

    number: int
    offers: tuple[str, ...]
    appointment_at: datetime
    turn: Turn = Turn.NORMAL
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True)
class QueueState:
    """One location at one moment."""

    counters: tuple[Counter, ...]
    waiting: tuple[Waiting, ...]
    expected: tuple[Expected, ...]
    punctuality: Punctuality
