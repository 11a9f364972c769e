"""How long somebody still waits, by what past days taught; once per change of the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import caches

from rathaus.appointments.calling_order import Turn, Waiting
from rathaus.appointments.handling_times import Learnt, as_today
from rathaus.appointments.learnt_document import learnt_in
from rathaus.appointments.models import Location, Offer, QueueEvent, QueueLesson, Ticket
from rathaus.appointments.queries.queue_state import queue_state
from rathaus.appointments.queue_log import Visit
from rathaus.appointments.queue_state import QueueState
from rathaus.appointments.ticket_states import TicketState
from rathaus.appointments.untaught import untaught
from rathaus.appointments.waiting_time import Calibration, Unknown, Wait, estimate_wait, widened
from rathaus.core.clock import now, today

SECONDS_KEPT = 60
LESSON_KEPT = 600
Estimate = Wait | Unknown


@dataclass(frozen=True)
class Lesson:
    """What the estimate knows from past days."""

    learnt: Learnt
    calibration: Calibration


def version_of(location: int) -> int:
    """A number that grows whenever something happens in the queue of today."""
    rows = QueueEvent.objects.filter(location_id=location, day=today())
    return rows.order_by("-pk").values_list("pk", flat=True).first() or 0


def estimates(
    location: Location, people: Mapping[UUID, Waiting], *, by_video: bool = False
) -> dict[UUID, Estimate]:
    """Of each of these tickets, in the house or by video; what was computed since the last change
    is not computed again.
    """
    cache = caches["process"]
    stamp = f"{location.pk}:{version_of(location.pk)}:{now():%H%M}"
    keys = {ticket: f"queue.wait:{stamp}:{ticket}" for ticket in people}
    known = cache.get_many(keys.values())
    found = {ticket: known[key] for ticket, key in keys.items() if key in known}
    missing = [ticket for ticket in people if ticket not in found]
    if missing:
        oracle = _Oracle.at(location, now(), by_video=by_video)
        for ticket in missing:
            found[ticket] = oracle.says(people[ticket])
            cache.set(keys[ticket], found[ticket], SECONDS_KEPT)
    return found


def raw_estimate(location: Location, person: Waiting, *, by_video: bool = False) -> Estimate:
    """The same for one person before it is widened by what past estimates taught."""
    return _Oracle.at(location, now(), by_video=by_video).plain(person)


@dataclass(frozen=True)
class _Oracle:
    """All that one moment's estimates share."""

    state: QueueState
    learnt: Learnt
    calibration: Calibration
    moment: datetime

    @classmethod
    def at(cls, location: Location, moment: datetime, *, by_video: bool) -> _Oracle:
        lesson = lesson_of(location)
        learnt = as_today(lesson.learnt, _finished_today(location))
        state = queue_state(location, moment, by_video=by_video)
        return cls(state, learnt, lesson.calibration, moment)

    def plain(self, person: Waiting) -> Estimate:
        return estimate_wait(self.state, self.learnt, self.moment, person)

    def says(self, person: Waiting) -> Estimate:
        found = self.plain(person)
        return widened(found, self.calibration) if isinstance(found, Wait) else found


def lesson_of(location: Location) -> Lesson:
    """The last lesson of a location; before the first one, what the plan says."""
    key = f"queue.lesson:{location.pk}:{today()}"
    lesson: Lesson | None = caches["process"].get(key)
    if lesson is None:
        row = (
            QueueLesson.objects.filter(location=location, day__lt=today()).order_by("-day").first()
        )
        lesson = (
            Lesson(learnt_in(row.learnt), Calibration(**row.calibration))
            if row
            else Lesson(untaught(planned_times()), Calibration())
        )
        caches["process"].set(key, lesson, LESSON_KEPT)
    return lesson


def planned_times() -> dict[str, timedelta]:
    """How long each offer takes by plan."""
    rows = Offer.objects.values_list("slug", "minutes")
    return {slug: timedelta(minutes=minutes) for slug, minutes in rows}


def _finished_today(location: Location) -> Sequence[Visit]:
    rows = Ticket.objects.filter(location=location, day=today(), state=TicketState.FINISHED)
    columns = (
        "offers", "arrived_at", "appointment_at", "turn", "clerk_id", "began_at", "ended_at",
    )  # fmt: skip
    return [
        Visit(
            tuple(offers),
            arrived,
            appointment,
            Turn(turn),
            clerk=str(clerk),
            began_at=began,
            finished_at=ended,
        )
        for offers, arrived, appointment, turn, clerk, began, ended in rows.values_list(*columns)
        if began is not None
    ]
