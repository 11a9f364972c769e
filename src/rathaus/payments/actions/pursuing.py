"""What becomes of a payment: whoever hears of it asks the provider here, and follows the answer.

The page that people come back to, a provider's message and the job that looks after everything
call the same action. The row is locked, the provider is asked, `receive` gets the provider's key:
whoever comes second finds it done.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import now, today
from rathaus.core.money import Money
from rathaus.core.transaction import atomic, unit_of_work
from rathaus.payments.actions.locking import lock_claims
from rathaus.payments.actions.moving import end, hold, lock_payment
from rathaus.payments.actions.opening import ServiceSilent, make_known
from rathaus.payments.actions.receiving import AnotherReceipt, NoSuchMoney, take
from rathaus.payments.actions.referencing import reference_for
from rathaus.payments.events import ReceiptsMade
from rathaus.payments.incoming import Incoming, Means, Part
from rathaus.payments.models import Payment, PaymentPart, Share
from rathaus.payments.payment_states import PaymentState
from rathaus.payments.providers.base import Answer, Refused, Standing, Unreachable
from rathaus.payments.providers.choosing import provider_of

ONLINE = (Means.CARD.value, Means.EPS.value)
OFFLINE = (Means.BANK.value, Means.CASH.value)
# Young payments are asked about every minute, older ones every ten: somebody may sit and wait.
SOON, LATER, YOUNG = timedelta(seconds=50), timedelta(minutes=10), timedelta(minutes=15)
MOST_AT_ONCE = 200


@atomic
def pursue(*, by: Actor, payment: UUID) -> PaymentState:
    """Ask how the payment stands, and do what follows; where it stands now.

    Raises `NotFound` for whoever may not see it, and `Unreachable`: nothing has changed then.
    """
    row = lock_payment(by, payment)
    if row.now is PaymentState.PENDING:
        ask_and_follow(row)
    return row.now


def ask_and_follow(row: Payment) -> None:
    """Ask about a locked, pending payment and do what follows. Raises `Unreachable`."""
    row.asked_at = now()
    row.save(update_fields=["asked_at"])
    if row.means in OFFLINE:
        _follow_claims(row)
        return
    try:
        answer = provider_of(Means(row.means)).ask(row.number)
    except Refused as refusal:
        hold(row, f"Der Zahlungsdienst kennt die Zahlung nicht ({refusal}).")
        return
    match answer.standing:
        case Standing.PAID:
            _follow_money(row, answer)
        case Standing.FAILED:
            end(row, PaymentState.FAILED)
        case Standing.EXPIRED:
            end(row, PaymentState.EXPIRED)


def _follow_money(row: Payment, answer: Answer) -> None:
    if answer.amount != row.amount:
        hold(row, f"Verlangt waren {row.amount}, gezahlt wurden {answer.amount}.")
        return
    try:
        with unit_of_work():
            book_payment(row, answer.key, row.amount, by=SYSTEM)
    except (AnotherReceipt, NoSuchMoney) as refusal:
        hold(row, str(refusal.message))


def book_payment(
    row: Payment,
    key: str,
    amount: Money,
    *,
    by: Actor,
    note: str = "",
    parts: Sequence[Part] | None = None,
) -> None:
    """Receive what came for a locked payment: for these parts of it, or as much of it as there is
    for each part in turn.
    """
    received = take(
        by=by,
        incoming=Incoming(
            key=key,
            means=Means(row.means),
            amount=amount,
            received_on=today(),
            parts=parts or _filled(row.parts.order_by("position"), amount),
            payer=row.payer_id,
            note=note or reference_for(payment=row.pk),
        ),
        source=None,
    )
    row.refresh_from_db()
    if row.now is not PaymentState.SUCCEEDED:
        row.receipt_id = received.receipt
        end(row, PaymentState.SUCCEEDED, by=by)


def open_parts(row: Payment) -> list[Part]:
    """What of a locked payment nobody has paid by another way; its claims are locked from here."""
    parts = list(row.parts.order_by("position"))
    claims = lock_claims(part.claim_id for part in parts)
    left = [(part.claim_id, min(part.cents, claims[part.claim_id].rest.cents)) for part in parts]
    return [Part(claim, Money(cents, row.currency)) for claim, cents in left if cents]


def _filled(parts: Iterable[PaymentPart], amount: Money) -> list[Part]:
    rest = amount.cents
    filled = []
    for part in parts:
        cents = min(rest, part.cents)
        if cents:
            filled.append(Part(part.claim_id, Money(cents, amount.currency)))
        rest -= cents
    return filled


def _follow_claims(row: Payment) -> None:
    """Whether the money of a payment without a provider came by another way, or its time is up."""
    claims = row.parts.select_related("claim")
    if not any(part.claim.rest for part in claims):
        paid = Share.objects.filter(claim__in=[part.claim_id for part in claims], cents__gt=0)
        last = paid.order_by("-receipt__made_at").first()
        row.receipt_id = last.receipt_id if last else None
        end(row, PaymentState.SUCCEEDED if last else PaymentState.CANCELLED)
    elif row.until < now():
        end(row, PaymentState.EXPIRED)


@atomic
def conclude_payments(event: ReceiptsMade) -> None:
    """End what people meant to transfer or to bring, now that money has paid all of it.

    A payment in somebody else's hands is left to the job that looks after all.
    """
    paid = Share.objects.filter(receipt__in=event.receipts).values("claim")
    touched = Payment.objects.filter(
        means__in=OFFLINE,
        state=PaymentState.PENDING,
        pk__in=PaymentPart.objects.filter(runs=True, claim__in=paid).values("payment"),
    )
    for row in touched.select_for_update(of=("self",), skip_locked=True).order_by("pk"):
        _follow_claims(row)


def payments_to_ask() -> list[UUID]:
    """Which payments should be looked after now, those first that were not asked for longest."""
    moment = now()
    rested = Q(asked_at=None, made_at__lt=moment - SOON) | Q(
        asked_at__lt=moment - SOON, made_at__gt=moment - YOUNG
    )
    rested |= Q(asked_at__lt=moment - LATER)
    rows = Payment.objects.waiting().filter(rested, means__in=ONLINE)
    open_parts = PaymentPart.objects.filter(
        payment=OuterRef("pk"), claim__settled_at=None, claim__cancelled_at=None
    )
    offline = Payment.objects.waiting().filter(means__in=OFFLINE)
    over = offline.filter(Q(until__lt=moment) | ~Exists(open_parts))
    found = [query.order_by("asked_at", "made_at")[:MOST_AT_ONCE] for query in (rows, over)]
    return [pk for query in found for pk in query.values_list("pk", flat=True)]


def look_after_payments() -> dict[str, int]:
    """Ask about every payment whose turn it is, each in a transaction of its own; what came of it.

    A lost message costs a minute or ten, and no payment stays where it is for ever.
    """
    counted: dict[str, int] = {}
    for payment in payments_to_ask():
        word = _looked_after(payment)
        counted[word] = counted.get(word, 0) + 1
    return counted


def _looked_after(payment: UUID) -> str:
    try:
        with unit_of_work():
            row = lock_payment(SYSTEM, payment)
            if row.now is PaymentState.CREATED and row.until < now():
                end(row, PaymentState.EXPIRED)  # nobody has ever seen its page
            elif row.now is PaymentState.CREATED:
                make_known(row)
            if row.now is PaymentState.PENDING:
                ask_and_follow(row)
            return str(row.now)
    except (Unreachable, ServiceSilent):
        Payment.objects.filter(pk=payment).update(asked_at=now())  # let others have their turn
        return "silent"
