"""Which devices are kiosks: they carry a signed cookie that an administrator let them have.

A kiosk is shared by everybody in the hall, so that no limit per address can tell its visitors from
somebody who empties the numbers from home: the device itself is known, everybody else is limited.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "automat"
LINK_LASTS = 15 * 60
COOKIE_LASTS = 365 * 24 * 60 * 60
_SALT = "rathaus.appointments.kiosk"


def link_token(location: str, generation: int) -> str:
    """What turns the device that opens it within a quarter of an hour into a kiosk."""
    return signing.dumps([location, generation], salt=f"{_SALT}.link")


def link_is_good(token: str, location: str, generation: int) -> bool:
    """Whether the link was made for this location, lately, and devices were not reset since."""
    try:
        found = signing.loads(token, salt=f"{_SALT}.link", max_age=LINK_LASTS)
    except signing.BadSignature:
        return False
    return bool(found == [location, generation])


def let_in(response: HttpResponse, location: str, generation: int) -> None:
    """Make the device a kiosk of the location."""
    response.set_signed_cookie(
        COOKIE,
        f"{location}:{generation}",
        salt=_SALT,
        max_age=COOKIE_LASTS,
        path="/kiosk/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_kiosk(request: HttpRequest, location: str, generation: int) -> bool:
    """Whether the device is a kiosk of the location."""
    known = request.get_signed_cookie(COOKIE, default="", salt=_SALT)
    return bool(known == f"{location}:{generation}")
