"""Links of mails that let their reader do one thing once."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from rathaus.appointments.booking_tokens import hashed, new_token
from rathaus.appointments.errors import LinkUsed
from rathaus.appointments.models import Booking, BookingLink
from rathaus.appointments.ticket_tokens import page_token
from rathaus.core.clock import now

Purpose = BookingLink.Purpose
LASTS = timedelta(days=1)  # after the appointment has begun


def link_to(
    booking: Booking,
    purpose: BookingLink.Purpose,
    *,
    until: datetime | None = None,
    beside_older: bool = False,
) -> str:
    """The whole address of a fresh link; an older one for the same purpose is void, unless this
    one stands beside it.
    """
    if not beside_older:
        BookingLink.objects.filter(booking=booking, purpose=purpose, used_at=None).delete()
    token = new_token()
    BookingLink.objects.create(
        booking=booking,
        purpose=purpose,
        token_hash=hashed(token),
        expires_at=until or booking.begins_at + LASTS,
    )
    return f"{settings.PORTAL_ADDRESS}{reverse(f'appointments:link_{purpose.value}', args=[token])}"


def page_of(booking: Booking) -> str:
    """The whole address at which its owner sees the booking: signed in, or by the secret in it."""
    if booking.person_id is not None:
        return settings.PORTAL_ADDRESS + reverse("appointments:own", args=[booking.pk])
    secret = page_token(booking.pk)
    return settings.PORTAL_ADDRESS + reverse("appointments:shown", args=[booking.pk, secret])


def use_link(token: str, purpose: BookingLink.Purpose) -> UUID:
    """Use the link up, and tell whose booking it is; two clicks at once are one. Raises `LinkUsed`.

    The lock is on the link alone: whoever rolls back has not used it.
    """
    rows = BookingLink.objects.filter(
        token_hash=hashed(token), purpose=purpose, used_at=None, expires_at__gt=now()
    )
    link = rows.select_for_update().first()
    if link is None:
        raise LinkUsed
    link.used_at = now()
    link.save(update_fields=["used_at"])
    return link.booking_id
