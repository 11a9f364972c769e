"""Claims, money that comes, and what the ledger says then: plain functions for the tests."""

from datetime import date
from itertools import count
from uuid import UUID

from django.db import connection

from rathaus.accounts.models import Person
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.money import Money
from rathaus.payments.actions import raise_claim, receive
from rathaus.payments.incoming import Incoming, Means, Part, Received
from rathaus.payments.models import Account, Claim

DAY = date(2026, 12, 1)
DUE = date(2026, 12, 22)
_numbers = count(1)


def owe(debtor: Person, cents: int = 10_000, **changes: object) -> UUID:
    """A claim of the debtor, with a purpose and a matter of its own."""
    number = next(_numbers)
    return raise_claim(
        **{
            "by": SYSTEM,
            "debtor": debtor.pk,
            "amount": Money(cents),
            "purpose": {"de": "Hundeabgabe", "en": "Dog levy"},
            "reference": f"HU-2026-{number:06d}",
            "due_on": DUE,
            **changes,
        }
    )


def pay(cents: int, *parts: tuple[UUID, int], by: Actor = SYSTEM, **changes: object) -> Received:
    """Money that has come."""
    values = {
        "key": f"bank:{next(_numbers)}",
        "means": Means.BANK,
        "amount": Money(cents),
        "received_on": DAY,
        "parts": [Part(claim, Money(share)) for claim, share in parts],
        **changes,
    }
    return receive(by=by, incoming=Incoming(**values))


def balances() -> dict[str, int]:
    """Cents on each account by its use (and number, where a department has its own)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id, cents FROM payments_balance WHERE cents <> 0")
        cents = dict(cursor.fetchall())
    return {
        account.use if account.department_id is None else account.number: cents[account.pk]
        for account in Account.objects.filter(pk__in=cents)
    }


def standing(claim: UUID) -> tuple[str, int]:
    """Its state and the cents that are still to be paid."""
    row = Claim.objects.get(pk=claim)
    return row.state.value, row.rest.cents
