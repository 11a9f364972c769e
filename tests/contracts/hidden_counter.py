"""Pages of the counter that come about by what others do: a call for help, a call by video."""

from django.test import Client
from django.urls import reverse

from rathaus.accounts.queries import actor_by_id
from rathaus.appointments.actions import calling, counters, helping, video
from rathaus.appointments.models import Booking, CounterSession, Duty, Ticket
from rathaus.appointments.queries.counter_page import session_of
from rathaus.appointments.video_tokens import room_of, video_token
from rathaus.core.clock import today
from rathaus.demo.lindenfurt.people import person_id

CALLER, ADVISER, VISITOR = "mirjana-petrovic", "karl-mayr", "mehmet-yildiz"


def while_somebody_needs_help(client: Client) -> list[str]:
    """A colleague's pages with the banner, and the list of the head."""
    duty = Duty.objects.filter(person_id=person_id(CALLER)).select_related("counter__location")
    counter = duty[0].counter
    caller = actor_by_id(person_id(CALLER))
    helping.call_for_help(by=caller, location=counter.location.slug, counter=counter.pk)
    return [
        reverse("appointments:counter"),
        reverse("appointments:desk"),
        reverse("appointments:help_calls"),
        reverse("appointments:video_terms"),
    ]


def called_by_video(client: Client) -> list[str]:
    """The page of an appointment by video whose turn it is, and the room."""
    booking = Booking.objects.filter(
        counter__kind="video", begins_at__date=today(), person_id=person_id(VISITOR)
    ).get()
    if not Ticket.objects.filter(booking=booking).exists():
        video.arrive_by_video(token=video_token(booking.pk))
        adviser = actor_by_id(person_id(ADVISER))
        if session_of(adviser) is None:
            CounterSession.objects.filter(counter=booking.counter).delete()
            counters.open_counter(by=adviser, counter=booking.counter_id)
        calling.call_next(by=adviser)
    return [
        reverse("appointments:video", args=[video_token(booking.pk)]),
        reverse("demo:video_room", args=[room_of(booking.pk)]),
    ]
