"""An appointment for its owner's calendar: by mail with the links to change it, or as a file."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.actions.links import page_of
from rathaus.appointments.actions.told import Facts, what_is_told
from rathaus.appointments.invitation import Entry, Method, calendar_entry
from rathaus.appointments.models import Booking
from rathaus.core.city import current_city
from rathaus.core.clock import now

CODE = _("Ihr Code für die Anmeldung am Automaten: %(code)s")
PAGE = _("Ihr Termin: %(page)s")


def entry_of(booking: Booking, method: Method, *, attendee: str) -> str:
    """The text of an `.ics` file that somebody fetches; it makes no links, as a mail does."""
    return calendar_of(booking, method, what_is_told(booking), attendee=attendee)


def calendar_of(
    booking: Booking, method: Method, facts: Facts, *, attendee: str, ways: str = ""
) -> str:
    """The same for a mail, whose links (`ways`) the entry keeps, too."""
    city = current_city()
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    page = page_of(booking)
    code = str(CODE) % {"code": facts.code} if facts.code else ""
    lines = (facts.advice, code, str(PAGE) % {"page": page}, ways)
    entry = Entry(
        booking=booking.pk,
        revision=booking.revision,
        begins_at=booking.begins_at,
        ends_at=booking.ends_at,
        written_at=now(),
        title=f"{facts.what} – {city.name}",
        place=facts.where.replace("\n", ", "),
        text="\n".join(line for line in lines if line),
        page=page,
        organizer=sender,
        organizer_name=city.name,
        attendee=attendee,
        host=sender.rpartition("@")[2] or "rathaus",
    )
    return calendar_entry(entry, method)
