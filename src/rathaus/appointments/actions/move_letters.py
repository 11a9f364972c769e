"""What people are mailed whom nobody can serve at their time."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from rathaus.appointments.actions.links import Purpose, link_to
from rathaus.appointments.actions.told import what_is_told
from rathaus.appointments.models import Booking
from rathaus.appointments.queries.finding import address_of
from rathaus.core.localized import Localized, localize
from rathaus.core.mail import send

SUBJECT = _("Ihr Termin am %(day)s kann nicht stattfinden: bitte wählen Sie einen anderen")
TEXT = _(
    "Guten Tag,\n\nleider können wir diesen Termin nicht halten:\n\n%(what)s\n%(when)s\n"
    "%(where)s%(why)s\n\nBitte wählen Sie eine andere Zeit:\n%(move)s%(cancel)s\n\nEs tut uns "
    "leid, dass wir Ihnen Mühe machen."
)
CANCEL_INSTEAD = _("\n\nSie brauchen den Termin nicht mehr? Hier sagen Sie ihn ab:\n%(cancel)s")


def ask_for_another_time(booking: Booking, reason: Localized) -> None:
    """Tell somebody that they cannot be served then, with the way to choose another time: a link
    that works once, or the page in their account.
    """
    with override(booking.language):
        facts, why = what_is_told(booking), localize(reason)
        values = {
            "what": facts.what,
            "when": facts.when,
            "where": facts.where,
            "why": f"\n\n{why}" if why else "",
            "move": _way_to_move(booking),
            "cancel": "",
        }
        if booking.person_id is None:
            values["cancel"] = str(CANCEL_INSTEAD) % {"cancel": link_to(booking, Purpose.CANCEL)}
        subject = str(SUBJECT) % {"day": facts.day}
        send(to=address_of(booking), subject=subject, text=str(TEXT) % values)


def _way_to_move(booking: Booking) -> str:
    if booking.person_id is None:
        return link_to(booking, Purpose.MOVE)
    return f"{settings.PORTAL_ADDRESS}{reverse('appointments:move_own', args=[booking.pk])}"
