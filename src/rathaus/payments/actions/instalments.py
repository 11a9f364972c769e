"""Paying in parts: a plan for an open claim, and its end where a part is not paid."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now, today
from rathaus.core.errors import Attempt, Conflict, Invalid, NotAllowed
from rathaus.core.transaction import atomic
from rathaus.payments.actions.locking import lock_claims
from rathaus.payments.instalments import InstalmentPart, has_failed, monthly
from rathaus.payments.models import Claim, Instalment, InstalmentPlan, State

MOST_PARTS = 36


class NotToBeSplit(Invalid):
    """There is nothing to split, or into too many parts, or the first one is in the past."""

    message = _("So lässt sich diese Forderung nicht in Raten teilen.")


class AlreadyInParts(Conflict):
    """A plan is running for this claim."""

    message = _("Für diese Forderung läuft schon eine Ratenzahlung.")


@atomic
def grant_instalments(*, by: Actor, claim: UUID, count: int, first_due: date) -> UUID:
    """Let what is open of a claim be paid in monthly parts; the claim is due with the last of them.

    Payments fill the parts in order. Raises `NotAllowed` without `payments.instalments`,
    `NotFound`, `NotToBeSplit` and `AlreadyInParts`.
    """
    if not by.may("payments.instalments"):
        raise NotAllowed(attempted=Attempt("payments.instalments_granted", "claim", str(claim)))
    row = lock_claims([claim])[claim]
    if row.plans.filter(lapsed_at=None).exists():
        raise AlreadyInParts
    rest = row.rest.cents
    if row.due_on is None or not 2 <= count <= min(rest, MOST_PARTS) or first_due <= today():
        raise NotToBeSplit
    plan = InstalmentPlan.objects.create(
        claim=row, paid_before=row.paid_cents - row.returned_cents, made_at=now()
    )
    parts = monthly(rest, count, first_due)
    Instalment.objects.bulk_create(
        Instalment(plan=plan, position=position, cents=part.cents, due_on=part.due_on)
        for position, part in enumerate(parts, 1)
    )
    row.due_on = parts[-1].due_on
    row.save(update_fields=["due_on"])
    record(
        by=by,
        did="payments.instalments_granted",
        on=row,
        about=[row.debtor_id],
        case=row.reference,
        details={"cents": rest, "count": count},
    )
    return row.pk


def lapse_if_late(claim: Claim, *, by: Actor, days_late: int) -> bool:
    """End the running plan of a locked claim where a part is late: then the rest is due at once.

    Part of the sweep. Answers whether a plan is running on, or ended just now.
    """
    plan = claim.plans.filter(lapsed_at=None).first()
    if plan is None or claim.state is not State.OPEN:
        return False
    parts = [
        InstalmentPart(part.cents, part.due_on) for part in plan.instalments.order_by("position")
    ]
    paid = claim.paid_cents - claim.returned_cents - plan.paid_before
    if not has_failed(parts, paid, today=today(), days_late=days_late):
        return True
    plan.lapsed_at = now()
    plan.save(update_fields=["lapsed_at"])
    claim.due_on = today()
    claim.save(update_fields=["due_on"])
    record(
        by=by,
        did="payments.instalments_lapsed",
        on=claim,
        about=[claim.debtor_id],
        case=claim.reference,
    )
    return True
