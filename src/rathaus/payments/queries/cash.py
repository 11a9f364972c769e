"""What stands in the drawers of the city, and what somebody at the counter has to pay."""

from collections.abc import Sequence
from dataclasses import dataclass

from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.errors import NotFound
from rathaus.core.localized import Localized
from rathaus.core.money import Money
from rathaus.payments.incoming import Means
from rathaus.payments.models import CashClosing, CashDesk, CashTaking, Claim, Payment
from rathaus.payments.payment_states import WAITING
from rathaus.payments.queries.paying import payment_rows
from rathaus.payments.queries.references import named_by
from rathaus.payments.references import is_reference

RIGHT = "payments.take_cash"


@dataclass(frozen=True)
class DeskRow:
    """A desk and its present day, if it was opened."""

    desk: CashDesk
    day: CashClosing | None


@dataclass(frozen=True)
class DeskView:
    """A desk with what it took today."""

    desk: CashDesk
    day: CashClosing | None
    takings: Sequence[CashTaking]
    earlier: Sequence[CashClosing]

    @property
    def taken(self) -> Money:
        """The sum of today."""
        return Money(sum(taking.cents for taking in self.takings))

    @property
    def expected(self) -> Money:
        """What should be in the drawer."""
        return Money(self.day.float_cents if self.day else 0) + self.taken


@dataclass(frozen=True)
class AtTheCounter:
    """What a reference names: the lines and their sum; `means` where a payment runs."""

    reference: str
    lines: Sequence[tuple[Localized, str, Money]]
    amount: Money
    means: Means | None


def desks(by: Actor) -> list[DeskRow]:
    """All desks in use. Raises `NotAllowed` without the right `payments.take_cash`."""
    by.require(RIGHT)
    days = {row.desk_id: row for row in CashClosing.objects.filter(day=today())}
    rows = CashDesk.objects.filter(closed_for_good=False).order_by("name")
    return [DeskRow(desk, days.get(desk.pk)) for desk in rows]


def desk_view(by: Actor, desk: int) -> DeskView:
    """One desk. Raises `NotAllowed` and `NotFound`."""
    by.require(RIGHT)
    row = CashDesk.objects.filter(pk=desk, closed_for_good=False).first()
    if row is None:
        raise NotFound
    days = row.days.order_by("-day")
    day = days.filter(day=today()).first()
    takings = day.takings.select_related("receipt").order_by("-taken_at") if day else []
    return DeskView(row, day, list(takings), list(days.exclude(day=today())[:10]))


def to_take(by: Actor, reference: str) -> AtTheCounter | None:
    """What is to be paid for a reference; None where it names nothing that is open.

    Raises `NotAllowed` without the right `payments.take_cash`.
    """
    by.require(RIGHT)
    named = named_by(reference) if is_reference(reference) else None
    if named is None:
        return None
    if named.payment:
        waiting = Payment.objects.filter(pk=named.payment, state__in=WAITING)
        for row in payment_rows(waiting):
            left = [part for part in row.parts if part.open]
            lines = [(part.purpose, part.reference, part.open) for part in left]
            return AtTheCounter(named.reference, lines, row.open, row.means) if left else None
        return None
    claim = Claim.objects.get(pk=named.claim) if named.claim else None
    if claim is None or not claim.rest or claim.due_on is None:
        return None
    line = (claim.purpose, claim.reference, claim.rest)
    return AtTheCounter(named.reference, [line], claim.rest, None)
