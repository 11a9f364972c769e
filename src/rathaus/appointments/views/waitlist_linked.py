"""What the links in the waitlist's mails lead to: only a button uses one up, never a preview."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rathaus.appointments import actions
from rathaus.appointments.queries.waitlist import entry_of_link
from rathaus.appointments.queries.waitlist_links import waitlist_link
from rathaus.appointments.views import asked as reading
from rathaus.core.access import Request, public_page

FOLDER = "appointments/waitlist"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def confirm(request: Request, token: str) -> HttpResponse:
    """Prove the mailbox; from then on somebody waits."""
    return _page(request, token, "confirm")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def take(request: Request, token: str) -> HttpResponse:
    """The proposal with the time that is left, and the button that takes it."""
    return _page(request, token, "take")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def decline(request: Request, token: str) -> HttpResponse:
    """Not this one; wait on."""
    return _page(request, token, "decline")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def leave(request: Request, token: str) -> HttpResponse:
    """Wait no longer."""
    return _page(request, token, "leave")


def _page(request: Request, token: str, purpose: str) -> HttpResponse:
    link = waitlist_link(token, purpose)
    context = {"entry": entry_of_link(link.entry_id), "purpose": purpose}
    if request.method == "POST":
        if purpose == "take":
            booking = actions.accept_proposal_by_link(token=token)
            reading.remember(request, booking, proved=True)
        else:
            DEEDS[purpose](token=token)
        return render(request, f"{FOLDER}/done.html", context)
    return render(request, f"{FOLDER}/{purpose}.html", context)


DEEDS = {
    "confirm": actions.confirm_waiting_by_link,
    "decline": actions.decline_proposal_by_link,
    "leave": actions.leave_waitlist_by_link,
}
