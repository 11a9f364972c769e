"""The bank account in the workspace: files in, what is left to clear, one movement at a time."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from rathaus.core.access import Request, staff_page
from rathaus.core.errors import Conflict, Invalid, TooLarge
from rathaus.core.money import Money
from rathaus.payments import actions, queries
from rathaus.payments.actions import PayTo
from rathaus.payments.bank_forms import ALL, BankFilterForm, ClearForm, RefuseForm, SeenForm
from rathaus.payments.camt.document import LARGEST
from rathaus.payments.models import MovementKind, MovementState
from rathaus.payments.queries import BankFilter
from rathaus.payments.typed_amounts import typed_amount

RIGHT = "payments.bank"
MOST_FILES = 20
REFUSALS = (Invalid, Conflict, TooLarge)


@require_safe
@staff_page(RIGHT)
def bank(request: Request) -> HttpResponse:
    """What is left to clear, and the files taken last."""
    return _bank_page(request)


@require_POST
@staff_page(RIGHT)
def take_files(request: Request) -> HttpResponse:
    """Take files of the bank, each whole or not at all."""
    uploads = request.FILES.getlist("files")
    if not uploads:
        return _bank_page(request, problems=[_("Bitte wählen Sie eine Datei.")], status=422)
    if len(uploads) > MOST_FILES:
        many = _("Bitte höchstens %(most)s Dateien auf einmal.") % {"most": MOST_FILES}
        return _bank_page(request, problems=[many], status=422)
    problems: list[str] = []
    status = 200
    taken: list[UUID] = []
    for upload in uploads:
        try:
            taken.append(_take(request, upload))
        except REFUSALS as error:
            problems.append(f"{upload.name}: {error.message}")
            status = error.status
    if problems:
        return _bank_page(request, problems=problems, status=status)
    return redirect("payments:bank_file", taken[-1])


@require_safe
@staff_page(RIGHT)
def bank_file(request: Request, bank_file: UUID) -> HttpResponse:
    """The report of one file: what it told, and what became of it."""
    file = queries.bank_file(by=request.actor, file=bank_file)
    return render(request, "payments/bank_file.html", {"file": file})


@require_safe
@staff_page(RIGHT)
def movement(request: Request, movement: int) -> HttpResponse:
    """One movement with proposals, and a search for others."""
    return _movement_page(request, movement)


@require_POST
@staff_page(RIGHT)
def clear(request: Request, movement: int) -> HttpResponse:
    """Say what a payment is for."""
    view = queries.bank_movement(by=request.actor, movement=movement)
    form = ClearForm(request.POST, currency=view.row.amount.currency)

    def act() -> str:
        number = actions.clear_movement(
            by=request.actor,
            movement=movement,
            parts=form.parts,
            credit_to=form.cleaned_data["credit_to"],
        )
        return _("Die Zahlung ist verbucht, Beleg %(number)s.") % {"number": number}

    return _posted(request, movement, form, act)


@require_POST
@staff_page("payments.give_back")
def refuse(request: Request, movement: int) -> HttpResponse:
    """Send back what is not for the city."""
    form = RefuseForm(request.POST)

    def act() -> str:
        words = form.cleaned_data
        actions.refuse_movement(
            by=request.actor,
            movement=movement,
            to=PayTo(iban=words["iban"], name=words["name"]),
            why=words["why"],
        )
        return _("Die Rückzahlung ist beauftragt.")

    return _posted(request, movement, form, act)


@require_POST
@staff_page(RIGHT)
def seen(request: Request, movement: int) -> HttpResponse:
    """Note what came of a movement that is no receipt."""
    form = SeenForm(request.POST)

    def act() -> str:
        actions.mark_seen(by=request.actor, movement=movement, why=form.cleaned_data["why"])
        return _("Der Vermerk ist gespeichert.")

    return _posted(request, movement, form, act)


def _take(request: Request, upload: "UploadedFile[bytes]") -> UUID:
    content = upload.read(LARGEST + 1)
    taken = actions.take_bank_file(by=request.actor, name=upload.name or "", content=content)
    new = taken.told - taken.known
    sentence = ngettext(
        "%(name)s: eine neue Kontobewegung.", "%(name)s: %(new)s neue Kontobewegungen.", new
    )
    messages.success(request, sentence % {"name": upload.name, "new": new})
    return taken.file


def _posted(
    request: Request, movement: int, form: forms.Form, act: Callable[[], str]
) -> HttpResponse:
    """Act and go on to what is left, or show the movement again with nothing lost."""
    status = Invalid.status
    if form.is_valid():
        try:
            messages.success(request, act())
            return redirect("payments:bank")
        except REFUSALS as error:
            form.add_error(None, str(error.message))
            status = error.status
    return _movement_page(request, movement, form, status=status)


def _bank_page(
    request: Request, *, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    form = BankFilterForm(request.GET)
    wanted = form.wanted()
    page = queries.bank_movements(by=request.actor, wanted=wanted, before=form.place())
    context = {
        "page": page,
        "wanted": wanted,
        "states": [*MovementState.choices, (ALL, _("alle"))],
        "kinds": MovementKind.choices,
        "next": _address(wanted, page.next) if page.next else "",
        "files": queries.bank_files(by=request.actor),
        "problems": problems or [],
        "is_all_cleared": wanted == queries.BankFilter(),
    }
    return render(request, "payments/bank.html", context, status=status)


def _address(wanted: BankFilter, before: int) -> str:
    filters = {name: value for name, value in asdict(wanted).items() if value}
    return "?" + urlencode({**filters, "before": before})


def _lines(
    choices: Sequence[queries.ClaimChoice], came: Money, form: forms.Form | None
) -> list[tuple[queries.ClaimChoice, bool, str]]:
    """Each claim, whether it is chosen, and the amount beside it: as typed, else what is open, as
    far as the money goes.
    """
    typed = form.typed() if isinstance(form, ClearForm) else {}
    return [
        (
            choice,
            str(choice.claim) in typed,
            typed.get(str(choice.claim))
            or typed_amount(min(choice.rest, came, key=lambda amount: amount.cents)),
        )
        for choice in choices
    ]


def _movement_page(
    request: Request, movement: int, form: forms.Form | None = None, *, status: int = 200
) -> HttpResponse:
    view = queries.bank_movement(by=request.actor, movement=movement)
    words = (request.POST if form else request.GET).get("words", "").replace("\x00", "")[:200]
    found = queries.find_open_claims(by=request.actor, words=words)
    proposed = {choice.claim for choice in view.proposals}
    choices = [*view.proposals, *(choice for choice in found if choice.claim not in proposed)]
    context = {
        "view": view,
        "words": words,
        "lines": _lines(choices, view.row.amount, form),
        "debtors": queries.debtors_of(by=request.actor, claims=choices),
        "form": form,
        "credit_to": request.POST.get("credit_to", ""),
        "refusing": form if isinstance(form, RefuseForm) else None,
        "noting": form if isinstance(form, SeenForm) else None,
        "may_give_back": request.actor.may("payments.give_back"),
    }
    return render(request, "payments/bank_movement.html", context, status=status)
