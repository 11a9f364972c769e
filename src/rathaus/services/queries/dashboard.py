"""What editors of the catalogue should see first in the morning."""

from collections.abc import Iterable

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.domain import DashboardCard
from rathaus.services.models import GrantBudget, SearchMiss, Service

RIGHT = "services.edit_catalogue"


def cards(by: Actor) -> Iterable[DashboardCard]:
    """Services on show, questions without an answer, budgets that run out; in three queries."""
    if not by.may(RIGHT):
        return
    shown, misses = Service.objects.filter(published=True).count(), SearchMiss.objects.count()
    yield DashboardCard(_("Leistungen im Katalog"), str(shown), reverse("services:edit_services"))
    address = reverse("services:edit_misses")
    yield DashboardCard(_("Suchen ohne Treffer"), str(misses), address, "info")
    low = _running_low()
    tone = "warning" if low else "neutral"
    address = reverse("services:edit_budgets")
    yield DashboardCard(_("Fördertöpfe, die zur Neige gehen"), str(low), address, tone)


def _running_low() -> int:
    """How many of this year's budgets have at most a tenth left."""
    budgets = GrantBudget.objects.filter(year=today().year)
    return budgets.filter(total_cents__gte=10 * (F("total_cents") - F("reserved_cents"))).count()
