"""To an identity provider and back."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from requests import RequestException

from rathaus.accounts.access import Request, public_page
from rathaus.accounts.providers.base import IdentityProvider, OidcClient
from rathaus.accounts.views.destination import destination
from rathaus.accounts.views.provider_failed import provider_failed
from rathaus.core.errors import NotFound


@public_page
@never_cache
def id_austria(request: Request) -> HttpResponse:
    """Send a citizen to ID Austria."""
    return _start(request, "id_austria", "accounts:sign_in")


@public_page
@never_cache
def id_austria_callback(request: Request) -> HttpResponseBase:
    """Take a citizen back from ID Austria."""
    return _finish(request, "id_austria")


@public_page
@never_cache
def staff_directory(request: Request) -> HttpResponse:
    """Send a member of staff to the city's directory."""
    return _start(request, "staff_directory", "accounts:staff_sign_in")


@public_page
@never_cache
def staff_directory_callback(request: Request) -> HttpResponseBase:
    """Take a member of staff back from the city's directory."""
    return _finish(request, "staff_directory")


def _start(request: Request, door: str, page: str) -> HttpResponse:
    """Only a POST begins a sign-in, so that no foreign page can begin one in somebody's name."""
    provider = _provider(request, door)
    if request.method != "POST":
        return redirect(page)
    try:
        response: HttpResponse = provider.redirect(
            request, process=AuthProcess.LOGIN, next_url=destination(request)
        )
    except (RequestException, OAuth2Error) as error:
        return provider_failed(request, door=door, error=None, cause=error)
    return response


def _finish(request: Request, door: str) -> HttpResponseBase:
    _provider(request, door)
    view = OAuth2CallbackView.adapter_view(OidcClient(request, door))
    response: HttpResponseBase = view(request)
    return response


def _provider(request: Request, door: str) -> IdentityProvider:
    try:
        provider: IdentityProvider = get_adapter().get_provider(request, door)
    except SocialApp.DoesNotExist as error:
        raise NotFound from error
    return provider
