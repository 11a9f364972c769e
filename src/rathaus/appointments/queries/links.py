"""Links of mails, looked at without using them: a preview must not spend one."""

from uuid import UUID

from rathaus.appointments.booking_tokens import hashed
from rathaus.appointments.errors import LinkUsed
from rathaus.appointments.models import BookingLink
from rathaus.core.clock import now


def booking_of_link(token: str, purpose: str) -> UUID:
    """Whose booking an unused link is. Raises `LinkUsed`."""
    link = BookingLink.objects.filter(
        token_hash=hashed(token), purpose=purpose, used_at=None, expires_at__gt=now()
    ).first()
    if link is None:
        raise LinkUsed
    return link.booking_id
