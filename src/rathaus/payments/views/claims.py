"""The claims of a matter, for those who may let them go."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.core.access import Request, staff_page
from rathaus.core.domain import case_address
from rathaus.core.errors import NotFound
from rathaus.payments.actions import AlreadySettled, cancel_claim
from rathaus.payments.forms import CancelForm
from rathaus.payments.queries import claims_about, open_sum


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("payments.cancel")
def claims(request: Request, reference: str) -> HttpResponse:
    """All claims in one matter; a post cancels one of them, with a reason."""
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _cancelled(request, form):
        messages.success(request, _("Die Forderung ist storniert."))
        return redirect("payments:claims", reference)
    found = claims_about(reference, by=request.actor)
    if not found:
        raise NotFound
    context = {
        "reference": reference,
        "case_address": case_address(request.actor, reference),
        "claims": found,
        "open_sum": open_sum(found),
        "form": form,
        "chosen": str(form["claim"].value() or ""),
    }
    return render(request, "payments/claims.html", context, status=422 if form.errors else 200)


def _cancelled(request: Request, form: CancelForm) -> bool:
    try:
        cancel_claim(by=request.actor, **form.cleaned_data)
    except AlreadySettled as error:
        form.add_error(None, str(error.message))
    return not form.errors
