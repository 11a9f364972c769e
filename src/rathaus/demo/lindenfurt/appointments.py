"""Where Lindenfurt gives appointments and numbers, and who is there when."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any  # what a YAML file holds

import yaml
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from rathaus.appointments.actions.bringing import install_places
from rathaus.appointments.models import (
    Absence,
    Closure,
    Counter,
    Duty,
    Location,
    Skill,
    StaffSkill,
)
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import VIENNA, today
from rathaus.demo.lindenfurt.people import person_id

PLACES = Path(__file__).with_name("places.yaml")
SOURCE = Path(__file__).with_suffix(".yaml")
BEGAN = date(2026, 1, 1)
Row = Mapping[str, Any]


def plan() -> Row:
    """The content of `appointments.yaml`."""
    document: Row = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return document


def found() -> None:
    """Bring the places along; a house that gives appointments already keeps its own."""
    if not Location.objects.exists():
        install_places(by=SYSTEM, text=PLACES.read_text(encoding="utf-8"))


def load() -> None:
    """Say who serves where and who is away, unless somebody has said so already."""
    if Duty.objects.exists():
        return
    document = plan()
    skills = {skill.slug: skill for skill in Skill.objects.all()}
    for who, held in document["people"].items():
        for slug in held:
            StaffSkill.objects.create(person_id=person_id(who), skill=skills[slug])
    for slug, counters in document["duties"].items():
        for number, people in counters.items():
            _duties(Counter.objects.get(location__slug=slug, number=number), people)
    for row in document["absences"]:
        Absence.objects.create(person_id=person_id(row["who"]), during=_days(row))
    for row in document["closures"]:
        place = Location.objects.get(slug=row["location"])
        Closure.objects.create(location=place, during=_days(row), reason=row["reason"])


def _duties(counter: Counter, people: Row) -> None:
    Duty.objects.bulk_create(
        Duty(
            person_id=person_id(who),
            counter=counter,
            weekday=day,
            starts=hours.opens,
            ends=hours.closes,
            valid_from=BEGAN,
        )
        for who, days in people.items()
        for day in days
        for hours in counter.location.hours.filter(weekday=day)
    )


def _days(row: Row) -> DateTimeTZRange:
    begin = today() + timedelta(days=row["from"])
    end = begin + timedelta(days=row["days"])
    return DateTimeTZRange(
        datetime.combine(begin, time(), VIENNA), datetime.combine(end, time(), VIENNA)
    )
