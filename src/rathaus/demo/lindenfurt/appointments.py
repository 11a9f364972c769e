"""Counters, offers and duties of Lindenfurt, and the appointments of those with a button."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any  # what a YAML file holds

import yaml
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from rathaus.accounts.queries import actor_by_id, departments
from rathaus.appointments import actions
from rathaus.appointments.models import (
    Absence,
    Booking,
    Closure,
    Counter,
    Duty,
    Location,
    Offer,
    OpeningHours,
    Quota,
    Skill,
    StaffSkill,
)
from rathaus.appointments.queries import Wanted, Wish, next_free
from rathaus.core.clock import VIENNA, now, today
from rathaus.demo.lindenfurt.people import person_id

SOURCE = Path(__file__).with_suffix(".yaml")
BEGAN = date(2026, 1, 1)
Row = Mapping[str, Any]


def load() -> None:
    """Make what is missing; a house that gives appointments already keeps its own."""
    if Location.objects.exists():
        return
    plan: Row = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    skills = {
        slug: Skill.objects.create(slug=slug, name=name) for slug, name in plan["skills"].items()
    }
    for row in plan["locations"]:
        _location(row)
    for who, held in plan["people"].items():
        for slug in held:
            StaffSkill.objects.create(person_id=person_id(who), skill=skills[slug])
    for row in plan["offers"]:
        Offer.objects.create(
            **{**row, "skill": skills.get(row.get("skill")), "service_slug": row["slug"]}
        )
    for row in plan["absences"]:
        Absence.objects.create(person_id=person_id(row["who"]), during=_days(row))
    for row in plan["closures"]:
        place = Location.objects.get(slug=row["location"])
        Closure.objects.create(location=place, during=_days(row), reason=row["reason"])


def book() -> None:
    """The appointments that people have made, by the program's own actions."""
    if Booking.objects.exists():
        return
    for row in yaml.safe_load(SOURCE.read_text(encoding="utf-8"))["bookings"]:
        _book(row)


def _location(row: Row) -> None:
    place = Location.objects.create(
        slug=row["slug"],
        name=row["name"],
        department=next(each for each in departments() if each.slug == row["department"]),
        address=row["address"],
    )
    for hours in row["hours"]:
        for day in hours["days"]:
            OpeningHours.objects.create(
                location=place,
                weekday=day,
                opens=hours["opens"],
                closes=hours["closes"],
                valid_from=BEGAN,
            )
    for channel, share in row.get("quotas", {}).items():
        Quota.objects.create(location=place, channel=channel, share=share)
    for counter in row["counters"]:
        _counter(place, counter)


def _counter(place: Location, row: Row) -> None:
    counter = Counter.objects.create(
        location=place,
        number=row["number"],
        name=row["name"],
        kind=row.get("kind", "in_person"),
    )
    Duty.objects.bulk_create(
        Duty(
            person_id=person_id(who),
            counter=counter,
            weekday=day,
            starts="07:30",
            ends="18:00",
            valid_from=BEGAN,
        )
        for who, days in row["people"].items()
        for day in days
    )


def _days(row: Row) -> DateTimeTZRange:
    begin = today() + timedelta(days=row["from"])
    end = begin + timedelta(days=row["days"])
    return DateTimeTZRange(
        datetime.combine(begin, time(), VIENNA), datetime.combine(end, time(), VIENNA)
    )


def _book(row: Row) -> None:
    by = actor_by_id(person_id(row["who"]))
    wanted = Wanted(row["location"], (Wish(row["offer"], row.get("persons", 1)),))
    day = today() + timedelta(days=row["in_days"])
    after = max(now(), datetime.combine(day, time(9), VIENNA))
    for slot in next_free(wanted, after, count=1):
        held = actions.hold(by=by, wanted=wanted, begins_at=slot.begins_at)
        actions.confirm(by=by, booking=held.booking)
        if row.get("cancelled"):
            actions.cancel(by=by, booking=held.booking)
