"""A city that levies: plain functions for the tests."""

from datetime import date, datetime, time
from itertools import count

from django.db.models import F
from tests.factories import make_department

from rathaus.accounts.models import Person
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import VIENNA
from rathaus.payments.actions import begin_levy, install_levies
from rathaus.payments.models import Claim, Levy

LEVIES = """
levies:
  - slug: hundeabgabe
    name: {de: Hundeabgabe, en: Dog tax}
    about: {de: Hund, en: Dog}
    number_prefix: HA
    department: finanzen
    lead_days: 45
    rates:
      - slug: familie
        name: {de: Familienhund, en: Family dog}
        amounts:
          - {valid_from: 2020-01-01, amount: "36.00", source: Probe}
          - {valid_from: 2026-01-01, amount: "40.00", source: Probe}
          - {valid_from: 2028-01-01, amount: "48.00", source: Probe}
      - slug: wache
        name: {de: Wachhund, en: Guard dog}
        amounts: [{valid_from: 2020-01-01, amount: "20.00", source: Probe}]
    due: [{valid_from: 2020-01-01, days: ["02-15"], source: Probe}]
    first_year: [{valid_from: 2020-01-01, share: full, source: Probe}]
    last_year: [{valid_from: 2020-01-01, share: months, source: Probe}]
  - slug: ortstaxe
    name: {de: Ortstaxe, en: Local charge}
    about: {de: Wohnung, en: Flat}
    number_prefix: OT
    department: finanzen
    lead_days: 30
    rates:
      - slug: klein
        name: {de: bis 50 m², en: up to 50 m²}
        amounts: [{valid_from: 2020-01-01, amount: "100.01", source: Probe}]
    due: [{valid_from: 2020-01-01, days: ["02-29", "05-15", "08-15", "11-15"], source: Probe}]
    first_year: [{valid_from: 2020-01-01, share: months, source: Probe}]
    last_year: [{valid_from: 2020-01-01, share: months, source: Probe}]
"""
_numbers = count(1)


def install() -> None:
    """The levies of the tests, owed to one department."""
    make_department("finanzen")
    install_levies(by=SYSTEM, text=LEVIES)


def begin(debtor: Person, *, by: Actor = SYSTEM, **changes: object) -> Levy:
    """A dog of the debtor, from today's year on unless told otherwise."""
    levy = begin_levy(
        **{
            "by": by,
            "kind": "hundeabgabe",
            "rate": "familie",
            "debtor": debtor.pk,
            "about": "Bello",
            "begins_on": date(2026, 5, 4),
            "key": f"clerk:{next(_numbers)}",
            **changes,
        }
    )
    return Levy.objects.get(pk=levy)


def at(day: date, hour: int = 12) -> datetime:
    """A moment of that day in Vienna."""
    return datetime.combine(day, time(hour), VIENNA)


def claimed(levy: Levy) -> list[tuple[str, str, int, str]]:
    """Year, key, cents and state of each claim of a levy; what fell away comes first."""
    rows = Claim.objects.filter(reference__startswith=levy.number, fee_for=None)
    return [
        (row.reference.removeprefix(f"{levy.number}-"), row.key, row.cents, row.state.value)
        for row in rows.order_by(
            "reference", "raised_at", F("cancelled_at").asc(nulls_last=True), "key"
        )
    ]
