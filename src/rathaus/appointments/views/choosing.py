"""From the wish to the hold: what, where, when, who."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rathaus.appointments import actions
from rathaus.appointments.channels import Kind
from rathaus.appointments.errors import NextFree, SlotTaken, TimeNotOffered, TooManyBookings
from rathaus.appointments.forms import ContactForm, NameForm
from rathaus.appointments.queries.days import month_of
from rathaus.appointments.queries.free import Wanted, next_free
from rathaus.appointments.queries.offers import locations, offers
from rathaus.appointments.queries.video import meets_by_video
from rathaus.appointments.views import asked as reading
from rathaus.appointments.views.limited import limit_strangers
from rathaus.cases.queries import own_name_in, own_open_procedure
from rathaus.core.access import Request, public_page
from rathaus.core.actor import ActorKind
from rathaus.core.clock import now
from rathaus.core.errors import DomainError


@require_safe
@public_page
def choose(request: Request) -> HttpResponse:
    """What somebody needs an appointment for, and for how many people."""
    chosen = [slug for slug in request.GET.getlist("angebot") if reading.is_plain(slug)]
    if chosen:
        wishes = [
            ("wunsch", f"{slug}:{reading.persons_in(request.GET.get(f'personen_{slug}', '')) or 1}")
            for slug in chosen[: reading.MOST_WISHES]
        ]
        data = request.GET.copy()
        data.setlist("wunsch", [wish for _name, wish in wishes])
        data.pop("ort", None)
        asked = reading.asked_in(data)
        return redirect(f"{reverse('appointments:place')}?{asked.query()}")
    preset = request.GET.get("leistung", "")
    context = {
        "offers": offers(),
        "preset": preset,
        "nothing_chosen": "weiter" in request.GET,
    }
    status = 422 if context["nothing_chosen"] else 200
    return render(request, "appointments/choose.html", context, status=status)


@never_cache
@require_safe
@public_page
def place(request: Request) -> HttpResponse:
    """Where and how: every location that serves the wish, the one with the earliest time first."""
    asked = reading.asked_in(request.GET)
    found = []
    for location in locations():
        for kind in asked.kinds:
            if kind is Kind.VIDEO and not meets_by_video(location):
                continue
            wanted = Wanted(location.slug, tuple(asked.wishes), kind=kind.value)
            soonest = next_free(wanted, now(), count=1, within=400)
            if soonest:
                how = kind.value if len(asked.kinds) > 1 else ""
                query = replace(asked, location=location, kind=how).query()
                found.append((soonest[0].begins_at, location, query, kind is Kind.VIDEO))
    found.sort(key=lambda row: row[0])
    if len(found) == 1:
        return redirect(f"{reverse('appointments:times')}?{found[0][2]}")
    context = {"asked": asked, "places": found}
    return render(request, "appointments/place.html", context)


@never_cache
@require_safe
@public_page
def times(request: Request) -> HttpResponse:
    """When: the earliest time first, then the days of a month, then the times of one."""
    asked = reading.asked_in(request.GET)
    month = month_of(
        asked.wanted,
        month=reading.day_in(request.GET.get("monat", "")),
        day=reading.day_in(request.GET.get("tag", "")),
    )
    return render(request, "appointments/times.html", {"asked": asked, "month": month})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def details(request: Request) -> HttpResponse:
    """Who: whoever is known by name just says yes, others give their name, and their mailbox if it
    is not known either.

    A time that was taken meanwhile is answered on the same page, with the next ones to choose from.
    """
    asked = reading.asked_in(request.GET)
    begins_at = reading.moment_in(request.GET.get("beginn", ""))
    form = _who(request, asked)
    if request.method == "POST" and (form is None or form.is_valid()):
        begins_at = _other(request) or begins_at
        try:
            return _held(request, asked, begins_at, form)
        except (SlotTaken, TimeNotOffered, TooManyBookings) as refusal:
            return _details(request, asked, begins_at, form, refusal)
    return _details(request, asked, begins_at, form)


def _who(request: Request, asked: reading.Asked) -> NameForm | None:
    data = request.POST if request.method == "POST" else None
    if request.actor.kind is ActorKind.GUEST:
        name = own_name_in(by=request.actor, number=asked.case) if asked.case else ""
        return NameForm(data, initial={"name": name})
    return None if request.actor.is_citizen else ContactForm(data)


def _other(request: Request) -> datetime | None:
    """The time chosen after the first one was taken, if any."""
    chosen = request.POST.get("anderer", "")
    return reading.moment_in(chosen) if chosen else None


def _held(
    request: Request, asked: reading.Asked, begins_at: datetime, form: NameForm | None
) -> HttpResponse:
    limit_strangers(request)
    held = actions.hold(
        by=request.actor,
        wanted=asked.wanted,
        begins_at=begins_at,
        whom=form.whom() if form else None,
        language=get_language() or "de",
        key=reading.key_in(request.POST.get("schluessel", "")),
        case_number=_own_case(request, asked),
    )
    reading.remember(request, held.booking)
    return redirect("appointments:booking", held.booking)


def _own_case(request: Request, asked: reading.Asked) -> str:
    """The number of the case that it is for, where it is an open one of whoever is signed in."""
    is_own = asked.case and own_open_procedure(by=request.actor, number=asked.case)
    return asked.case if is_own else ""


def _details(
    request: Request,
    asked: reading.Asked,
    begins_at: datetime,
    form: NameForm | None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    key = reading.key_in(request.POST.get("schluessel", "")) or uuid4()
    errors = []
    others = [(slot.begins_at.isoformat(), slot.begins_at) for slot in _next(refusal)]
    if refusal is not None:
        href = "#id_anderer" if others else ""
        errors = [{"text": str(refusal.message), "href": href}]
    context = {
        "asked": asked,
        "begins_at": begins_at,
        "form": form,
        "key": key,
        "errors": errors,
        "others": others,
        "others_label": _("Nächste freie Termine"),
    }
    status = refusal.status if refusal else 422 if form is not None and form.errors else 200
    return render(request, "appointments/details.html", context, status=status)


def _next(refusal: DomainError | None) -> list[NextFree]:
    return list(refusal.next_free) if isinstance(refusal, SlotTaken) else []
