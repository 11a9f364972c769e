"""Closures: with a right, on record, and without losing anybody."""

import re
from dataclasses import replace
from datetime import date, time
from uuid import UUID

import pytest
from tests.tables import nothing_changed

from rathaus.appointments import actions
from rathaus.appointments.actions.planning.changing import Choice, stamp_of
from rathaus.appointments.actions.planning.closures import Closed, remove_closure, save_closure
from rathaus.appointments.models import (
    Booking,
    Closure,
    Counter,
    Location,
    MoveRequest,
    Offer,
)
from rathaus.appointments.planning_errors import (
    AppointmentsHit,
    EndsBeforeItBegins,
    LastBeforeFirst,
    NobodyToTell,
    OverAlready,
    PlanChanged,
    UnknownPlan,
)
from rathaus.appointments.queries.planning.unserved import unserved_bookings
from rathaus.appointments.tests.conftest import at, want
from rathaus.appointments.tests.planning.conftest import MONDAY, TUESDAY
from rathaus.appointments.time_off import TimeOff
from rathaus.audit.models import Act, Entry
from rathaus.core.actor import Actor
from rathaus.core.errors import DomainError
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db
REASON = {"de": "Wegen Umbau", "en": "Building works"}


def closed(location: Location, **changed: object) -> Closed:
    """The whole location on Tuesday."""
    return replace(Closed(location.pk, None, TimeOff(TUESDAY, TUESDAY), REASON), **changed)  # type: ignore[arg-type]


def deeds() -> list[str]:
    return list(Entry.objects.filter(act=Act.CHANGE).order_by("seq").values_list("did", flat=True))


def test_a_closure_takes_free_time_away_and_gives_it_back(
    location: Location, offer: Offer, planner: Actor
) -> None:
    number = save_closure(by=planner, closed=closed(location))

    row = Closure.objects.get()
    assert (row.during.lower, row.during.upper) == (
        at("2026-09-15", "00:00"),
        at("2026-09-16", "00:00"),
    )
    assert (row.location, row.counter, row.reason) == (location, None, REASON)
    remove_closure(by=planner, closure=number, seen=stamp_of(row))
    assert not Closure.objects.exists()
    assert deeds() == ["appointments.closure_saved", "appointments.closure_removed"]


@pytest.mark.parametrize(
    ("during", "error"),
    [
        (TimeOff(TUESDAY, MONDAY), LastBeforeFirst),
        (TimeOff(TUESDAY, TUESDAY, time(12), time(12)), EndsBeforeItBegins),
        (TimeOff(date(2026, 9, 1), date(2026, 9, 13)), OverAlready),
    ],
)
def test_a_closure_that_makes_no_sense(
    location: Location, planner: Actor, during: TimeOff, error: type[DomainError]
) -> None:
    with pytest.raises(error), nothing_changed():
        save_closure(by=planner, closed=closed(location, during=during))


def test_only_who_plans_there_closes(
    location: Location, clerk: Actor, elsewhere: Actor, applicant: Actor
) -> None:
    for stranger in (clerk, elsewhere, applicant):
        with pytest.raises(UnknownPlan), nothing_changed():
            save_closure(by=stranger, closed=closed(location))
    row = Closure.objects.create(
        location=location, during=(at("2026-09-15", "08:00"), at("2026-09-15", "12:00"))
    )
    for stranger in (clerk, elsewhere, applicant):
        with pytest.raises(UnknownPlan), nothing_changed():
            remove_closure(by=stranger, closure=row.pk, seen=stamp_of(row))


def test_a_closure_that_hits_somebody_is_decided_first(
    location: Location, booked: Booking, planner: Actor
) -> None:
    with pytest.raises(AppointmentsHit) as hit, nothing_changed():
        save_closure(by=planner, closed=closed(location))

    assert hit.value.bookings == {booked.pk}
    assert not OutgoingMail.objects.exists()


def test_kept_appointments_stay_and_are_shown_as_nobodys(
    location: Location, booked: Booking, planner: Actor
) -> None:
    decided = {booked.pk: Choice.KEEP}
    save_closure(by=planner, closed=closed(location), decided=decided)

    booked.refresh_from_db()
    assert booked.state == "booked"
    assert unserved_bookings([location.pk]) == {booked.pk}
    assert not OutgoingMail.objects.exists()


def test_whoever_is_told_moves_with_one_click_and_is_served_again(
    location: Location, booked: Booking, planner: Actor
) -> None:
    save_closure(by=planner, closed=closed(location), decided={booked.pk: Choice.TELL})

    [mail] = OutgoingMail.objects.all()
    assert (mail.recipient, "Wegen Umbau" in mail.text) == ("ida@example.org", True)
    assert MoveRequest.objects.get().begins_at == booked.begins_at
    token = re.search(r"/termine/verschieben/([\w-]+)/", mail.text)
    assert token
    actions.move_by_link(token=token[1], begins_at=at("2026-09-16", "09:00"))
    booked.refresh_from_db()
    assert booked.begins_at == at("2026-09-16", "09:00")
    assert unserved_bookings([location.pk]) == set()
    assert "appointments.asked_to_move" in deeds()


def test_who_has_an_account_is_led_to_it(
    location: Location, offer: Offer, applicant: Actor, planner: Actor
) -> None:
    held = actions.hold(by=applicant, wanted=want(), begins_at=at("2026-09-15", "09:00"))
    actions.confirm(by=applicant, booking=held.booking)
    OutgoingMail.objects.all().delete()

    save_closure(by=planner, closed=closed(location), decided={held.booking: Choice.TELL})

    [mail] = OutgoingMail.objects.all()
    assert f"/termine/meine/{held.booking}/verschieben/" in mail.text
    entry = Entry.objects.get(did="appointments.asked_to_move", act=Act.CHANGE)
    assert entry.about == [applicant.person]


def test_nobody_is_told_without_an_address(
    location: Location, booked: Booking, planner: Actor
) -> None:
    Booking.objects.update(guest_email="")
    decided = {booked.pk: Choice.TELL}
    with pytest.raises(NobodyToTell), nothing_changed():
        save_closure(by=planner, closed=closed(location), decided=decided)


def test_a_closure_of_one_counter_hits_only_its_appointments(
    location: Location, booked: Booking, planner: Actor
) -> None:
    other = Counter.objects.exclude(pk=booked.counter_id).get()
    save_closure(by=planner, closed=closed(location, counter=other.pk))
    with pytest.raises(AppointmentsHit), nothing_changed():
        save_closure(by=planner, closed=closed(location, counter=booked.counter_id))


def test_two_planners_do_not_overwrite_each_other(location: Location, planner: Actor) -> None:
    number = save_closure(by=planner, closed=closed(location))
    seen = stamp_of(Closure.objects.get())
    longer = closed(location, during=TimeOff(TUESDAY, date(2026, 9, 16)))
    save_closure(by=planner, closed=longer, closure=number, seen=seen)

    with pytest.raises(PlanChanged), nothing_changed():
        save_closure(by=planner, closed=closed(location), closure=number, seen=seen)
    with pytest.raises(PlanChanged), nothing_changed():
        remove_closure(by=planner, closure=number, seen=seen)


def test_what_is_over_or_only_held_is_nobodys_loss(
    location: Location, offer: Offer, applicant: Actor, planner: Actor
) -> None:
    actions.hold(by=applicant, wanted=want(), begins_at=at("2026-09-15", "09:00"))
    save_closure(by=planner, closed=closed(location))
    found: set[UUID] = unserved_bookings([location.pk])
    assert found == set()
