"""How somebody joins the queue and leaves it: drawn at the kiosk, at the desk, or by a booking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid4

from django.db import connection

from rathaus.appointments.actions.attending import arrive, miss
from rathaus.appointments.actions.queue_rows import happen, note_person, require_service, write
from rathaus.appointments.booking_tokens import hashed
from rathaus.appointments.calling_order import Turn
from rathaus.appointments.check_in_window import Arrival, CheckIn
from rathaus.appointments.errors import UnknownLocation
from rathaus.appointments.models import Booking, Location, Offer, QueueDay, Ticket
from rathaus.appointments.queries.finding import visible_booking
from rathaus.appointments.queries.queue_hours import gives_tickets_now
from rathaus.appointments.queries.queue_settings import (
    FIRST_LETTER,
    check_in_of,
    series_of,
    settings_of,
)
from rathaus.appointments.queries.video import video_terms
from rathaus.appointments.queue_errors import (
    AppointmentOtherDay,
    AppointmentOver,
    AppointmentTooEarly,
    CodeUnknown,
    NoPhoneTickets,
    NothingChosen,
    NoTicketsNow,
    UnknownTicket,
)
from rathaus.appointments.queue_numbers import rank_of_booking
from rathaus.appointments.queue_replay import Deed, Happening, drawn
from rathaus.appointments.states import State
from rathaus.appointments.ticket_states import OPEN, TicketChannel
from rathaus.appointments.ticket_tokens import check_in_code, code_as_typed, token_of
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import VIENNA, local_date, now, today
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.transaction import atomic

MOST_PERSONS = 20
VIDEO_LETTER = "V"  # seen by the clerk alone, and no gap in the numbers of the house
# The number of a day and that of its letter, raised in one statement under the lock of the row.
NEXT_NUMBER = """
    UPDATE appointments_queueday
    SET drawn = drawn + 1,
        series = series || jsonb_build_object(
            %(letter)s::text, coalesce((series ->> %(letter)s)::int, 0) + 1)
    WHERE id = %(day)s
    RETURNING drawn, (series ->> %(letter)s)::int
