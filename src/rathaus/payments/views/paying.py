"""The portal: what a citizen has to pay, choosing, paying, and what became of it."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rathaus.core.access import Request, citizen_page
from rathaus.core.domain import cases_ahead
from rathaus.core.errors import Conflict, Invalid, NotFound
from rathaus.core.iban import printed
from rathaus.core.money import ZERO
from rathaus.payments import actions, queries
from rathaus.payments.epc import epc_code
from rathaus.payments.forms import MEANS_WORDS, ChoiceForm, chosen_in
from rathaus.payments.incoming import Means
from rathaus.payments.levy_forms import AccountForm
from rathaus.payments.payment_states import PaymentState
from rathaus.payments.providers.base import Unreachable
from rathaus.payments.queries import ClaimRow, PaymentRow
from rathaus.payments.queries.levies import own_levies
from rathaus.payments.references import printed_reference
from rathaus.payments.views.pictures import picture


@never_cache
@require_safe
@citizen_page
def mine(request: Request) -> HttpResponse:
    """Everything to pay, running and paid, over all matters; of one year where it is asked for."""
    year = AccountForm(request.GET).year()
    context = {
        "account": queries.account_of(request.actor, year),
        "levies": own_levies(request.actor),
    }
    return render(request, "payments/mine.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_page
def choose(request: Request) -> HttpResponse:
    """How to pay what was chosen; a post begins the payment and leads to where it is paid."""
    wanted = chosen_in(request.POST if request.method == "POST" else request.GET)
    claims = queries.chosen_claims(request.actor, wanted)
    if not claims:
        messages.warning(request, str(actions.NothingChosen.message))
        return redirect("payments:mine")
    if request.method != "POST":
        return _choice(request, claims, ChoiceForm(initial={"key": uuid4()}))
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        return _choice(request, claims, form, status=Invalid.status)
    return _begin(request, claims, form)


@never_cache
@require_safe
@citizen_page
def payment(request: Request, payment: UUID) -> HttpResponse:
    """One payment: how it goes on, what to transfer, or what became of it."""
    row = queries.payment_of(request.actor, payment)
    is_paid = row.state is PaymentState.SUCCEEDED
    about = [part.reference for part in row.parts] if is_paid else []
    transfer = queries.transfer_for(row) if row.can_go_on else None
    context = {
        "row": row,
        "transfer": transfer,
        "iban": printed(transfer.iban) if transfer else "",
        "reference": printed_reference(row.reference),
        "needs_opening": row.state is PaymentState.CREATED,
        "cases": cases_ahead(request.actor, about),
    }
    return render(request, "payments/payment.html", context)


@never_cache
@require_safe
@citizen_page
def back(request: Request, payment: UUID) -> HttpResponse:
    """Where the payment service sends people: we ask what became of it, whatever they say."""
    try:
        actions.pursue(by=request.actor, payment=payment)
    except Unreachable:
        messages.info(request, _("Wir fragen beim Zahlungsdienst nach. Das kann etwas dauern."))
    return redirect("payments:payment", payment)


@require_POST
@citizen_page
def go_on(request: Request, payment: UUID) -> HttpResponse:
    """On to the page where it is paid, once more."""
    return _onward(request, payment)


@require_POST
@citizen_page
def cancel(request: Request, payment: UUID) -> HttpResponse:
    """Give the payment up, so that its claims can be paid otherwise."""
    try:
        state = actions.cancel_payment(by=request.actor, payment=payment)
    except (actions.PaidAlready, actions.ServiceSilent) as refusal:
        messages.error(request, str(refusal.message))
        return redirect("payments:payment", payment)
    if state is PaymentState.CANCELLED:
        messages.success(request, _("Die Zahlung ist abgebrochen. Es wurde nichts bezahlt."))
        return redirect("payments:mine")
    return redirect("payments:payment", payment)


@never_cache
@require_safe
@citizen_page
def code(request: Request, payment: UUID) -> HttpResponse:
    """The picture to scan: a whole transfer for a bank's app, or the reference for the counter."""
    row = queries.payment_of(request.actor, payment)
    if not row.can_go_on:
        raise NotFound
    transfer = queries.transfer_for(row)
    if transfer is not None:
        return picture(epc_code(transfer))
    if row.means is Means.CASH:
        return picture(row.reference)
    raise NotFound


def _begin(request: Request, claims: Sequence[ClaimRow], form: ChoiceForm) -> HttpResponse:
    wish = actions.Wish(
        claims=frozenset(claim.claim for claim in claims),
        means=Means(form.cleaned_data["means"]),
        language=(get_language() or "de")[:2],
    )
    begin = partial(actions.start_payment, by=request.actor, key=form.request_key, wish=wish)
    try:
        begun = begin()
    except actions.PaymentRunning as refusal:
        return _choice(request, claims, form, status=refusal.status, running=refusal.payment)
    except (Invalid, Conflict) as refusal:
        form.add_error(None, str(refusal.message))
        return _choice(request, claims, form, status=refusal.status)
    return _onward(request, begun)


def _onward(request: Request, payment: UUID) -> HttpResponse:
    try:
        page = actions.open_payment(by=request.actor, payment=payment)
    except actions.ServiceSilent as refusal:
        messages.error(request, str(refusal.message))
        page = ""
    if page:
        return HttpResponseRedirect(page)
    return redirect("payments:payment", payment)


def _choice(
    request: Request,
    claims: Sequence[ClaimRow],
    form: ChoiceForm,
    *,
    status: int = 200,
    running: UUID | None = None,
) -> HttpResponse:
    amount = sum((claim.rest for claim in claims), ZERO)
    running_row: PaymentRow | None = None
    if running is not None:
        running_row = queries.payment_of(request.actor, running)
    context = {
        "claims": claims,
        "amount": amount,
        "form": form,
        "means": [(means.value, MEANS_WORDS[means]) for means in actions.means_for(amount)],
        "running": running_row,
    }
    return render(request, "payments/choose.html", context, status=status)
