"""Deposits for those who give them back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.errors import NotFound
from rathaus.core.localized import Localized
from rathaus.core.money import Money
from rathaus.payments.models import Claim, ClaimKind, ClaimQuerySet, Refund
from rathaus.payments.queries.claims import ClaimRow, row_of

PAGE_SIZE = 100
AWAITED, HELD, OVERDUE, DONE = "awaited", "held", "overdue", "done"
STATES = {
    HELD: _("hinterlegt"),
    OVERDUE: _("Rückgabe überfällig"),
    AWAITED: _("noch nicht eingezahlt"),
    DONE: _("erledigt"),
}
TONES = {HELD: "info", OVERDUE: "warning", AWAITED: "neutral", DONE: "success"}


@dataclass(frozen=True)
class DepositFilter:
    """What somebody wants to see; empty values do not filter."""

    words: str = ""
    state: str = HELD


@dataclass(frozen=True)
class DepositRow:
    """A deposit as a list shows it."""

    claim: UUID
    reference: str
    purpose: Localized
    debtor_name: str
    amount: Money
    held: Money
    returned: Money
    retained: Money
    return_on: date | None
    state: str

    @property
    def state_label(self) -> str:
        """How people say where it stands."""
        return str(STATES[self.state])

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return TONES[self.state]


@dataclass(frozen=True)
class DepositStepRow:
    """What a clerk decided, and where the money is that goes back."""

    at: datetime
    by_name: str
    why: str
    returned: Money
    retained: Money
    refunds: Sequence[str]


@dataclass(frozen=True)
class DepositView:
    """One deposit with everything that was decided about it."""

    row: DepositRow
    claim: ClaimRow
    steps: Sequence[DepositStepRow]
    needs_account: bool


@dataclass(frozen=True)
class DepositPage:
    """The deposits that fit, those to be given back first at the top, and what is held in all."""

    rows: Sequence[DepositRow]
    hits: int
    held: Money


def deposits(*, by: Actor, wanted: DepositFilter) -> DepositPage:
    """The deposits that fit, at most a hundred. Raises `NotAllowed` without the right."""
    by.require("payments.give_back")
    found = _filtered(_all(), wanted)
    shown = found.order_by(F("deposit__return_on").asc(nulls_last=True), "raised_at", "pk")
    rows = [_row(claim) for claim in shown[:PAGE_SIZE]]
    return DepositPage(rows, found.count(), Money(sum(row.held.cents for row in rows)))


def deposit(*, by: Actor, claim: UUID) -> DepositView:
    """One deposit. Raises `NotAllowed` without `payments.give_back`, and `NotFound`."""
    by.require("payments.give_back")
    found = _all().filter(pk=claim).first()
    if found is None:
        raise NotFound
    shares = found.shares.filter(left_cents__gt=0).select_related("receipt")
    means = {share.receipt.means for share in shares}
    return DepositView(
        row=_row(found),
        claim=row_of(found),
        steps=_steps(found),
        needs_account=not means <= {"card", "cash"},
    )


def overdue_deposits(by: Actor) -> int:
    """How many should have gone back before today; none for those who may not give back."""
    if not by.may("payments.give_back"):
        return 0
    return _filtered(_all(), DepositFilter(state=OVERDUE)).count()


def _all() -> ClaimQuerySet:
    return Claim.objects.filter(kind=ClaimKind.DEPOSIT, cancelled_at=None).select_related(
        "deposit", "debtor"
    )


def _filtered(rows: ClaimQuerySet, wanted: DepositFilter) -> ClaimQuerySet:
    is_held = Q(settled_at__isnull=False, returned_cents__lt=F("cents"))
    if wanted.state == AWAITED:
        rows = rows.filter(settled_at=None)
    elif wanted.state == HELD:
        rows = rows.filter(is_held)
    elif wanted.state == OVERDUE:
        rows = rows.filter(is_held, deposit__return_on__lt=today())
    elif wanted.state == DONE:
        rows = rows.filter(settled_at__isnull=False, returned_cents__gte=F("cents"))
    for word in wanted.words.split()[:8]:
        rows = rows.filter(
            Q(reference__icontains=word)
            | Q(purpose__icontains=word)
            | Q(debtor__family_name__icontains=word)
            | Q(debtor__given_name__icontains=word)
        )
    return rows


def _row(claim: Claim) -> DepositRow:
    found = row_of(claim)
    return DepositRow(
        claim=claim.pk,
        reference=claim.reference,
        purpose=claim.purpose,
        debtor_name=claim.debtor.full_name,
        amount=claim.amount,
        held=claim.kept,
        returned=found.returned,
        retained=found.retained,
        return_on=claim.deposit.return_on,
        state=_state(claim),
    )


def _state(claim: Claim) -> str:
    if claim.settled_at is None:
        return AWAITED
    if not claim.kept:
        return DONE
    return_on = claim.deposit.return_on
    return OVERDUE if return_on is not None and return_on < today() else HELD


def _steps(claim: Claim) -> list[DepositStepRow]:
    rows = []
    for step in claim.deposit.steps.order_by("-pk"):
        refunds = Refund.objects.filter(key__startswith=f"deposit:{step.pk}:").order_by("pk")
        rows.append(
            DepositStepRow(
                at=step.at,
                by_name=step.by_name,
                why=step.why,
                returned=Money(step.given_cents, claim.currency),
                retained=Money(step.retained_cents, claim.currency),
                refunds=[str(refund.get_state_display()) for refund in refunds],
            )
        )
    return rows
