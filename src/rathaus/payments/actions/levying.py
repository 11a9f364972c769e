"""Levies that come back each year: begun once, raised once a year, changed and ended.

The claims of a year stand under a reference of its own, a line for each due day, so that `charge`
keeps them what they should be: what is paid counts, what is open follows.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from rathaus.accounts.events import MattersTakenOver
from rathaus.accounts.queries import actor_by_id
from rathaus.audit.actions import record
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import now, today
from rathaus.core.errors import Attempt, Conflict, Invalid, NotAllowed, NotFound
from rathaus.core.events import publish
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.claiming import Owed, cancel_claim, charge, take_over_claims
from rathaus.payments.actions.levy_papers import send_notice
from rathaus.payments.due_dates import payment_terms
from rathaus.payments.events import LevyBegun, LevyEnded
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
LONGEST_ABOUT = 120


class NoSuchLevy(Invalid):
    """The city levies nothing of that name, or not by that rate, or not yet on that day."""

    message = gettext_lazy("Für diesen Tag gibt es keine solche Abgabe mit diesem Tarif.")


class AboutMissing(Invalid):
    """Nobody could tell two levies of one person apart."""

    message = gettext_lazy("Bitte schreiben Sie, wofür die Abgabe zu zahlen ist.")


class AnotherLevy(Conflict):
    """For this line of the matter another levy was begun."""

    message = gettext_lazy("Dafür gibt es bereits eine andere wiederkehrende Abgabe.")


class EndsTooEarly(Invalid):
    """A levy cannot end before it began."""

    message = gettext_lazy("Der letzte Tag liegt vor dem Beginn der Abgabe.")


class ReasonMissing(Invalid):
    """Nobody could understand it later."""

    message = gettext_lazy("Bitte schreiben Sie, warum.")


class ExemptionUnclear(Invalid):
    """An exemption has a first year, a reason, and no last year before the first."""

    message = gettext_lazy(
        "Eine Befreiung braucht ein erstes Jahr und einen Grund; das letzte Jahr darf nicht davor "
        "liegen."
    )


@dataclass
class _Part:
    """One part of a year, in cents: what was paid for it and is kept, and what is open."""

    key: str
    due_on: date | None
    paid: int = 0
    open: int = 0


@dataclass(frozen=True)
class Exempt:
    """Nothing is owed from one year until another (or without end), and why."""

    first_year: int
    last_year: int | None
    why: str


@atomic
def begin_levy(
    *,
    by: Actor,
    kind: str,
    rate: str,
    debtor: UUID,
    about: str,
    begins_on: date,
    key: str,
    matter: str = "",
) -> UUID:
    """Make somebody owe a levy each year; its id. Said twice with one matter and key, it is one.

    What the matter itself has claimed under that key is the first year; else this year and those
    whose time has come are raised at once. Raises `NotAllowed` without the right `payments.levies`,
    `NoSuchLevy`, `AboutMissing`, and `AnotherLevy` if another one stands for that key.
    """
    by.require(RIGHT)
    about = about.strip()[:LONGEST_ABOUT]
    if not about:
        raise AboutMissing
    row = _kind_for(kind, rate, begins_on)
    known = Levy.objects.filter(matter=matter, key=key).first()
    if known is not None:
        if (known.kind_id, known.debtor_id) != (row.pk, debtor):
            raise AnotherLevy
        return known.pk
    row.last = F("last") + 1
    row.save(update_fields=["last"])
    row.refresh_from_db(fields=["last"])
    levy = Levy.objects.create(
        kind=row,
        number=f"{row.prefix}-{row.last:06d}",
        debtor_id=debtor,
        about=about,
        rate=rate,
        matter=matter,
        key=key,
        language=(get_language() or SOURCE_LANGUAGE).split("-")[0],
        begins_on=begins_on,
        begun_at=now(),
    )
    _note(by, levy, LevyDeed.BEGUN, "payments.levy_begun", "")
    _take_over_first_year(levy)
    _raise_due(levy)
    publish(LevyBegun(levy.pk, levy.number, matter))
    return levy.pk


@atomic
def change_levy(
    *, by: Actor, levy: UUID, rate: str, about: str, exempt: Exempt | None, why: str
) -> None:
    """Change by which rate a levy is owed, what for, and for which years it is not owed.

    The rate counts for the years that are not raised yet; an exemption also for those that are:
    what is open of them falls, and comes back where the exemption no longer covers them. Raises
    `NotAllowed` without `payments.levies`, `NotFound`, `NoSuchLevy`, `AboutMissing`,
    `ExemptionUnclear`, `ReasonMissing`.
    """
    row = _lock(by, levy, "payments.levy_changed")
    _require_reason(why)
    about = about.strip()[:LONGEST_ABOUT]
    if not about:
        raise AboutMissing
    _require_rate(row.kind, rate, row.begins_on)
    if exempt is not None:
        _require_clear(exempt)
    row.rate, row.about = rate, about
    row.exempt_from = exempt.first_year if exempt else None
    row.exempt_until = exempt.last_year if exempt else None
    row.exempt_why = exempt.why.strip()[:300] if exempt else ""
    row.save(update_fields=["rate", "about", "exempt_from", "exempt_until", "exempt_why"])
    _note(by, row, LevyDeed.CHANGED, "payments.levy_changed", why)
    _settle(row, why)


@atomic
def end_levy(*, by: Actor, levy: UUID, ends_on: date, why: str) -> None:
    """Give a levy its last day; said again with another day, it is that one.

    The year of that day is owed as the city's data says, later ones are not: what is open of them
    falls, what is paid too much can be given back. Raises `NotAllowed` without `payments.levies`,
    `NotFound`, `EndsTooEarly`, `ReasonMissing`.
    """
    row = _lock(by, levy, "payments.levy_ended")
    _require_reason(why)
    if ends_on < row.begins_on:
        raise EndsTooEarly
    if row.ends_on == ends_on:
        return
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    _note(by, row, LevyDeed.ENDED, "payments.levy_ended", why)
    _settle(row, why)
    _raise_due(row)
    publish(LevyEnded(row.pk, row.number, ends_on))


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


@atomic
def end_levy_numbered(*, by: Actor, number: str, debtor: UUID, ends_on: date, why: str) -> bool:
    """End the levy of that number if it is that person's; whether there was one.

    Raises like `end_levy`; a day before its beginning ends it on the first.
    """
    by.require(RIGHT)
    wanted = number.strip().upper()
    found = Levy.objects.filter(number=wanted, debtor=debtor).first()
    if found is None:
        return False
    end_levy(by=by, levy=found.pk, ends_on=max(ends_on, found.begins_on), why=why)
    return True


@atomic
def take_over_levies(event: MattersTakenOver) -> None:
    """Make what a guest owes each year because of these matters the citizen's, with its claims."""
    by = actor_by_id(event.citizen)
    named = Q(matter__in=event.references) | Q(matter="", number__in=event.references)
    theirs = Levy.objects.filter(named, debtor=event.guest)
    rows = list(theirs.select_for_update(of=("self",)).order_by("pk"))
    for levy in rows:
        levy.debtor_id = event.citizen
        levy.save(update_fields=["debtor"])
        record(
            by=by,
            did="payments.levy_taken_over",
            on=levy,
            about=[event.citizen],
            case=levy.matter,
        )
    take_over_claims(
        MattersTakenOver(
            guest=event.guest,
            citizen=event.citizen,
            references=frozenset(year.reference for year in LevyYear.objects.filter(levy__in=rows)),
        )
    )


