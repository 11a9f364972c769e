"""Paying: what a citizen chooses, opens, and gives up again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rathaus.accounts.events import MattersTakenOver
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import Conflict, Invalid, NotAllowed, NotFound
from rathaus.core.money import ZERO, Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.locking import lock_claims, lock_key
from rathaus.payments.actions.moving import end, lock_payment
from rathaus.payments.actions.opening import ServiceSilent, make_known
from rathaus.payments.actions.pursuing import ask_and_follow
from rathaus.payments.actions.referencing import reference_for
from rathaus.payments.incoming import Means
from rathaus.payments.models import CashDesk, Claim, Payment, PaymentPart, State
from rathaus.payments.payment_states import WAITING, PaymentState
from rathaus.payments.providers.base import Refused, Standing, Unreachable
from rathaus.payments.providers.choosing import is_set_up, provider_of

# How long somebody may take. Stripe allows a page half an hour at the least and a day at the most.
TIME_TO_PAY = {
    Means.CARD: timedelta(hours=1),
    Means.EPS: timedelta(hours=1),
    Means.BANK: timedelta(days=30),
    Means.CASH: timedelta(days=14),
}
MOST_CLAIMS = 90  # lines of one hosted page: Stripe takes a hundred


class NothingChosen(Invalid):
    """Not one claim."""

    message = _("Bitte wählen Sie aus, was Sie bezahlen möchten.")


class TooManyChosen(Invalid):
    """More than a payment page shows."""

    message = _("Bitte bezahlen Sie höchstens 90 Forderungen auf einmal.")


class NotPayable(Conflict):
    """A claim is paid or has fallen away meanwhile."""

    message = _("Eine dieser Forderungen ist inzwischen bezahlt oder weggefallen.")


class NotDueYet(Conflict):
    """Nobody knows yet whether it will be owed."""

    message = _("Das ist erst nach der Entscheidung zu zahlen; jetzt geht es noch nicht.")


class PaymentRunning(Conflict):
    """Another payment holds a claim; `payment` leads there."""

    message = _("Für eine dieser Forderungen läuft bereits eine Zahlung.")

    def __init__(self, payment: UUID) -> None:
        self.payment = payment
        super().__init__()


class KeyUsed(Conflict):
    """The same key with another request."""

    message = _("Unter diesem Schlüssel wurde schon etwas anderes verlangt.")


class MeansNotOffered(Invalid):
    """Not in this city, or not for this amount."""

    message = _("Damit können Sie diesen Betrag nicht bezahlen. Bitte wählen Sie anders.")


class PaidAlready(Conflict):
    """Too late to give up: the money is on its way."""

    message = _("Diese Zahlung läuft gerade. Abbrechen geht nicht mehr.")


@dataclass(frozen=True)
class Wish:
    """What somebody wants to pay, how, and in which language they read."""

    claims: frozenset[UUID]
    means: Means
    language: str = "de"


@atomic
def start_payment(*, by: Actor, key: str, wish: Wish) -> UUID:
    """Begin a payment of one's own claims; with one `key` it is one payment, however often said.

    Raises `NotAllowed` for whoever is no citizen, `NothingChosen`, `TooManyChosen`, `NotFound`,
    `NotPayable`, `NotDueYet`, `PaymentRunning`, `MeansNotOffered`, and `KeyUsed`.
    """
    if not by.is_citizen or by.person is None:
        raise NotAllowed
    if not wish.claims:
        raise NothingChosen
    if len(wish.claims) > MOST_CLAIMS:
        raise TooManyChosen
    lock_key(f"payment:{by.person}:{key}")
    known = Payment.objects.visible_to(by).filter(key=key).first()
    if known is not None:
        return _same_again(known, wish)
    claims = _payable(by, wish.claims)
    amount = sum((claim.rest for claim in claims), ZERO)
    if not _is_offered(wish.means, amount):
        raise MeansNotOffered
    return _make(by.person, key, wish, claims, amount, by).pk


def means_for(amount: Money) -> list[Means]:
    """By which means this amount can be paid in this city now."""
    return [means for means in TIME_TO_PAY if _is_offered(means, amount)]


def _is_offered(means: Means, amount: Money) -> bool:
    if means not in TIME_TO_PAY or amount < provider_of(means).least or not is_set_up(means):
        return False
    return means is not Means.CASH or CashDesk.objects.filter(closed_for_good=False).exists()


@atomic
def open_payment(*, by: Actor, payment: UUID) -> str:
    """Make the payment known to its provider; the address where it is paid, if it has one.

    Said again it is the same page. Raises `NotFound` and `ServiceSilent`.
    """
    row = lock_payment(by, payment)
    if row.now is not PaymentState.CREATED:
        return row.page if row.now in WAITING else ""
    make_known(row)
    return row.page


@atomic
def cancel_payment(*, by: Actor, payment: UUID) -> PaymentState:
    """Give a payment up, if it is not paid yet; where it stands now.

    Raises `NotFound`, `PaidAlready` and `ServiceSilent`; nothing has changed then.
    """
    row = lock_payment(by, payment)
    if row.now not in WAITING:
        return row.now
    if row.now is PaymentState.CREATED:  # nobody has ever seen its page
        end(row, PaymentState.CANCELLED, by=by)
        return row.now
    try:
        answer = provider_of(Means(row.means)).withdraw(row.number)
    except Unreachable as error:
        raise ServiceSilent from error
    except Refused:
        answer = None
    if answer is not None and answer.standing is Standing.EXPIRED:
        end(row, PaymentState.CANCELLED, by=by)
        return row.now
    ask_and_follow(row)
    if row.now is PaymentState.PENDING:
        raise PaidAlready
    return row.now


@atomic
def take_over_payments(event: MattersTakenOver) -> None:
    """Make what a guest pays or paid in these matters the citizen's."""
    parts = PaymentPart.objects.filter(claim__reference__in=event.references)
    theirs = Payment.objects.filter(payer=event.guest, pk__in=parts.values("payment"))
    for row in theirs.select_for_update().order_by("pk"):
        row.payer_id, row.key = event.citizen, f"{row.key}:{row.pk}"[-80:]
        row.save(update_fields=["payer", "key"])


