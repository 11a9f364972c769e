"""The waitlist's pages: join, see what is offered, take it or not, leave."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rathaus.appointments import actions
from rathaus.appointments.errors import NotPossibleNow, TooManyBookings
from rathaus.appointments.queries.mine import own_booking
from rathaus.appointments.queries.waitlist import my_entries, own_entry
from rathaus.appointments.views import asked as reading
from rathaus.appointments.views.limited import limit_strangers
from rathaus.appointments.waitlist_errors import AlreadyWaiting, NothingToWaitFor, TooManyWaiting
from rathaus.appointments.waitlist_forms import GuestSuitsForm, SuitsForm
from rathaus.core.access import Request, citizen_page, public_page
from rathaus.core.clock import local_date, today
from rathaus.core.errors import DomainError


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def join(request: Request) -> HttpResponse:
    """Wait for something that is booked out."""
    asked = reading.asked_in(request.GET)
    place = asked.location.slug if asked.location else ""
    data = request.POST if request.method == "POST" else None
    kind = SuitsForm if request.actor.is_citizen else GuestSuitsForm
    form = kind(data, place=place, today=today(), last=None)
    context = {"asked": asked}
    if not form.is_valid():
        return _join_page(request, form, context)
    waits = actions.Waits(asked.wishes, form.cleaned_data["orte"], form.suits())
    whom = form.whom() if isinstance(form, GuestSuitsForm) else None
    language = get_language() or "de"
    try:
        limit_strangers(request)
        entry = actions.join_waitlist(by=request.actor, waits=waits, whom=whom, language=language)
    except (AlreadyWaiting, NothingToWaitFor, TooManyWaiting, TooManyBookings) as refusal:
        return _join_page(request, form, context, refusal)
    if request.actor.is_citizen:
        messages.success(request, _("Sie stehen auf der Warteliste."))
        return redirect("appointments:waitlist_entry", entry)
    return render(request, "appointments/waitlist/to_confirm.html", {"email": whom and whom.email})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def join_for_booking(request: Request, booking: UUID) -> HttpResponse:
    """Wait for an earlier time than the one somebody has."""
    proofs = reading.proved_in(request)
    own = own_booking(by=request.actor, booking=booking, proofs=proofs)
    if not own.can_be_changed:
        raise NotPossibleNow
    place = actions.place_of(by=request.actor, booking=booking, proofs=proofs)
    last = local_date(own.begins_at)
    data = request.POST if request.method == "POST" else None
    form = SuitsForm(data, place=place, today=today(), last=last)
    if not form.is_valid():
        return _join_page(request, form, {"booking": own})
    waits = actions.Waits((), form.cleaned_data["orte"], form.suits())
    try:
        actions.join_waitlist(
            by=request.actor,
            waits=waits,
            booking=booking,
            proofs=proofs,
            language=get_language() or "de",
        )
    except (AlreadyWaiting, NothingToWaitFor, TooManyWaiting) as refusal:
        return _join_page(request, form, {"booking": own}, refusal)
    messages.success(request, _("Wird etwas Früheres frei, schreiben wir Ihnen."))
    return redirect("appointments:booking", booking)


@never_cache
@require_safe
@citizen_page
def mine(request: Request) -> HttpResponse:
    """What somebody waits for."""
    entries = my_entries(by=request.actor)
    context = {
        "waiting": [entry for entry in entries if entry.is_open],
        "closed": [entry for entry in entries if not entry.is_open],
    }
    return render(request, "appointments/waitlist/mine.html", context)


@never_cache
@require_safe
@citizen_page
def entry(request: Request, entry: UUID) -> HttpResponse:
    """One entry: what is offered with the time that is left, or what is waited for."""
    found = own_entry(by=request.actor, entry=entry)
    return render(request, "appointments/waitlist/entry.html", {"entry": found})


@require_POST
@citizen_page
def take(request: Request, entry: UUID) -> HttpResponse:
    """Take what is offered."""
    booking = actions.accept_proposal(by=request.actor, entry=entry)
    messages.success(request, _("Der Termin gehört Ihnen."))
    return redirect("appointments:booking", booking)


@require_POST
@citizen_page
def decline(request: Request, entry: UUID) -> HttpResponse:
    """Not this one."""
    actions.decline_proposal(by=request.actor, entry=entry)
    messages.success(request, _("Der Termin geht an die Nächsten in der Reihe."))
    return redirect("appointments:waitlist_entry", entry)


@require_POST
@citizen_page
def leave(request: Request, entry: UUID) -> HttpResponse:
    """Wait no longer."""
    actions.leave_waitlist(by=request.actor, entry=entry)
    messages.success(request, _("Sie stehen nicht mehr auf der Warteliste."))
    return redirect("appointments:waitlist_mine")


def _join_page(
    request: Request,
    form: SuitsForm,
    context: Mapping[str, object],
    refusal: DomainError | None = None,
) -> HttpResponse:
    errors = [{"text": str(refusal.message), "href": ""}] if refusal else []
    status = refusal.status if refusal else 422 if form.errors else 200
    filled = {**context, "form": form, "errors": errors}
    return render(request, "appointments/waitlist/join.html", filled, status=status)
