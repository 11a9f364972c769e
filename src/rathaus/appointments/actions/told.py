"""What mails and calendar entries tell of an appointment, in the language that is in force."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.actions.links import Purpose, link_to, page_of
from rathaus.appointments.models import Booking, Offer
from rathaus.appointments.queries.finding import code_at_kiosk
from rathaus.appointments.states import State
from rathaus.core.clock import VIENNA
from rathaus.core.localized import localize

MOMENT = _("%(moment)s Uhr")
BY_LINKS = _(
    "Sie können nicht kommen? Mit diesen Links verschieben Sie ihn oder sagen ihn ab; jeder gilt "
    "ein Mal.\nVerschieben: %(move)s\nAbsagen: %(cancel)s"
)
BY_ACCOUNT = _(
    "Sie können nicht kommen? Nach der Anmeldung verschieben Sie ihn oder sagen ihn ab:\n%(page)s"
)


@dataclass(frozen=True)
class Facts:
    """Plain words; `where` and `advice` may have several lines, `code` is empty where nobody has to
    check in.
    """

    what: str
    advice: str
    day: str
    when: str
    where: str
    code: str


def what_is_told(booking: Booking) -> Facts:
    """The facts of a booking."""
    begins = booking.begins_at.astimezone(VIENNA)
    slugs = [wish["offer"] for wish in booking.chosen]
    offers = {offer.slug: offer for offer in Offer.objects.filter(slug__in=slugs)}
    chosen = [offers[slug] for slug in slugs if slug in offers]
    place = [localize(booking.location.name), booking.location.address]
    return Facts(
        what=", ".join(localize(offer.title) for offer in chosen),
        advice="\n".join(localize(offer.advice) for offer in chosen if offer.advice),
        day=date_format(begins, "SHORT_DATE_FORMAT"),
        when=str(MOMENT) % {"moment": date_format(begins, "SHORT_DATETIME_FORMAT")},
        where="\n".join(line for line in place if line),
        code=code_at_kiosk(booking),
    )


def ways_to_change(booking: Booking, *, beside_older: bool = False) -> str:
    """How somebody moves a booking or gives it back: signed in, or by fresh links of their mail."""
    if booking.person_id is not None:
        return str(BY_ACCOUNT) % {"page": page_of(booking)}
    if booking.state != State.BOOKED:
        return ""
    return str(BY_LINKS) % {
        "move": link_to(booking, Purpose.MOVE, beside_older=beside_older),
        "cancel": link_to(booking, Purpose.CANCEL, beside_older=beside_older),
    }
