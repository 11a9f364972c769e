"""Duties, and what somebody can do."""

from dataclasses import replace

import pytest
from tests.factories import make_clerk
from tests.tables import nothing_changed

from rathaus.accounts.models import Department
from rathaus.appointments.actions.planning.changing import Choice, stamp_of
from rathaus.appointments.actions.planning.duties import (
    AtCounter,
    add_duties,
    change_duty,
    end_duty,
)
from rathaus.appointments.actions.planning.people import save_skill, set_skills
from rathaus.appointments.models import (
    Booking,
    Counter,
    Duty,
    Location,
    Skill,
    StaffSkill,
)
from rathaus.appointments.planning_errors import (
    AppointmentsHit,
    DutiesOverlap,
    PlanChanged,
    SkillExists,
)
from rathaus.appointments.queries.planning.unserved import unserved_bookings
from rathaus.appointments.tests.planning.conftest import MONDAY, TUESDAY, times
from rathaus.core.actor import Actor
from rathaus.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


def test_nobody_is_in_two_places(location: Location, planner: Actor) -> None:
    first, second = Counter.objects.order_by("number")
    person = first.duties.first().person_id  # type: ignore[union-attr]
    wanted = AtCounter(person, second.pk, times("11:00", "13:00"))
    with pytest.raises(DutiesOverlap), nothing_changed():
        add_duties(by=planner, weekdays=[0], wanted=wanted)

    add_duties(by=planner, weekdays=[0], wanted=replace(wanted, times=times("12:00", "13:00")))

    assert second.duties.filter(person=person).count() == 1


def test_a_duty_goes_over_to_somebody_else_from_a_day_on(
    location: Location, booked: Booking, planner: Actor, office: Department
) -> None:
    row = Duty.objects.get(counter=booked.counter_id, weekday=1)
    heir = make_clerk(office, "appointments.serve")
    wanted = AtCounter(heir.pk, booked.counter_id, times("08:00", "12:00", TUESDAY))
    named = {"by": planner, "duty": row.pk, "wanted": wanted, "seen": stamp_of(row)}
    with pytest.raises(AppointmentsHit), nothing_changed():
        change_duty(**named)
    set_skills(by=planner, person=heir.pk, skills=[Skill.objects.get().pk], seen=stamp_of())

    change_duty(**named)  # type: ignore[arg-type]

    row.refresh_from_db()
    assert row.valid_until == MONDAY
    taken_over = Duty.objects.get(person=heir)
    assert (taken_over.weekday, taken_over.valid_from) == (1, TUESDAY)
    assert unserved_bookings([location.pk]) == set()


def test_a_duty_ends(location: Location, booked: Booking, planner: Actor) -> None:
    row = Duty.objects.get(counter=booked.counter_id, weekday=1)
    named = {"by": planner, "duty": row.pk, "last": MONDAY, "seen": stamp_of(row)}
    with pytest.raises(AppointmentsHit), nothing_changed():
        end_duty(**named)
    end_duty(**named, decided={booked.pk: Choice.KEEP})  # type: ignore[arg-type]
    row.refresh_from_db()
    assert row.valid_until == MONDAY


def test_a_skill_taken_away_hits_what_needs_it(
    location: Location, booked: Booking, planner: Actor
) -> None:
    row = Duty.objects.get(counter=booked.counter_id, weekday=1)
    [held] = StaffSkill.objects.filter(person=row.person_id)
    named = {"by": planner, "person": row.person_id, "skills": [], "seen": stamp_of(held)}
    with pytest.raises(AppointmentsHit), nothing_changed():
        set_skills(**named)
    set_skills(**named, decided={booked.pk: Choice.KEEP})  # type: ignore[arg-type]
    assert not StaffSkill.objects.filter(person=row.person_id).exists()
    with pytest.raises(PlanChanged), nothing_changed():
        set_skills(**named)


def test_skills_have_names_of_their_own(location: Location, planner: Actor, clerk: Actor) -> None:
    name = {"de": "Führerscheine", "en": "Driving licences"}
    number = save_skill(by=planner, name=name)
    row = Skill.objects.get(pk=number)
    assert row.slug == "fuhrerscheine"
    with pytest.raises(SkillExists), nothing_changed():
        save_skill(by=planner, name={"de": "führerscheine"})
    with pytest.raises(NotAllowed), nothing_changed():
        save_skill(by=clerk, name={"de": "Anderes"})
    renamed = {"de": "Lenkberechtigungen"}
    save_skill(by=planner, name=renamed, skill=number, seen=stamp_of(row))
    row.refresh_from_db()
    assert (row.name, row.slug) == (renamed, "fuhrerscheine")