@atomic
def _raised(levy: UUID, year: int) -> bool:
    """Raise one year of one levy; whoever has it in hand just now raises it instead."""
    rows = Levy.objects.select_for_update(of=("self",), skip_locked=True).select_related("kind")
    row = rows.filter(pk=levy).first()
    return row is not None and _raise_year(row, year)


def _raise_due(levy: Levy) -> None:
    for year in range(levy.begins_on.year, today().year + 2):
        _raise_year(levy, year)


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
    _note(SYSTEM, levy, LevyDeed.RAISED, "payments.levy_raised", "", year=year)
    if row.cents:
        send_notice(row)
    return True


def _take_over_first_year(levy: Levy) -> None:
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


def _settle(levy: Levy, why: str) -> None:
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


def _kind_for(slug: str, rate: str, begins_on: date) -> LevyKind:
    """The kind, locked: whoever draws the next number waits."""
    row = LevyKind.objects.select_for_update(of=("self",)).filter(slug=slug).first()
    if row is None:
        raise NoSuchLevy
    _require_rate(row, rate, begins_on)
    return row


def _require_rate(kind: LevyKind, rate: str, begins_on: date) -> None:
    found = kind.entry.rate(rate)
    if found is None or all(row.valid_from > begins_on for row in found.amounts):
        raise NoSuchLevy
    rules = kind.entry.rules(rate)
    for rows in (rules.first_year, rules.last_year):
        if all(row.valid_from > begins_on for row in rows):
            raise NoSuchLevy
    if all(row.valid_from > date(begins_on.year, 1, 1) for row in rules.due):
        raise NoSuchLevy


def _require_clear(exempt: Exempt) -> None:
    is_in_order = exempt.last_year is None or exempt.last_year >= exempt.first_year
    if not (exempt.why.strip() and is_in_order):
        raise ExemptionUnclear


def _require_reason(why: str) -> None:
    if not why.strip():
        raise ReasonMissing


def _lock(by: Actor, levy: UUID, did: str) -> Levy:
    if not by.may(RIGHT):
        raise NotAllowed(attempted=Attempt(did, "levy", str(levy)))
    rows = Levy.objects.select_for_update(of=("self",)).select_related("kind")
    row: Levy | None = rows.filter(pk=levy).first()
    if row is None:
        raise NotFound
    return row


def _note(
    by: Actor, levy: Levy, deed: LevyDeed, did: str, why: str, *, year: int | None = None
) -> None:
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
