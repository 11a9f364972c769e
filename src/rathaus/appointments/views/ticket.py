"""A ticket on its owner's phone: where one stands, how long it takes, and "you are next"."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rathaus.appointments.actions import tickets
from rathaus.appointments.qr_codes import qr_svg
from rathaus.appointments.queries.queue_pages import ticket_page
from rathaus.appointments.queries.queue_settings import queue_topic
from rathaus.appointments.queries.tickets import ticket_by_token
from rathaus.core.access import Request, public_page
from rathaus.core.clock import VIENNA
from rathaus.core.live import LiveLine
from rathaus.core.localized import localize
from rathaus.core.pdf import render as render_pdf


@never_cache
@require_safe
@public_page
def ticket(request: Request, token: str) -> HttpResponse:
    """The page behind the QR code."""
    context = {"page": ticket_page(ticket_by_token(token)), "token": token}
    return render(request, "appointments/ticket.html", context)


@never_cache
@require_safe
@public_page
def part(request: Request, token: str) -> HttpResponse:
    """What changes of it."""
    context = {"page": ticket_page(ticket_by_token(token)), "token": token}
    return render(request, "appointments/parts/ticket.html", context)


@require_safe
@public_page
def line(request: Request, token: str) -> HttpResponse:
    """Where its browser hears that something changed."""
    return LiveLine([queue_topic(ticket_by_token(token).location_id)])


@require_POST
@public_page
def leave(request: Request, token: str) -> HttpResponse:
    """ "Ich gehe"."""
    tickets.leave(token=token)
    return redirect("appointments:ticket", token)


@never_cache
@require_safe
@public_page
def slip(request: Request, token: str) -> HttpResponse:
    """The number for a small printer."""
    row = ticket_by_token(token)
    with override(row.language):
        page = ticket_page(row)
        drawn = row.drawn_at.astimezone(VIENNA)
        document = render_pdf(
            "slip",
            {
                "title": _("Ihre Nummer"),
                "number": page.label,
                "place": localize(page.location),
                "lines": [localize(title) for title in page.titles],
                "at": f"{drawn:%d.%m.%Y, %H:%M}",
                "hint": _("Den Stand am Handy sehen:"),
                "code": qr_svg(
                    settings.PORTAL_ADDRESS + reverse("appointments:ticket", args=[token])
                ),
                "code_text": _("QR-Code: Stand dieser Nummer"),
            },
        )
    headers = {"Content-Disposition": 'inline; filename="nummer.pdf"'}
    return HttpResponse(document, content_type="application/pdf", headers=headers)
