"""What the treasury should see first in the morning."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rathaus.core.actor import Actor
from rathaus.core.domain import DashboardCard
from rathaus.payments.models import EventOutcome, Payment, ProviderEvent
from rathaus.payments.payment_states import PaymentState
from rathaus.payments.queries.deposits import OVERDUE, overdue_deposits


def cards(by: Actor) -> Iterable[DashboardCard]:
    """Deposits that should be back, payments that wait for a decision, and messages about none of
    ours; in three queries.
    """
    if by.may("payments.give_back"):
        overdue = overdue_deposits(by)
        late = f"{reverse('payments:deposits')}?state={OVERDUE}"
        tone = "warning" if overdue else "neutral"
        yield DashboardCard(_("Kautionen, überfällig"), str(overdue), late, tone)
    if not by.may("payments.receive"):
        return
    held = Payment.objects.filter(state=PaymentState.HELD).count()
    address = reverse("payments:held")
    tone = "warning" if held else "neutral"
    yield DashboardCard(_("Angehaltene Zahlungen"), str(held), address, tone)
    unknown = ProviderEvent.objects.filter(outcome=EventOutcome.UNKNOWN).count()
    note = _("Meldungen des Zahlungsdienstes, die keine Zahlung von uns betreffen")
    yield DashboardCard(_("Meldungen ohne Zahlung"), str(unknown), address, "neutral", note)
