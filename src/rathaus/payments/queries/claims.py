"""Claims as pages show them; always starts from what this person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.localized import Localized
from rathaus.core.money import ZERO, Money
from rathaus.payments.due_dates import due_date, payment_terms
from rathaus.payments.models import Claim, ClaimQuerySet, State

STATE_TONES = {State.OPEN: "info", State.SETTLED: "success", State.CANCELLED: "neutral"}


@dataclass(frozen=True)
class ClaimRow:
    """A claim as a page shows it."""

    claim: UUID
    reference: str
    key: str
    purpose: Localized
    amount: Money
    due_on: date | None
    state: State
    paid: Money = ZERO

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been paid before today."""
        return self.is_open and self.due_on is not None and self.due_on < today()

    @property
    def is_open(self) -> bool:
        """Whether it is still to be paid."""
        return self.state is State.OPEN

    @property
    def rest(self) -> Money:
        """What is still to be paid of it."""
        return self.amount - self.paid if self.is_open else ZERO

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return STATE_TONES[self.state]


def claims_about(reference: str, *, by: Actor) -> list[ClaimRow]:
    """The claims in one matter that this person may see, oldest first, in one query."""
    return _rows(Claim.objects.visible_to(by).filter(reference=reference))


def claims_of(actor: Actor) -> list[ClaimRow]:
    """What a citizen owes or owed, oldest first, in one query; for others nothing."""
    return _rows(Claim.objects.visible_to(actor)) if actor.is_citizen else []


def open_sum(claims: Iterable[ClaimRow]) -> Money:
    """What is still to be paid of these."""
    return sum((claim.rest for claim in claims if claim.is_open), ZERO)


def due_from_today(days: int | None = None) -> date:
    """Until when a claim raised today is to be paid: within so many days, else the term of law."""
    return due_date(today(), payment_terms(), days=days)


def _rows(claims: ClaimQuerySet) -> list[ClaimRow]:
    return [row_of(claim) for claim in claims.order_by("raised_at", "key")]


def row_of(claim: Claim) -> ClaimRow:
    """The claim as a page shows it; the caller has asked for permission."""
    return ClaimRow(
        claim=claim.pk,
        reference=claim.reference,
        key=claim.key,
        purpose=claim.purpose,
        amount=claim.amount,
        due_on=claim.due_on,
        state=claim.state,
        paid=Money(claim.paid_cents - claim.returned_cents, claim.currency),
    )
