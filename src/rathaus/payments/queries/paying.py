"""What people have to pay, are paying and have paid; starts from what this person may see."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from rathaus.core.actor import Actor
from rathaus.core.clock import local_date
from rathaus.core.errors import NotFound
from rathaus.core.localized import Localized
from rathaus.core.money import ZERO, Money
from rathaus.payments.epc import Transfer
from rathaus.payments.incoming import Means
from rathaus.payments.models import (
    MeansWord,
    Payment,
    PaymentPart,
    PaymentReference,
    PaymentStateWord,
    RefundPart,
    State,
)
from rathaus.payments.payment_states import RUNNING, WAITING, PaymentState
from rathaus.payments.queries.accounts import bank_account
from rathaus.payments.queries.claims import ClaimRow, claims_of

TONES = {
    PaymentState.SUCCEEDED: "success",
    PaymentState.FAILED: "danger",
    PaymentState.HELD: "warning",
    PaymentState.CREATED: "info",
    PaymentState.PENDING: "info",
}
SHOWN_AT_MOST = 50


@dataclass(frozen=True)
class PaidFor:
    """One claim in a payment; `open` is what of the amount has not come by another way."""

    claim: UUID
    reference: str
    purpose: Localized
    amount: Money
    open: Money


@dataclass(frozen=True)
class PaymentRow:
    """A payment as a page shows it; `page` is where it can go on, `reference` what to quote."""

    payment: UUID
    means: Means
    amount: Money
    state: PaymentState
    made_at: datetime
    until: datetime
    page: str
    reference: str
    receipt: UUID | None
    parts: Sequence[PaidFor]
    why_held: str = ""

    @property
    def means_label(self) -> str:
        """How people say by what means."""
        return str(MeansWord(self.means.value).label)

    @property
    def state_label(self) -> str:
        """How people say where it stands."""
        return str(PaymentStateWord(self.state.value).label)

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return TONES.get(self.state, "neutral")

    @property
    def open(self) -> Money:
        """What is still to be paid: less than the amount where some of it has come already."""
        return sum((part.open for part in self.parts), Money(0, self.amount.currency))

    @property
    def can_go_on(self) -> bool:
        """Whether the person can still do something about it."""
        return self.state in WAITING

    @property
    def until_day(self) -> date:
        """The last day on which it can be paid."""
        return local_date(self.until)


@dataclass(frozen=True)
class Group:
    """Claims that stand alike, and what they come to."""

    claims: Sequence[ClaimRow]
    total: Money

    def __bool__(self) -> bool:
        return bool(self.claims)


@dataclass(frozen=True)
class Account:
    """Everything a citizen owes, is paying and has paid, over all matters; of one `year` where
    somebody asked for it, out of those for which there is something. `going_back` are claims of
    which money is on its way back.
    """

    payable: Sequence[ClaimRow]
    undecided: Sequence[ClaimRow]
    done: Sequence[ClaimRow]
    running: Sequence[PaymentRow]
    years: Sequence[int] = ()
    year: int | None = None
    going_back: frozenset[UUID] = frozenset()

    @property
    def total(self) -> Money:
        """What can be paid now, all together."""
        return sum((claim.rest for claim in self.payable), ZERO)

    @property
    def overdue(self) -> Group:
        """What should have been paid before today."""
        return _group((claim for claim in self.payable if claim.is_overdue), "rest")

    @property
    def due(self) -> Group:
        """What is still to be paid in time."""
        return _group((claim for claim in self.payable if not claim.is_overdue), "rest")

    @property
    def held(self) -> Group:
        """Deposits that the city keeps for the person."""
        return _group((claim for claim in self.done if claim.is_held), "kept")

    @property
    def returned(self) -> Group:
        """What went back, and nothing of it is left."""
        return _group((claim for claim in self.done if claim.is_returned), "returned")

    @property
    def paid(self) -> Group:
        """What is paid and stays so; of what went back in part, the rest."""
        settled = (claim for claim in self.done if claim.state is State.SETTLED)
        rest = (claim for claim in settled if not (claim.is_held or claim.is_returned))
        return _group(rest, "stays")

    @property
    def cancelled(self) -> Sequence[ClaimRow]:
        """What fell away."""
        return [claim for claim in self.done if claim.state is State.CANCELLED]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show at all."""
        return not (self.payable or self.undecided or self.done or self.running)


