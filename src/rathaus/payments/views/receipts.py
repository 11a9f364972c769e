"""What people paid, and what the city wrote to them about it."""

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rathaus.core.access import Request, citizen_page, staff_page
from rathaus.payments import queries
from rathaus.payments.actions.documents import keep_receipt_document
from rathaus.payments.queries import receipts as found
from rathaus.payments.queries.levies import own_notices
from rathaus.payments.views.files import paper


@require_safe
@citizen_page
def own_receipts(request: Request) -> HttpResponse:
    """Payments, credit and letters of the person who looks."""
    context = {
        "open_sum": queries.open_sum(queries.claims_of(request.actor)),
        "receipts": found.own_receipts(request.actor),
        "credits": found.own_credit(request.actor),
        "letters": found.own_letters(request.actor),
        "notices": own_notices(request.actor),
    }
    return render(request, "payments/own_receipts.html", context)


@require_safe
@citizen_page
def own_receipt(request: Request, receipt: UUID) -> FileResponse:
    """The proof of one payment, made when it is first asked for."""
    row = found.own_receipt(by=request.actor, receipt=receipt)
    return paper(keep_receipt_document(row.pk))


@require_safe
@citizen_page
def own_letter(request: Request, reminder: int) -> FileResponse:
    """A letter to the person who looks."""
    return paper(found.letter(by=request.actor, reminder=reminder))


@require_safe
@staff_page("payments.read")
def receipt(request: Request, receipt: UUID) -> FileResponse:
    """The proof of one payment, for staff; the read is noted."""
    row = found.own_receipt(by=request.actor, receipt=receipt)
    return paper(keep_receipt_document(row.pk))


@require_safe
@staff_page("payments.dun")
def letters(request: Request) -> HttpResponse:
    """Letters that must go by post."""
    rows = found.letters_to_print(by=request.actor)
    return render(request, "payments/letters.html", {"letters": rows})


@require_safe
@staff_page("payments.dun")
def letter(request: Request, reminder: int) -> FileResponse:
    """One of them."""
    return paper(found.letter(by=request.actor, reminder=reminder))
