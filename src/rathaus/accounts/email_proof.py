"""Proving that an address is one's own: a code goes there and comes back within ten minutes, in
three attempts.

What is waiting is kept in the session: the address, a keyed hash of the code, the end of its time,
the attempts left. A code is good for the one purpose that its mail names.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from allauth.core import ratelimit
from allauth.core.internal.cryptokit import generate_user_code, normalize_user_code
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from rathaus.core.city import current_city
from rathaus.core.clock import now
from rathaus.core.errors import Gone, Invalid, TooMany
from rathaus.core.mail import send

TIME = timedelta(minutes=10)
ATTEMPTS = 3


class Purpose(StrEnum):
    """What the address is proved for; named like the mail that carries the code."""

    CONTACT = "email_proof"
    TAKE_OVER = "take_over_proof"


class WrongCode(Invalid):
    """Not the code that was sent."""

    message = _("Dieser Code stimmt nicht. Bitte prüfen Sie die letzte E-Mail von uns.")


class CodeExpired(Gone):
    """Too late, or too many wrong ones."""

    message = _("Dieser Code gilt nicht mehr. Bitte fordern Sie einen neuen an.")


def ask_for_proof(request: HttpRequest, purpose: Purpose, *, email: str) -> None:
    """Send a code to the address; an older one is void. Raises `TooMany`."""
    address = email.strip().lower()
    if not ratelimit.consume(request, action="request_login_code", key=address):
        raise TooMany
    code = generate_user_code()
    request.session[_waiting(purpose)] = {
        "email": address,
        "code": _keyed_hash(code),
        "until": (now() + TIME).isoformat(),
        "attempts": ATTEMPTS,
    }
    details = {"code": code, "city": current_city()}
    subject = render_to_string(f"accounts/mail/{purpose}_subject.txt", details).strip()
    text = render_to_string(f"accounts/mail/{purpose}.txt", details)
    send(to=address, subject=subject, text=text)


def address_waiting(request: HttpRequest, purpose: Purpose) -> str:
    """The address that a code was sent to, or empty."""
    return str(request.session.get(_waiting(purpose), {}).get("email", ""))


def proved_address(request: HttpRequest, purpose: Purpose, *, code: str) -> str:
    """The address, once its code is right; that uses it up. Raises `WrongCode` or `CodeExpired`."""
    waiting = request.session.get(_waiting(purpose))
    if not waiting or now() >= datetime.fromisoformat(waiting["until"]):
        request.session.pop(_waiting(purpose), None)
        raise CodeExpired
    if not constant_time_compare(waiting["code"], _keyed_hash(code)):
        _count_attempt(request, purpose)
        raise WrongCode
    del request.session[_waiting(purpose)]
    return str(waiting["email"])


def remember_proved(request: HttpRequest, purpose: Purpose, *, email: str) -> None:
    """Let a proved address count for what is done with it on the next pages, as long as a code."""
    request.session[_proved(purpose)] = {"email": email, "until": (now() + TIME).isoformat()}


def address_remembered(request: HttpRequest, purpose: Purpose) -> str:
    """The address proved a moment ago, or empty."""
    proved = request.session.get(_proved(purpose))
    if not proved or now() >= datetime.fromisoformat(proved["until"]):
        return ""
    return str(proved["email"])


def _count_attempt(request: HttpRequest, purpose: Purpose) -> None:
    waiting = request.session[_waiting(purpose)]
    waiting["attempts"] -= 1
    request.session[_waiting(purpose)] = waiting
    if waiting["attempts"] <= 0:
        del request.session[_waiting(purpose)]
        raise CodeExpired


def _waiting(purpose: Purpose) -> str:
    return f"{purpose}_waiting"


def _proved(purpose: Purpose) -> str:
    return f"{purpose}_shown"


def _keyed_hash(code: str) -> str:
    return salted_hmac("rathaus.accounts.email_proof", normalize_user_code(code)).hexdigest()
