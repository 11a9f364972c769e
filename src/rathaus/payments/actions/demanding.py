"""Money that staff ask for by hand, in a matter that is there already: a deposit, a fee."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.errors import Invalid
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.claiming import raise_claim
from rathaus.payments.actions.locking import lock_key
from rathaus.payments.actions.notices import CHARGED, tell
from rathaus.payments.models import Claim, ClaimKind

RIGHT = "payments.raise"
KINDS = tuple(kind for kind in ClaimKind if kind is not ClaimKind.LEVY)


class DayGone(Invalid):
    """Nobody can pay until yesterday."""

    message = _("Der Tag, bis zu dem zu zahlen ist, ist schon vorbei.")


@atomic
def demand(
    *,
    by: Actor,
    debtor: UUID,
    department: int,
    kind: ClaimKind,
    purpose: str,
    amount: Money,
    due_on: date,
    reference: str,
    key: str,
) -> UUID:
    """Ask whoever has the matter `reference` for money, and tell them by mail; the claim's id.

    Said twice with one `key`, it is one claim and one mail. What is owed each year has a way of its
    own (`begin_levy`). Raises `NotAllowed` without the right `payments.raise` in the department,
    `DayGone`, and like `raise_claim`.
    """
    by.require(RIGHT, department)
    if due_on < today():
        raise DayGone
    lock_key(f"demand:{key}")
    is_new = not Claim.objects.filter(reference=reference, key=key).exists()
    claim = raise_claim(
        by=by,
        debtor=debtor,
        amount=amount,
        purpose={SOURCE_LANGUAGE: purpose},
        reference=reference,
        due_on=due_on,
        key=key,
        department=department,
        kind=kind,
    )
    if is_new:
        tell(debtor, CHARGED, number=reference, language=Claim.objects.get(pk=claim).language)
    return claim
