"""Who is away, and whose appointment that hits."""

import pytest
from tests.factories import make_clerk
from tests.tables import nothing_changed

from rathaus.accounts.models import Department, Person
from rathaus.appointments.actions.planning.absences import Away, remove_absence, save_absence
from rathaus.appointments.actions.planning.changing import Choice, stamp_of
from rathaus.appointments.actions.planning.duties import (
    AtCounter,
    add_duties,
)
from rathaus.appointments.models import (
    Absence,
    Booking,
    Duty,
    Location,
    Skill,
    StaffSkill,
)
from rathaus.appointments.planning_errors import (
    AbsentAlready,
    AppointmentsHit,
    UnknownPlan,
)
from rathaus.appointments.queries.planning.unserved import unserved_bookings
from rathaus.appointments.tests.planning.conftest import MONDAY, TUESDAY, times
from rathaus.appointments.time_off import TimeOff
from rathaus.core.actor import Actor

pytestmark = pytest.mark.django_db


def test_an_absence_hits_who_is_alone_at_the_counter(
    location: Location, booked: Booking, planner: Actor
) -> None:
    person = Duty.objects.filter(counter=booked.counter_id).first().person_id  # type: ignore[union-attr]
    away = Away(person, TimeOff(TUESDAY, TUESDAY))
    with pytest.raises(AppointmentsHit) as hit, nothing_changed():
        save_absence(by=planner, away=away)
    assert hit.value.bookings == {booked.pk}

    number = save_absence(by=planner, away=away, decided={booked.pk: Choice.KEEP})

    with pytest.raises(AbsentAlready), nothing_changed():
        save_absence(by=planner, away=Away(person, TimeOff(MONDAY, TUESDAY)))
    row = Absence.objects.get()
    remove_absence(by=planner, absence=number, seen=stamp_of(row))
    assert not Absence.objects.exists()
    assert unserved_bookings([location.pk]) == set()


def test_an_absence_that_others_cover_hits_nobody(
    location: Location, booked: Booking, planner: Actor, office: Department
) -> None:
    duty = Duty.objects.get(counter=booked.counter_id, weekday=1)
    other = make_clerk(office, "appointments.serve")
    StaffSkill.objects.create(person=other, skill=Skill.objects.get())
    wanted = AtCounter(other.pk, booked.counter_id, times("08:00", "12:00"))
    add_duties(by=planner, weekdays=[1], wanted=wanted)

    save_absence(by=planner, away=Away(duty.person_id, TimeOff(TUESDAY, TUESDAY)))

    assert Absence.objects.count() == 1


def test_nobody_notes_absences_of_people_they_do_not_plan(
    location: Location, planner: Actor, elsewhere: Actor, citizen: Person
) -> None:
    colleague = Duty.objects.first().person_id  # type: ignore[union-attr]
    off = TimeOff(TUESDAY, TUESDAY)
    with pytest.raises(UnknownPlan), nothing_changed():
        save_absence(by=elsewhere, away=Away(colleague, off))
    with pytest.raises(UnknownPlan), nothing_changed():
        save_absence(by=planner, away=Away(citizen.pk, off))
