"""Secrets of a ticket and of a booking that can be told again, of which the database has none.

They are computed from the id and the house's key: a second print shows the same QR code, and
whoever reads the database alone can open no page of a ticket.
"""

import re
from base64 import b32encode, urlsafe_b64encode
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

CODE_LENGTH = 8
# What people mistake for one another when they type what they read.
_CONFUSED = str.maketrans("018", "OIB")


def token_of(ticket: UUID) -> str:
    """The secret in the address of a ticket's page: 160 bits."""
    return urlsafe_b64encode(_digest("appointments.ticket", ticket)[:20]).decode().rstrip("=")


def page_token(booking: UUID) -> str:
    """The secret in the address that shows a booking to whoever has its mail: 160 bits."""
    return urlsafe_b64encode(_digest("appointments.page", booking)[:20]).decode().rstrip("=")


def opens_page(booking: UUID, token: str) -> bool:
    """Whether the secret is that of the booking; how long the answer takes tells nothing."""
    return constant_time_compare(token, page_token(booking))


def check_in_code(booking: UUID) -> str:
    """What somebody with an appointment types at the kiosk: `K7QM-3WPX`, 40 bits."""
    code = b32encode(_digest("appointments.check_in", booking)).decode()[:CODE_LENGTH]
    return f"{code[:4]}-{code[4:]}"


def code_as_typed(text: str) -> str:
    """The same code, however somebody wrote it."""
    plain = re.sub(r"[^A-Z0-9]", "", text.upper()).translate(_CONFUSED)[:CODE_LENGTH]
    return f"{plain[:4]}-{plain[4:]}"


def _digest(purpose: str, of: UUID) -> bytes:
    return salted_hmac(purpose, of.hex, algorithm="sha256").digest()
