"""What people can book."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rathaus.appointments.actions.planning import offers as actions
from rathaus.appointments.actions.planning.changing import Decided, stamp_of
from rathaus.appointments.models import Offer
from rathaus.appointments.planning_forms import NewOfferForm, OfferForm
from rathaus.appointments.queries.planning import rows
from rathaus.appointments.views.planning.saving import Page, answer, form_page, list_page
from rathaus.core.access import Request
from rathaus.core.localized import localize

AnyOfferForm = TypeVar("AnyOfferForm", bound=OfferForm)


@list_page
def offers(request: Request) -> HttpResponse:
    """Everything that can be booked."""
    context = {"rows": rows.offers(request.actor)}
    return render(request, "appointments/planning/offers.html", context)


@form_page
def new_offer(request: Request) -> HttpResponse:
    """Offer something new."""

    def save(form: NewOfferForm, decided: Decided) -> None:
        slug = form.cleaned_data["slug"]
        made = actions.save_offer(by=request.actor, facts=form.facts(), slug=slug)
        _warn_if_unserved(request, made)

    page = Page(
        title=_("Terminangebot hinzufügen"),
        back=reverse("appointments:planning_offers"),
        back_label=_("Terminangebote"),
        fresh=lambda: _with_skills(NewOfferForm()),
        bound=lambda data: _with_skills(NewOfferForm(data)),
        save=save,
        saved=_("Das Terminangebot ist eingetragen."),
        label=_("Eintragen"),
    )
    return answer(request, page)


@form_page
def offer(request: Request, offer: int) -> HttpResponse:
    """Change what is offered."""
    row = rows.one_offer(request.actor, offer)

    def save(form: OfferForm, decided: Decided) -> None:
        actions.save_offer(
            by=request.actor, facts=form.facts(), offer=offer, seen=form.seen, decided=decided
        )
        _warn_if_unserved(request, offer)

    def fresh() -> OfferForm:
        return _with_skills(OfferForm(initial=_said(rows.one_offer(request.actor, offer))))

    page = Page(
        title=localize(row.title),
        back=reverse("appointments:planning_offers"),
        back_label=_("Terminangebote"),
        fresh=fresh,
        bound=lambda data: _with_skills(OfferForm(data)),
        save=save,
        saved=_("Das Terminangebot ist geändert."),
        label=_("Speichern"),
        more={"lead": _("Termine, die schon vergeben sind, behalten ihre Dauer.")},
    )
    return answer(request, page)


def _warn_if_unserved(request: Request, offer: int) -> None:
    if not rows.is_served(offer):
        text = _(
            "Niemand mit Dienst an einem passenden Schalter kann das: Es gibt dafür noch keine "
            "freien Termine."
        )
        messages.warning(request, text)


def _said(row: Offer) -> dict[str, Any]:
    values = {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {
        **values,
        "title_de": row.title.get("de", ""),
        "title_en": row.title.get("en", ""),
        "advice_de": row.advice.get("de", ""),
        "advice_en": row.advice.get("en", ""),
        "stand": stamp_of(row),
    }


def _with_skills(form: AnyOfferForm) -> AnyOfferForm:
    nothing = [("", _("Nichts Besonderes"))]
    skills = [(skill.pk, localize(skill.name)) for skill in rows.skills()]
    form.choose("skill", [*nothing, *skills], ask=False)
    return form
