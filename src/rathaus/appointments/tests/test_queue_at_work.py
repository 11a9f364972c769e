"""Tickets from the kiosk to the counter: every action, its refusals, and the log that tells all."""

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from tests.factories import make_clerk
from tests.tables import tables

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.actions import calling, counters, forwarding, tickets
from rathaus.appointments.actions.tickets import Drawn, Wished
from rathaus.appointments.calling_order import Turn
from rathaus.appointments.errors import UnknownLocation
from rathaus.appointments.models import (
    Booking,
    Counter,
    CounterSession,
    Location,
    Offer,
    QueueEvent,
    QueueSettings,
    Skill,
    StaffSkill,
    Ticket,
    TicketSeries,
)
from rathaus.appointments.queries.past_days import replay_of
from rathaus.appointments.queries.queue_hours import gives_tickets_now
from rathaus.appointments.queue_errors import (
    AppointmentOtherDay,
    AppointmentOver,
    AppointmentTooEarly,
    CodeUnknown,
    CounterNotOpen,
    CounterPaused,
    CounterTaken,
    NobodyWaiting,
    NoPhoneTickets,
    NothingChosen,
    NoTicketsNow,
    OtherCounter,
    StillServing,
    TicketMoved,
    TooLateToUndo,
    UnknownTicket,
)
from rathaus.appointments.queue_replay import Desk
from rathaus.appointments.tests.conftest import at, want
from rathaus.appointments.ticket_states import TicketChannel
from rathaus.appointments.ticket_tokens import check_in_code, token_of
from rathaus.audit.models import Entry
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor
from rathaus.core.clock import VIENNA, today
from rathaus.core.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db
TEN = at("2026-09-14", "10:00")


@pytest.fixture(autouse=True)
def at_ten(on_the_day: None):
    """While the house is open."""
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def question(location: Location) -> Offer:
    """A short matter that everybody can do."""
    return Offer.objects.create(slug="auskunft", title={"de": "Auskunft"}, minutes=5)


@pytest.fixture
def series(location: Location, offer: Offer, question: Offer) -> None:
    for letter, one in (("A", offer), ("B", question)):
        row = TicketSeries.objects.create(location=location, letter=letter, title=one.title)
        row.offers.set([one])


def clerk_at(number: int, *skills: str) -> Actor:
    """A clerk with these skills at an open counter."""
    counter = Counter.objects.get(number=number)
    person = make_clerk(counter.location.department, "appointments.serve")
    for slug in skills:
        StaffSkill.objects.create(person=person, skill=Skill.objects.get(slug=slug))
    by = actor_of(person)
    counters.open_counter(by=by, counter=counter.pk)
    return by


@pytest.fixture
def able(series: None) -> Actor:
    return clerk_at(1, "ausweise")


@pytest.fixture
def plain(series: None) -> Actor:
    return clerk_at(2)


def draw(*offers: str, **changed) -> Drawn:
    fields = {"location": "rathaus", "wished": Wished(offers or ("auskunft",)), "by": ANONYMOUS}
    return tickets.draw_ticket(**{**fields, **changed})


def row(ticket: UUID) -> Ticket:
    return Ticket.objects.get(pk=ticket)


def later(minutes: float):
    return time_machine.travel(TEN + timedelta(minutes=minutes), tick=False)


def booked(applicant: Actor, clock: str = "10:05", day: str = "2026-09-14") -> Booking:
    with time_machine.travel(at("2026-09-14", "07:00"), tick=False):
        held = actions.hold(by=applicant, wanted=want(), begins_at=at(day, clock))
        actions.confirm(by=applicant, booking=held.booking)
    return Booking.objects.get(pk=held.booking)


def log_says_the_same() -> bool:
    """Whether the fold of today's log equals the tables."""
    location = Location.objects.get(slug="rathaus")
    told = replay_of(location, today())
    known = {one.pk: one.position for one in Ticket.objects.filter(location=location)}
    desks = {
        one.counter_id: Desk(one.person_id, frozenset(one.skills), one.paused_at is not None)
        for one in CounterSession.objects.filter(closed_at=None)
    }
    return told.tickets == known and told.desks == desks


def deeds() -> list[str]:
    return list(QueueEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_numbers_grow_by_letter(series: None) -> None:
    labels = [draw(slug).label for slug in ("ausweis", "auskunft", "ausweis", "auskunft")]

    assert labels == ["A 001", "B 001", "A 002", "B 002"]
    assert list(Ticket.objects.order_by("rank").values_list("rank", flat=True)) == [1, 2, 3, 4]
    assert log_says_the_same()


def test_a_second_press_gives_the_same_ticket(series: None) -> None:
    key = uuid4()

    first, second, third = draw(key=key), draw(key=key), draw(key=uuid4())

    assert first == second
    assert (first.label, third.label) == ("B 001", "B 002")
    assert first.token == token_of(first.ticket)
    assert row(first.ticket).token_hash not in first.token


def test_a_new_day_begins_at_one(series: None) -> None:
    draw()
    with later(24 * 60):
        assert draw().label == "B 001"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"location": "nirgends"}, UnknownLocation),
        ({"wished": Wished(())}, NothingChosen),
        ({"wished": Wished(("nichts",))}, NothingChosen),
        ({"channel": TicketChannel.DESK}, NotAllowed),
    ],
)
def test_what_cannot_be_drawn(series: None, change: dict, refusal: type) -> None:
    before = tables()
    with pytest.raises(refusal):
        draw(**change)
    assert tables() == before


