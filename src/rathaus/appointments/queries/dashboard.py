"""How many people wait, for the first page of those who serve them."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.models import Location, Ticket
from rathaus.appointments.queries.finding import SERVE
from rathaus.appointments.ticket_states import TicketState
from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.domain import DashboardCard


def cards(by: Actor) -> Iterable[DashboardCard]:
    """Those who wait where somebody serves; nothing for whoever serves nowhere."""
    places = Location.objects.filter(active=True)
    departments = by.departments(SERVE)
    if departments is not None:
        places = places.filter(department_id__in=departments)
    if not places.exists():
        return
    waiting = Ticket.objects.filter(location__in=places, day=today(), state=TicketState.WAITING)
    address = reverse("appointments:counter")
    yield DashboardCard(_("Wartende an den Schaltern"), str(waiting.count()), address)
