"""What the treasury should see first in the morning."""

from collections.abc import Iterable

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.domain import DashboardCard, Text
from rathaus.core.money import Money
from rathaus.payments.models import (
    BankMovement,
    CashTaking,
    EventOutcome,
    MovementState,
    Payment,
    ProviderEvent,
)
from rathaus.payments.payment_states import PaymentState
from rathaus.payments.queries.deposits import OVERDUE, overdue_deposits


def cards(by: Actor) -> Iterable[DashboardCard]:
    """What somebody may look after: money from the bank that a person must clear, deposits that
    should be back, payments that wait for a decision, messages about none of ours, and the drawers;
    one query for each.
    """
    if by.may("payments.bank"):
        left = BankMovement.objects.filter(state=MovementState.LEFT).count()
        yield _to_do(_("Kontobewegungen zu klären"), left, reverse("payments:bank"))
    if by.may("payments.give_back"):
        late = f"{reverse('payments:deposits')}?state={OVERDUE}"
        yield _to_do(_("Kautionen, überfällig"), overdue_deposits(by), late)
    if by.may("payments.receive"):
        yield from _from_services()
    if by.may("payments.take_cash"):
        taken = CashTaking.objects.filter(day__day=today()).aggregate(cents=Sum("cents"))["cents"]
        drawers = reverse("payments:desks")
        yield DashboardCard(_("Heute bar eingenommen"), str(Money(taken or 0)), drawers)


def _from_services() -> Iterable[DashboardCard]:
    address = reverse("payments:held")
    held = Payment.objects.filter(state=PaymentState.HELD).count()
    yield _to_do(_("Angehaltene Zahlungen"), held, address)
    unknown = ProviderEvent.objects.filter(outcome=EventOutcome.UNKNOWN).count()
    note = _("Meldungen des Zahlungsdienstes, die keine Zahlung von uns betreffen")
    yield DashboardCard(_("Meldungen ohne Zahlung"), str(unknown), address, "neutral", note)


def _to_do(label: Text, number: int, address: str) -> DashboardCard:
    return DashboardCard(label, str(number), address, "warning" if number else "neutral")
