"""The counter: desks, taking cash for a reference, counting; and payments that wait for a clerk."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rathaus.core.access import Request, staff_page
from rathaus.core.errors import Conflict, Invalid, NotFound
from rathaus.core.localized import localize_amount
from rathaus.payments import actions, queries
from rathaus.payments.forms import CountForm, DecideForm, DeskForm, FloatForm, TakeForm

RIGHT = "payments.take_cash"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(RIGHT)
def desks(request: Request) -> HttpResponse:
    """All desks and whether they are open; a post sets up another one."""
    form = DeskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.add_desk(by=request.actor, name=form.cleaned_data["name"])
        except (Invalid, Conflict) as refusal:
            form.add_error("name", str(refusal.message))
        else:
            messages.success(request, _("Die Barkassa ist eingerichtet."))
            return redirect("payments:desks")
    context = {
        "desks": queries.desks(request.actor),
        "form": form,
        "may_add": request.actor.may("payments.manage_desks"),
    }
    return render(request, "payments/desks.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD"])
@staff_page(RIGHT)
def desk(request: Request, desk: int) -> HttpResponse:
    """One desk today; with a reference in the address, what is to be paid for it."""
    return _desk_page(request, desk)


@require_http_methods(["POST"])
@staff_page(RIGHT)
def open_desk(request: Request, desk: int) -> HttpResponse:
    """Begin the day."""
    form = FloatForm(request.POST)
    if form.is_valid():
        try:
            actions.open_desk(by=request.actor, desk=desk, float_=form.cleaned_data["float"])
        except (Invalid, Conflict) as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return redirect("payments:desk", desk)
    return _desk_page(request, desk, status=422, float_form=form, refused=form)


@require_http_methods(["POST"])
@staff_page(RIGHT)
def take(request: Request, desk: int) -> HttpResponse:
    """Take money; the change is told, and the receipt is a click away."""
    form = TakeForm(request.POST)
    if form.is_valid():
        try:
            taken = actions.take_cash(by=request.actor, desk=desk, **form.cleaned_data)
        except (Invalid, Conflict, NotFound) as refusal:
            form.add_error(None, str(refusal.message))
        else:
            sentence = _("%(amount)s eingenommen. Rückgeld: %(change)s.") % {
                "amount": localize_amount(taken.amount),
                "change": localize_amount(taken.change),
            }
            messages.success(request, sentence)
            return redirect("payments:desk", desk)
    reference = str(form["reference"].value() or "")
    return _desk_page(request, desk, status=422, take_form=form, refused=form, asked=reference)


@require_http_methods(["POST"])
@staff_page(RIGHT)
def close_desk(request: Request, desk: int) -> HttpResponse:
    """Count, and end the day."""
    form = CountForm(request.POST)
    if form.is_valid():
        try:
            day = actions.close_desk(by=request.actor, desk=desk, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            form.add_error(None, str(refusal.message))
        else:
            sentence = _("Der Tag ist abgeschlossen. Differenz: %(difference)s.")
            difference = localize_amount(day.difference)
            messages.success(request, sentence % {"difference": difference})
            return redirect("payments:desk", desk)
    return _desk_page(request, desk, status=422, count_form=form, refused=form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("payments.receive")
def held(request: Request) -> HttpResponse:
    """Payments that brought something else than was asked for, and what to do with them."""
    form = DecideForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _decided(request, form):
        messages.success(request, _("Erledigt."))
        return redirect("payments:held")
    context = {
        "payments": queries.held_payments(request.actor),
        "form": form,
        "chosen": str(form["payment"].value() or ""),
    }
    return render(request, "payments/held.html", context, status=422 if form.errors else 200)


def _decided(request: Request, form: DecideForm) -> bool:
    decide = actions.drop_held if form.cleaned_data["deed"] == "drop" else actions.book_held
    payment: UUID = form.cleaned_data["payment"]
    try:
        decide(by=request.actor, payment=payment, why=form.cleaned_data["why"])
    except (Invalid, Conflict, actions.ServiceSilent) as refusal:
        form.add_error(None, str(refusal.message))
    return not form.errors


def _desk_page(
    request: Request, desk: int, *, status: int = 200, asked: str = "", **forms: object
) -> HttpResponse:
    reference = asked or request.GET.get("referenz", "")[:60]
    found = queries.to_take(request.actor, reference) if reference else None
    context = {
        "view": queries.desk_view(request.actor, desk),
        "may_read": request.actor.may("payments.read"),
        "asked": reference,
        "found": found,
        "float_form": FloatForm(),
        "count_form": CountForm(),
        "take_form": TakeForm(initial={"key": uuid4(), "reference": reference}),
        **forms,
    }
    return render(request, "payments/desk.html", context, status=status)
