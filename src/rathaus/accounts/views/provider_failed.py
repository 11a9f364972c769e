"""The page for a sign-in by an identity provider that came to nothing."""

import requests
from allauth.socialaccount.providers.base import AuthError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from rathaus.accounts.providers.id_austria import ActsForSomebody, MissingClaim


def provider_failed(
    request: HttpRequest, *, door: str, error: str | None, cause: BaseException | None
) -> HttpResponse:
    """Why it did not work, in plain words, and the ways that are open. Nobody is signed in, nothing has changed."""
    status, title, text = _reason(error, cause)
    details = {"title": title, "text": text, "is_staff_door": door == "staff_directory"}
    return render(request, "accounts/provider_failed.html", details, status=status)


def _reason(error: str | None, cause: BaseException | None) -> tuple[int, str, str]:
    if error == AuthError.CANCELLED:
        return (
            200,
            _("Anmeldung abgebrochen"),
            _("Sie haben die Anmeldung abgebrochen. Sie sind nicht angemeldet."),
        )
    if isinstance(cause, ActsForSomebody):
        return (
            403,
            _("Anmeldung in Vertretung noch nicht möglich"),
            _(
                "Sie haben sich mit einer Vollmacht angemeldet. Bitte melden Sie sich im eigenen Namen an."
            ),
        )
    if isinstance(cause, MissingClaim):
        return (
            502,
            _("Angaben fehlen"),
            _(
                "Der Anmeldedienst hat nicht alle nötigen Angaben zu Ihrer Person geliefert. Sie sind nicht angemeldet."
            ),
        )
    if isinstance(cause, requests.RequestException):
        return (
            502,
            _("Anmeldedienst nicht erreichbar"),
            _(
                "Der Anmeldedienst antwortet gerade nicht. Bitte versuchen Sie es in einigen Minuten noch einmal."
            ),
        )
    return (
        400,
        _("Anmeldung nicht möglich"),
        _(
            "Die Anmeldung konnte nicht geprüft werden, zum Beispiel weil sie zu lange gedauert hat. Bitte beginnen Sie neu."
        ),
    )
