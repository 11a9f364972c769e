"""The years of a levy: each is raised once, and stays what is owed for it.

The claims of a year stand under a reference of its own, a line for each due day, so that `charge`
keeps them what they should be: what is paid counts, what is open follows.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.audit.actions import record
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import now, today
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.claiming import Owed, cancel_claim, charge
from rathaus.payments.actions.levy_papers import send_notice
from rathaus.payments.due_dates import payment_terms
from rathaus.payments.levies import due_days, owed_in, raised_from, spread, yearly_amount
from rathaus.payments.models import (
    Claim,
    ClaimKind,
    Levy,
    LevyDeed,
    LevyKind,
    LevyStep,
    LevyYear,
    State,
    purpose_of,
)

RIGHT = "payments.levies"


@dataclass
class _Part:
    """One part of a year, in cents: what was paid for it and is kept, and what is open."""

    key: str
    due_on: date | None
    paid: int = 0
    open: int = 0


def raise_levies(*, by: Actor, year: int) -> int:
    """Raise the claims of that year for every levy whose time has come; how many were.

    Each levy is a unit of work of its own and each year of it is raised once, however often this is
    said and by however many at once. Raises `NotAllowed` without `payments.levies`.
    """
    by.require(RIGHT)
    raised = 0
    for kind in LevyKind.objects.order_by("pk"):
        waiting = Levy.objects.filter(kind=kind, begins_on__year__lte=year).exclude(
            years__year=year
        )
        waiting = waiting.exclude(ends_on__year__lt=year)
        for levy in list(waiting.order_by("pk").values_list("pk", flat=True)):
            raised += _raised(levy, year)
    return raised


def raise_levies_due(*, by: Actor) -> int:
    """The nightly look: last year (where a machine stood still), this one and the next."""
    year = today().year
    return sum(raise_levies(by=by, year=year + step) for step in (-1, 0, 1))


def raise_due(levy: Levy) -> None:
    """Raise each year of a locked levy whose time has come."""
    for year in range(levy.begins_on.year, today().year + 2):
        _raise_year(levy, year)


def take_over_first_year(levy: Levy) -> None:
    """What the matter claims under the levy's key is the year in which it begins."""
    claims = _of_matter(levy) if levy.matter else []
    standing = [claim for claim in claims if claim.state is not State.CANCELLED]
    if standing:
        cents = sum(claim.cents for claim in standing)
        LevyYear.objects.create(
            levy=levy,
            year=levy.begins_on.year,
            yearly_cents=cents,
            cents=cents,
            with_matter=True,
            raised_at=now(),
        )


def settle(levy: Levy, why: str) -> None:
    """Make what is claimed for the years of a locked levy what is owed for them by now; a year for
    which the same is owed as before is left alone.
    """
    rules = levy.rules
    for year in levy.years.order_by("year"):
        cents = owed_in(
            year.year, levy.span, rules, yearly=year.yearly_cents, exemption=levy.exemption
        )
        if cents != year.cents:
            year.cents = cents
            year.save(update_fields=["cents"])
            _charge(levy, year, why)


def note(
    by: Actor, levy: Levy, deed: LevyDeed, did: str, why: str, *, year: int | None = None
) -> None:
    """Keep a step of the levy's history, and the same in the audit trail."""
    LevyStep.objects.create(
        levy=levy, deed=deed, year=year, why=why.strip()[:300], by_name=by.name[:200], at=now()
    )
    record(
        by=by,
        did=did,
        on=levy,
        about=[levy.debtor_id],
        case=levy.matter,
        why=why,
        details={"number": levy.number, **({"year": year} if year else {})},
    )


@atomic
def _raised(levy: UUID, year: int) -> bool:
    """Raise one year of one levy; whoever has it in hand just now raises it instead."""
    rows = Levy.objects.select_for_update(of=("self",), skip_locked=True).select_related("kind")
    row = rows.filter(pk=levy).first()
    return row is not None and _raise_year(row, year)


def _raise_year(levy: Levy, year: int) -> bool:
    """Keep the year of a locked levy and claim what is owed for it, if its time has come."""
    rules = levy.rules
    is_first = year == levy.begins_on.year
    if not levy.span.touches(year) or (not is_first and today() < raised_from(year, rules)):
        return False
    if is_first and today() < levy.begins_on:
        return False
    if levy.years.filter(year=year).exists():
        return False
    yearly = yearly_amount(year, levy.span, rules)
    row = LevyYear.objects.create(
        levy=levy,
        year=year,
        yearly_cents=yearly,
        cents=owed_in(year, levy.span, rules, yearly=yearly, exemption=levy.exemption),
        raised_at=now(),
    )
    with override(SOURCE_LANGUAGE):
        why = _("Die Abgabe für dieses Jahr ist vorgeschrieben.")
    _charge(levy, row, why)
    note(SYSTEM, levy, LevyDeed.RAISED, "payments.levy_raised", "", year=year)
    if row.cents:
        send_notice(row)
    return True


def _charge(levy: Levy, year: LevyYear, why: str) -> None:
    wanted = year.cents - (_claimed_by_matter(levy, year.cents, why) if year.with_matter else 0)
    parts = _parts(levy, year)
    purpose = purpose_of(levy, year.year)
    totals = spread(wanted, [(part.paid, part.open) for part in parts])
    charge(
        by=SYSTEM,
        debtor=levy.debtor_id,
        reference=year.reference,
        owed=[
            Owed(part.key, purpose, Money(total), part.due_on, ClaimKind.LEVY)
            for part, total in zip(parts, totals, strict=True)
            if total
        ],
        why=why,
        among=[part.key for part in parts],
        department=levy.kind.department_id,
    )


def _parts(levy: Levy, year: LevyYear) -> list[_Part]:
    """The parts that are claimed already, else one for each day on which the year is due."""
    rows = Claim.objects.filter(reference=year.reference, cancelled_at=None, fee_for=None)
    standing: dict[str, _Part] = {}
    for claim in rows.order_by("raised_at", "key"):
        part = standing.setdefault(claim.first_key, _Part(claim.first_key, claim.due_on))
        if claim.state is State.SETTLED:
            part.paid += claim.kept.cents
        else:
            part.open, part.due_on = claim.cents, claim.due_on
    if standing:
        return [standing[key] for key in sorted(standing)]
    days = due_days(year.year, levy.rules, raised_on=today(), terms=payment_terms())
    return [_Part(f"part-{place:02d}", day) for place, day in enumerate(days, 1)]


def _claimed_by_matter(levy: Levy, wanted: int, why: str) -> int:
    """Cents that the matter's own claims bring for the first year; one that is open and too high
    is cancelled.
    """
    claims = [claim for claim in _of_matter(levy) if claim.state is not State.CANCELLED]
    paid = sum(claim.kept.cents for claim in claims)
    open_ = [claim for claim in claims if claim.state is State.OPEN]
    if paid + sum(claim.cents for claim in open_) <= wanted:
        return paid + sum(claim.cents for claim in open_)
    for claim in open_:
        cancel_claim(by=SYSTEM, claim=claim.pk, why=why)
    return paid


def _of_matter(levy: Levy) -> list[Claim]:
    rows = Claim.objects.filter(reference=levy.matter, fee_for=None).order_by("pk")
    return [claim for claim in rows if claim.first_key == levy.key]
