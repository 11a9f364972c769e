"""Staff and their roles, for whoever administers them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rathaus.accounts import actions, queries
from rathaus.accounts.access import Request, staff_page
from rathaus.accounts.administration import MANAGE, may_manage
from rathaus.accounts.confirmation import after_confirmation
from rathaus.accounts.forms import InviteForm, PlaceForm, ReasonForm
from rathaus.accounts.models import Department, Role
from rathaus.core.domain import work_in_hand
from rathaus.core.errors import DomainError, NotFound

PEOPLE_ON_A_PAGE = 50


class Choices(TypedDict):
    """What the forms offer."""

    roles: list[Role]
    departments: list[Department]
    everywhere: bool


@dataclass(frozen=True)
class Deed:
    """Something that can be done to somebody's access, with the words of its page."""

    act: Callable[..., None]
    question: str | Promise
    consequence: str | Promise
    button: str | Promise
    variant: str = "primary"


DEEDS = {
    "sperren": Deed(
        actions.deactivate,
        gettext_lazy("Zugang sperren?"),
        gettext_lazy(
            "Die Person wird sofort überall abgemeldet und kann sich nicht mehr anmelden."
        ),
        gettext_lazy("Zugang sperren"),
        "danger",
    ),
    "entsperren": Deed(
        actions.reactivate,
        gettext_lazy("Zugang wieder öffnen?"),
        gettext_lazy("Die Person kann sich wieder anmelden und hat die Rollen von vorher."),
        gettext_lazy("Zugang öffnen"),
    ),
    "abmelden": Deed(
        actions.end_sessions,
        gettext_lazy("Überall abmelden?"),
        gettext_lazy("Alle offenen Sitzungen der Person enden sofort."),
        gettext_lazy("Überall abmelden"),
    ),
    "zweiter-faktor": Deed(
        actions.reset_second_factor,
        gettext_lazy("Zweiten Faktor zurücksetzen?"),
        gettext_lazy(
            "Die Person wird abgemeldet und muss bei der nächsten Anmeldung einen neuen einrichten."
        ),
        gettext_lazy("Zurücksetzen"),
        "danger",
    ),
}


@staff_page(MANAGE)
def people(request: Request) -> HttpResponse:
    """The list, with a search by name and address."""
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    found = queries.colleagues(by=request.actor, words=words)
    page = Paginator(found, PEOPLE_ON_A_PAGE).get_page(request.GET.get("seite"))
    return render(request, "accounts/people.html", {"page": page, "words": words})


@staff_page(MANAGE)
@after_confirmation
def invite(request: Request) -> HttpResponse:
    """Let somebody new in."""
    form = InviteForm(request.POST or None, **_choices(request))
    if form.is_valid():
        try:
            made = actions.invite(
                by=request.actor,
                given_name=form.cleaned_data["given_name"],
                family_name=form.cleaned_data["family_name"],
                email=form.cleaned_data["email"],
                house_address=request.build_absolute_uri("/"),
                **form.place,
            )
        except actions.AddressTaken as error:
            form.add_error("email", str(error.message))
        else:
            messages.success(request, _("Die Einladung ist unterwegs."))
            return redirect("accounts:person", person=made.pk)
    return render(request, "accounts/invite.html", {"form": form})


@staff_page(MANAGE)
def person(request: Request, person: UUID) -> HttpResponse:
    """One member of staff: roles, and what can be done."""
    found = queries.colleague(by=request.actor, person=person)
    details = {
        "person": found,
        "is_oneself": found.pk == request.actor.person,
        "form": PlaceForm(**_choices(request)),
        "second_factor": queries.has_second_factor_set_up(by=request.actor, person=person),
    }
    return render(request, "accounts/person.html", details)


@staff_page(MANAGE)
@after_confirmation
def give_role(request: Request, person: UUID) -> HttpResponse:
    """One more role."""
    found = queries.colleague(by=request.actor, person=person)
    form = PlaceForm(request.POST or None, **_choices(request))
    if form.is_valid():
        actions.give_role(by=request.actor, person=person, **form.place)
        messages.success(request, _("Die Rolle ist vergeben."))
        return redirect("accounts:person", person=person)
    return render(request, "accounts/give_role.html", {"form": form, "person": found})


@staff_page(MANAGE)
@after_confirmation
def take_role(request: Request, person: UUID, membership: int) -> HttpResponse:
    """One role less."""
    found = queries.colleague(by=request.actor, person=person)
    held = next((one for one in found.memberships.all() if one.pk == membership), None)
    if held is None:
        raise NotFound
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.take_role(by=request.actor, membership=membership, why=form.cleaned_data["why"])
        messages.success(request, _("Die Rolle ist entzogen."))
        return redirect("accounts:person", person=person)
    details = {"form": form, "person": found, "held": held}
    return render(request, "accounts/take_role.html", details)


@staff_page(MANAGE)
@after_confirmation
def deed(request: Request, person: UUID, deed: str) -> HttpResponse:
    """Close or open the access, sign out everywhere, forget the second factor: each asks for a
    reason.
    """
    chosen = DEEDS.get(deed)
    if chosen is None:
        raise NotFound
    found = queries.colleague(by=request.actor, person=person)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            chosen.act(by=request.actor, person=person, why=form.cleaned_data["why"])
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("Das ist erledigt."))
        return redirect("accounts:person", person=person)
    in_hand = work_in_hand(person) if chosen.act is actions.deactivate else []
    details = {"form": form, "person": found, "deed": chosen, "in_hand": in_hand}
    return render(request, "accounts/person_deed.html", details)


def _choices(request: Request) -> Choices:
    return {
        "roles": queries.roles(by=request.actor),
        "departments": queries.managed_departments(by=request.actor),
        "everywhere": may_manage(request.actor, None),
    }
