"""A number from the kiosk, the phone or the desk: what can be drawn, and when."""

from uuid import uuid4

import pytest
import time_machine
from tests.tables import tables

from rathaus.appointments.actions import tickets
from rathaus.appointments.actions.tickets import Wished
from rathaus.appointments.calling_order import Turn
from rathaus.appointments.errors import UnknownLocation
from rathaus.appointments.models import (
    Location,
    QueueSettings,
    Ticket,
)
from rathaus.appointments.queue_errors import (
    NoPhoneTickets,
    NothingChosen,
    NoTicketsNow,
    UnknownTicket,
)
from rathaus.appointments.tests.at_the_counter.conftest import (
    clerk_at,
    deeds,
    draw,
    later,
    log_says_the_same,
    row,
)
from rathaus.appointments.tests.conftest import at
from rathaus.appointments.ticket_states import TicketChannel
from rathaus.appointments.ticket_tokens import token_of
from rathaus.core.actor import Actor
from rathaus.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


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


def test_the_owner_leaves(plain: Actor) -> None:
    mine = draw()
    tickets.leave(token=mine.token)
    tickets.leave(token=mine.token)
    assert row(mine.ticket).state == "left"
    assert deeds()[1:] == ["drawn", "left"]
    with pytest.raises(UnknownTicket):
        tickets.leave(token="x")
    assert log_says_the_same()
