"""The figures and lists of the workspace's first page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rathaus.cases.deadlines import Level
from rathaus.cases.models import Case, DecisionDraft
from rathaus.cases.queries.inbox import FOR_APPROVAL, MINE, InboxFilter, InboxRow, inbox
from rathaus.core.actor import Actor
from rathaus.core.domain import DashboardCard, domains


@dataclass(frozen=True)
class Dashboard:
    """Cards of all domains, the clerk's own cases, and what is due next in their departments.

    `mine` is None for people who have nothing to do with cases.
    """

    cards: Sequence[DashboardCard]
    mine: Sequence[InboxRow] | None
    due_soon: Sequence[InboxRow]


def dashboard(*, by: Actor) -> Dashboard:
    """What a member of staff should see first in the morning."""
    if not by.may("cases.read"):
        return Dashboard(cards=_all_cards(by), mine=None, due_soon=[])
    return Dashboard(
        cards=_all_cards(by),
        mine=inbox(by=by, wanted=InboxFilter(assigned=MINE), size=10).rows,
        due_soon=inbox(by=by, wanted=InboxFilter(), size=5).rows,
    )


def cards(by: Actor) -> Iterable[DashboardCard]:
    """The figures of this domain, in one query."""
    if not by.may("cases.read"):
        return
    counted = (
        Case.objects.visible_to(by)
        .still_open()
        .aggregate(
            mine=Count("pk", filter=Q(assigned_to=by.person)),
            free=Count("pk", filter=Q(assigned_to=None)),
            urgent=Count("pk", filter=Q(level=Level.URGENT)),
            overdue=Count("pk", filter=Q(level=Level.OVERDUE)),
            approval=Count("pk", filter=Q(draft__stage=DecisionDraft.Stage.SUBMITTED)),
        )
    )
    address = reverse("cases:inbox")
    yield DashboardCard(_("Meine Anliegen"), str(counted["mine"]), f"{address}?assigned=me")
    if by.may("cases.decide"):
        yield DashboardCard(
            _("Zur Genehmigung"), str(counted["approval"]), f"{address}?phase={FOR_APPROVAL}"
        )
    yield DashboardCard(
        _("Nicht zugeteilt"), str(counted["free"]), f"{address}?assigned=nobody", "info"
    )
    yield DashboardCard(_("Dringend"), str(counted["urgent"]), f"{address}?level=2", "warning")
    yield DashboardCard(_("Überfällig"), str(counted["overdue"]), f"{address}?level=3", "danger")


def _all_cards(by: Actor) -> list[DashboardCard]:
    return [card for domain in domains() if domain.dashboard for card in domain.dashboard(by)]
