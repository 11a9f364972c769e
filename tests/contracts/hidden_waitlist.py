"""Pages of the waitlist that no link leads to: behind a mail's link, or while a time is kept."""

import re
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.test import Client
from django.urls import reverse

from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.actions import Waits, Whom
from rathaus.appointments.models import (
    Booking,
    Counter,
    Duty,
    Location,
    Offer,
    OpeningHours,
    WaitlistEntry,
)
from rathaus.appointments.queries import Wanted, Wish
from rathaus.appointments.waitlist_order import DayPart, Suits
from rathaus.core.actor import ANONYMOUS, SYSTEM
from rathaus.core.clock import VIENNA, today
from rathaus.core.models import OutgoingMail
from rathaus.demo.lindenfurt.people import person_id

OFFER = "anderswo"


def of_a_guest(client: Client) -> list[str]:
    """What the links of the mails lead to."""
    place, freed = _place(), _booked("gast@post.example", days=8)
    _joins("warten@post.example", place)
    addresses = _links("warten@post.example", "bestaetigen")
    actions.confirm_waiting_by_link(token=addresses[0].split("/")[-2])
    actions.cancel(by=SYSTEM, booking=freed)
    _joins("spaeter@post.example", place)
    return [
        f"{reverse('appointments:waitlist_join')}?wunsch={OFFER}:1&ort={place}",
        *(_links("spaeter@post.example", "bestaetigen")),
        *(_links("warten@post.example", "nehmen", "ablehnen", "verlassen")),
    ]


def of_a_citizen(client: Client) -> list[str]:
    """An earlier time that is kept for somebody who has a later one."""
    place, freed = _place(), _booked("frei@post.example", days=15)
    by = actor_of(Person.objects.get(pk=person_id("anna-huber")))
    held = actions.hold(by=by, wanted=_wanted(), begins_at=_day(22))
    actions.confirm(by=by, booking=held.booking)
    entry = actions.join_waitlist(by=by, waits=_waits(place), booking=held.booking)
    actions.cancel(by=SYSTEM, booking=freed)
    return [
        reverse("appointments:waitlist_mine"),
        reverse("appointments:waitlist_entry", args=[entry]),
        reverse("appointments:waitlist_earlier", args=[held.booking]),
    ]


def _joins(address: str, place: str) -> UUID:
    whom = Whom(name="Gast", email=address)
    return actions.join_waitlist(by=ANONYMOUS, waits=_waits(place), whom=whom)


def _booked(address: str, *, days: int) -> UUID:
    whom = Whom(name="Gast", email=address)
    held = actions.hold(by=ANONYMOUS, wanted=_wanted(), begins_at=_day(days), whom=whom)
    actions.confirm(by=SYSTEM, booking=held.booking)
    return held.booking


def _links(address: str, *words: str) -> list[str]:
    mail = OutgoingMail.objects.filter(recipient=address).latest("created_at")
    pattern = rf"/termine/warteliste/(?:{'|'.join(words)})/\S+?/"
    return re.findall(pattern, mail.text)


def _wanted() -> Wanted:
    return Wanted(OFFER, (Wish(OFFER, 1),))


def _waits(place: str) -> Waits:
    suits = Suits(today(), today() + timedelta(days=60), frozenset(range(7)), frozenset(DayPart), 2)
    return Waits((Wish(OFFER, 1),), (place,), suits)


def _day(days: int) -> datetime:
    day = today() + timedelta(days=days)
    while day.weekday() != 2:
        day += timedelta(days=1)
    return datetime.combine(day, time(8), VIENNA)


def _place() -> str:
    """A house with one counter that is open every day at eight, made once and emptied again."""
    if Location.objects.filter(slug=OFFER).exists():
        WaitlistEntry.objects.filter(locations=[OFFER]).delete()
        Booking.objects.filter(location__slug=OFFER).delete()
        return OFFER
    staff = Person.objects.get(pk=person_id("georg-aichinger"))
    department = staff.memberships.exclude(department=None)[0].department
    place = Location.objects.create(
        slug=OFFER, name={"de": "Anderswo", "en": "Elsewhere"}, department=department
    )
    counter = Counter.objects.create(location=place, number=1, name="1")
    title = {"de": "Beratung", "en": "Advice"}
    Offer.objects.create(slug=OFFER, title=title, minutes=30, open_limit=5)
    began = date(2020, 1, 1)
    for weekday in range(7):
        hours = {"weekday": weekday, "valid_from": began}
        OpeningHours.objects.create(location=place, opens="08:00", closes="12:00", **hours)
        Duty.objects.create(person=staff, counter=counter, starts="08:00", ends="12:00", **hours)
    return OFFER
