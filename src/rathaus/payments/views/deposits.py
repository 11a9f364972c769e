"""Deposits in the workspace: the list, and giving one back."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rathaus.core.access import Request, staff_page
from rathaus.core.domain import case_address
from rathaus.payments import actions
from rathaus.payments.actions import PayTo
from rathaus.payments.levy_forms import ALL, DepositFilterForm, ReturnDayForm, ReturnDepositForm
from rathaus.payments.queries import deposits as found
from rathaus.payments.typed_amounts import typed_amount
from rathaus.payments.views.posting import done

RIGHT = "payments.give_back"


@require_safe
@staff_page(RIGHT)
def deposits(request: Request) -> HttpResponse:
    """All deposits that fit, those to be given back first at the top."""
    wanted = DepositFilterForm(request.GET).wanted()
    context = {
        "page": found.deposits(by=request.actor, wanted=wanted),
        "wanted": wanted,
        "states": [*found.STATES.items(), (ALL, _("alle"))],
    }
    return render(request, "payments/deposits.html", context)


@require_safe
@staff_page(RIGHT)
def deposit(request: Request, deposit: UUID) -> HttpResponse:
    """One deposit and what was decided about it."""
    return _page(request, deposit)


@require_POST
@staff_page(RIGHT)
def return_deposit(request: Request, deposit: UUID) -> HttpResponse:
    """Give all or some of it back, retain the rest."""
    form = ReturnDepositForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        actions.return_deposit(
            by=request.actor,
            claim=deposit,
            returned=said["returned"],
            retained=said["retained"],
            why=said["why"],
            key=f"clerk:{said['key']}",
            to=PayTo(said["iban"], said["name"]) if said["iban"] else None,
        )

    return _posted(request, deposit, form, act, _("Die Entscheidung über die Kaution gilt."))


@require_POST
@staff_page(RIGHT)
def set_day(request: Request, deposit: UUID) -> HttpResponse:
    """Until when it is to go back."""
    form = ReturnDayForm(request.POST)

    def act() -> None:
        actions.set_return_day(by=request.actor, claim=deposit, **form.cleaned_data)

    return _posted(request, deposit, form, act, _("Der Tag der Rückgabe ist gespeichert."))


def _posted(
    request: Request,
    deposit: UUID,
    form: django_forms.Form,
    act: Callable[[], None],
    said: str,
) -> HttpResponse:
    """Do it and come back, or show the page again with what is wrong."""
    if not done(form, act):
        return _page(request, deposit, failed=form)
    messages.success(request, said)
    return redirect("payments:deposit", deposit)


def _page(
    request: Request, deposit: UUID, *, failed: django_forms.Form | None = None
) -> HttpResponse:
    view = found.deposit(by=request.actor, claim=deposit)
    fresh = {"returned": typed_amount(view.row.held), "key": uuid4()}
    day = {"return_on": view.row.return_on}
    back = failed if isinstance(failed, ReturnDepositForm) else ReturnDepositForm(initial=fresh)
    context = {
        "view": view,
        "case_address": case_address(request.actor, view.row.reference),
        "failed": failed,
        "back_form": back,
        "day_form": failed if isinstance(failed, ReturnDayForm) else ReturnDayForm(initial=day),
        "may_see_claim": request.actor.may("payments.read"),
    }
    return render(request, "payments/deposit.html", context, status=422 if failed else 200)
