"""Counters, and the shares of the channels."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rathaus.appointments.actions.planning import places as actions
from rathaus.appointments.actions.planning.changing import Decided, stamp_of
from rathaus.appointments.models import Location
from rathaus.appointments.planning_forms import CounterForm, QuotasForm
from rathaus.appointments.queries.planning import rows
from rathaus.appointments.queries.planning.places import PLAN, planned_locations
from rathaus.appointments.views.planning.saving import Page, answer, planned_place
from rathaus.core.access import Request, staff_page


@never_cache
@require_safe
@staff_page(PLAN)
def counters(request: Request) -> HttpResponse:
    """The counters of a location."""
    place = planned_place(request)
    context = {
        "place": place,
        "places": planned_locations(request.actor),
        "rows": list(place.counters.order_by("-active", "number")),
    }
    return render(request, "appointments/planning/counters.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PLAN)
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
        back=_counters_of(place),
        back_label=_("Schalter"),
        fresh=fresh,
        bound=CounterForm,
        save=save,
        saved=_("Den Schalter gibt es jetzt. Tragen Sie als Nächstes Dienste ein."),
        label=_("Eintragen"),
        more={"place": place},
    )
    return answer(request, page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PLAN)
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
        back=_counters_of(row.location),
        back_label=_("Schalter"),
        fresh=fresh,
        bound=CounterForm,
        save=save,
        saved=_("Der Schalter ist geändert."),
        label=_("Speichern"),
        more={"place": row.location},
    )
    return answer(request, page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PLAN)
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

    here = f"{reverse('appointments:planning_quotas')}?ort={place.slug}"
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


def _counters_of(place: Location) -> str:
    return f"{reverse('appointments:planning_counters')}?ort={place.slug}"
