"""Who may open a page at all. Rights on rows are asked in actions and queries, never here.

Each decorator leaves a mark, `view.access`, by which the contract tests walk every route with
every role.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy

from rathaus.core.actor import Actor
from rathaus.core.errors import OtherSignIn
from rathaus.core.views import sign_in_first

P = ParamSpec("P")

CITIZEN_SIGN_IN = reverse_lazy("accounts:sign_in")
STAFF_SIGN_IN = reverse_lazy("accounts:staff_sign_in")


class Audience(StrEnum):
    """For whom a page is."""

    PUBLIC = "public"
    CITIZEN = "citizen"
    STAFF = "staff"


@dataclass(frozen=True)
class Access:
    """The mark on a view; `right` is empty for pages that every member of staff may open."""

    audience: Audience
    right: str = ""


class Request(HttpRequest):
    """A request after the middleware: it knows who acts."""

    actor: Actor


class View(Protocol[P]):
    """A view that carries the mark of its audience."""

    access: Access

    def __call__(self, request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        """Answer the request."""


Page = Callable[Concatenate[Request, P], HttpResponseBase]


def public_page(page: Page[P]) -> View[P]:
    """Anybody may open it."""
    return _marked(page, Access(Audience.PUBLIC), lambda request: None)


def citizen_page(page: Page[P]) -> View[P]:
    """For people signed in as guest or citizen; others are sent to the sign-in and come back."""
    return _marked(page, Access(Audience.CITIZEN), _only_citizens)


def staff_page(right: str = "") -> Callable[[Page[P]], View[P]]:
    """For staff; with a right named, for those who hold it in at least one department."""

    def mark(page: Page[P]) -> View[P]:
        return _marked(
            page, Access(Audience.STAFF, right), lambda request: _only_staff(request, right)
        )

    return mark


def _only_citizens(request: Request) -> HttpResponse | None:
    if request.actor.is_citizen:
        return None
    if request.actor.is_staff:
        raise OtherSignIn
    return sign_in_first(request, str(CITIZEN_SIGN_IN))


def _only_staff(request: Request, right: str) -> HttpResponse | None:
    if not request.actor.is_staff:
        if request.actor.is_citizen:
            raise OtherSignIn
        return sign_in_first(request, str(STAFF_SIGN_IN))
    if right:
        request.actor.require(right)
    return None


def _marked(
    page: Page[P], access: Access, turn_away: Callable[[Request], HttpResponse | None]
) -> View[P]:
    @wraps(page)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        known = cast(Request, request)
        return turn_away(known) or page(known, *args, **kwargs)

    guarded.access = access  # type: ignore[attr-defined]  # the mark is what View adds to a function
    return cast("View[P]", guarded)
