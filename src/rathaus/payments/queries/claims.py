"""Claims as pages show them; always starts from what this person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from rathaus.core.actor import Actor
from rathaus.core.clock import local_date, today
from rathaus.core.localized import Localized
from rathaus.core.money import ZERO, Money
from rathaus.payments.due_dates import due_date, payment_terms
from rathaus.payments.models import Claim, ClaimKind, ClaimQuerySet, State

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
    kind: ClaimKind = ClaimKind.FEE
    year: int = 0
    returned: Money = ZERO
    retained: Money = ZERO
    return_on: date | None = None

    @property
    def kind_label(self) -> str:
        """For what it is owed."""
        return str(self.kind.label)

    @property
    def kept(self) -> Money:
        """What the city got for it and still has; a deposit's is held."""
        return self.paid

    @property
    def stays(self) -> Money:
        """What is the city's for good, so far."""
        return self.retained if self.kind is ClaimKind.DEPOSIT else self.paid

    @property
    def is_held(self) -> bool:
        """Whether it is a deposit of which the city still keeps something for its owner."""
        return self.kind is ClaimKind.DEPOSIT and self.state is State.SETTLED and bool(self.paid)

    @property
    def is_returned(self) -> bool:
        """Whether nothing is left of what was paid, and some of it went back."""
        return self.state is State.SETTLED and not self.paid and bool(self.returned)

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
    found = claims.select_related("deposit").order_by("raised_at", "key")
    return [row_of(claim) for claim in found]


def row_of(claim: Claim) -> ClaimRow:
    """The claim as a page shows it; the caller has asked for permission.

    Its year is that of the day on which it is due, else of the day on which it was raised.
    """
    deposit = claim.deposit if claim.kind == ClaimKind.DEPOSIT else None
    retained = deposit.retained_cents if deposit else 0
    # What went back of an open claim is owed again, and nothing to tell.
    returned = claim.returned_cents - retained if claim.state is State.SETTLED else 0
    return ClaimRow(
        claim=claim.pk,
        reference=claim.reference,
        key=claim.key,
        purpose=claim.purpose,
        amount=claim.amount,
        due_on=claim.due_on,
        state=claim.state,
        paid=Money(claim.paid_cents - claim.returned_cents, claim.currency),
        kind=ClaimKind(claim.kind),
        year=(claim.due_on or local_date(claim.raised_at)).year,
        returned=Money(returned, claim.currency),
        retained=Money(retained, claim.currency),
        return_on=deposit.return_on if deposit else None,
    )
