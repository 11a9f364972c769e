"""What the page of a service says about coming to a counter: with an appointment and without."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from rathaus.appointments.queries.visits import WalkIn, visits
from rathaus.core.domain import ServiceFact
from rathaus.core.localized import localize


def service_facts(service: str) -> Iterator[ServiceFact]:
    """The next free time, and each queue for people without an appointment."""
    found = visits(service)
    if found is None:
        return
    address = f"{reverse('appointments:choose')}?{urlencode({'leistung': service})}"
    if found.soonest is not None:
        begins = date_format(localtime(found.soonest.begins_at), "SHORT_DATETIME_FORMAT")
        moment = _("%(moment)s Uhr") % {"moment": begins}
        place = localize(found.soonest.location)
        yield ServiceFact(_("Nächster freier Termin"), moment, place, address, _("Termin buchen"))
    elif not found.walk_ins:
        yield ServiceFact(
            _("Termin"), _("Zurzeit ist kein Termin frei"), "", address, _("Auf die Warteliste")
        )
    for walk_in in found.walk_ins:
        yield _without_appointment(walk_in)


def _without_appointment(walk_in: WalkIn) -> ServiceFact:
    able = walk_in.is_open and walk_in.phone_tickets
    return ServiceFact(
        _("Ohne Termin"),
        _wait(walk_in),
        localize(walk_in.location),
        reverse("appointments:kiosk", args=[walk_in.slug]) if able else "",
        _("Nummer am Handy ziehen") if able else "",
    )


def _wait(walk_in: WalkIn) -> str:
    if not walk_in.is_open:
        return _("möglich, jetzt geschlossen")
    wait = walk_in.wait
    if wait is None:
        return _("möglich; wie lange es dauert, lässt sich gerade nicht sagen")
    if not wait.low:
        return _("jetzt weniger als %(high)s Minuten Wartezeit") % {"high": wait.high}
    values = {"low": wait.low, "high": wait.high}
    return _("jetzt etwa %(low)s bis %(high)s Minuten Wartezeit") % values
