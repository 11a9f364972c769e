"""Opening hours and duties: what comes back every week."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rathaus.appointments.actions.planning import duties as duty_actions
from rathaus.appointments.actions.planning import hours as hours_actions
from rathaus.appointments.actions.planning.changing import Decided, stamp_of
from rathaus.appointments.models import Duty, Location, OpeningHours
from rathaus.appointments.models.places import CHANNELS, WEEKDAYS
from rathaus.appointments.planning_forms import (
    DutyForm,
    EndForm,
    HoursForm,
    NewDutyForm,
    NewHoursForm,
)
from rathaus.appointments.queries.planning import rows
from rathaus.appointments.queries.planning.places import (
    counters_of,
    planned_locations,
    planned_people,
)
from rathaus.appointments.views.planning.saving import (
    Page,
    answer,
    at_place,
    form_page,
    list_page,
    planned_place,
)
from rathaus.core.access import Request
from rathaus.core.clock import today

_FROM_THAT_DAY = gettext_lazy(
    "Was bis dahin galt, bleibt stehen. Die Änderung gilt ab dem Tag, den Sie nennen."
)
WORKING_DAYS = list(range(5))
AnyDutyForm = TypeVar("AnyDutyForm", bound=DutyForm)


@list_page
def hours(request: Request) -> HttpResponse:
    """When a location is open."""
    place = planned_place(request)
    found = rows.hours_of(place)
    context = {
        "place": place,
        "places": planned_locations(request.actor),
        "days": [
            (WEEKDAYS[day][1], [(row, _channels(row)) for row in group])
            for day, group in groupby(found, attrgetter("weekday"))
        ],
        "today": today(),
    }
    return render(request, "appointments/planning/hours.html", context)


@form_page
def new_hours(request: Request) -> HttpResponse:
    """Be open at other times, too."""
    place = planned_place(request)
    initial = {
        "valid_from": today(),
        "channels": [channel for channel, _name in CHANNELS],
        "weekdays": WORKING_DAYS,
    }

    def save(form: NewHoursForm, decided: Decided) -> None:
        weekdays = form.cleaned_data["weekdays"]
        hours_actions.add_hours(
            by=request.actor, location=place.pk, weekdays=weekdays, wanted=form.open()
        )

    page = Page(
        title=_("Öffnungszeit hinzufügen"),
        back=at_place("hours", place),
        back_label=_("Öffnungszeiten"),
        fresh=lambda: NewHoursForm(initial=initial),
        bound=NewHoursForm,
        save=save,
        saved=_("Die Öffnungszeit ist eingetragen."),
        label=_("Eintragen"),
        more={"place": place},
    )
    return answer(request, page)


@form_page
def one_hours(request: Request, hours: int) -> HttpResponse:
    """Let other hours hold from a day on."""
    row = rows.one_hours(request.actor, hours)

    def save(form: HoursForm, decided: Decided) -> None:
        hours_actions.change_hours(
            by=request.actor, hours=hours, wanted=form.open(), seen=form.seen, decided=decided
        )

    def fresh() -> HoursForm:
        now = rows.one_hours(request.actor, hours)
        initial = {"starts": now.opens, "ends": now.closes, "channels": now.channels, **_held(now)}
        return HoursForm(initial=initial)

    page = Page(
        title=_("%(day)s: Öffnungszeit ändern") % {"day": row.get_weekday_display()},
        back=at_place("hours", row.location),
        back_label=_("Öffnungszeiten"),
        fresh=fresh,
        bound=HoursForm,
        save=save,
        saved=_("Die Öffnungszeit ist geändert."),
        label=_("Speichern"),
        more={
            "place": row.location,
            "lead": _FROM_THAT_DAY,
            "end": reverse("appointments:planning_hours_end", args=[hours]),
            "end_label": _("Öffnungszeit beenden"),
        },
    )
    return answer(request, page)


@form_page
def end_hours(request: Request, hours: int) -> HttpResponse:
    """Be open then no longer."""
    row = rows.one_hours(request.actor, hours)

    def save(form: EndForm, decided: Decided) -> None:
        hours_actions.end_hours(
            by=request.actor,
            hours=hours,
            last=form.cleaned_data["last"],
            seen=form.seen,
            decided=decided,
        )

    page = Page(
        title=_("%(day)s: Öffnungszeit beenden") % {"day": row.get_weekday_display()},
        back=at_place("hours", row.location),
        back_label=_("Öffnungszeiten"),
        fresh=_ending(lambda: rows.one_hours(request.actor, hours)),
        bound=EndForm,
        save=save,
        saved=_("Die Öffnungszeit endet mit diesem Tag."),
        label=_("Beenden"),
        more={"place": row.location},
    )
    return answer(request, page)


@list_page
def duties(request: Request) -> HttpResponse:
    """Who is at which counter when."""
    place = planned_place(request)
    found = rows.duties_of(place)
    context = {
        "place": place,
        "places": planned_locations(request.actor),
        "counters": [
            (counter, [duty for duty in found if duty.counter_id == counter.pk])
            for counter in place.counters.filter(active=True).order_by("number")
        ],
        "today": today(),
    }
    return render(request, "appointments/planning/duties.html", context)


@form_page
def new_duty(request: Request) -> HttpResponse:
    """Let somebody be at a counter."""
    place = planned_place(request)
    counter = request.GET.get("schalter", "")
    initial = {"valid_from": today(), "weekdays": WORKING_DAYS, "counter": counter}

    def save(form: NewDutyForm, decided: Decided) -> None:
        weekdays = form.cleaned_data["weekdays"]
        duty_actions.add_duties(by=request.actor, weekdays=weekdays, wanted=form.duty())

    page = Page(
        title=_("Dienst hinzufügen"),
        back=at_place("duties", place),
        back_label=_("Dienste"),
        fresh=lambda: _with_choices(request, place, NewDutyForm(initial=initial)),
        bound=lambda data: _with_choices(request, place, NewDutyForm(data)),
        save=save,
        saved=_("Der Dienst ist eingetragen."),
        label=_("Eintragen"),
        more={"place": place},
    )
    return answer(request, page)


@form_page
def duty(request: Request, duty: int) -> HttpResponse:
    """Let another duty hold from a day on."""
    row = rows.one_duty(request.actor, duty)
    place = row.counter.location

    def save(form: DutyForm, decided: Decided) -> None:
        duty_actions.change_duty(
            by=request.actor, duty=duty, wanted=form.duty(), seen=form.seen, decided=decided
        )

    def fresh() -> DutyForm:
        now = rows.one_duty(request.actor, duty)
        initial = {
            "person": now.person_id,
            "counter": now.counter_id,
            "starts": now.starts,
            "ends": now.ends,
            **_held(now),
        }
        return _with_choices(request, place, DutyForm(initial=initial), row)

    def bound(data: QueryDict) -> DutyForm:
        return _with_choices(request, place, DutyForm(data), row)

    title = _("%(day)s: Dienst von %(name)s ändern")
    page = Page(
        title=title % {"day": row.get_weekday_display(), "name": row.person.full_name},
        back=at_place("duties", place),
        back_label=_("Dienste"),
        fresh=fresh,
        bound=bound,
        save=save,
        saved=_("Der Dienst ist geändert."),
        label=_("Speichern"),
        more={
            "place": place,
            "lead": _FROM_THAT_DAY,
            "end": reverse("appointments:planning_duty_end", args=[duty]),
            "end_label": _("Dienst beenden"),
        },
    )
    return answer(request, page)


@form_page
def end_duty(request: Request, duty: int) -> HttpResponse:
    """Let it be somebody's duty no longer."""
    row = rows.one_duty(request.actor, duty)

    def save(form: EndForm, decided: Decided) -> None:
        duty_actions.end_duty(
            by=request.actor,
            duty=duty,
            last=form.cleaned_data["last"],
            seen=form.seen,
            decided=decided,
        )

    title = _("%(day)s: Dienst von %(name)s beenden")
    page = Page(
        title=title % {"day": row.get_weekday_display(), "name": row.person.full_name},
        back=at_place("duties", row.counter.location),
        back_label=_("Dienste"),
        fresh=_ending(lambda: rows.one_duty(request.actor, duty)),
        bound=EndForm,
        save=save,
        saved=_("Der Dienst endet mit diesem Tag."),
        label=_("Beenden"),
        more={"place": row.counter.location},
    )
    return answer(request, page)


def _channels(row: OpeningHours) -> list[str]:
    return [str(name) for channel, name in CHANNELS if channel in row.channels]


def _held(row: OpeningHours | Duty) -> dict[str, Any]:
    """From when and until when; a change of what holds already begins today."""
    return {
        "valid_from": max(row.valid_from, today()),
        "valid_until": row.valid_until,
        "stand": stamp_of(row),
    }


def _ending(row: Callable[[], OpeningHours | Duty]) -> Callable[[], EndForm]:
    def fresh() -> EndForm:
        return EndForm(initial={"last": today(), "stand": stamp_of(row())})

    return fresh


def _with_choices(
    request: Request, place: Location, form: AnyDutyForm, row: Duty | None = None
) -> AnyDutyForm:
    people = planned_people(request.actor)
    if row is not None:
        people = {row.person_id: row.person.full_name, **people}
    form.choose("person", list(people.items()))
    everywhere = counters_of(planned_locations(request.actor))
    counters = [counter for counter in everywhere if counter.active]
    own_first = sorted(counters, key=lambda counter: counter.location_id != place.pk)
    form.choose("counter", list(rows.counter_names(own_first).items()))
    return form