def test_no_numbers_by_phone_where_the_city_wants_none(series: None, location: Location) -> None:
    QueueSettings.objects.create(location=location, phone_tickets=False)
    with pytest.raises(NoPhoneTickets):
        draw(channel=TicketChannel.PHONE)
    assert Ticket.objects.count() == 0


def test_after_hours_only_while_somebody_is_there(series: None) -> None:
    with time_machine.travel(at("2026-09-14", "15:00"), tick=False):
        with pytest.raises(NoTicketsNow):
            draw()
        clerk_at(1)
        assert draw().label == "B 001"


def test_only_the_desk_may_prefer_somebody(series: None, clerk: Actor) -> None:
    urgent = Wished(("auskunft",), turn=Turn.URGENT)

    at_kiosk = draw(wished=urgent)
    at_desk = draw(wished=urgent, by=clerk, channel=TicketChannel.DESK)

    assert row(at_kiosk.ticket).turn == Turn.NORMAL
    assert row(at_desk.ticket).turn == Turn.URGENT


def test_each_counter_calls_whom_it_can_serve_in_order(able: Actor, plain: Actor) -> None:
    passport, question, last = draw("ausweis"), draw(), draw()

    assert calling.call_next(by=plain) == question.ticket
    assert calling.call_next(by=able) == passport.ticket
    assert (row(passport.ticket).state, row(last.ticket).state) == ("called", "waiting")
    assert log_says_the_same()


def test_nobody_is_called_who_cannot_be_served(plain: Actor) -> None:
    draw("ausweis")
    before = tables()
    with pytest.raises(NobodyWaiting):
        calling.call_next(by=plain)
    assert tables() == before


def test_one_after_the_other_at_a_counter(plain: Actor) -> None:
    first, second = draw(), draw()
    assert calling.call_next(by=plain) == first.ticket
    with pytest.raises(StillServing):
        calling.call_next(by=plain)
    calling.begin(by=plain, ticket=first.ticket)
    calling.finish_ticket(by=plain, ticket=first.ticket)
    assert calling.call_next(by=plain) == second.ticket
    assert deeds()[2:] == ["drawn", "called", "began", "finished", "called"]
    assert log_says_the_same()


def test_without_a_counter_or_in_a_pause_nobody_is_called(plain: Actor, clerk: Actor) -> None:
    draw()
    with pytest.raises(CounterNotOpen):
        calling.call_next(by=clerk)
    counters.pause(by=plain)
    with pytest.raises(CounterPaused):
        calling.call_next(by=plain)
    assert log_says_the_same()
    counters.resume(by=plain)
    calling.call_next(by=plain)
    with pytest.raises(StillServing):
        counters.close_counter(by=plain)


def test_a_counter_has_one_clerk_and_a_clerk_one_counter(plain: Actor, clerk: Actor) -> None:
    taken, free = Counter.objects.get(number=2), Counter.objects.get(number=1)
    with pytest.raises(CounterTaken), transaction.atomic():
        counters.open_counter(by=clerk, counter=taken.pk)
    with pytest.raises(CounterTaken), transaction.atomic():
        counters.open_counter(by=plain, counter=free.pk)
    counters.close_counter(by=plain)
    counters.open_counter(by=clerk, counter=taken.pk)
    assert log_says_the_same()


def test_whoever_does_not_come_is_missed_after_some_calls(plain: Actor) -> None:
    ticket = draw().ticket
    calling.call_next(by=plain)

    assert [calling.recall(by=plain, ticket=ticket) for _ in range(3)] == [True, True, False]

    assert row(ticket).state == "missed"
    calling.unpark(by=plain, ticket=ticket)
    assert (row(ticket).state, row(ticket).calls) == ("waiting", 0)
    assert log_says_the_same()


def test_a_parked_number_keeps_its_place(plain: Actor) -> None:
    first, second = draw().ticket, draw().ticket
    calling.call_next(by=plain)
    calling.begin(by=plain, ticket=first)
    calling.park(by=plain, ticket=first, note="holt ein Foto")
    assert calling.call_next(by=plain) == second
    calling.unpark(by=plain, ticket=first)
    calling.finish_ticket(by=plain, ticket=second)
    draw()
    assert calling.call_next(by=plain) == first
    assert row(first).note == "holt ein Foto"
    assert log_says_the_same()


def test_forwarding_keeps_number_and_waiting_time(plain: Actor, able: Actor) -> None:
    ticket = draw().ticket
    calling.call_next(by=plain)
    with later(5):
        forwarding.forward(by=plain, ticket=ticket, offer="ausweis", note="Pass")
        draw("ausweis")
        assert calling.call_next(by=able) == ticket
    assert (row(ticket).label, row(ticket).offers, row(ticket).arrived_at) == (
        "B 001",
        ["ausweis"],
        TEN,
    )
    assert log_says_the_same()


