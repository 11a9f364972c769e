"""Secrets of an appointment by video, which the database does not have: computed, never kept.

Both come from the booking's id and the house's key. The link of a mail opens the page of that one
appointment; the name of the room appears only when the clerk calls.
"""

from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

ROOM_BYTES, SEAL_BYTES, ID_BYTES = 16, 16, 16


def room_of(booking: UUID) -> str:
    """The name of the room: 128 bits, in letters and digits that every video service takes."""
    secret = _digest("appointments.video_room", booking)[:ROOM_BYTES]
    return b32encode(secret).decode().rstrip("=").lower()


def video_token(booking: UUID) -> str:
    """What stands in the link to the page: the booking and a seal of 128 bits."""
    return _text(booking.bytes + _seal(booking))


def booking_of(token: str) -> UUID | None:
    """Whose page it is, or nobody's."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    if len(raw) != ID_BYTES + SEAL_BYTES:
        return None
    booking = UUID(bytes=raw[:ID_BYTES])
    return booking if constant_time_compare(token, video_token(booking)) else None


def _seal(booking: UUID) -> bytes:
    return _digest("appointments.video_page", booking)[:SEAL_BYTES]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _digest(purpose: str, of: UUID) -> bytes:
    return salted_hmac(purpose, of.hex, algorithm="sha256").digest()