def account_of(actor: Actor, year: int | None = None) -> Account:
    """A citizen's account, all of it or of one year; for others an empty one."""
    everything = claims_of(actor)
    claims = [claim for claim in everything if year in (None, claim.year)]
    running = payments_of(actor, states=RUNNING)
    held = {part.claim for payment in running for part in payment.parts}
    due = [claim for claim in claims if claim.is_open and claim.due_on is not None]
    return Account(
        payable=sorted(
            (claim for claim in due if claim.claim not in held),
            key=lambda claim: (claim.due_on or date.max, claim.reference),
        ),
        undecided=[claim for claim in claims if claim.is_open and claim.due_on is None],
        done=[claim for claim in reversed(claims) if not claim.is_open],
        running=running,
        years=sorted({claim.year for claim in everything}, reverse=True),
        year=year,
        going_back=_going_back(actor),
    )


def _going_back(actor: Actor) -> frozenset[UUID]:
    if not actor.is_citizen:
        return frozenset()
    parts = RefundPart.objects.filter(refund__ended_at=None, share__claim__debtor_id=actor.person)
    return frozenset(parts.values_list("share__claim", flat=True))


def _group(claims: Iterable[ClaimRow], amount: str) -> Group:
    found = list(claims)
    return Group(found, sum((getattr(claim, amount) for claim in found), ZERO))


def chosen_claims(actor: Actor, wanted: Collection[UUID]) -> list[ClaimRow]:
    """Those of a citizen's payable claims that somebody chose. Raises `NotFound` for others'."""
    known = {claim.claim: claim for claim in claims_of(actor)}
    if not set(wanted) <= known.keys():
        raise NotFound
    return [claim for claim in known.values() if claim.claim in wanted]


def payments_of(actor: Actor, *, states: Iterable[PaymentState]) -> list[PaymentRow]:
    """A citizen's payments in these states, the newest first."""
    if not actor.is_citizen:
        return []
    rows = Payment.objects.visible_to(actor).filter(state__in=list(states))
    return payment_rows(rows.order_by("-made_at")[:SHOWN_AT_MOST])


def payment_of(actor: Actor, payment: UUID) -> PaymentRow:
    """One payment. Raises `NotFound` for whoever may not see it."""
    found = payment_rows(Payment.objects.visible_to(actor).filter(pk=payment))
    if not found:
        raise NotFound
    return found[0]


def held_payments(by: Actor) -> list[PaymentRow]:
    """Payments that wait for a clerk, the oldest first. Raises `NotAllowed` without
    `payments.receive`.
    """
    by.require("payments.receive")
    return payment_rows(Payment.objects.filter(state=PaymentState.HELD).order_by("made_at"))


def transfer_for(row: PaymentRow) -> Transfer | None:
    """What to transfer, and where; None where nothing is left to pay, or the city's chart of
    accounts names no bank account.
    """
    bank = bank_account(row.amount.currency)
    if bank is None or row.means is not Means.BANK or not row.open:
        return None
    return Transfer(bank.holder, bank.iban, bank.bic, row.open, row.reference)


def payment_rows(payments: Iterable[Payment]) -> list[PaymentRow]:
    """As pages show them, in three queries."""
    rows = list(payments)
    ids = [row.pk for row in rows]
    named = PaymentReference.objects.filter(payment__in=ids).values_list("payment", "reference")
    references = dict(named)
    parts: dict[UUID, list[PaidFor]] = {pk: [] for pk in ids}
    found = PaymentPart.objects.filter(payment__in=ids).select_related("claim")
    for part in found.order_by("position"):
        parts[part.payment_id].append(_paid_for(part))
    return [
        PaymentRow(
            payment=row.pk,
            means=Means(row.means),
            amount=row.amount,
            state=row.now,
            made_at=row.made_at,
            until=row.until,
            page=row.page,
            reference=references.get(row.pk, ""),
            receipt=row.receipt_id,
            parts=parts[row.pk],
            why_held=row.why_held,
        )
        for row in rows
    ]


def _paid_for(part: PaymentPart) -> PaidFor:
    claim = part.claim
    amount = Money(part.cents, claim.currency)
    return PaidFor(
        claim=claim.pk,
        reference=claim.reference,
        purpose=claim.purpose,
        amount=amount,
        open=min(amount, claim.rest),
    )
