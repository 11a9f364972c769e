"""Who has an appointment comes, too early, too late or not at all."""

import pytest
import time_machine
from tests.tables import tables

from rathaus.accounts.models import Person
from rathaus.appointments import actions
from rathaus.appointments.actions import calling, tickets
from rathaus.appointments.models import (
    QueueEvent,
    Ticket,
)
from rathaus.appointments.queue_errors import (
    AppointmentOtherDay,
    AppointmentOver,
    AppointmentTooEarly,
    CodeUnknown,
)
from rathaus.appointments.tests.at_the_counter.conftest import booked, draw, log_says_the_same, row
from rathaus.appointments.tests.conftest import at
from rathaus.appointments.ticket_tokens import check_in_code
from rathaus.audit.models import Entry
from rathaus.core.actor import Actor
from rathaus.core.errors import NotFound

pytestmark = pytest.mark.django_db


def test_an_appointment_is_checked_in_by_its_code(able: Actor, applicant: Actor) -> None:
    booking = booked(applicant)
    walk_in = draw("ausweis")
    code = check_in_code(booking.pk)

    drawn = tickets.check_in_by_code(location="rathaus", code=code.lower().replace("-", " "))
    again = tickets.check_in_by_code(location="rathaus", code=code)

    assert drawn == again
    booking.refresh_from_db()
    assert (booking.state, drawn.late) == ("arrived", False)
    assert calling.call_next(by=able) == drawn.ticket, "due before the walk-in"
    assert row(walk_in.ticket).state == "waiting"
    calling.finish_ticket(by=able, ticket=drawn.ticket)
    booking.refresh_from_db()
    assert booking.state == "finished"
    about = [(entry.did, entry.about) for entry in Entry.objects.order_by("seq")][-3:]
    assert about == [
        ("appointments.arrived", [applicant.person]),
        ("appointments.called", [applicant.person]),
        ("appointments.finished", [applicant.person]),
    ]
    assert log_says_the_same()


def test_too_early_too_late_and_other_days_are_said_with_the_time(
    able: Actor, clerk: Actor, applicant: Actor
) -> None:
    early, other_day = booked(applicant, "11:00"), booked(applicant, "09:00", "2026-09-15")
    before = tables()
    with pytest.raises(AppointmentTooEarly, match=r"um 11:00 Uhr. Bitte .* ab 10:15 Uhr"):
        tickets.check_in(by=clerk, booking=early.pk)
    with pytest.raises(AppointmentOtherDay, match=r"am 15.09.2026 um 09:00 Uhr"):
        tickets.check_in(by=clerk, booking=other_day.pk)
    with pytest.raises(CodeUnknown):
        tickets.check_in_by_code(location="rathaus", code="AAAA-AAAA")
    assert tables() == before

    with time_machine.travel(at("2026-09-14", "11:16"), tick=False):
        assert tickets.check_in(by=clerk, booking=early.pk).late is True
    actions.cancel(by=clerk, booking=other_day.pk)
    with (
        time_machine.travel(at("2026-09-15", "09:00"), tick=False),
        pytest.raises(AppointmentOver, match="um 09:00 Uhr gilt nicht mehr"),
    ):
        tickets.check_in(by=clerk, booking=other_day.pk)


def test_a_foreign_clerk_checks_nobody_in(foreign_clerk: Actor, applicant: Actor, series) -> None:
    booking = booked(applicant)
    with pytest.raises(NotFound):
        tickets.check_in(by=foreign_clerk, booking=booking.pk)
    assert Ticket.objects.count() == 0


def test_a_no_show_frees_the_time(able: Actor, applicant: Actor) -> None:
    booking = booked(applicant)
    ticket = tickets.check_in(by=able, booking=booking.pk).ticket
    calling.call_next(by=able)
    calling.miss_ticket(by=able, ticket=ticket)
    booking.refresh_from_db()
    assert (booking.state, row(ticket).state) == ("missed", "missed")
    assert log_says_the_same()


def test_people_are_not_in_the_log(able: Actor, applicant: Actor, citizen: Person) -> None:
    tickets.check_in(by=able, booking=booked(applicant).pk)
    told = str(list(QueueEvent.objects.values()))
    assert citizen.family_name not in told
    assert str(citizen.pk) not in told
