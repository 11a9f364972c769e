"""The pages on which staff set up their second factor: the only ones open before it was shown."""

from functools import wraps
from typing import cast

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rathaus.accounts.access import Access, Audience, Page, View
from rathaus.accounts.models import Person
from rathaus.accounts.second_factor import has_authenticator, has_second_factor
from rathaus.core.access import STAFF_SIGN_IN, P, Request
from rathaus.core.errors import OtherSignIn


def setup_page(page: Page[P]) -> View[P]:
    """For staff who showed their second factor or have none yet.

    Whoever has one and did not show it is signed out: a stolen password must not add a factor of
    its own.
    """

    @wraps(page)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        person = request.user
        if isinstance(person, Person):
            _turn_away(request, person)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), str(STAFF_SIGN_IN))
        return page(cast(Request, request), *args, **kwargs)

    guarded.access = Access(Audience.STAFF)  # type: ignore[attr-defined]  # the mark is what View adds
    return cast("View[P]", guarded)


def _turn_away(request: HttpRequest, person: Person) -> None:
    if person.kind != Person.Kind.STAFF:
        raise OtherSignIn
    if not has_second_factor(request, person) and has_authenticator(person):
        logout(request)
