"""What the house learns from its queues: the first wait told to each, and every night the day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from rathaus.appointments.handling_times import learn
from rathaus.appointments.learnt_document import calibration_document, learnt_document
from rathaus.appointments.models import Location, QueueLesson, Ticket, WaitGiven
from rathaus.appointments.queries.past_days import days_with_queue, outcomes, past_day
from rathaus.appointments.queries.waits import planned_times, raw_estimate
from rathaus.appointments.ticket_states import TicketChannel
from rathaus.appointments.waiting_time import Wait, calibrate
from rathaus.core.actor import Actor, ActorKind
from rathaus.core.clock import VIENNA, now, today
from rathaus.core.errors import NotAllowed
from rathaus.core.transaction import atomic

DAYS_LEARNT = 60
DAYS_CALIBRATED = 30


@atomic
def note_wait(*, ticket: UUID) -> None:
    """Keep the wait that a ticket is told first, as it was played; only the first counts."""
    row = Ticket.objects.select_related("location").get(pk=ticket)
    by_video = row.channel == TicketChannel.VIDEO
    found = raw_estimate(row.location, row.position.waiting(), by_video=by_video)
    if isinstance(found, Wait):
        given = WaitGiven(
            ticket=row,
            at=now(),
            low=_seconds(found.low),
            median=_seconds(found.median),
            high=_seconds(found.high),
            chance=found.chance,
        )
        WaitGiven.objects.bulk_create([given], ignore_conflicts=True)


@atomic
def learn_from_yesterday(*, by: Actor) -> int:
    """Learn from each location's past days, keep it, and forget what clerks noted; how many.

    Doing it again gives the same. Raises `NotAllowed` for people.
    """
    if by.kind is not ActorKind.SYSTEM:
        raise NotAllowed
    yesterday, learnt = today() - timedelta(days=1), 0
    for location in Location.objects.filter(active=True).order_by("pk"):
        learnt += _learn(location, yesterday)
    Ticket.objects.filter(day__lt=today()).exclude(note="").update(note="")
    return learnt


def _learn(location: Location, until: date) -> bool:
    days = days_with_queue(location, until - timedelta(days=DAYS_LEARNT), until)
    if not days:
        return False
    learnt = learn([past_day(location, day) for day in days], planned_times())
    calibration = calibrate(outcomes(location, _midnight(until, -DAYS_CALIBRATED)))
    QueueLesson.objects.update_or_create(
        location=location,
        day=until,
        defaults={
            "learnt": learnt_document(learnt),
            "calibration": calibration_document(calibration),
        },
    )
    return True


def _midnight(day: date, days: int) -> datetime:
    return datetime.combine(day + timedelta(days=days), time(), VIENNA)


def _seconds(length: timedelta) -> int:
    return round(length.total_seconds())
