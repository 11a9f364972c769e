"""A booking as its owner sees it: confirm, keep, move, give back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rathaus.appointments import actions
from rathaus.appointments.actions.calendar_entries import entry_of
from rathaus.appointments.actions.letters import address_of
from rathaus.appointments.errors import HoldExpired, NotPossibleNow, SlotTaken, TimeNotOffered
from rathaus.appointments.invitation import Method
from rathaus.appointments.qr_codes import qr_picture
from rathaus.appointments.queries.days import month_of
from rathaus.appointments.queries.finding import visible_booking
from rathaus.appointments.queries.free import wanted_again
from rathaus.appointments.queries.mine import my_bookings, own_booking
from rathaus.appointments.states import State
from rathaus.appointments.views import asked as reading
from rathaus.core.access import Request, citizen_page, public_page
from rathaus.core.domain import cases_ahead
from rathaus.core.errors import DomainError


@never_cache
@require_safe
@citizen_page
def mine(request: Request) -> HttpResponse:
    """ "Meine Termine"."""
    bookings = my_bookings(by=request.actor)
    coming = [row for row in bookings if row.can_be_changed or row.is_held]
    context = {
        "coming": coming[::-1],
        "past": [row for row in bookings if row not in coming],
    }
    return render(request, "appointments/mine.html", context)


@require_safe
@citizen_page
def own(request: Request, booking: UUID) -> HttpResponse:
    """Where mails to citizens lead: to the booking, signed in."""
    return redirect("appointments:booking", booking)


@never_cache
@require_safe
@public_page
def booking(request: Request, booking: UUID) -> HttpResponse:
    """One booking: what is to do until it is settled, then the facts and the ways to change it."""
    found = own_booking(by=request.actor, booking=booking, proofs=reading.seen_in(request))
    context = {
        "booking": found,
        "may_change": _may_change(request, booking),
        "cases": cases_ahead(request.actor, [] if found.is_held else [found.case_number]),
        "picture": qr_picture(found.code) if found.code else "",
    }
    return render(request, "appointments/booking.html", context)


@require_POST
@public_page
def confirm(request: Request, booking: UUID) -> HttpResponse:
    """Settle what was held; whoever is not signed in does so by the link in their mail."""
    actions.confirm(by=request.actor, booking=booking, proofs=reading.proved_in(request))
    messages.success(request, _("Ihr Termin ist gebucht."))
    return redirect("appointments:booking", booking)


@never_cache
@require_safe
@public_page
def calendar(request: Request, booking: UUID) -> HttpResponse:
    """The booking as a file for one's own calendar."""
    proofs = reading.seen_in(request)
    row = visible_booking(request.actor, booking, did="appointments.read", proofs=proofs)
    if row.state in (State.HELD, State.EXPIRED):
        raise NotPossibleNow
    method = Method.CANCEL if row.state == State.CANCELLED else Method.REQUEST
    headers = {"Content-Disposition": 'attachment; filename="termin.ics"'}
    kind = f"text/calendar; charset=utf-8; method={method.value}"
    entry = entry_of(row, method, attendee=address_of(row))
    return HttpResponse(entry, content_type=kind, headers=headers)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def cancel(request: Request, booking: UUID) -> HttpResponse:
    """Give it back, after a second thought."""
    proofs = reading.proved_in(request)
    found = own_booking(by=request.actor, booking=booking, proofs=proofs)
    if request.method == "POST":
        actions.cancel(by=request.actor, booking=booking, proofs=proofs)
        messages.success(request, _("Ihr Termin ist abgesagt."))
        return redirect("appointments:booking", booking)
    return render(request, "appointments/cancel.html", {"booking": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def move(request: Request, booking: UUID) -> HttpResponse:
    """Another time for the same thing at the same place."""
    proofs = reading.proved_in(request)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            begins_at = reading.moment_in(request.POST.get("beginn", ""))
            actions.move(by=request.actor, booking=booking, begins_at=begins_at, proofs=proofs)
        except (SlotTaken, TimeNotOffered) as error:
            refusal = error
        else:
            messages.success(request, _("Ihr Termin ist verschoben."))
            return redirect("appointments:booking", booking)
    return moving_page(request, booking, proofs=proofs, refusal=refusal)


def moving_page(
    request: Request, booking: UUID, *, proofs: set[UUID], refusal: DomainError | None
) -> HttpResponse:
    """The page on which another time is chosen; after a refusal with the next free ones."""
    row = visible_booking(request.actor, booking, did="appointments.read", proofs=proofs)
    found = own_booking(by=request.actor, booking=booking, proofs=proofs)
    if not found.can_be_changed:
        raise HoldExpired if row.state == State.EXPIRED else NotPossibleNow
    month = month_of(
        wanted_again(row),
        month=reading.day_in(request.GET.get("monat", "")),
        day=reading.day_in(request.GET.get("tag", "")),
    )
    context = {
        "booking": found,
        "month": month,
        "times": [(moment.isoformat(), moment) for moment in month.times],
        "next_free": _next_free(refusal),
        "errors": [{"text": str(refusal.message), "href": "#id_beginn"}] if refusal else [],
    }
    status = refusal.status if refusal else 200
    return render(request, "appointments/move.html", context, status=status)


def _next_free(refusal: DomainError | None) -> list[tuple[str, datetime]]:
    if not isinstance(refusal, SlotTaken):
        return []
    return [(slot.begins_at.isoformat(), slot.begins_at) for slot in refusal.next_free]


def _may_change(request: Request, booking: UUID) -> bool:
    return request.actor.is_citizen or booking in reading.proved_in(request)