def _payable(by: Actor, wanted: Collection[UUID]) -> Sequence[Claim]:
    """The claims in the order of their raising, locked, each of them to be paid now."""
    claims = sorted(lock_claims(wanted).values(), key=lambda claim: (claim.raised_at, claim.key))
    if any(claim.debtor_id != by.person for claim in claims):
        raise NotFound
    if any(claim.state is not State.OPEN for claim in claims):
        raise NotPayable
    if any(claim.due_on is None for claim in claims):
        raise NotDueYet
    running = PaymentPart.objects.filter(claim__in=wanted, runs=True).order_by("payment").first()
    if running is not None:
        raise PaymentRunning(running.payment_id)
    return claims


def _make(
    payer: UUID, key: str, wish: Wish, claims: Sequence[Claim], amount: Money, by: Actor
) -> Payment:
    begun = now()
    row = Payment.objects.create(
        payer_id=payer,
        key=key,
        means=wish.means.value,
        cents=amount.cents,
        currency=amount.currency,
        language=wish.language,
        state=PaymentState.CREATED,
        provider=provider_of(wish.means).name,
        made_at=begun,
        until=begun + TIME_TO_PAY[wish.means],
    )
    PaymentPart.objects.bulk_create(
        PaymentPart(payment=row, claim=claim, position=position, cents=claim.rest.cents)
        for position, claim in enumerate(claims)
    )
    reference_for(payment=row.pk)
    record(
        by=by,
        did="payments.payment_started",
        on=row,
        about=[payer],
        details={"cents": row.cents, "means": row.means, "claims": len(claims)},
    )
    return row


def _same_again(known: Payment, wish: Wish) -> UUID:
    claims = frozenset(known.parts.values_list("claim_id", flat=True))
    if (claims, known.means) != (wish.claims, wish.means.value):
        raise KeyUsed
    return known.pk
