"""Counters, and the shares of the channels."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from rathaus.appointments.actions.planning import places as actions
from rathaus.appointments.actions.planning.changing import Decided, stamp_of
from rathaus.appointments.planning_forms import CounterForm, QuotasForm
from rathaus.appointments.queries.planning import rows
from rathaus.appointments.queries.planning.places import planned_locations
from rathaus.appointments.views.planning.saving import (
    Page,
    answer,
    at_place,
    form_page,
    list_page,
    planned_place,
)
from rathaus.core.access import Request


@list_page
def counters(request: Request) -> HttpResponse:
    """The counters of a location."""
    place = planned_place(request)
    context = {
        "place": place,
        "places": planned_locations(request.actor),
        "rows": list(place.counters.order_by("-active", "number")),
    }
    return render(request, "appointments/planning/counters.html", context)


@form_page
def new_counter(request: Request) -> HttpResponse:
    """One more counter."""
    place = planned_place(request)
    last = place.counters.order_by("-number").first()
    number = last.number + 1 if last else 1

    def save(form: CounterForm, decided: Decided) -> None:
        actions.save_counter(by=request.actor, location=place.pk, facts=form.facts())

    def fresh() -> CounterForm:
        name = _("Schalter %(number)d") % {"number": number}
        return CounterForm(initial={"number": number, "name": name, "kind": "in_person"})

    page = Page(
        title=_("Schalter hinzufügen"),
        back=at_place("counters", place),
        back_label=_("Schalter"),
        fresh=fresh,
        bound=CounterForm,
        save=save,
        saved=_("Den Schalter gibt es jetzt. Tragen Sie als Nächstes Dienste ein."),
        label=_("Eintragen"),
        more={"place": place},
    )
    return answer(request, page)


@form_page
def counter(request: Request, counter: int) -> HttpResponse:
    """Change a counter, or close it down."""
    row = rows.one_counter(request.actor, counter)

    def save(form: CounterForm, decided: Decided) -> None:
        actions.save_counter(
            by=request.actor,
            location=row.location_id,
            facts=form.facts(),
            counter=counter,
            seen=form.seen,
            decided=decided,
        )

    def fresh() -> CounterForm:
        now = rows.one_counter(request.actor, counter)
        names = ("number", "name", "kind", "active")
        initial: dict[str, Any] = {name: getattr(now, name) for name in names}
        return CounterForm(initial={**initial, "stand": stamp_of(now)})

    page = Page(
        title=row.name,
        back=at_place("counters", row.location),
        back_label=_("Schalter"),
        fresh=fresh,
        bound=CounterForm,
        save=save,
        saved=_("Der Schalter ist geändert."),
        label=_("Speichern"),
        more={"place": row.location},
    )
    return answer(request, page)


@form_page
def quotas(request: Request) -> HttpResponse:
    """The shares of a location."""
    place = planned_place(request)

    def save(form: QuotasForm, decided: Decided) -> None:
        actions.set_quotas(
            by=request.actor, location=place.pk, shares=form.shares(), seen=form.seen
        )

    def fresh() -> QuotasForm:
        held = rows.quotas_of(place)
        shares: dict[str, Any] = {row.channel: row.share for row in held}
        return QuotasForm(initial={**shares, "stand": stamp_of(*held)})

    here = at_place("quotas", place)
    page = Page(
        title=_("Kontingente"),
        back=here,
        back_label="",
        fresh=fresh,
        bound=QuotasForm,
        save=save,
        saved=_("Die Kontingente sind gespeichert."),
        label=_("Speichern"),
        more={
            "place": place,
            "places": planned_locations(request.actor),
            "lead": _(
                "So viel von der Zeit eines Tages kann ein Weg höchstens bekommen. Leer heißt: "
                "keine Grenze. Zusammen dürfen es mehr als 100 Prozent sein; dann bekommt die "
                "Zeit, wer zuerst bucht."
            ),
        },
    )
    return answer(request, page)
