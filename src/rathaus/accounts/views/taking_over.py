"""Taking over matters of a guest: which address, the code from it, which of them are mine."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from rathaus.accounts import actions, queries
from rathaus.accounts.access import Request, citizen_page
from rathaus.accounts.adapters import CITIZEN_START
from rathaus.accounts.eid import require_eid
from rathaus.accounts.email_proof import (
    Purpose,
    address_remembered,
    ask_for_proof,
    remember_proved,
)
from rathaus.accounts.forms import ChosenMattersForm, GuestAddressForm
from rathaus.accounts.views.code_page import code_page


@citizen_page
@never_cache
def address(request: Request) -> HttpResponse:
    """What this is about, and to which address a code goes; whose it is, nobody learns here."""
    require_eid(request.actor)
    known = {"email": queries.contact(by=request.actor).email}
    form = GuestAddressForm(request.POST or None, initial=known)
    if not form.is_valid():
        return render(request, "accounts/take_over.html", {"form": form})
    ask_for_proof(request, Purpose.TAKE_OVER, email=form.cleaned_data["email"])
    return redirect("accounts:take_over_code")


@citizen_page
@never_cache
def confirm_address(request: Request) -> HttpResponse:
    """The code from that mail."""
    require_eid(request.actor)

    def go_on(email: str) -> HttpResponse:
        remember_proved(request, Purpose.TAKE_OVER, email=email)
        return redirect("accounts:take_over_choose")

    return code_page(request, Purpose.TAKE_OVER, again="accounts:take_over", go_on=go_on)


@citizen_page
@never_cache
def choose(request: Request) -> HttpResponse:
    """What is there, and which of it the citizen takes."""
    require_eid(request.actor)
    email = address_remembered(request, Purpose.TAKE_OVER)
    if not email:
        return redirect("accounts:take_over")
    form = ChosenMattersForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _taken(request, form, email):
        return redirect(CITIZEN_START)
    found = queries.guest_matters(by=request.actor, email=email)
    chosen = form["matters"].value() if form.is_bound else _probably_own(found)
    details = {"form": form, "email": email, "found": found, "chosen": chosen or []}
    return render(request, "accounts/take_over_choose.html", details)


def _taken(request: Request, form: ChosenMattersForm, email: str) -> bool:
    matters = form.cleaned_data["matters"]
    try:
        actions.take_over(by=request.actor, email=email, matters=matters)
    except actions.TakenMeanwhile as error:
        form.add_error(None, str(error.message))
        return False
    said = ngettext(
        "Das Anliegen gehört jetzt zu Ihrem Konto.",
        "%(count)s Anliegen gehören jetzt zu Ihrem Konto.",
        len(matters),
    )
    messages.success(request, said % {"count": len(matters)})
    return True


def _probably_own(found: list[queries.GuestMatter]) -> list[str]:
    return [it.matter.reference for it in found if not it.is_named_otherwise]
