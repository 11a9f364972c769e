"""Rooms and links of appointments by video: addresses, secrets, and what is to do when."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.appointments.states import State
from rathaus.appointments.ticket_states import TicketState
from rathaus.appointments.video_rooms import (
    BadRoomAddress,
    Step,
    VideoTerms,
    checked_address,
    room_address,
    step_now,
)
from rathaus.appointments.video_tokens import booking_of, room_of, video_token

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    "text",
    [
        "https://meet.example.org",
        "https://meet.example.org:8443/amt/",
        "https://meet.example.org/raum?pin=1",
        "/demo/videoraum/",
    ],
)
def test_an_address_of_a_video_service(text: str) -> None:
    assert checked_address(f" {text} ") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "meet.example.org",
        "http://meet.example.org/",
        "https://",
        "https:///raum",
        "//meet.example.org/",
        "https://name:wort@meet.example.org/",
        "https://meet.example.org/a b",
        'https://meet.example.org/"onclick',
        "https://meet.example.org/#config.prejoin=false",
        "https://meet.example.org/\nBcc:",
        "javascript:alert(1)",
        "/\\meet.example.org",
        "https://meet.example.org/" + "a" * 300,
    ],
)
def test_nobody_is_sent_to(text: str) -> None:
    with pytest.raises(BadRoomAddress):
        checked_address(text)


def test_each_appointment_has_a_room_unless_it_is_fixed() -> None:
    assert room_address(VideoTerms("https://meet.example.org/"), "abc") == (
        "https://meet.example.org/abc"
    )
    assert room_address(VideoTerms("https://meet.example.org/amt"), "abc") == (
        "https://meet.example.org/amt/abc"
    )
    fixed = VideoTerms("https://meet.example.org/amt?pin=1", is_fixed=True)
    assert room_address(fixed, "abc") == "https://meet.example.org/amt?pin=1"


@given(st.uuids(), st.uuids())
def test_rooms_differ_and_tell_nothing(one: UUID, other: UUID) -> None:
    assert (room_of(one) == room_of(other)) is (one == other)
    assert len(room_of(one)) == 26
    assert room_of(one).isalnum()
    assert one.hex[:8] not in room_of(one)


@given(st.uuids())
def test_a_link_belongs_to_its_appointment(booking: UUID) -> None:
    assert booking_of(video_token(booking)) == booking
    assert room_of(booking) not in video_token(booking).lower()


@given(st.text(max_size=60))
def test_what_was_not_sealed_opens_nothing(text: str) -> None:
    assert booking_of(text) is None


def test_a_seal_fits_one_booking_only() -> None:
    one, other = video_token(uuid4()), video_token(uuid4())
    assert booking_of(one[:22] + other[22:]) is None
    assert booking_of(one + "=") is None
    assert booking_of(one + "A") is None


@pytest.mark.parametrize(
    ("booking", "ticket", "minutes", "step"),
    [
        (State.BOOKED, None, -16, Step.NOT_YET),
        (State.BOOKED, None, -15, Step.ARRIVE),
        (State.BOOKED, None, 40, Step.ARRIVE),
        (State.ARRIVED, TicketState.WAITING, 0, Step.WAIT),
        (State.ARRIVED, TicketState.CALLED, 0, Step.ENTER),
        (State.ARRIVED, TicketState.SERVING, 0, Step.ENTER),
        (State.ARRIVED, TicketState.PARKED, 0, Step.PARKED),
        (State.MISSED, TicketState.MISSED, 0, Step.MISSED),
        (State.MISSED, TicketState.WAITING, 0, Step.WAIT),
        (State.MISSED, TicketState.LEFT, 0, Step.MISSED),
        (State.FINISHED, TicketState.FINISHED, 0, Step.DONE),
        (State.HELD, None, -15, Step.OFF),
        (State.CANCELLED, None, -15, Step.OFF),
        (State.MISSED, None, 20, Step.MISSED),
    ],
)
def test_what_is_to_do_now(
    booking: State, ticket: TicketState | None, minutes: int, step: Step
) -> None:
    moment = NOON + timedelta(minutes=minutes)
    assert step_now(booking, ticket, NOON, moment, QUARTER) is step
    assert step_now(booking, ticket, NOON, moment, QUARTER, in_house=True) is Step.IN_HOUSE
