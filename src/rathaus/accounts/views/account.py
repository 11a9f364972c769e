"""One's own account: what is known, where one is signed in, everything as a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from rathaus.accounts import actions, queries
from rathaus.accounts.access import Request, citizen_page, staff_page
from rathaus.accounts.email_proof import Purpose, ask_for_proof
from rathaus.accounts.forms import ContactEmailForm, PhoneForm
from rathaus.accounts.models import Person
from rathaus.accounts.views.code_page import code_page
from rathaus.core.actor import ActorKind
from rathaus.core.clock import today
from rathaus.core.domain import domains
from rathaus.core.errors import DomainError, NotAllowed


@citizen_page
@never_cache
def account(request: Request) -> HttpResponse:
    """What we know and what for."""
    details = {
        "contact": queries.contact(by=request.actor),
        "is_guest": request.actor.kind is ActorKind.GUEST,
    }
    return render(request, "accounts/account.html", details)


@citizen_page
@never_cache
def phone(request: Request) -> HttpResponse:
    """Change the telephone number."""
    known = {"phone": queries.contact(by=request.actor).phone}
    form = PhoneForm(request.POST or None, initial=known)
    if form.is_valid():
        try:
            actions.change_phone(by=request.actor, phone=form.cleaned_data["phone"])
        except actions.BadPhone as error:
            form.add_error("phone", str(error.message))
        else:
            messages.success(request, _("Ihre Telefonnummer ist gespeichert."))
            return redirect("accounts:account")
    return render(request, "accounts/phone.html", {"form": form})


@citizen_page
@never_cache
def email(request: Request) -> HttpResponse:
    """Change the address for mail: first a code goes there."""
    if request.actor.kind is not ActorKind.CITIZEN:
        raise actions.NotYours
    form = ContactEmailForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/email.html", {"form": form})
    ask_for_proof(request, Purpose.CONTACT, email=form.cleaned_data["email"])
    return redirect("accounts:confirm_email")


@citizen_page
@never_cache
def confirm_email(request: Request) -> HttpResponse:
    """The code from that mail."""

    def go_on(address: str) -> HttpResponse:
        actions.change_contact_email(by=request.actor, email=address)
        messages.success(request, _("Ihre E-Mail-Adresse ist bestätigt und gespeichert."))
        return redirect("accounts:account")

    return code_page(request, Purpose.CONTACT, again="accounts:email", go_on=go_on)


@citizen_page
@never_cache
def export(request: Request) -> HttpResponse:
    """Everything that any domain keeps about this person, as JSON (Article 15 and 20 GDPR)."""
    person = request.actor.person
    if person is None:
        raise NotAllowed
    content = {
        str(domain.name): [
            {"titel": str(part.title), "eintraege": [_plain(row) for row in part.rows]}
            for part in domain.personal_data(person)
        ]
        for domain in domains()
        if domain.personal_data
    }
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="meine-daten-{today():%Y-%m-%d}.json"'
    return response


@citizen_page
@never_cache
def citizen_sessions(request: Request) -> HttpResponse:
    """Where a citizen is signed in."""
    return _sessions(request, frame="core/page.html", here="accounts:sessions")


@staff_page()
@never_cache
def staff_sessions(request: Request) -> HttpResponse:
    """Where a member of staff is signed in."""
    return _sessions(request, frame="core/workspace.html", here="accounts:staff_sessions")


@staff_page()
@never_cache
def own_access(request: Request) -> HttpResponse:
    """How a member of staff signs in, in one place."""
    person = request.user
    has_password = isinstance(person, Person) and person.has_usable_password()
    return render(request, "accounts/own_access.html", {"has_password": has_password})


def _sessions(request: Request, *, frame: str, here: str) -> HttpResponse:
    current = request.session.session_key or ""
    if request.method == "POST":
        _end(request, current)
        return redirect(here)
    details = {"frame": frame, "sessions": queries.own_sessions(by=request.actor, current=current)}
    return render(request, "accounts/sessions.html", details)


def _end(request: Request, current: str) -> None:
    chosen = request.POST.get("session", "")
    try:
        if chosen.isdecimal():
            actions.end_own_session(by=request.actor, session=int(chosen))
        else:
            actions.end_other_sessions(by=request.actor, but=current)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Dort sind Sie jetzt abgemeldet."))


def _plain(row: Any) -> dict[str, object]:
    return {str(name): value for name, value in row.items()}
