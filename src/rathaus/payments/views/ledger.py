"""The pages of accounting: journal, accounts, trial balance, closing and handing over."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rathaus.core.access import Request, staff_page
from rathaus.core.clock import today
from rathaus.core.errors import DomainError
from rathaus.payments.actions.booking import PeriodClosed
from rathaus.payments.actions.closing import PeriodNotOver, close_period
from rathaus.payments.actions.handing_over import PeriodStillOpen, export_period
from rathaus.payments.forms import CloseForm, ExportForm, JournalForm, PeriodForm
from rathaus.payments.models import Form
from rathaus.payments.queries import exports as handed_over
from rathaus.payments.queries import ledger
from rathaus.payments.views.files import download

READ, CLOSE = "payments.ledger", "payments.close"


@require_safe
@staff_page(READ)
def journal(request: Request) -> HttpResponse:
    """All bookings, the newest first; of one reference where it is asked for."""
    form = JournalForm(request.GET)
    before, words = form.wanted()
    rows = ledger.journal(by=request.actor, before=before, words=words)
    older = rows[-1].number if len(rows) == ledger.PAGE else None
    return render(
        request,
        "payments/journal.html",
        {"rows": rows, "words": words, "next": _older(older, words)},
    )


@require_safe
@staff_page(READ)
def accounts(request: Request) -> HttpResponse:
    """All accounts with what is on them."""
    return render(request, "payments/accounts.html", {"rows": ledger.accounts(by=request.actor)})


@require_safe
@staff_page(READ)
def account(request: Request, account: int) -> HttpResponse:
    """One account, each line with the balance after it."""
    before, _words = JournalForm(request.GET).wanted()
    found, lines = ledger.account_lines(by=request.actor, account=account, before=before)
    older = lines[-1].number if len(lines) == ledger.PAGE else None
    return render(
        request,
        "payments/account.html",
        {"account": found, "lines": lines, "next": _older(older)},
    )


@require_safe
@staff_page(READ)
def trial_balance(request: Request) -> HttpResponse:
    """Every account in a period: this year unless another one is asked for."""
    day = today()
    form = PeriodForm(request.GET or {"first": day.replace(month=1, day=1), "last": day})
    rows = ledger.trial_balance(by=request.actor, **form.cleaned_data) if form.is_valid() else []
    status = 200 if form.is_valid() else 422
    context = {"form": form, "rows": rows, "totals": ledger.trial_totals(rows)}
    return render(request, "payments/trial_balance.html", context, status=status)


@require_safe
@staff_page(CLOSE)
def closing(request: Request) -> HttpResponse:
    """What is closed, and what was handed over."""
    return _closing_page(request)


@require_POST
@staff_page(CLOSE)
def close(request: Request) -> HttpResponse:
    """Close a period."""
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            close_period(by=request.actor, until=form.cleaned_data["until"])
        except (PeriodNotOver, PeriodClosed) as error:
            _refuse(form, "until", error)
        else:
            messages.success(request, _("Der Zeitraum ist abgeschlossen."))
            return redirect("payments:closing")
    return _closing_page(request, close=form)


@require_http_methods(["POST"])
@staff_page(CLOSE)
def hand_over(request: Request) -> HttpResponse:
    """Make the file of a closed period."""
    form = ExportForm(request.POST)
    if form.is_valid():
        values = {**form.cleaned_data, "form": Form(form.cleaned_data["form"])}
        try:
            export_period(by=request.actor, **values)
        except PeriodStillOpen as error:
            _refuse(form, "last", error)
        else:
            messages.success(request, _("Die Datei ist fertig."))
            return redirect("payments:closing")
    return _closing_page(request, export=form)


@require_safe
@staff_page(CLOSE)
def export(request: Request, export: int) -> HttpResponse:
    """A file as it was handed over, the same bytes each time."""
    row = handed_over.export(by=request.actor, number=export)
    name = f"buchungen-{row.first:%Y%m%d}-{row.last:%Y%m%d}-{row.form}.csv"
    return download(row.content, name=name, kind="text/csv")


def _closing_page(
    request: Request, *, close: CloseForm | None = None, export: ExportForm | None = None
) -> HttpResponse:
    context = {
        "closed_until": ledger.closed_until(),
        "exports": handed_over.exports(by=request.actor),
        "close_form": close or CloseForm(),
        "export_form": export or ExportForm(),
        "failed": close or export,
    }
    status = 422 if close or export else 200
    return render(request, "payments/closing.html", context, status=status)


def _refuse(form: CloseForm | ExportForm, field: str, error: DomainError) -> None:
    form.add_error(field, str(error.message))


def _older(before: int | None, words: str = "") -> str:
    """The address of the next page, or empty."""
    if before is None:
        return ""
    return "?" + urlencode({"before": before, **({"words": words} if words else {})})
