"""The doors of the house: for citizens, for staff, and out."""

from uuid import UUID

from allauth.account.internal.stagekit import clear_login
from allauth.account.views import (
    ConfirmLoginCodeView,
    LoginView,
    LogoutView,
    PasswordChangeView,
    RequestLoginCodeView,
)
from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter as identity_adapter
from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from rathaus.accounts import actions
from rathaus.accounts.access import Request, public_page, staff_page
from rathaus.accounts.adapters import STAFF_START
from rathaus.accounts.email_proof import CodeExpired
from rathaus.accounts.forms import RequestCodeForm, StaffAddressForm
from rathaus.accounts.models import Person
from rathaus.accounts.second_factor import has_second_factor
from rathaus.accounts.sign_in_forms import ChoosePasswordForm
from rathaus.accounts.views.destination import destination
from rathaus.core.errors import Gone, NotFound, TooMany


@public_page
@never_cache
def sign_in(request: Request) -> HttpResponse:
    """Which way to come in: ID Austria or a code by mail."""
    if request.actor.is_citizen or request.actor.is_staff:
        start = "accounts:account" if request.actor.is_citizen else STAFF_START
        return redirect(destination(request) or start)
    details = {"form": RequestCodeForm(), "next": destination(request), **_open_doors(request)}
    return render(request, "accounts/sign_in.html", details)


@public_page
@never_cache
def request_code(request: Request) -> HttpResponseBase:
    """A code by mail. Whoever comes here again wants a new one, or mistyped the address: what was
    begun before is over, instead of leading back to its code.
    """
    if not request.user.is_authenticated:
        clear_login(request)
    response: HttpResponseBase = RequestLoginCodeView.as_view()(request)
    return response


@public_page
@never_cache
def enter_code(request: Request) -> HttpResponseBase:
    """The code from the mail. If it holds no longer we say so; the way on is kept."""
    response: HttpResponseBase = _CodeEntry.as_view()(request)
    if response.headers.get("Location") != reverse("account_request_login_code"):
        return response
    if request.method == "POST" and not request.user.is_authenticated:
        messages.error(request, str(CodeExpired.message))
    query = {"next": goal} if (goal := destination(request)) else {}
    return redirect(reverse("account_request_login_code", query=query))


@public_page
@never_cache
def staff_sign_in(request: Request) -> HttpResponseBase:
    """Address and password, a passkey, or the city's directory; then the second factor."""
    person = request.user
    if isinstance(person, Person) and not has_second_factor(request, person):
        return redirect("mfa_index")
    response: HttpResponseBase = _StaffLogin.as_view()(request)
    return response


@public_page
@never_cache
def sign_out(request: Request) -> HttpResponseBase:
    """Out, after a click: a foreign page cannot sign anybody out."""
    response: HttpResponseBase = LogoutView.as_view()(request)
    return response


@staff_page()
@never_cache
def change_password(request: Request) -> HttpResponseBase:
    """A new password for whoever has one; all other sessions end with it."""
    if not isinstance(request.user, Person) or not request.user.has_usable_password():
        raise NotFound
    response: HttpResponseBase = PasswordChangeView.as_view(success_url=STAFF_START)(request)
    return response


@public_page
@never_cache
def forgotten_password(request: Request) -> HttpResponse:
    """Mail a link to staff; the answer is the same for every address."""
    form = StaffAddressForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/forgotten_password.html", {"form": form})
    address = form.cleaned_data["email"].strip().lower()
    if not ratelimit.consume(request, action="reset_password", key=address):
        raise TooMany
    actions.send_forgotten_password_link(
        email=address, house_address=request.build_absolute_uri("/")
    )
    return render(request, "accounts/forgotten_password_sent.html")


@public_page
@never_cache
def choose_password(request: Request, key: str, token: str) -> HttpResponse:
    """Where the link of an invitation leads; it opens nothing but the way to the sign-in."""
    person = _person_of(key)
    if person is None or not default_token_generator.check_token(person, token):
        raise Gone(_("Dieser Link ist abgelaufen oder wurde schon verwendet."))
    form = ChoosePasswordForm(person, request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/choose_password.html", {"form": form})
    actions.choose_password(person=person, password=form.cleaned_data["new_password1"])
    messages.success(request, _("Ihr Passwort ist gespeichert. Bitte melden Sie sich jetzt an."))
    return redirect("accounts:staff_sign_in")


class _CodeEntry(ConfirmLoginCodeView):  # type: ignore[misc]  # allauth has no types
    """allauth's page for the code; after the last attempt it asks nobody to wait, a new code helps
    at once.
    """

    def form_invalid(self, form: Form) -> HttpResponseBase:
        if self._process.record_invalid_attempt():
            shown: HttpResponseBase = self.render_to_response(self.get_context_data(form=form))
            return shown
        return redirect("account_request_login_code")


class _StaffLogin(LoginView):  # type: ignore[misc]  # allauth has no types
    """allauth's page for address and password, with the other staff doors beside it."""

    template_name = "accounts/staff_sign_in.html"

    def get_context_data(self, **details: object) -> dict[str, object]:
        return {**super().get_context_data(**details), **_open_doors(self.request)}


def _open_doors(request: HttpRequest) -> dict[str, object]:
    """The identity providers that this installation knows."""
    apps = {app.provider: app.name for app in identity_adapter().list_apps(request)}
    return {
        "id_austria": "id_austria" in apps,
        "staff_directory": apps.get("staff_directory", ""),
    }


def _person_of(key: str) -> Person | None:
    try:
        pk = UUID(bytes=urlsafe_base64_decode(key))
    except ValueError:
        return None
    return Person.objects.filter(pk=pk, kind=Person.Kind.STAFF, is_active=True).first()
