"""Where an appointment takes place, as mails and calendar entries say it."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from rathaus.appointments.channels import Kind
from rathaus.appointments.models import Booking
from rathaus.appointments.queries.video import video_address
from rathaus.appointments.states import State
from rathaus.core.localized import localize


def meeting_place(booking: Booking) -> list[str]:
    """Lines: the house with its address, or the way to the page of the video call.

    The room itself stands nowhere in writing: its name appears on that page when the clerk calls.
    """
    if booking.counter.kind != Kind.VIDEO:
        return [localize(booking.location.name), booking.location.address]
    link = join_link(booking)
    where = _("Videogespräch, Sie brauchen nicht zu kommen")
    return [where, _("Hier melden Sie sich und beginnen das Gespräch: %s") % link if link else ""]


def join_link(booking: Booking) -> str:
    """The whole address of the page; empty unless a settled appointment is by video."""
    if booking.state not in (State.BOOKED, State.ARRIVED):
        return ""
    address = video_address(booking)
    return f"{settings.PORTAL_ADDRESS}{address}" if address else ""
