"""Which appointments nobody serves: at their counter and time, nobody who can do it is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from rathaus.appointments.channels import Kind
from rathaus.appointments.free_slots import Hours, Timetable, served_spans
from rathaus.appointments.needs import Need
from rathaus.appointments.opening import day_of

ANY_CHANNEL = "any"  # whoever has an appointment is served, by whatever way they got it
KINDS = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class Promised:
    """An appointment that somebody has, in minutes as `opening` counts them."""

    booking: UUID
    counter: int
    begin: int
    end: int
    skills: frozenset[str] = frozenset()


def unserved(timetable: Timetable, appointments: Iterable[Promised]) -> set[UUID]:
    """Those that do not lie wholly within the hours of people who can serve them there."""
    by_skills: dict[frozenset[str], list[Promised]] = defaultdict(list)
    for appointment in appointments:
        by_skills[appointment.skills].append(appointment)
    hours = [Hours(each.weekly, frozenset({ANY_CHANNEL})) for each in timetable.hours]
    open_for_all = replace(timetable, hours=hours)
    found: set[UUID] = set()
    for skills, group in by_skills.items():
        first = day_of(min(each.begin for each in group))
        last = day_of(max(each.end for each in group))
        served = served_spans(open_for_all, _need(skills), ANY_CHANNEL, first, last)
        found |= {
            each.booking
            for each in group
            if not any(
                begin <= each.begin and each.end <= end
                for begin, end in served.get(each.counter, ())
            )
        }
    return found


def _need(skills: frozenset[str]) -> Need:
    """Somebody with these skills, for however long."""
    return Need(
        minutes=0,
        buffer_minutes=0,
        step_minutes=1,
        lead_minutes=0,
        horizon_days=0,
        hold_minutes=0,
        persons=1,
        kinds=KINDS,
        skills=skills,
    )
