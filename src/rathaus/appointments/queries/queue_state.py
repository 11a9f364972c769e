"""A location's queue at this moment, as the wait estimate takes it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from rathaus.appointments.channels import Kind
from rathaus.appointments.models import (
    Absence,
    Counter,
    CounterSession,
    Duty,
    Location,
    Offer,
    StaffSkill,
    Ticket,
)
from rathaus.appointments.queries.queue_hours import hours_of
from rathaus.appointments.queries.queue_settings import punctuality_of, settings_of
from rathaus.appointments.queries.tickets import waiting_tickets
from rathaus.appointments.queue_log import Opening
from rathaus.appointments.queue_numbers import RANK_OF_BOOKING
from rathaus.appointments.queue_state import Counter as CounterState
from rathaus.appointments.queue_state import Expected, QueueState, Serving
from rathaus.appointments.states import State
from rathaus.appointments.ticket_states import AT_COUNTER, TicketState
from rathaus.core.clock import VIENNA, local_date, today

UNKNOWN_PAUSE = timedelta(minutes=10)
NOT_COMING = timedelta(minutes=15)  # whoever has not opened a counter by then is not there
# Only what, when and a number go out: nothing here is about anybody.
EXPECTED = f"""
    SELECT {RANK_OF_BOOKING}, begins_at + interval '0',
        (SELECT json_agg(wish ->> 'offer') FROM jsonb_array_elements(chosen) AS wish)::text
    FROM appointments_booking
    WHERE location_id = %s AND state = '{State.BOOKED.value}'
        AND begins_at >= %s AND begins_at < %s
        AND counter_id IN (SELECT id FROM appointments_counter WHERE kind = %s)
    ORDER BY begins_at
"""  # noqa: S608 - two constants of the program
Skills = Mapping[str, str]


def queue_state(location: Location, moment: datetime, *, by_video: bool = False) -> QueueState:
    """Counters with a clerk or a plan, who waits, and who is expected with an appointment: those in
    the house, or those by video.
    """
    punctuality = punctuality_of(settings_of(location))
    kind = Kind.VIDEO if by_video else Kind.IN_PERSON
    waiting = waiting_tickets(location.pk, by_video=by_video)
    return QueueState(
        counters=tuple(_counters(location, moment, kind)),
        waiting=tuple(one.person for one in waiting),
        expected=tuple(_expected(location, moment, punctuality.late, kind)),
        punctuality=punctuality,
    )


def _expected(location: Location, moment: datetime, late: timedelta, kind: Kind) -> list[Expected]:
    skill_of = skills_of_offers()
    midnight = datetime.combine(local_date(moment) + timedelta(days=1), time(), VIENNA)
    with connection.cursor() as cursor:
        cursor.execute(EXPECTED, [location.pk, moment - late, midnight, kind.value])
        rows = cursor.fetchall()
    found = []
    for rank, begins_at, offers in rows:
        slugs = tuple(json.loads(offers or "[]"))
        skills = frozenset(skill_of[slug] for slug in slugs if slug in skill_of)
        found.append(Expected(rank, slugs, begins_at, skills=skills))
    return found


def skills_of_offers() -> Skills:
    """The skill that each offer needs, of those that need one."""
    rows = Offer.objects.exclude(skill=None).values_list("slug", "skill__slug")
    return dict(rows)


def _counters(location: Location, moment: datetime, kind: Kind) -> list[CounterState]:
    sessions = {
        row.counter_id: row
        for row in CounterSession.objects.filter(counter__location=location, closed_at=None)
    }
    served, freed = _served(location)
    duties = _duties(location, moment)
    closing = _closing(location, moment)
    found = []
    counters = Counter.objects.filter(location=location, kind=kind, active=True)
    for pk in counters.values_list("pk", flat=True):
        session = sessions.get(pk)
        planned = duties.get(pk, [])
        openings, clerk, skills = _planned(pk, planned, moment)
        if session is not None:
            openings = (_open_now(session, planned, moment, closing), *_later(openings, moment))
            clerk, skills = session.person_id, frozenset(session.skills)
        if openings:
            name = "" if clerk is None else str(clerk)
            found.append(
                CounterState(str(pk), skills, openings, name, served.get(pk), freed.get(pk))
            )
    return found


Planned = tuple[UUID, datetime, datetime, frozenset[str]]


def _planned(
    counter: int, duties: Sequence[Planned], moment: datetime
) -> tuple[tuple[Opening, ...], UUID | None, frozenset[str]]:
    """What the plan still promises of a counter at which nobody is."""
    coming = [duty for duty in duties if duty[1] > moment - NOT_COMING]
    openings = tuple(
        Opening(str(counter), max(begins, moment), ends) for _who, begins, ends, _ in coming
    )
    if not coming:
        return (), None, frozenset()
    return openings, coming[0][0], coming[0][3]


def _open_now(
    session: CounterSession, duties: Sequence[Planned], moment: datetime, closing: datetime
) -> Opening:
    ends = [end for _who, begins, end, _ in duties if begins <= moment < end]
    opens = session.opened_at if session.paused_at is None else moment + UNKNOWN_PAUSE
    return Opening(str(session.counter_id), opens, max(max(ends, default=closing), opens))


def _later(openings: Sequence[Opening], moment: datetime) -> list[Opening]:
    return [opening for opening in openings if opening.opens > moment]


def _duties(location: Location, moment: datetime) -> dict[int, list[Planned]]:
    """Today's duties by counter, without those of absent people, in order."""
    day = local_date(moment)
    rows = Duty.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        counter__location=location,
        weekday=day.weekday(),
        valid_from__lte=day,
    )
    away = set(Absence.objects.filter(during__contains=moment).values_list("person_id", flat=True))
    duties = [row for row in rows.order_by("starts") if row.person_id not in away]
    skills: dict[UUID, set[str]] = defaultdict(set)
    held = StaffSkill.objects.filter(person_id__in=[row.person_id for row in duties])
    for person, skill in held.values_list("person_id", "skill__slug"):
        skills[person].add(skill)
    found: dict[int, list[Planned]] = defaultdict(list)
    for row in duties:
        begins = datetime.combine(day, row.starts, VIENNA)
        ends = datetime.combine(day, row.ends, VIENNA)
        found[row.counter_id].append(
            (row.person_id, begins, ends, frozenset(skills[row.person_id]))
        )
    return found


def _closing(location: Location, moment: datetime) -> datetime:
    """When the house closes by its hours; where it should be closed already, at midnight."""
    day = local_date(moment)
    ends = [datetime.combine(day, row.closes, VIENNA) for row in hours_of(location, moment)]
    midnight = datetime.combine(day + timedelta(days=1), time(), VIENNA)
    return max((end for end in ends if end > moment), default=midnight)


def _served(location: Location) -> tuple[dict[int, Serving], dict[int, datetime]]:
    """Whom each counter serves, and since when the others are free."""
    rows = Ticket.objects.filter(location=location, day=today()).exclude(counter=None)
    served: dict[int, Serving] = {}
    freed: dict[int, datetime] = {}
    columns = ("counter_id", "state", "offers", "called_at", "began_at", "ended_at")
    for counter, state, offers, called, began, ended in rows.values_list(*columns):
        if counter is None:
            continue
        if state in AT_COUNTER and called is not None:
            served[counter] = Serving(tuple(offers), called, began)
        elif ended is not None and state in (TicketState.FINISHED, TicketState.MISSED):
            freed[counter] = max(ended, freed.get(counter, ended))
    return served, {counter: at for counter, at in freed.items() if counter not in served}
