"""Refunds that wait, and the files of transfers for the bank."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rathaus.core.access import Request, staff_page
from rathaus.payments.actions import refund_done, refund_failed
from rathaus.payments.actions.giving_back import AlreadyEnded
from rathaus.payments.actions.handing_over import NoBankAccount, hand_over_transfers
from rathaus.payments.forms import FailedForm
from rathaus.payments.queries import receipts as found
from rathaus.payments.views.files import download

RIGHT = "payments.give_back"


@require_safe
@staff_page(RIGHT)
def refunds(request: Request) -> HttpResponse:
    """All refunds that have not ended, and the files made so far."""
    return _page(request)


@require_POST
@staff_page(RIGHT)
def hand_over(request: Request) -> HttpResponse:
    """Put what waits for the bank into one file."""
    try:
        made = hand_over_transfers(by=request.actor)
    except NoBankAccount as error:
        messages.error(request, str(error.message))
        return redirect("payments:refunds")
    if made is None:
        messages.info(request, _("Es wartet keine Überweisung."))
    else:
        messages.success(request, _("Die Überweisungsdatei ist fertig."))
    return redirect("payments:refunds")


@require_safe
@staff_page(RIGHT)
def transfer(request: Request, transfer: int) -> HttpResponse:
    """A file of transfers, the same bytes each time."""
    row = found.transfer(by=request.actor, number=transfer)
    name = f"ueberweisungen-{row.number:06d}.xml"
    return download(row.content, name=name, kind="application/xml")


@require_POST
@staff_page(RIGHT)
def done(request: Request, refund: UUID) -> HttpResponse:
    """It has left the account or the desk."""
    try:
        refund_done(by=request.actor, refund=refund)
    except AlreadyEnded as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Die Rückzahlung ist erledigt."))
    return redirect("payments:refunds")


@require_POST
@staff_page(RIGHT)
def failed(request: Request, refund: UUID) -> HttpResponse:
    """It did not go."""
    form = FailedForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, chosen=refund)
    try:
        refund_failed(by=request.actor, refund=refund, **form.cleaned_data)
    except AlreadyEnded as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Das Geld ist wieder ein Guthaben."))
    return redirect("payments:refunds")


def _page(
    request: Request, *, form: FailedForm | None = None, chosen: UUID | None = None
) -> HttpResponse:
    context = {
        "refunds": found.waiting_refunds(by=request.actor),
        "transfers": found.transfers(by=request.actor),
        "form": form or FailedForm(),
        "chosen": chosen,
    }
    status = 422 if form is not None else 200
    return render(request, "payments/refunds.html", context, status=status)
