"""Where Lindenfurt gives appointments and numbers: houses, counters, offers, who is there when."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any  # what a YAML file holds

import yaml
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from rathaus.accounts.queries import departments
from rathaus.appointments.models import (
    Absence,
    Closure,
    Counter,
    Duty,
    Location,
    Offer,
    OpeningHours,
    Quota,
    Skill,
    StaffSkill,
    TicketSeries,
)
from rathaus.core.clock import VIENNA, today
from rathaus.demo.lindenfurt.people import person_id

SOURCE = Path(__file__).with_suffix(".yaml")
BEGAN = date(2026, 1, 1)
Row = Mapping[str, Any]


def plan() -> Row:
    """The content of `appointments.yaml`."""
    document: Row = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return document


def load() -> None:
    """Make what is missing; a house that gives appointments already keeps its own."""
    if Location.objects.exists():
        return
    document = plan()
    skills = {
        slug: Skill.objects.create(slug=slug, name=name)
        for slug, name in document["skills"].items()
    }
    for who, held in document["people"].items():
        for slug in held:
            StaffSkill.objects.create(person_id=person_id(who), skill=skills[slug])
    for row in document["offers"]:
        named = {"service_slug": row["slug"], **row}
        Offer.objects.create(**{**named, "skill": skills[row["skill"]]})
    for row in document["locations"]:
        _location(row)
    for row in document["absences"]:
        Absence.objects.create(person_id=person_id(row["who"]), during=_days(row))
    for row in document["closures"]:
        place = Location.objects.get(slug=row["location"])
        Closure.objects.create(location=place, during=_days(row), reason=row["reason"])


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
    for series in row["series"]:
        made = TicketSeries.objects.create(
            location=place, letter=series["letter"], title=series["title"]
        )
        made.offers.set(Offer.objects.filter(slug__in=series["offers"]))


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
            starts=hours.opens,
            ends=hours.closes,
            valid_from=BEGAN,
        )
        for who, days in row["people"].items()
        for day in days
        for hours in place.hours.filter(weekday=day)
    )


def _days(row: Row) -> DateTimeTZRange:
    begin = today() + timedelta(days=row["from"])
    end = begin + timedelta(days=row["days"])
    return DateTimeTZRange(
        datetime.combine(begin, time(), VIENNA), datetime.combine(end, time(), VIENNA)
    )