def test_forwarding_to_another_location_gives_a_number_there(
    plain: Actor, office: Department
) -> None:
    elsewhere = Location.objects.create(slug="bauhof", name={"de": "Bauhof"}, department=office)
    old = draw().ticket
    calling.call_next(by=plain)
    with later(5):
        fresh = forwarding.forward(by=plain, ticket=old, offer="ausweis", location="bauhof")

    there = row(fresh.ticket)
    assert (there.location, there.label, there.state) == (elsewhere, "A 001", "waiting")
    assert (there.arrived_at, there.forwarded_from_id) == (TEN, old)
    assert row(old).state == "finished"
    assert log_says_the_same()


def test_a_wrong_finish_is_taken_back_within_two_minutes(plain: Actor) -> None:
    ticket = draw().ticket
    calling.call_next(by=plain)
    calling.begin(by=plain, ticket=ticket)
    calling.finish_ticket(by=plain, ticket=ticket)
    with later(1.9):
        calling.reopen(by=plain, ticket=ticket)
        assert row(ticket).state == "serving"
        calling.finish_ticket(by=plain, ticket=ticket)
    before = tables()
    with later(4.1), pytest.raises(TooLateToUndo):
        calling.reopen(by=plain, ticket=ticket)
    assert tables() == before
    assert log_says_the_same()


def test_others_leave_a_ticket_alone(plain: Actor, able: Actor, foreign_clerk: Actor) -> None:
    ticket = draw().ticket
    calling.call_next(by=plain)
    before = tables()
    for by, refusal in ((able, OtherCounter), (foreign_clerk, CounterNotOpen)):
        for act in (calling.begin, calling.finish_ticket, calling.park, calling.recall):
            with pytest.raises(refusal):
                act(by=by, ticket=ticket)
    with pytest.raises(UnknownTicket):
        calling.unpark(by=foreign_clerk, ticket=ticket)
    with pytest.raises(TicketMoved):
        calling.unpark(by=able, ticket=ticket)
    with pytest.raises(UnknownTicket):
        calling.begin(by=plain, ticket=uuid4())
    assert tables() == before


def test_the_owner_leaves(plain: Actor) -> None:
    mine = draw()
    tickets.leave(token=mine.token)
    tickets.leave(token=mine.token)
    assert row(mine.ticket).state == "left"
    assert deeds()[1:] == ["drawn", "left"]
    with pytest.raises(UnknownTicket):
        tickets.leave(token="x")
    assert log_says_the_same()


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


@pytest.mark.parametrize("statement", ["UPDATE {} SET kind = 'left'", "DELETE FROM {}"])
def test_the_log_only_grows(series: None, statement: str) -> None:
    draw()
    table = QueueEvent._meta.db_table
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        connection.cursor().execute(statement.format(table))
    assert QueueEvent.objects.count() == 1


def test_staff_without_the_right_open_no_counter(series: None, office: Department) -> None:
    nobody = actor_of(make_clerk(office))
    with pytest.raises(NotAllowed):
        counters.open_counter(by=nobody, counter=Counter.objects.get(number=1).pk)
    assert CounterSession.objects.count() == 0


def test_people_are_not_in_the_log(able: Actor, applicant: Actor, citizen: Person) -> None:
    tickets.check_in(by=able, booking=booked(applicant).pk)
    told = str(list(QueueEvent.objects.values()))
    assert citizen.family_name not in told
    assert str(citizen.pk) not in told


def test_a_counter_left_open_is_closed_in_the_night(
    able: Actor, plain: Actor, applicant: Actor
) -> None:
    with_appointment = tickets.check_in(by=able, booking=booked(applicant).pk)
    calling.call_next(by=able)
    calling.call_ticket(by=plain, ticket=draw().ticket)
    night = at("2026-09-15", "01:10")
    location = Location.objects.get(slug="rathaus")
    with time_machine.travel(night, tick=False):
        assert gives_tickets_now(location, night), "somebody seems to be there"
        before = tables()
        with pytest.raises(NotAllowed):
            counters.close_left_open(by=able)
        assert tables() == before

        assert counters.close_left_open(by=SYSTEM) == 2
        assert counters.close_left_open(by=SYSTEM) == 0

        assert not gives_tickets_now(location, night)
        counters.open_counter(by=able, counter=Counter.objects.get(number=1).pk)
        assert counters.close_left_open(by=SYSTEM) == 0, "that one is of today"
        counters.close_counter(by=able)
    end = datetime.combine(date(2026, 9, 14), time.max, VIENNA)
    told = QueueEvent.objects.filter(kind="closed", day=date(2026, 9, 14))
    assert [(one.at, one.staff, one.details) for one in told] == [
        (end, None, {"left_open": True}),
        (end, None, {"left_open": True}),
    ]
    assert set(Ticket.objects.values_list("state", "ended_at")) == {("finished", end)}
    assert row(with_appointment.ticket).booking.state == "finished"
    assert replay_of(location, date(2026, 9, 14)).desks == {}
    assert log_says_the_same()
