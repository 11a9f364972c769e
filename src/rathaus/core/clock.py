"""The only place that asks what time it is. Rules never call it: they are given their dates."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

VIENNA = ZoneInfo("Europe/Vienna")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """Today's date where the city hall stands: legal deadlines are dates in Europe/Vienna."""
    return local_date(now())


def local_date(moment: datetime) -> date:
    """The date that an aware moment has in Europe/Vienna."""
    return moment.astimezone(VIENNA).date()
