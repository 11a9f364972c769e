"""Asking the applicant of a case for money by hand."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.core.access import Request, staff_page
from rathaus.core.domain import applicant_of, case_address
from rathaus.core.errors import NotFound
from rathaus.payments import actions
from rathaus.payments.forms import DemandForm
from rathaus.payments.queries.claims import due_from_today
from rathaus.payments.views.posting import done

RIGHT = "payments.raise"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(RIGHT)
def demand(request: Request, reference: str) -> HttpResponse:
    """What, how much, until when."""
    applicant = applicant_of(request.actor, reference)
    if applicant is None or not request.actor.may(RIGHT, applicant.department):
        raise NotFound
    back = case_address(request.actor, reference)
    form = DemandForm(request.POST or None, initial={"key": uuid4(), "due_on": due_from_today()})

    def act() -> None:
        actions.demand(
            by=request.actor,
            debtor=applicant.person,
            department=applicant.department,
            reference=reference,
            **form.wanted(),
        )

    if request.method == "POST" and done(form, act):
        messages.success(request, _("Der Betrag ist vorgeschrieben."))
        return redirect(back)
    context = {"form": form, "reference": reference, "applicant": applicant, "back": back}
    status = 422 if form.errors else 200
    return render(request, "payments/demand.html", context, status=status)
