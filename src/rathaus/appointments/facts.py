"""What a case's page says about its appointments, and whether its applicant still books one."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from rathaus.appointments.models import Booking, Offer
from rathaus.appointments.models.bookings import BookingQuerySet
from rathaus.appointments.queries.finding import SERVE
from rathaus.appointments.states import State
from rathaus.cases.queries import open_procedure, own_open_procedure
from rathaus.core.actor import Actor
from rathaus.core.domain import CaseFact, NextStep
from rathaus.core.localized import localize

AFTER_PAYING = 20
KEPT = (State.BOOKED, State.ARRIVED, State.FINISHED)


def case_facts(reader: Actor, number: str) -> Iterator[CaseFact]:
    """The appointments of a case that this reader may see, the first one first; for staff the way
    to give one where there is none.
    """
    kept = False
    for booking in _bookings(reader, number).order_by("begins_at"):
        kept = kept or booking.state in KEPT
        address = reverse("appointments:booking", args=[booking.pk]) if reader.is_citizen else ""
        place = f"{localize(booking.location.name)}, {booking.counter.name}"
        status = booking.get_state_display()
        deed = _("Ansehen") if address else ""
        yield CaseFact(_("Termin"), _moment(booking), f"{place}: {status}", address, deed)
    if not kept and reader.is_staff and reader.may(SERVE):
        yield from _to_be_given(reader, number)


def _to_be_given(clerk: Actor, number: str) -> Iterator[CaseFact]:
    """Where a clerk gives an appointment for the case, if one is offered for its service."""
    service = open_procedure(by=clerk, number=number)
    if service and Offer.objects.filter(service_slug=service, active=True).exists():
        query = urlencode({"leistung": service, "anliegen": number})
        address = f"{reverse('appointments:give')}?{query}"
        yield CaseFact(_("Termin"), _("noch keiner"), "", address, _("Termin vergeben"))


def next_steps(applicant: Actor, number: str) -> Iterator[NextStep]:
    """An appointment, where one is offered for the service that the case is about."""
    procedure = own_open_procedure(by=applicant, number=number)
    offer = procedure and Offer.objects.filter(service_slug=procedure, active=True).first()
    if not offer:
        return
    title = localize(offer.title)
    kept = _bookings(applicant, number).filter(state__in=KEPT).order_by("begins_at").first()
    if kept is not None:
        address = reverse("appointments:booking", args=[kept.pk])
        label = _("Termin: %(what)s") % {"what": title}
        yield NextStep(label, _moment(kept), _("Ansehen"), address, done=True, order=AFTER_PAYING)
        return
    query = urlencode({"angebot": offer.slug, "anliegen": number})
    yield NextStep(
        _("Termin buchen: %(what)s") % {"what": title},
        _("Dauert %(minutes)d Minuten.") % {"minutes": offer.minutes},
        _("Termin wählen"),
        f"{reverse('appointments:choose')}?{query}",
        order=AFTER_PAYING,
    )


def _bookings(reader: Actor, number: str) -> BookingQuerySet:
    shown = Booking.objects.visible_to(reader).filter(case_number=number)
    return shown.exclude(state=State.EXPIRED).select_related("location", "counter")


def _moment(booking: Booking) -> str:
    begins = date_format(localtime(booking.begins_at), "SHORT_DATETIME_FORMAT")
    return _("%(moment)s Uhr") % {"moment": begins}
