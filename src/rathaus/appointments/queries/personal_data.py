"""What the house keeps about a citizen in appointments: for their export, and what is theirs."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from rathaus.appointments.models import Booking, Offer
from rathaus.appointments.queries import waitlist
from rathaus.core.clock import local_date
from rathaus.core.domain import ExportSection, Matter
from rathaus.core.localized import localize


def matters(person: UUID) -> Iterable[Matter]:
    """Every booking of a person, by its id."""
    titles = dict(Offer.objects.values_list("slug", "title"))
    for row in Booking.objects.filter(person=person):
        names = [titles[wish["offer"]] for wish in row.chosen if wish["offer"] in titles]
        yield Matter(
            reference=str(row.pk),
            title=_("Termin: %(what)s") % {"what": ", ".join(map(localize, names))},
            since=local_date(row.made_at),
        )
    yield from waitlist.matters(person)


def personal_data(person: UUID) -> Iterable[ExportSection]:
    """All bookings of the person, in one section."""
    rows = Booking.objects.filter(person=person).select_related("location").order_by("begins_at")
    found = [
        {
            _("Beginn"): row.begins_at,
            _("Ende"): row.ends_at,
            _("Standort"): localize(row.location.name),
            _("Stand"): row.get_state_display(),
            _("gemacht"): row.made_at,
            _("Aktenzeichen"): row.case_number,
        }
        for row in rows
    ]
    if found:
        yield ExportSection(_("Termine"), found)
    yield from waitlist.personal_data(person)
