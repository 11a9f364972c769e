"""The only place that asks what time it is. Rules never call it: they are given their dates."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

VIENNA = ZoneInfo("Europe/Vienna")

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _told.get() or timezone.now()


def today() -> date:
    """Today's date where the city hall stands: legal deadlines are dates in Europe/Vienna."""
    return local_date(now())


def local_date(moment: datetime) -> date:
    """The date that an aware moment has in Europe/Vienna."""
    return moment.astimezone(VIENNA).date()


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Let it be `moment` (aware) in this thread: for a demo city that has a past, never for people.

    Whoever uses it keeps the order of events: the audit trail is told forwards.
    """
    token = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)
