"""The page for a sign-in by an identity provider that came to nothing."""

from dataclasses import dataclass

import requests
from allauth.socialaccount.providers.base import AuthError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.providers.id_austria import ActsForSomebody, MissingClaim


@dataclass(frozen=True)
class Failure:
    """What the page says."""

    status: int
    title: Promise | str
    text: Promise | str


CANCELLED = Failure(
    200,
    _("Anmeldung abgebrochen"),
    _("Sie haben die Anmeldung abgebrochen. Sie sind nicht angemeldet."),
)
FOR_SOMEBODY_ELSE = Failure(
    403,
    _("Anmeldung in Vertretung noch nicht möglich"),
    _("Sie kommen mit einer Vollmacht. Bitte melden Sie sich im eigenen Namen an."),
)
INCOMPLETE = Failure(
    502,
    _("Angaben fehlen"),
    _("Der Anmeldedienst hat nicht alle nötigen Angaben geliefert. Sie sind nicht angemeldet."),
)
UNREACHABLE = Failure(
    502,
    _("Anmeldedienst nicht erreichbar"),
    _("Der Anmeldedienst antwortet gerade nicht. Bitte versuchen Sie es etwas später wieder."),
)
UNPROVED = Failure(
    400,
    _("Anmeldung nicht möglich"),
    _("Die Anmeldung ließ sich nicht prüfen, vielleicht hat sie zu lange gedauert."),
)


def provider_failed(
    request: HttpRequest, *, door: str, error: str | None, cause: BaseException | None
) -> HttpResponse:
    """Say why it did not work, and which ways are open: nobody is signed in, nothing changed."""
    failure = CANCELLED if error == AuthError.CANCELLED else _failure(cause)
    details = {"failure": failure, "is_staff_door": door == "staff_directory"}
    return render(request, "accounts/provider_failed.html", details, status=failure.status)


def _failure(cause: BaseException | None) -> Failure:
    if isinstance(cause, ActsForSomebody):
        return FOR_SOMEBODY_ELSE
    if isinstance(cause, MissingClaim):
        return INCOMPLETE
    if isinstance(cause, requests.RequestException):
        return UNREACHABLE
    return UNPROVED
