"""What every page of the plan does with its form: save, or say why not and what becomes of whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rathaus.appointments.actions.planning.changing import Choice, Decided
from rathaus.appointments.errors import NotPossibleNow
from rathaus.appointments.models import Location
from rathaus.appointments.planning_errors import (
    AppointmentsHit,
    NobodyToTell,
    PlanChanged,
    UnknownPlan,
    WrongPlan,
)
from rathaus.appointments.planning_forms import PlanForm
from rathaus.appointments.queries.planning.hits import hits
from rathaus.appointments.queries.planning.places import PLAN, planned_locations
from rathaus.appointments.views.asked import chosen_place, key_in
from rathaus.core.access import Request, View, staff_page
from rathaus.core.errors import DomainError

DECISION = "termin-"
Text = str | Promise
P = ParamSpec("P")
Shown = Callable[Concatenate[Request, P], HttpResponse]


def list_page(page: Shown[P]) -> View[P]:
    """A page of the plan to look at."""
    return never_cache(require_safe(staff_page(PLAN)(page)))


def form_page(page: Shown[P]) -> View[P]:
    """A page of the plan with a form."""
    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(staff_page(PLAN)(page)))


def at_place(name: str, place: Location) -> str:
    """The address of such a list for that location."""
    return f"{reverse(f'appointments:planning_{name}')}?ort={place.slug}"


@dataclass(frozen=True)
class Page:
    """A page with one form: `save` is given what was decided about appointments; `fresh` makes the
    form anew as things stand.
    """

    title: Text
    back: str
    back_label: Text
    fresh: Callable[[], PlanForm]
    bound: Callable[[QueryDict], PlanForm]
    save: Callable[[Any, Decided], None]
    saved: Text
    label: Text
    more: dict[str, Any] = field(default_factory=dict)
    template: str = "appointments/planning/form.html"


def answer(request: Request, page: Page) -> HttpResponse:
    """Show the form, or save it; appointments that are hit are decided on first."""
    if request.method != "POST":
        return _shown(request, page, page.fresh())
    form = page.bound(request.POST)
    if not form.is_valid():
        return _shown(request, page, form, status=422)
    try:
        page.save(form, decided_in(request.POST))
    except AppointmentsHit as hit:
        return _to_decide(request, page, form, hit)
    except PlanChanged as refusal:
        return _shown(request, page, page.fresh(), refusal=refusal)
    except (WrongPlan, NobodyToTell, NotPossibleNow) as error:
        name = getattr(error, "field", "")
        form.add_error(name if name in form.fields else None, str(error.message))
        return _shown(request, page, form, status=error.status)
    messages.success(request, str(page.saved))
    return redirect(page.back)


def decided_in(data: QueryDict) -> Decided:
    """What was decided about each appointment; what is no decision counts as none."""
    choices = {choice.value: choice for choice in Choice}
    found = {}
    for name in data:
        booking = key_in(name.removeprefix(DECISION)) if name.startswith(DECISION) else None
        choice = choices.get(data.get(name, ""))
        if booking is not None and choice is not None:
            found[booking] = choice
    return found


def planned_place(request: Request) -> Location:
    """The location that is asked for, else the first that somebody plans.

    Raises `NotFound`, and `UnknownPlan` for somebody who plans none.
    """
    place = chosen_place(request, planned_locations(request.actor))
    if place is None:
        raise UnknownPlan
    return place


def _shown(
    request: Request,
    page: Page,
    form: PlanForm,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"page": page, "form": form, "refusal": refusal, **page.more}
    return render(request, page.template, context, status=refusal.status if refusal else status)


def _to_decide(request: Request, page: Page, form: PlanForm, hit: AppointmentsHit) -> HttpResponse:
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name in form.fields
        for value in values
    ]
    context = {
        "page": page,
        "sent": sent,
        "hits": hits(by=request.actor, bookings=hit.bookings),
        **page.more,
    }
    return render(request, "appointments/planning/decide.html", context, status=hit.status)
