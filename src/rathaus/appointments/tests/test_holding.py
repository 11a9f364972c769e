"""Times are held, confirmed and given back; a refusal changes nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from tests.tables import tables

from rathaus.appointments import actions
from rathaus.appointments.actions import Whom
from rathaus.appointments.errors import (
    ClosedThatDay,
    ContactMissing,
    HoldExpired,
    InThePast,
    NotPossibleNow,
    SlotTaken,
    TimeNotOffered,
    TooFarAhead,
    TooManyBookings,
    UnknownLocation,
    UnknownOffer,
)
from rathaus.appointments.models import Booking, Closure, Counter, Location, Offer
from rathaus.appointments.queries import Wanted, Wish
from rathaus.appointments.tests.conftest import at, want
from rathaus.audit.models import Act, Entry
from rathaus.audit.reading import ReadLog, Reason
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db
EIGHT = at("2026-09-14", "08:00")
GUEST = Whom(name="Ida Gast", email="Ida+amt@Example.org")


def test_a_citizen_holds_and_confirms(offer: Offer, applicant: Actor) -> None:
    held = actions.hold(by=applicant, wanted=want(persons=2), begins_at=EIGHT)

    row = Booking.objects.get()
    assert (row.state, row.person_id, row.begins_at) == ("held", applicant.person, EIGHT)
    assert (row.ends_at - row.begins_at, row.frees_at - row.ends_at) == (
        timedelta(minutes=40),
        timedelta(minutes=5),
    )
    assert held.until == at("2026-09-14", "07:15")
    assert not Entry.objects.exists(), "an unconfirmed wish is no deed of the city"

    actions.confirm(by=applicant, booking=held.booking)
    actions.confirm(by=applicant, booking=held.booking)

    row.refresh_from_db()
    assert (row.state, row.revision) == ("booked", 2)
    assert [(entry.did, entry.about) for entry in Entry.objects.all()] == [
        ("appointments.confirmed", [applicant.person])
    ]
    [mail] = OutgoingMail.objects.all()
    assert "14.09.2026" in mail.subject
    assert "METHOD:REQUEST" in mail.calendar


def test_both_counters_are_given_and_then_the_next_times_are_told(
    offer: Offer, people: list[Actor]
) -> None:
    for person in people[:2]:
        actions.hold(by=person, wanted=want(), begins_at=EIGHT)
    assert Booking.objects.values("counter").distinct().count() == 2
    before = tables()

    with pytest.raises(SlotTaken) as taken:
        actions.hold(by=people[2], wanted=want(), begins_at=EIGHT)

    assert [slot.begins_at for slot in taken.value.next_free] == [
        at("2026-09-14", clock) for clock in ("08:35", "08:40", "08:45", "08:50", "08:55")
    ]
    assert tables() == before


def test_the_same_key_is_the_same_booking(
    offer: Offer, applicant: Actor, people: list[Actor]
) -> None:
    key = uuid4()
    first = actions.hold(by=applicant, wanted=want(), begins_at=EIGHT, key=key)

    assert actions.hold(by=applicant, wanted=want(), begins_at=EIGHT, key=key) == first
    assert Booking.objects.count() == 1
    with pytest.raises(NotAllowed):
        actions.hold(by=people[0], wanted=want(), begins_at=EIGHT, key=key)
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "clock", "error"),
    [
        ("2026-09-13", "09:00", InThePast),
        ("2026-09-14", "07:20", InThePast),
        ("2026-09-14", "07:55", TimeNotOffered),
        ("2026-09-14", "11:40", TimeNotOffered),  # it would not end in time
        ("2026-09-19", "09:00", ClosedThatDay),  # a Saturday
        ("2026-10-26", "09:00", TooFarAhead),
        ("2026-09-16", "09:00", ClosedThatDay),  # closed as a whole
    ],
)
def test_no_other_times(
    offer: Offer, location: Location, applicant: Actor, day: str, clock: str, error: type[Exception]
) -> None:
    Closure.objects.create(
        location=location, during=(at("2026-09-16", "00:00"), at("2026-09-17", "00:00"))
    )
    before = tables()

    with pytest.raises(error) as refused:
        actions.hold(by=applicant, wanted=want(), begins_at=at(day, clock))

    assert type(refused.value) is error
    assert tables() == before


def test_a_holiday_closes(offer: Offer, applicant: Actor) -> None:
    with time_machine.travel("2026-10-20T05:00:00+00:00", tick=False):
        with pytest.raises(ClosedThatDay):
            actions.hold(by=applicant, wanted=want(), begins_at=at("2026-10-26", "09:00"))
        held = actions.hold(by=applicant, wanted=want(), begins_at=at("2026-10-27", "08:00"))
    assert held.begins_at == at("2026-10-27", "08:00")
    assert Booking.objects.count() == 1


def test_what_does_not_exist(offer: Offer, applicant: Actor) -> None:
    before = tables()
    with pytest.raises(UnknownOffer):
        actions.hold(by=applicant, wanted=want("gibt-es-nicht"), begins_at=EIGHT)
    with pytest.raises(UnknownLocation):
        actions.hold(by=applicant, wanted=want(location="nirgends"), begins_at=EIGHT)
    assert tables() == before


def test_combined_services_add_their_durations(offer: Offer, applicant: Actor) -> None:
    Offer.objects.create(
        slug="meldezettel", title={"de": "Meldezettel"}, minutes=10, lead_minutes=0
    )
    both = Wanted("rathaus", (Wish("ausweis", 2), Wish("meldezettel")))

    held = actions.hold(by=applicant, wanted=both, begins_at=EIGHT)

    row = Booking.objects.get(pk=held.booking)
    assert row.ends_at - row.begins_at == timedelta(minutes=50)
    assert row.chosen == [
        {"offer": "ausweis", "persons": 2},
        {"offer": "meldezettel", "persons": 1},
    ]


def test_a_hold_that_ran_out_stands_in_nobodys_way(
    offer: Offer, location: Location, people: list[Actor]
) -> None:
    Counter.objects.filter(number=2).update(active=False)
    first = actions.hold(by=people[0], wanted=want(), begins_at=EIGHT)
    with time_machine.travel("2026-09-14T05:14:59+00:00", tick=False), pytest.raises(SlotTaken):
        actions.hold(by=people[1], wanted=want(), begins_at=EIGHT)
    with time_machine.travel("2026-09-14T05:15:00+00:00", tick=False):
        second = actions.hold(by=people[1], wanted=want(), begins_at=at("2026-09-14", "08:10"))
        with pytest.raises(HoldExpired):
            actions.confirm(by=people[0], booking=first.booking)
    states = dict(Booking.objects.values_list("pk", "state"))
    assert states == {first.booking: "expired", second.booking: "held"}


def test_the_sweep_puts_away_what_ran_out(offer: Offer, people: list[Actor]) -> None:
    for person in people[:2]:
        actions.hold(by=person, wanted=want(), begins_at=EIGHT)
    assert actions.sweep_holds(by=SYSTEM) == 0
    with time_machine.travel("2026-09-14T05:15:00+00:00", tick=False):
        with pytest.raises(NotAllowed):
            actions.sweep_holds(by=people[0])
        assert set(Booking.objects.values_list("state", flat=True)) == {"held"}
        assert actions.sweep_holds(by=SYSTEM) == 2
        assert actions.sweep_holds(by=SYSTEM) == 0
    assert set(Booking.objects.values_list("state", flat=True)) == {"expired"}
    assert Entry.objects.get().did == "appointments.holds_swept"


def test_limits_of_one_person(offer: Offer, applicant: Actor) -> None:
    for clock in ("08:00", "09:00"):
        actions.hold(by=applicant, wanted=want(), begins_at=at("2026-09-14", clock))
    before = tables()
    with pytest.raises(TooManyBookings):
        actions.hold(by=applicant, wanted=want(), begins_at=at("2026-09-14", "10:00"))
    assert tables() == before


def test_fifty_bookings_of_one_mailbox_are_refused(offer: Offer) -> None:
    made = refused = 0
    for number in range(50):
        whom = Whom(name="Bot", email=f"Bot+{number}@example.org")
        try:
            actions.hold(
                by=ANONYMOUS,
                wanted=want(),
                begins_at=at("2026-09-15", "08:00") + timedelta(minutes=number),
                whom=whom,
            )
            made += 1
        except TooManyBookings:
            refused += 1
    assert (made, refused) == (2, 48)
    assert Booking.objects.count() == 2


def test_who_holds_and_lets_go_is_counted_too(offer: Offer, applicant: Actor) -> None:
    for _ in range(10):
        held = actions.hold(by=applicant, wanted=want(), begins_at=EIGHT)
        actions.cancel(by=applicant, booking=held.booking)
    with pytest.raises(TooManyBookings):
        actions.hold(by=applicant, wanted=want(), begins_at=EIGHT)
    assert Booking.objects.filter(state="cancelled").count() == Booking.objects.count() == 10


def test_a_guest_says_who_they_are(offer: Offer) -> None:
    before = tables()
    for whom in (None, Whom(name="Ida"), Whom(email="ida@example.org"), Whom(person=uuid4())):
        with pytest.raises(ContactMissing):
            actions.hold(by=ANONYMOUS, wanted=want(), begins_at=EIGHT, whom=whom)
    assert tables() == before

    actions.hold(
        by=ANONYMOUS,
        wanted=want(),
        begins_at=EIGHT,
        whom=Whom(name="🦄" + "ä" * 10_000, email="i@example.org"),
    )
    row = Booking.objects.get()
    assert (len(row.guest_name), row.guest_name[0], row.person) == (200, "🦄", None)
    [mail] = OutgoingMail.objects.all()
    assert (mail.recipient, "/termine/bestaetigen/" in mail.text) == ("i@example.org", True)


def test_staff_book_by_phone(offer: Offer, clerk: Actor, foreign_clerk: Actor) -> None:
    wanted = want(channel="phone")
    before = tables()
    for by in (foreign_clerk, ANONYMOUS):
        with pytest.raises(NotAllowed):
            actions.book(by=by, wanted=wanted, begins_at=EIGHT, whom=GUEST)
    with pytest.raises(NotAllowed):
        actions.hold(by=clerk, wanted=wanted, begins_at=EIGHT, whom=GUEST)
    with pytest.raises(ContactMissing):
        actions.book(by=clerk, wanted=wanted, begins_at=EIGHT, whom=Whom())
    assert tables() == before

    held = actions.book(by=clerk, wanted=wanted, begins_at=EIGHT, whom=Whom(name="Herr Alt"))

    row = Booking.objects.get(pk=held.booking)
    assert (row.state, row.channel, row.guest_name) == ("booked", "phone", "Herr Alt")
    assert Entry.objects.get().did == "appointments.booked"


def test_staff_write_to_those_whose_appointment_they_change(
    offer: Offer, applicant: Actor, clerk: Actor
) -> None:
    log = ReadLog(Reason(clerk, "pages.read"))
    with log.open():
        whom = Whom(person=applicant.person)
        held = actions.book(by=clerk, wanted=want(channel="phone"), begins_at=EIGHT, whom=whom)
        actions.move(by=clerk, booking=held.booking, begins_at=at("2026-09-15", "08:00"))
        actions.cancel(by=clerk, booking=held.booking, why="krank")
    log.close()

    [read] = Entry.objects.filter(act=Act.READ)
    assert (read.did, read.about) == (
        "pages.read",
        [applicant.person],
    )  # nobody offered them a time
    assert OutgoingMail.objects.count() == 3
    assert Booking.objects.get().state == "cancelled"


def test_another_persons_booking_looks_like_none(
    offer: Offer, applicant: Actor, people: list[Actor], foreign_clerk: Actor
) -> None:
    held = actions.hold(by=applicant, wanted=want(), begins_at=EIGHT)
    before = tables()
    for by in (people[0], ANONYMOUS, foreign_clerk):
        for act in (actions.confirm, actions.cancel, actions.arrive):
            with pytest.raises(NotFound):
                act(by=by, booking=held.booking)
    assert tables() == before


def test_the_day_goes_its_way(offer: Offer, applicant: Actor, clerk: Actor) -> None:
    held = actions.hold(by=applicant, wanted=want(), begins_at=EIGHT)
    with pytest.raises(NotPossibleNow):
        actions.arrive(by=clerk, booking=held.booking)
    actions.confirm(by=applicant, booking=held.booking)
    with pytest.raises(NotAllowed):
        actions.arrive(by=applicant, booking=held.booking)
    assert Booking.objects.get().state == "booked"
    actions.arrive(by=clerk, booking=held.booking)
    actions.finish(by=clerk, booking=held.booking)
    for act in (actions.miss, actions.cancel, actions.arrive):
        with pytest.raises(NotPossibleNow):
            act(by=clerk, booking=held.booking)
    assert Booking.objects.get().state == "finished"
    assert [entry.did for entry in Entry.objects.order_by("seq")] == [
        "appointments.confirmed",
        "appointments.arrived",
        "appointments.finished",
    ]
