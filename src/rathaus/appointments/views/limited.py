"""How much may come from one network address, of people who are not signed in."""

from allauth.core import ratelimit

from rathaus.appointments.errors import TooManyFromHere
from rathaus.core.access import Request
from rathaus.core.actor import ANONYMOUS


def limit_strangers(request: Request) -> None:
    """Count a wish for a time or for a place on the waitlist. Raises `TooManyFromHere`.

    Mailboxes are counted elsewhere; this is for whoever has many of them and never signs in.
    """
    if request.actor == ANONYMOUS and not ratelimit.consume(request, action="hold_time"):
        raise TooManyFromHere
