"""Closures and absences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rathaus.appointments.actions.planning import absences as absence_actions
from rathaus.appointments.actions.planning import closures as closure_actions
from rathaus.appointments.actions.planning.changing import Decided, stamp_of
from rathaus.appointments.models import Absence, Closure, Location
from rathaus.appointments.planning_errors import UnknownPlan
from rathaus.appointments.planning_forms import AbsenceForm, ClosureForm
from rathaus.appointments.queries.planning import rows
from rathaus.appointments.queries.planning.places import (
    PLAN,
    planned_locations,
    planned_people,
)
from rathaus.appointments.time_off import written
from rathaus.appointments.views.planning.saving import (
    Page,
    answer,
    at_place,
    form_page,
    list_page,
    planned_place,
)
from rathaus.core.access import Request, staff_page
from rathaus.core.localized import localize


@list_page
def closures(request: Request) -> HttpResponse:
    """When a location or a counter is closed."""
    place = planned_place(request)
    context = {
        "place": place,
        "places": planned_locations(request.actor),
        "rows": [
            (row, written(row.during.lower, row.during.upper)) for row in rows.closures_of(place)
        ],
    }
    return render(request, "appointments/planning/closures.html", context)


@form_page
def new_closure(request: Request) -> HttpResponse:
    """Close something."""
    place = planned_place(request)

    def save(form: ClosureForm, decided: Decided) -> None:
        closure_actions.save_closure(
            by=request.actor, closed=form.closed(place.pk), decided=decided
        )

    page = Page(
        title=_("Schließung eintragen"),
        back=at_place("closures", place),
        back_label=_("Schließungen"),
        fresh=lambda: _closure_form(place),
        bound=lambda data: _closure_form(place, data),
        save=save,
        saved=_("Die Schließung ist eingetragen."),
        label=_("Eintragen"),
        more={"place": place},
    )
    return answer(request, page)


@form_page
def closure(request: Request, closure: int) -> HttpResponse:
    """Change a closure."""
    row = rows.one_closure(request.actor, closure)
    place = row.counter.location if row.counter else row.location
    if place is None:
        raise UnknownPlan

    def save(form: ClosureForm, decided: Decided) -> None:
        closure_actions.save_closure(
            by=request.actor,
            closed=form.closed(place.pk),
            closure=closure,
            seen=form.seen,
            decided=decided,
        )

    def fresh() -> ClosureForm:
        return _closure_form(place, row=rows.one_closure(request.actor, closure))

    page = Page(
        title=_("Schließung ändern"),
        back=at_place("closures", place),
        back_label=_("Schließungen"),
        fresh=fresh,
        bound=lambda data: _closure_form(place, data),
        save=save,
        saved=_("Die Schließung ist geändert."),
        label=_("Speichern"),
        more={
            "place": place,
            "remove": reverse("appointments:planning_closure_remove", args=[closure]),
            "remove_label": _("Schließung aufheben"),
            "stamp": stamp_of(row),
        },
    )
    return answer(request, page)


@require_POST
@staff_page(PLAN)
def remove_closure(request: Request, closure: int) -> HttpResponse:
    """Open again."""
    row = rows.one_closure(request.actor, closure)
    place = row.counter.location if row.counter else row.location
    closure_actions.remove_closure(
        by=request.actor, closure=closure, seen=request.POST.get("stand", "")
    )
    messages.success(request, _("Die Schließung ist aufgehoben."))
    return redirect(
        at_place("closures", place) if place else reverse("appointments:planning_closures")
    )


@list_page
def absences(request: Request) -> HttpResponse:
    """Who is away when."""
    found = rows.coming_absences(request.actor)
    context = {"rows": [(row, written(row.during.lower, row.during.upper)) for row in found]}
    return render(request, "appointments/planning/absences.html", context)


@form_page
def new_absence(request: Request) -> HttpResponse:
    """Note that somebody is away."""

    def save(form: AbsenceForm, decided: Decided) -> None:
        absence_actions.save_absence(by=request.actor, away=form.away(), decided=decided)

    page = Page(
        title=_("Abwesenheit eintragen"),
        back=reverse("appointments:planning_absences"),
        back_label=_("Abwesenheiten"),
        fresh=lambda: _absence_form(request),
        bound=lambda data: _absence_form(request, data),
        save=save,
        saved=_("Die Abwesenheit ist eingetragen."),
        label=_("Eintragen"),
        more={"lead": _("Warum jemand nicht da ist, steht hier nicht.")},
    )
    return answer(request, page)


@form_page
def absence(request: Request, absence: int) -> HttpResponse:
    """Change an absence."""
    row = rows.one_absence(request.actor, absence)

    def save(form: AbsenceForm, decided: Decided) -> None:
        absence_actions.save_absence(
            by=request.actor, away=form.away(), absence=absence, seen=form.seen, decided=decided
        )

    page = Page(
        title=_("Abwesenheit ändern"),
        back=reverse("appointments:planning_absences"),
        back_label=_("Abwesenheiten"),
        fresh=lambda: _absence_form(request, row=rows.one_absence(request.actor, absence)),
        bound=lambda data: _absence_form(request, data),
        save=save,
        saved=_("Die Abwesenheit ist geändert."),
        label=_("Speichern"),
        more={
            "remove": reverse("appointments:planning_absence_remove", args=[absence]),
            "remove_label": _("Ist doch da"),
            "stamp": stamp_of(row),
        },
    )
    return answer(request, page)


@require_POST
@staff_page(PLAN)
def remove_absence(request: Request, absence: int) -> HttpResponse:
    """Somebody is there after all."""
    absence_actions.remove_absence(
        by=request.actor, absence=absence, seen=request.POST.get("stand", "")
    )
    messages.success(request, _("Die Abwesenheit ist entfernt."))
    return redirect("appointments:planning_absences")


def _closure_form(
    place: Location, data: QueryDict | None = None, row: Closure | None = None
) -> ClosureForm:
    initial: dict[str, Any] = {}
    if row is not None:
        reason: Mapping[str, str] = row.reason
        initial = {
            "counter": row.counter_id or "",
            "reason_de": reason.get("de", ""),
            "reason_en": reason.get("en", ""),
            **_when(row),
        }
    form = ClosureForm(data, initial=initial)
    whole = _("Der ganze Standort: %(name)s") % {"name": localize(place.name)}
    counters = place.counters.filter(active=True).order_by("number")
    choices = [("", whole), *((counter.pk, counter.name) for counter in counters)]
    form.choose("counter", choices, ask=False)
    return form


def _absence_form(
    request: Request, data: QueryDict | None = None, row: Absence | None = None
) -> AbsenceForm:
    initial = {"person": row.person_id, **_when(row)} if row is not None else {}
    form = AbsenceForm(data, initial=initial)
    form.choose("person", list(planned_people(request.actor).items()))
    return form


def _when(row: Closure | Absence) -> dict[str, Any]:
    off = written(row.during.lower, row.during.upper)
    return {
        "first": off.first,
        "last": off.last,
        "starts": off.starts,
        "ends": off.ends,
        "stand": stamp_of(row),
    }