"""


@dataclass(frozen=True)
class Drawn:
    """A ticket as its owner gets it; `late` where an appointment does not count any more."""

    ticket: UUID
    label: str
    token: str
    late: bool = False


@dataclass(frozen=True)
class Wished:
    """What somebody draws a ticket for."""

    offers: Sequence[str]
    persons: int = 1
    turn: Turn = Turn.NORMAL
    language: str = SOURCE_LANGUAGE


@atomic
def draw_ticket(
    *,
    by: Actor,
    location: str,
    wished: Wished,
    channel: TicketChannel = TicketChannel.KIOSK,
    key: UUID | None = None,
) -> Drawn:
    """Draw the next number; a second press with the same `key` gives the same ticket.

    At the desk it needs `appointments.serve`, and only there somebody may be preferred. Raises
    `NotAllowed`, `UnknownLocation`, `NothingChosen`, `NoTicketsNow`, `NoPhoneTickets`.
    """
    place = location_named(location)
    at_desk = channel is TicketChannel.DESK
    if at_desk:
        require_service(by, place)
    elif wished.turn is not Turn.NORMAL:
        wished = Wished(wished.offers, wished.persons, Turn.NORMAL, wished.language)
    if channel is TicketChannel.PHONE and not settings_of(place).phone_tickets:
        raise NoPhoneTickets
    if not (at_desk or gives_tickets_now(place, now())):
        raise NoTicketsNow
    offers = offers_at(place, wished.offers)
    ticket = fresh_ticket(place, wished, offers, channel)
    ticket.made_with = key
    return drawn_ticket(insert(ticket, by))


def fresh_ticket(
    place: Location, wished: Wished, offers: Sequence[Offer], channel: TicketChannel
) -> Ticket:
    """A ticket of now that is not in the queue yet."""
    moment = now()
    return Ticket(
        location=place,
        day=today(),
        letter=VIDEO_LETTER if channel is TicketChannel.VIDEO else _letter(place, offers),
        offers=[offer.slug for offer in offers],
        skills=sorted({offer.skill.slug for offer in offers if offer.skill}),
        persons=min(max(wished.persons, 1), MOST_PERSONS),
        turn=wished.turn,
        channel=channel,
        language=wished.language,
        drawn_at=moment,
        arrived_at=moment,
    )


@atomic
def check_in_by_code(*, location: str, code: str, language: str = SOURCE_LANGUAGE) -> Drawn:
    """Join the queue with today's appointment, by the code of its mail, which is proof enough.

    Raises `CodeUnknown`, `UnknownLocation`, `AppointmentTooEarly`, `AppointmentOver`.
    """
    place = location_named(location)
    typed = code_as_typed(code)
    rows = Booking.objects.filter(location=place).exclude(state=State.EXPIRED)
    rows = rows.filter(begins_at__gte=_midnight()).order_by("begins_at")
    found = (pk for pk in rows.values_list("pk", flat=True) if check_in_code(pk) == typed)
    booking = next(found, None)
    if booking is None:
        raise CodeUnknown
    return check_in(by=SYSTEM, booking=booking, language=language)


@atomic
def check_in(
    *,
    by: Actor,
    booking: UUID,
    language: str = "",
    channel: TicketChannel = TicketChannel.BOOKING,
) -> Drawn:
    """Join the queue with an appointment, in the house or by video; again gives the same ticket.

    Raises `NotFound`, `NotAllowed`, `AppointmentOtherDay`, `AppointmentTooEarly`,
    `AppointmentOver`.
    """
    row = visible_booking(by, booking, did="appointments.arrived")
    require_service(by, row.location)
    known = Ticket.objects.filter(booking=row, state__in=sorted(OPEN)).first()
    if known is not None:
        return drawn_ticket(known)
    late = _arrival(row, channel) is Arrival.LATE
    arrive(by=by, booking=booking)
    offers = list(
        Offer.objects.select_related("skill").filter(slug__in=[w["offer"] for w in row.chosen])
    )
    wished = Wished((), row.persons, Turn.NORMAL, language or row.language)
    ticket = fresh_ticket(row.location, wished, offers, channel)
    ticket.booking, ticket.appointment_at = row, row.begins_at
    return drawn_ticket(insert(ticket, by), late=late)


def _arrival(row: Booking, channel: TicketChannel) -> Arrival:
    if local_date(row.begins_at) != today():
        raise AppointmentOtherDay(row.begins_at)
    if row.state not in (State.BOOKED, State.ARRIVED):
        raise AppointmentOver(row.begins_at)
    window = check_in_of(settings_of(row.location))
    if channel is TicketChannel.VIDEO:
        opens = video_terms(row.counter, local_date(row.begins_at)).opens
        window = CheckIn(opens, window.punctuality)
    arrival = window.arrival(row.begins_at, now())
    if arrival is Arrival.TOO_EARLY:
        raise AppointmentTooEarly(row.begins_at, row.begins_at - window.opens)
    return arrival


@atomic
def leave(*, token: str) -> None:
    """The owner of a ticket goes; whoever left already has left. Raises `UnknownTicket`."""
    rows = Ticket.objects.select_related("location", "booking").select_for_update(of=("self",))
    row = rows.filter(token_hash=hashed(token), day=today()).first()
    if row is None:
        raise UnknownTicket
    let_leave(row, by=SYSTEM)


def let_leave(row: Ticket, *, by: Actor) -> None:
    """Take a locked ticket out of the queue; the time of an appointment is free again."""
    if row.state in OPEN:
        happen(row, Deed.LEFT, by=by)
        note_person(row, by=by, did="appointments.left")
        if row.booking_id is not None:
            miss(by=by, booking=row.booking_id)


def insert(ticket: Ticket, by: Actor) -> Ticket:
    """Insert it with the next number, or the one that was made with the same key.

    The key is asked under the lock of the day: of two presses at once one draws, the other sees it.
    """
    day = _locked_day(ticket)
    if ticket.made_with is not None:
        same = Ticket.objects.filter(made_with=ticket.made_with).first()
        if same is not None:
            return same
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, {"letter": ticket.letter, "day": day.pk})
        count, ticket.number = cursor.fetchone()
    ticket.id = uuid4()
    ticket.rank = rank_of_booking(ticket.booking_id) if ticket.booking_id else count
    ticket.token_hash = hashed(token_of(ticket.pk))
    one = _drawing(ticket, by)
    ticket.stand_at(drawn(one))
    ticket.save(force_insert=True)
    write(one, ticket.location_id)
    return ticket


def _drawing(ticket: Ticket, by: Actor) -> Happening:
    details = {
        "letter": ticket.letter,
        "number": ticket.number,
        "rank": ticket.rank,
        "offers": ticket.offers,
        "skills": ticket.skills,
        "persons": ticket.persons,
        "turn": int(ticket.turn),
        "channel": str(ticket.channel),
        "arrived_at": ticket.arrived_at.isoformat(),
        "appointment_at": ticket.appointment_at.isoformat() if ticket.appointment_at else None,
    }
    staff = by.person if by.is_staff else None
    return Happening(Deed.DRAWN, now(), ticket=ticket.pk, staff=staff, details=details)


def _locked_day(ticket: Ticket) -> QueueDay:
    rows = QueueDay.objects.select_for_update()
    day = rows.filter(location=ticket.location, day=ticket.day).first()
    if day is None:
        QueueDay.objects.bulk_create(
            [QueueDay(location=ticket.location, day=ticket.day)], ignore_conflicts=True
        )
        day = rows.get(location=ticket.location, day=ticket.day)
    return day


def drawn_ticket(ticket: Ticket, *, late: bool = False) -> Drawn:
    """The ticket as its owner gets it."""
    return Drawn(ticket.pk, ticket.label, token_of(ticket.pk), late)


def location_named(slug: str) -> Location:
    """The active location of that slug. Raises `UnknownLocation`."""
    found = Location.objects.filter(slug=slug, active=True).first()
    if found is None:
        raise UnknownLocation
    return found


def offers_at(place: Location, wanted: Sequence[str]) -> list[Offer]:
    """These matters, if all of them are served there. Raises `NothingChosen`."""
    served = {offer.slug: offer for series in series_of(place) for offer in series.offers}
    if not wanted or any(slug not in served for slug in wanted):
        raise NothingChosen
    found = Offer.objects.select_related("skill").in_bulk([served[slug].pk for slug in wanted])
    return [found[served[slug].pk] for slug in dict.fromkeys(wanted)]


def _letter(place: Location, offers: Sequence[Offer]) -> str:
    """The series of the first matter; what no series knows has the first letter."""
    first = offers[0].slug if offers else ""
    for series in series_of(place):
        if any(offer.slug == first for offer in series.offers):
            return series.letter
    return FIRST_LETTER


def _midnight() -> datetime:
    return datetime.combine(today(), time(), VIENNA)
