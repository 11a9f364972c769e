"""The only way into the ledger: a booking is one call to the database, said twice it is one.

These are parts of other actions, which ask for permission and keep the trail.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db import DatabaseError, connection
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rathaus.core.clock import today
from rathaus.core.errors import Conflict
from rathaus.core.localized import localize
from rathaus.payments.chart import standard_chart
from rathaus.payments.models import (
    Account,
    BookingKind,
    Claim,
    ClaimKind,
    Leg,
    Transaction,
    Use,
)

LONGEST_TEXT = 140
POST = "SELECT payments_post(%s, %s, %s, %s, %s, %s, %s::bigint[], %s::bigint[], %s)"


class PeriodClosed(Conflict):
    """Nothing can be booked on that day any more."""

    message = _("Dieser Zeitraum ist abgeschlossen.")


class AnotherContent(Conflict):
    """Under this key something else is booked."""

    message = _("Unter diesem Schlüssel ist etwas anderes gebucht.")


REFUSALS = {"period_is_open": PeriodClosed, "one_content_per_key": AnotherContent}


@dataclass(frozen=True)
class Side:
    """So many cents on one account: positive is debit, negative is credit."""

    account: int
    cents: int


@dataclass(frozen=True)
class Booking:
    """What is to be booked; `key` names it for ever, `on` defaults to today."""

    key: str
    kind: BookingKind
    text: str
    reference: str
    sides: Sequence[Side]
    currency: str = "EUR"
    on: date | None = None
    reverses: int | None = None


def book(booking: Booking) -> int:
    """Book it and answer its number; said again, the number that it has already.

    Sides on one account become one. Raises `PeriodClosed` and `AnotherContent`.
    """
    with _refusals(), connection.cursor() as cursor:
        cursor.execute(POST, _values(booking))
        return int(cursor.fetchone()[0])


def book_all(bookings: Iterable[Booking]) -> None:
    """The same for many, which go to the database together."""
    with _refusals(), connection.cursor() as cursor:
        cursor.executemany(POST, [_values(booking) for booking in bookings])


@contextmanager
def _refusals() -> Iterator[None]:
    """Say what the database refuses in words of the field."""
    try:
        yield
    except DatabaseError as error:
        refusal = REFUSALS.get(constraint_of(error))
        if refusal is None:
            raise
        raise refusal from error


def _values(booking: Booking) -> list[str | date | int | list[int] | None]:
    sides = _together(booking.sides)
    return [
        booking.key,
        booking.kind.value,
        booking.on or today(),
        booking.text[:LONGEST_TEXT],
        booking.reference,
        booking.currency,
        [side.account for side in sides],
        [side.cents for side in sides],
        booking.reverses,
    ]


def reverse(transaction: Transaction, *, key: str, text: str = "") -> int:
    """Book the opposite of a booking, today; said again under its key, it is one reversal."""
    legs = Leg.objects.filter(transaction=transaction).order_by("position")
    return book(
        Booking(
            key=key,
            kind=BookingKind.REVERSAL,
            text=text or transaction.text,
            reference=transaction.reference,
            sides=[Side(leg.account_id, -leg.cents) for leg in legs],
            currency=transaction.currency,
            reverses=transaction.number,
        )
    )


def open_day(wanted: date) -> date:
    """That day, or today if its period is closed; it stays open until the work around it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_open_day(%s, %s)", [wanted, today()])
        found: date = cursor.fetchone()[0]
    return found


def account_for(use: Use, currency: str = "EUR", *, department: int | None = None) -> int:
    """The account of the department for that use, else the one of the whole city."""
    return accounts_for([use], currency, department=department)[use]


def accounts_for(
    uses: Collection[Use], currency: str = "EUR", *, department: int | None = None
) -> dict[Use, int]:
    """The same for several uses at once."""
    whose = Q(department=None) | Q(department=department)
    rows = Account.objects.filter(whose, use__in=uses, currency=currency)
    ordered = rows.order_by(F("department").desc(nulls_first=True)).values_list("use", "pk")
    found = {Use(use): pk for use, pk in ordered}
    return {use: found.get(use) or _standard_account(use, currency) for use in uses}


def claim_key(claim: Claim) -> str:
    """Under which a claim is booked."""
    return f"claim:{claim.pk}"


def book_claim(claim: Claim) -> None:
    """Owed is booked: debit receivables, credit income, or for a deposit what the city keeps for
    others; once for each claim.
    """
    if not Transaction.objects.filter(key=claim_key(claim)).exists():
        book_claims([claim])


def book_claims(claims: Iterable[Claim]) -> None:
    """The same for several that are not booked yet."""
    accounts = cache(accounts_for)
    bookings = []
    for claim in claims:
        uses = (Use.RECEIVABLES, _counterpart(claim))
        account = accounts(uses, claim.currency, department=claim.department_id)
        receivables = Side(account[uses[0]], claim.cents)
        income = Side(account[uses[1]], -claim.cents)
        bookings.append(
            Booking(
                key=claim_key(claim),
                kind=BookingKind.CLAIM,
                text=localize(claim.purpose, "de"),
                reference=claim.reference,
                sides=[receivables, income],
                currency=claim.currency,
            )
        )
    book_all(bookings)


@dataclass(frozen=True)
class ClaimAccounts:
    """Where a claim is booked, which stays so though the chart may change; `income` of a deposit
    is the account of what the city keeps for others.
    """

    receivables: int
    income: int


def accounts_of(claims: Iterable[Claim]) -> dict[object, ClaimAccounts]:
    """By the claim's id; what is not booked yet is booked."""
    found = {claim_key(claim): claim for claim in claims}
    legs = Leg.objects.filter(transaction__key__in=found).select_related("transaction")
    missing = found.keys() - {leg.transaction.key for leg in legs}
    if missing:
        book_claims(found[key] for key in sorted(missing))
    sides: dict[object, dict[bool, int]] = defaultdict(dict)
    for leg in legs.all() if missing else legs:
        sides[found[leg.transaction.key].pk][leg.cents > 0] = leg.account_id
    return {pk: ClaimAccounts(side[True], side[False]) for pk, side in sides.items()}


def constraint_of(error: DatabaseError) -> str:
    """The name of the constraint that the database named in its refusal, else empty."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", None) or "")


def _counterpart(claim: Claim) -> Use:
    return Use.DEPOSITS if claim.kind == ClaimKind.DEPOSIT else Use.INCOME


def _together(sides: Sequence[Side]) -> list[Side]:
    sums: dict[int, int] = defaultdict(int)
    for side in sides:
        sums[side.account] += side.cents
    return [Side(account, cents) for account, cents in sums.items() if cents]


def _standard_account(use: Use, currency: str) -> int:
    entry = standard_chart()[use]
    account, _is_new = Account.objects.get_or_create(
        use=use,
        department=None,
        currency=currency,
        defaults={"number": entry.number, "name": entry.name.plain(), "kind": entry.kind},
    )
    return account.pk
