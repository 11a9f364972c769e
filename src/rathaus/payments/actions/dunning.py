"""The nightly look at what is overdue: each step of dunning once, and nothing for what is paid."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from rathaus.audit.actions import record
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import today
from rathaus.core.dated import in_force
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.claiming import raise_claim
from rathaus.payments.actions.documents import keep_letter
from rathaus.payments.actions.instalments import lapse_if_late
from rathaus.payments.actions.notices import REMINDED, tell
from rathaus.payments.dunning import (
    Level,
    dunning_fee,
    dunning_rules,
    next_level,
    reminder_due,
)
from rathaus.payments.models import Claim, ClaimKind, Reminder

FEE = {"de": "Mahngebühr (§ 227a BAO)", "en": "Reminder fee (§ 227a BAO)"}


@dataclass(frozen=True)
class Dunned:
    """What a sweep did: reminders written, plans of instalments ended."""

    reminded: int
    lapsed: int


def sweep_dunning(*, by: Actor) -> Dunned:
    """Take the step that is due today for every overdue claim; a second run changes nothing.

    Each claim is a unit of work of its own: a sweep that was broken off goes on where it stopped.
    A claim in which somebody is at work just now waits for the next night. Raises `NotAllowed`
    without the right `payments.dun`.
    """
    by.require("payments.dun")
    reminded = lapsed = 0
    for claim in _overdue():
        before = lapsed
        lapsed += _lapsed(by, claim)
        reminded += lapsed == before and _reminded(by, claim)
    return Dunned(reminded=reminded, lapsed=lapsed)


def _overdue() -> list[UUID]:
    """Claims past their day, or with a plan whose parts may be; a fee goes with its claim, and a
    deposit that nobody paid is no debt: what it was asked for does not come about.
    """
    late = Q(due_on__lt=today()) | Q(plans__lapsed_at=None, plans__instalments__due_on__lt=today())
    rows = Claim.objects.filter(late, settled_at=None, cancelled_at=None, fee_for=None)
    rows = rows.exclude(kind=ClaimKind.DEPOSIT)
    return sorted(set(rows.values_list("pk", flat=True)))


@atomic
def _lapsed(by: Actor, claim: UUID) -> bool:
    row = _free(claim)
    if row is None:
        return False
    days_late = in_force(dunning_rules().days_late, today(), what="rule for instalments")
    before = row.due_on
    return lapse_if_late(row, by=by, days_late=days_late) and row.due_on != before


@atomic
def _reminded(by: Actor, claim: UUID) -> bool:
    row = _free(claim)
    if row is None or row.due_on is None or row.due_on >= today():
        return False
    last = row.reminders.order_by("-level").first()
    is_new_day = last is None or row.due_on > last.told_on
    missed = row.due_on if last is None or is_new_day else last.due_on
    level = next_level(missed, last.level if last else 0, today(), dunning_rules().ladders)
    if level is None:
        return False
    _remind(by, row, level)
    return True


def _free(claim: UUID) -> Claim | None:
    """The claim, locked, if it is still open and nobody is at work in it."""
    rows = Claim.objects.select_for_update(of=("self",), skip_locked=True)
    return rows.filter(pk=claim, settled_at=None, cancelled_at=None).first()


def _remind(by: Actor, claim: Claim, level: Level) -> None:
    due_on = reminder_due(today(), level)
    fee = _charge_fee(claim, level, due_on) if level.fee else None
    fees = list(claim.fees.filter(settled_at=None, cancelled_at=None).order_by("raised_at"))
    document = keep_letter(claim, name=level.name, fees=fees, due_on=due_on)
    reminder = Reminder.objects.create(
        claim=claim,
        level=level.level,
        name=dict(level.name),
        told_on=today(),
        due_on=due_on,
        fee_id=fee,
        document=document,
        by_mail=False,
    )
    reminder.by_mail = tell(
        claim.debtor_id,
        REMINDED,
        number=claim.reference,
        language=claim.language,
    )
    reminder.save(update_fields=["by_mail"])
    record(
        by=by,
        did="payments.dunned",
        on=claim,
        about=[claim.debtor_id],
        case=claim.reference,
        details={"level": level.level, "due_on": due_on.isoformat(), "cents": claim.rest.cents},
    )


def _charge_fee(claim: Claim, level: Level, due_on: date) -> UUID:
    cents = dunning_fee(claim.rest.cents, today(), dunning_rules().fees)
    return raise_claim(
        by=SYSTEM,
        debtor=claim.debtor_id,
        amount=Money(cents, claim.currency),
        purpose=FEE,
        reference=claim.reference,
        due_on=due_on,
        key=f"reminder-{level.level}-{claim.pk.hex}",
        department=claim.department_id,
        fee_for=claim.pk,
    )
