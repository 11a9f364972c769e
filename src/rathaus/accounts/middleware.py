"""Who is in front of the screen, and for how long."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.accounts.second_factor import has_second_factor
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.clock import now

Handler = Callable[[HttpRequest], HttpResponse]

SIGNED_IN_SINCE = "signed_in_since"
LAST_SEEN = "last_seen"
KIND = "signed_in_kind"
# A sign of life is written down at most this often: a session costs one UPDATE a minute, not one a
# page.
SECONDS_BETWEEN_NOTES = 60


class SessionLimits:
    """Ends a session that was idle or open for too long (`settings.SESSION_LIMITS`)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, as nobody if the session is over."""
        if SESSION_KEY in request.session and _has_ended(request):
            logout(request)
            messages.info(
                request,
                _("Sie wurden zu Ihrer Sicherheit abgemeldet, weil Ihre Sitzung abgelaufen ist."),
            )
        return self.get_response(request)


class ActorMiddleware:
    """Sets `request.actor`, read from the database only where somebody asks.

    What people see who are signed in is kept by no browser and no proxy (ASVS 14.3.2): the next
    person at the same machine can't leaf back to it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]  # typed in access.py
        is_signed_in = SESSION_KEY in request.session
        response = self.get_response(request)
        if is_signed_in and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


def _actor(request: HttpRequest) -> Actor:
    person = request.user
    if not isinstance(person, Person) or not has_second_factor(request, person):
        return ANONYMOUS
    return actor_of(person)


def _has_ended(request: HttpRequest) -> bool:
    moment = now()
    session = request.session
    if SIGNED_IN_SINCE not in session:
        _begin(request, moment)
        return False
    limit = settings.SESSION_LIMITS[session[KIND]]
    seen = datetime.fromisoformat(session[LAST_SEEN])
    if limit.has_ended(
        since=datetime.fromisoformat(session[SIGNED_IN_SINCE]), seen=seen, now=moment
    ):
        return True
    if (moment - seen).total_seconds() >= SECONDS_BETWEEN_NOTES:
        session[LAST_SEEN] = moment.isoformat()
    return False


def _begin(request: HttpRequest, moment: datetime) -> None:
    kind = request.user.kind if isinstance(request.user, Person) else Person.Kind.GUEST
    request.session.update(
        {SIGNED_IN_SINCE: moment.isoformat(), LAST_SEEN: moment.isoformat(), KIND: str(kind)}
    )
