"""How a location runs its queue: its settings, its series, and what is watched there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from rathaus.appointments.calling_order import Punctuality
from rathaus.appointments.check_in_window import CheckIn
from rathaus.appointments.models import Location, Offer, QueueSettings, TicketSeries
from rathaus.core.live import Topic
from rathaus.core.localized import Localized

FIRST_LETTER = "A"
ALL_MATTERS: Localized = {"de": "Alle Anliegen", "en": "All matters"}


@dataclass(frozen=True)
class Series:
    """A group of matters whose tickets share a letter."""

    letter: str
    title: Localized
    offers: tuple[Offer, ...]


def queue_topic(location: int) -> Topic:
    """What everybody watches who looks at the queue of a location."""
    return Topic("queue", location)


def settings_of(location: Location) -> QueueSettings:
    """The settings of a location, or the defaults."""
    found = QueueSettings.objects.filter(pk=location.pk).first()
    return found or QueueSettings(location=location)


def punctuality_of(settings: QueueSettings) -> Punctuality:
    """What counts as in time for an appointment."""
    return Punctuality(
        timedelta(minutes=settings.early_minutes), timedelta(minutes=settings.late_minutes)
    )


def check_in_of(settings: QueueSettings) -> CheckIn:
    """When people with an appointment may check in."""
    return CheckIn(timedelta(minutes=settings.check_in_minutes), punctuality_of(settings))


def series_of(location: Location) -> list[Series]:
    """The groups of a location by letter; without any, all offers are one group."""
    rows = TicketSeries.objects.filter(location=location).prefetch_related("offers")
    found = [
        Series(
            row.letter,
            row.title,
            tuple(sorted((o for o in row.offers.all() if o.active), key=lambda offer: offer.slug)),
        )
        for row in rows.order_by("letter")
    ]
    if found:
        return [series for series in found if series.offers]
    offers = tuple(Offer.objects.filter(active=True).order_by("slug"))
    return [Series(FIRST_LETTER, ALL_MATTERS, offers)]
