"""Asking somebody to choose another time."""

import pytest
from tests.tables import nothing_changed

from rathaus.appointments.actions.planning.asking import ask_to_move
from rathaus.appointments.models import (
    Booking,
    MoveRequest,
)
from rathaus.appointments.planning_errors import (
    UnknownPlan,
)
from rathaus.core.actor import Actor
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db


def test_asking_is_for_those_who_plan_or_serve_there(
    booked: Booking, planner: Actor, clerk: Actor, elsewhere: Actor, applicant: Actor
) -> None:
    for stranger in (elsewhere, applicant):
        with pytest.raises(UnknownPlan), nothing_changed():
            ask_to_move(by=stranger, booking=booked.pk, reason={})
    ask_to_move(by=clerk, booking=booked.pk, reason={})
    ask_to_move(by=planner, booking=booked.pk, reason={})
    assert (OutgoingMail.objects.count(), MoveRequest.objects.count()) == (2, 1)
