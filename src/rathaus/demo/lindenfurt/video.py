"""Appointments by video in Lindenfurt: rooms are plain pages of the demo, and somebody is due."""

from datetime import date, time, timedelta
from uuid import uuid5

from django.urls import reverse

from rathaus.appointments.channels import Kind
from rathaus.appointments.models import Booking, Counter, Duty, Offer, VideoTermsRow
from rathaus.appointments.states import State
from rathaus.core.clock import now, today
from rathaus.demo.lindenfurt.people import CITY, person_id

BEGAN = date(2026, 1, 1)
OFFER = "sozialpass"
GUEST = "mehmet-yildiz"
DUE_IN = timedelta(minutes=10)


def load() -> None:
    """Set where the rooms are, and let somebody be due shortly; twice changes nothing."""
    rooms = reverse("demo:video_room", args=["x"]).removesuffix("x/")
    for counter in Counter.objects.filter(kind=Kind.VIDEO):
        VideoTermsRow.objects.get_or_create(
            location_id=counter.location_id,
            counter=None,
            valid_from=BEGAN,
            defaults={"address": rooms},
        )
    offer = Offer.objects.filter(slug=OFFER).first()
    here = Counter.objects.filter(kind=Kind.VIDEO, active=True).order_by("pk").first()
    if offer is not None and here is not None:
        _appointment(here, offer)
        _somebody_there(here)


def _appointment(counter: Counter, offer: Offer) -> None:
    begins_at = (now() + DUE_IN).replace(second=0, microsecond=0)
    ends_at = begins_at + timedelta(minutes=offer.minutes)
    booking = uuid5(CITY, f"video {GUEST} {today()}")
    if Booking.objects.filter(counter=counter, begins_at__lt=ends_at, frees_at__gt=begins_at):
        return
    Booking.objects.get_or_create(
        pk=booking,
        defaults={
            "place": booking,
            "location_id": counter.location_id,
            "counter": counter,
            "chosen": [{"offer": offer.slug, "persons": 1}],
            "channel": "online",
            "begins_at": begins_at,
            "ends_at": ends_at,
            "frees_at": ends_at,
            "state": State.BOOKED,
            "person_id": person_id(GUEST),
            "made_at": now(),
            "changed_at": now(),
        },
    )


def _somebody_there(counter: Counter) -> None:
    """Today somebody is at that counter, whatever day of the week it is."""
    plan = Duty.objects.filter(counter=counter)
    if plan.filter(weekday=today().weekday(), valid_from__lte=today()).exists():
        return
    who = plan.order_by("pk").values_list("person", flat=True).first()
    if who is not None:
        Duty.objects.create(
            counter=counter,
            person_id=who,
            weekday=today().weekday(),
            starts=time(0),
            ends=time(23, 59),
            valid_from=today(),
            valid_until=today(),
        )
