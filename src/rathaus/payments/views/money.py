"""One claim with its money, and what a clerk may do with it."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from rathaus.core.access import Request, staff_page
from rathaus.core.domain import case_address
from rathaus.core.money import Money
from rathaus.payments.actions import PayTo, give_back
from rathaus.payments.actions.crediting import set_off
from rathaus.payments.actions.instalments import grant_instalments
from rathaus.payments.forms import GiveBackForm, InstalmentsForm, SetOffForm
from rathaus.payments.queries.claim_page import claim_page
from rathaus.payments.views.posting import done


@require_safe
@staff_page("payments.read")
def claim(request: Request, claim: UUID) -> HttpResponse:
    """What was paid, what is open, and the ways on."""
    return _page(request, claim)


@require_POST
@staff_page("payments.set_off")
def settle(request: Request, claim: UUID) -> HttpResponse:
    """Pay out of a credit, as much as both allow."""
    form = SetOffForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        amount, key = Money(said["cents"]), str(said["key"])
        set_off(by=request.actor, credit=said["credit"], claim=claim, amount=amount, key=key)

    return _posted(request, claim, form, act, _("Das Guthaben ist verrechnet."))


@require_POST
@staff_page("payments.instalments")
def split(request: Request, claim: UUID) -> HttpResponse:
    """Let the claim be paid in parts."""
    form = InstalmentsForm(request.POST)

    def act() -> None:
        grant_instalments(by=request.actor, claim=claim, **form.cleaned_data)

    return _posted(request, claim, form, act, _("Die Ratenzahlung ist gewährt."))


@require_POST
@staff_page("payments.give_back")
def return_money(request: Request, claim: UUID) -> HttpResponse:
    """Give money of a receipt back."""
    form = GiveBackForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        give_back(
            by=request.actor,
            receipt=said["receipt"],
            amount=Money(said["amount"]),
            key=f"clerk:{said['key']}",
            why=said["why"],
            to=PayTo(said["iban"], said["name"]) if said["iban"] else None,
        )

    return _posted(request, claim, form, act, _("Die Rückzahlung ist beauftragt."))


def _posted(
    request: Request,
    claim: UUID,
    form: django_forms.Form,
    act: Callable[[], None],
    said: Promise,
) -> HttpResponse:
    """Do it and come back, or show the page again with what is wrong."""
    if not done(form, act):
        return _page(request, claim, failed=form)
    messages.success(request, str(said))
    return redirect("payments:claim", claim)


def _page(
    request: Request, claim: UUID, *, failed: django_forms.Form | None = None
) -> HttpResponse:
    found = claim_page(claim, by=request.actor)
    may = request.actor.may
    is_deposit = found.claim.kind == "deposit"  # goes back on a page of its own
    context = {
        "page": found,
        "case_address": case_address(request.actor, found.claim.reference),
        "failed": failed,
        "key": uuid4(),
        "split_form": failed if isinstance(failed, InstalmentsForm) else InstalmentsForm(),
        "back_form": failed if isinstance(failed, GiveBackForm) else GiveBackForm(),
        "may_split": may("payments.instalments") and found.claim.rest and found.claim.due_on,
        "may_give_back": may("payments.give_back") and not is_deposit,
        "may_return_deposit": may("payments.give_back") and is_deposit,
        "may_begin_levy": may("payments.levies"),
    }
    status = 422 if failed is not None else 200
    return render(request, "payments/claim.html", context, status=status)
