"""The clerk's counter: one page, one big button, and a table of what may be pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rathaus.appointments.actions import calling, counters, forwarding
from rathaus.appointments.queries import counter_page as reading
from rathaus.appointments.queries.finding import SERVE
from rathaus.appointments.queries.queue_settings import queue_topic
from rathaus.appointments.queue_errors import CounterNotOpen, NothingChosen, UnknownTicket
from rathaus.appointments.views.asked import is_plain, key_in
from rathaus.audit.reading import reading as reading_about
from rathaus.core.access import Request, staff_page
from rathaus.core.actor import Actor
from rathaus.core.errors import DomainError, NotFound
from rathaus.core.live import LiveLine
from rathaus.core.localized import localize

Step = Callable[[Actor, QueryDict], str | Promise | None]
MOST_DIGITS = 9
PLAN = "appointments.plan"


@never_cache
@require_safe
@staff_page(SERVE)
def counter(request: Request) -> HttpResponse:
    """The own counter, or the choice of one."""
    return _page(request)


@never_cache
@require_safe
@staff_page(SERVE)
def part(request: Request) -> HttpResponse:
    """Who waits and what happens beside; says so where the page is no longer true."""
    session = reading.session_of(request.actor)
    if session is None:
        return render(request, "appointments/parts/counter_closed.html")
    view = reading.counter_page(session)
    changed = request.GET.get("stand", "") != view.stamp
    return render(request, "appointments/parts/counter.html", {"view": view, "changed": changed})


@require_safe
@staff_page(SERVE)
def line(request: Request) -> HttpResponse:
    """Where the counter hears that something changed."""
    session = reading.session_of(request.actor)
    if session is None:
        raise CounterNotOpen
    return LiveLine([queue_topic(session.counter.location_id)])


@require_POST
@staff_page(SERVE)
def act(request: Request, step: str) -> HttpResponse:
    """Do one of the steps and show the page again, also after a refusal."""
    if step not in STEPS:
        raise NotFound
    try:
        with reading_about(by=request.actor, did="appointments.read"):
            said = STEPS[step](request.actor, request.POST)
    except DomainError as refusal:
        return _page(request, refusal)
    if said:
        messages.info(request, str(said))
    return redirect("appointments:counter")


def _page(request: Request, refusal: DomainError | None = None) -> HttpResponse:
    session = reading.session_of(request.actor)
    may_plan = request.actor.may(PLAN)
    status = refusal.status if refusal else 200
    if session is None:
        choice = {
            "places": reading.free_counters(request.actor),
            "refusal": refusal,
            "may_plan": may_plan,
        }
        return render(request, "appointments/counter_choose.html", choice, status=status)
    view = reading.counter_page(session)
    places = reading.served_locations(request.actor)
    visitor = None
    if view.current is not None:
        visitor = reading.visitor_of(request.actor, view.current.row.ticket)
    context = {
        "view": view,
        "visitor": visitor,
        "refusal": refusal,
        "may_plan": may_plan,
        "offers": [(offer.slug, localize(offer.title)) for offer in view.offers],
        "places": [(one.slug, localize(one.name)) for one in places],
    }
    return render(request, "appointments/counter.html", context, status=status)


def _ticket(data: QueryDict) -> UUID:
    found = key_in(data.get("ticket", ""))
    if found is None:
        raise UnknownTicket
    return found


def _number(data: QueryDict, name: str) -> int:
    text = data.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise NotFound
    return int(text)


def _note(data: QueryDict) -> str:
    text = data.get("note", "")
    return text.strip() if is_plain(text) else ""


def _open(by: Actor, data: QueryDict) -> None:
    counters.open_counter(by=by, counter=_number(data, "counter"))


def _next(by: Actor, data: QueryDict) -> None:
    """Whoever is still being served is done with the same press."""
    if data.get("ticket"):
        calling.finish_ticket(by=by, ticket=_ticket(data))
    calling.call_next(by=by)


def _recall(by: Actor, data: QueryDict) -> Promise | None:
    if calling.recall(by=by, ticket=_ticket(data)):
        return None
    return _("So oft wurde diese Nummer schon aufgerufen: Sie gilt jetzt als nicht gekommen.")


def _forward(by: Actor, data: QueryDict) -> Promise | None:
    offer, location = data.get("offer", ""), data.get("location", "")
    if not offer or not (is_plain(offer) and is_plain(location)):
        raise NothingChosen
    forwarding.forward(
        by=by, ticket=_ticket(data), offer=offer, location=location, note=_note(data)
    )
    return _("Weitergeleitet. Die Wartezeit bleibt.")


def _park(by: Actor, data: QueryDict) -> None:
    calling.park(by=by, ticket=_ticket(data), note=_note(data))


def _on(action: Callable[..., None]) -> Step:
    """A step that is about one ticket."""

    def step(by: Actor, data: QueryDict) -> None:
        action(by=by, ticket=_ticket(data))

    return step


STEPS: Mapping[str, Step] = {
    "oeffnen": _open,
    "naechste": _next,
    "aufrufen": _on(calling.call_ticket),
    "noch-einmal": _recall,
    "beginnen": _on(calling.begin),
    "fertig": _on(calling.finish_ticket),
    "doch-nicht-fertig": _on(calling.reopen),
    "parken": _park,
    "zurueck": _on(calling.unpark),
    "nicht-gekommen": _on(calling.miss_ticket),
    "gegangen": _on(calling.let_go),
    "weiterleiten": _forward,
    "pause": lambda by, data: counters.pause(by=by),
    "weiter": lambda by, data: counters.resume(by=by),
    "schliessen": lambda by, data: counters.close_counter(by=by),
}
