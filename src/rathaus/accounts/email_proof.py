"""Proving that an address is one's own: a code goes there and comes back within ten minutes, in
three attempts.

What is waiting is kept in the session: the address, a keyed hash of the code, the end of its time,
the attempts left.
"""

from datetime import datetime, timedelta

from allauth.core.internal.cryptokit import generate_user_code, normalize_user_code
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from rathaus.core.city import current_city
from rathaus.core.clock import now
from rathaus.core.errors import Gone, Invalid
from rathaus.core.mail import send

WAITING = "email_waiting_for_proof"
TIME = timedelta(minutes=10)
ATTEMPTS = 3


class WrongCode(Invalid):
    """Not the code that was sent."""

    message = _("Dieser Code stimmt nicht. Bitte prüfen Sie die letzte E-Mail von uns.")


class CodeExpired(Gone):
    """Too late, or too many wrong ones."""

    message = _("Dieser Code gilt nicht mehr. Bitte fordern Sie einen neuen an.")


def ask_for_proof(request: HttpRequest, *, email: str) -> None:
    """Send a code to the address; an older one is void."""
    code = generate_user_code()
    request.session[WAITING] = {
        "email": email,
        "code": _keyed_hash(code),
        "until": (now() + TIME).isoformat(),
        "attempts": ATTEMPTS,
    }
    details = {"code": code, "city": current_city()}
    subject = render_to_string("accounts/mail/email_proof_subject.txt", details).strip()
    send(to=email, subject=subject, text=render_to_string("accounts/mail/email_proof.txt", details))


def address_waiting(request: HttpRequest) -> str:
    """The address that a code was sent to, or empty."""
    return str(request.session.get(WAITING, {}).get("email", ""))


def proved_address(request: HttpRequest, *, code: str) -> str:
    """The address, once its code is right; that uses it up. Raises `WrongCode` or `CodeExpired`."""
    waiting = request.session.get(WAITING)
    if not waiting or now() >= datetime.fromisoformat(waiting["until"]):
        request.session.pop(WAITING, None)
        raise CodeExpired
    if not constant_time_compare(waiting["code"], _keyed_hash(code)):
        _count_attempt(request)
        raise WrongCode
    del request.session[WAITING]
    return str(waiting["email"])


def _count_attempt(request: HttpRequest) -> None:
    waiting = request.session[WAITING]
    waiting["attempts"] -= 1
    request.session[WAITING] = waiting
    if waiting["attempts"] <= 0:
        del request.session[WAITING]
        raise CodeExpired


def _keyed_hash(code: str) -> str:
    return salted_hmac("rathaus.accounts.email_proof", normalize_user_code(code)).hexdigest()
