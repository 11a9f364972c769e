"""Coming to an appointment by video, going again, and where the video service is."""

from __future__ import annotations

from datetime import date

from rathaus.appointments.actions.tickets import Drawn, check_in, let_leave
from rathaus.appointments.channels import Kind
from rathaus.appointments.errors import NotPossibleNow
from rathaus.appointments.models import Counter, Location, Ticket, VideoTermsRow
from rathaus.appointments.queries.help_calls import PLAN
from rathaus.appointments.queries.video import booking_by_token, video_terms
from rathaus.appointments.ticket_states import OPEN, TicketChannel
from rathaus.appointments.video_errors import BadVideoTerms
from rathaus.appointments.video_rooms import (
    MOST_MINUTES_BEFORE,
    BadRoomAddress,
    VideoTerms,
    checked_address,
)
from rathaus.audit.actions import record
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import local_date, today
from rathaus.core.errors import NotFound
from rathaus.core.transaction import atomic


@atomic
def arrive_by_video(*, token: str, language: str = "") -> Drawn:
    """ "Ich bin da": join the queue from one's own screen; again gives the same place in it.

    Whoever has the link of the appointment may do so. Raises `UnknownVideoPage`, `NotByVideo`,
    `AppointmentTooEarly`, `AppointmentOtherDay`, `AppointmentOver`, and `NotPossibleNow` where the
    location has no video service.
    """
    row = booking_by_token(token)
    if not video_terms(row.counter, local_date(row.begins_at)).address:
        raise NotPossibleNow
    return check_in(by=SYSTEM, booking=row.pk, language=language, channel=TicketChannel.VIDEO)


@atomic
def leave_by_video(*, token: str) -> None:
    """Wait no longer; the time of the appointment is free again. Raises `UnknownVideoPage`."""
    booking = booking_by_token(token)
    rows = Ticket.objects.select_related("location", "booking").select_for_update(of=("self",))
    found = rows.filter(booking=booking, channel=TicketChannel.VIDEO, state__in=sorted(OPEN))
    row = found.order_by("-drawn_at").first()
    if row is not None:
        let_leave(row, by=SYSTEM)


@atomic
def set_video_terms(
    *,
    by: Actor,
    location: str,
    valid_from: date,
    terms: VideoTerms,
    counter: int | None = None,
) -> None:
    """From a day on: the video service of a location, or of one of its counters.

    Needs `appointments.plan` there. Raises `NotFound`, `NotAllowed`, `BadVideoTerms`.
    """
    place = Location.objects.filter(slug=location, active=True).first()
    if place is None:
        raise NotFound
    by.require(PLAN, place.department_id)
    own: Counter | None = None
    if counter is not None:
        own = Counter.objects.filter(location=place, kind=Kind.VIDEO, pk=counter).first()
        if own is None:
            raise NotFound
    try:
        address = checked_address(terms.address)
    except BadRoomAddress as error:
        raise BadVideoTerms from error
    if valid_from < today() or not 0 <= terms.opens_minutes <= MOST_MINUTES_BEFORE:
        raise BadVideoTerms
    row, _made = VideoTermsRow.objects.update_or_create(
        location=place,
        counter=own,
        valid_from=valid_from,
        defaults={
            "address": address,
            "is_fixed": terms.is_fixed,
            "opens_minutes": terms.opens_minutes,
        },
    )
    record(by=by, did="appointments.video_terms_set", on=row, details={"address": address})
