"""Setting off what somebody has against what they owe."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.errors import Attempt, Conflict, NotAllowed, NotFound
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.giving_back import MoreThanIsLeft
from rathaus.payments.actions.locking import lock_claims, lock_key
from rathaus.payments.actions.receiving import take
from rathaus.payments.incoming import Incoming, Means, Part, Received
from rathaus.payments.models import Credit, Receipt


class SomebodyElses(Conflict):
    """A credit pays for its owner only."""

    message = _("Dieses Guthaben gehört einer anderen Person.")


class NotSoMuchOwed(Conflict):
    """So much is not owed any more."""

    message = _("So viel ist bei dieser Forderung nicht mehr offen.")


@atomic
def set_off(*, by: Actor, credit: UUID, claim: UUID, amount: Money, key: str) -> Received:
    """Pay for an open claim out of a credit of its debtor; money of nobody known pays for anyone.

    Said twice with one key, it happens once. Raises `NotAllowed` without the right
    `payments.set_off`, `NotFound`, `SomebodyElses`, `NotSoMuchOwed`, `MoreThanIsLeft`, and what
    `receive` raises.
    """
    if not by.may("payments.set_off"):
        raise NotAllowed(attempted=Attempt("payments.set_off", "credit", str(credit)))
    owed = lock_claims([claim])[claim]
    incoming = Incoming(
        key=f"credit:{key}",
        means=Means.CREDIT,
        amount=amount,
        received_on=today(),
        parts=[Part(claim, amount)],
        payer=owed.debtor_id,
    )
    lock_key(f"receipt:{incoming.key}")
    if Receipt.objects.filter(key=incoming.key).exists():
        return take(by=by, incoming=incoming, source=None)
    source = Credit.objects.select_for_update(of=("self",)).filter(pk=credit).first()
    if source is None:
        raise NotFound
    _require(source, owed.debtor_id, owed.rest, amount)
    source.left_cents -= amount.cents
    source.save(update_fields=["left_cents"])
    return take(by=by, incoming=incoming, source=source)


def _require(source: Credit, debtor: UUID, rest: Money, amount: Money) -> None:
    if source.owner_id not in (None, debtor):
        raise SomebodyElses
    if amount.cents > rest.cents or amount.currency != rest.currency:
        raise NotSoMuchOwed
    if amount.cents > source.left_cents or amount.currency != source.currency:
        raise MoreThanIsLeft
