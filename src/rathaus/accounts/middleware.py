"""Puts the acting person on every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from rathaus.accounts.queries import actor_of
from rathaus.core.actor import ANONYMOUS, Actor


class ActorMiddleware:
    """Sets `request.actor`, read from the database only where somebody asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]  # typed in access.py
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    return actor_of(request.user) if request.user.is_authenticated else ANONYMOUS
