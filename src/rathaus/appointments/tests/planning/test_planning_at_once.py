"""Planners who save at the same moment, each on a connection of their own."""

from datetime import date, time
from functools import partial

import pytest
from tests.all_at_once import all_at_once
from tests.factories import make_clerk

from rathaus.accounts.models import Department
from rathaus.accounts.queries import actor_of
from rathaus.appointments.actions.planning.changing import stamp_of
from rathaus.appointments.actions.planning.closures import Closed, save_closure
from rathaus.appointments.actions.planning.hours import Open, add_hours
from rathaus.appointments.actions.planning.weekly_rows import Times
from rathaus.appointments.models import Closure, Location, OpeningHours
from rathaus.appointments.planning_errors import HoursOverlap, PlanChanged
from rathaus.appointments.time_off import TimeOff
from rathaus.core.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY, TUESDAY = date(2026, 9, 14), date(2026, 9, 15)
at_once = partial(all_at_once, refusals=(HoursOverlap, PlanChanged))


@pytest.fixture
def planners(office: Department) -> list[Actor]:
    rights = ("appointments.serve", "appointments.plan")
    return [actor_of(make_clerk(office, *rights)) for _ in range(4)]


def test_of_overlapping_hours_only_one_gets_in(location: Location, planners: list[Actor]) -> None:
    wanted = Open(Times(time(13), time(17), MONDAY), ["online"])
    add = partial(add_hours, location=location.pk, weekdays=[0], wanted=wanted)

    answers = at_once(*(partial(add, by=planner) for planner in planners))

    assert sorted(map(str, answers)) == sorted(map(str, [None, *[HoursOverlap] * 3]))
    assert OpeningHours.objects.filter(opens="13:00").count() == 1


def test_of_two_changes_of_one_row_only_one_is_saved(
    location: Location, planners: list[Actor]
) -> None:
    closed = Closed(location.pk, None, TimeOff(TUESDAY, TUESDAY), {"de": "Umbau"})
    number = save_closure(by=planners[0], closed=closed)
    seen = stamp_of(Closure.objects.get())
    longer = [
        Closed(location.pk, None, TimeOff(TUESDAY, date(2026, 9, 16 + more)), {"de": "Umbau"})
        for more in range(4)
    ]

    answers = at_once(
        *(
            partial(save_closure, by=planner, closed=mine, closure=number, seen=seen)
            for planner, mine in zip(planners, longer, strict=True)
        )
    )

    assert answers.count(PlanChanged) == 3
    assert answers.count(number) == 1
