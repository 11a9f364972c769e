"""Levies that come back each year: begun once, changed and ended; its years are `levy_years`."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import get_language, gettext_lazy

from rathaus.accounts.events import MattersTakenOver
from rathaus.accounts.queries import actor_by_id
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import Attempt, Conflict, Invalid, NotAllowed, NotFound
from rathaus.core.events import publish
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.transaction import atomic
from rathaus.payments.actions.claiming import take_over_claims
from rathaus.payments.actions.levy_years import RIGHT, note, raise_due, settle, take_over_first_year
from rathaus.payments.events import LevyBegun, LevyEnded
from rathaus.payments.models import (
    Levy,
    LevyDeed,
    LevyKind,
    LevyYear,
)

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
    note(by, levy, LevyDeed.BEGUN, "payments.levy_begun", "")
    take_over_first_year(levy)
    raise_due(levy)
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
    note(by, row, LevyDeed.CHANGED, "payments.levy_changed", why)
    settle(row, why)


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
    note(by, row, LevyDeed.ENDED, "payments.levy_ended", why)
    settle(row, why)
    raise_due(row)
    publish(LevyEnded(row.pk, row.number, ends_on))


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
