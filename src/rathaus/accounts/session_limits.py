"""How long somebody stays signed in: without a sign of life, and at most (ASVS 7.3.1, 7.3.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class SessionLimit:
    """`idle`: the longest pause; `absolute`: the longest session, however busy."""

    idle: timedelta
    absolute: timedelta

    def has_ended(self, *, since: datetime, seen: datetime, now: datetime) -> bool:
        """Whether a session that began at `since` and was last `seen` then is over; a limit reached
        is a limit passed.
        """
        return now - seen >= self.idle or now - since >= self.absolute
