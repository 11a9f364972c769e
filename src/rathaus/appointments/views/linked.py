"""What the links in mails lead to: only a button uses one up, never a preview."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rathaus.appointments import actions
from rathaus.appointments.errors import SlotTaken, TimeNotOffered
from rathaus.appointments.queries.links import booking_of_link
from rathaus.appointments.queries.mine import OwnBooking, own_booking
from rathaus.appointments.ticket_tokens import opens_page
from rathaus.appointments.views import asked as reading
from rathaus.appointments.views.own import moving_page
from rathaus.core.access import Request, public_page
from rathaus.core.actor import ANONYMOUS
from rathaus.core.errors import DomainError, NotFound


@never_cache
@require_safe
@public_page
def show(request: Request, booking: UUID, token: str) -> HttpResponse:
    """Let this browser see the booking, as often as its owner likes; it may change nothing."""
    if not opens_page(booking, token):
        raise NotFound
    reading.remember(request, booking)
    return redirect("appointments:booking", booking)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def confirm(request: Request, token: str) -> HttpResponse:
    """Settle the booking."""
    booking = booking_of_link(token, "confirm")
    if request.method == "POST":
        actions.confirm_by_link(token=token)
        reading.remember(request, booking, proved=True)
        messages.success(request, _("Ihr Termin ist gebucht."))
        return redirect("appointments:booking", booking)
    return render(request, "appointments/confirm.html", {"booking": _seen(booking)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def cancel(request: Request, token: str) -> HttpResponse:
    """Give the booking back."""
    booking = booking_of_link(token, "cancel")
    if request.method == "POST":
        actions.cancel_by_link(token=token)
        reading.remember(request, booking, proved=True)
        messages.success(request, _("Ihr Termin ist abgesagt."))
        return redirect("appointments:booking", booking)
    return render(request, "appointments/cancel.html", {"booking": _seen(booking)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def move(request: Request, token: str) -> HttpResponse:
    """Choose another time; the link is used with the choice."""
    booking = booking_of_link(token, "move")
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            begins_at = reading.moment_in(request.POST.get("beginn", ""))
            actions.move_by_link(token=token, begins_at=begins_at)
        except (SlotTaken, TimeNotOffered) as error:
            refusal = error
        else:
            reading.remember(request, booking, proved=True)
            messages.success(request, _("Ihr Termin ist verschoben."))
            return redirect("appointments:booking", booking)
    request.actor = ANONYMOUS
    return moving_page(request, booking, proofs={booking}, refusal=refusal)


def _seen(booking: UUID) -> OwnBooking:
    """Whoever holds the link sees the booking, signed in or not."""
    return own_booking(by=ANONYMOUS, booking=booking, proofs={booking})
