"""The ledger as accounting reads it: journal, accounts with running balance, trial balance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import F, Prefetch, Sum

from rathaus.core.actor import Actor
from rathaus.core.errors import NotFound
from rathaus.core.money import Money
from rathaus.payments.models import Account, Closing, Leg, Transaction

PAGE = 50
RIGHT = "payments.ledger"

BALANCES = "SELECT account_id, cents FROM payments_balance"
REPLAY = "SELECT account_id, sum(cents)::bigint FROM payments_leg GROUP BY account_id"
TRIAL = """
    SELECT account.id,
           coalesce(sum(leg.cents) FILTER (WHERE booked_on < %(first)s), 0)::bigint,
           coalesce(sum(leg.cents) FILTER (WHERE booked_on >= %(first)s AND cents > 0), 0)::bigint,
           coalesce(sum(leg.cents) FILTER (WHERE booked_on >= %(first)s AND cents < 0), 0)::bigint
    FROM payments_account AS account
    JOIN payments_leg AS leg ON leg.account_id = account.id
    JOIN payments_transaction AS header ON header.number = leg.transaction_id
    WHERE header.booked_on <= %(last)s
    GROUP BY account.id
"""


class _Side:
    """A signed amount as books show it: on one of two sides, without its sign."""

    amount: Money

    @property
    def debit(self) -> Money | None:
        """The amount if it is debit."""
        return self.amount if self.amount.cents > 0 else None

    @property
    def credit(self) -> Money | None:
        """The amount, without its sign, if it is credit."""
        return self.amount * -1 if self.amount.cents < 0 else None


@dataclass(frozen=True)
class LegRow(_Side):
    """One side of a booking."""

    account: Account
    amount: Money


@dataclass(frozen=True)
class JournalRow:
    """A booking with all its sides."""

    number: int
    booked_on: date
    kind: str
    text: str
    reference: str
    reverses: int | None
    sides: Sequence[LegRow]


@dataclass(frozen=True)
class AccountLine(_Side):
    """One side on an account, and the account's balance after it."""

    number: int
    booked_on: date
    text: str
    reference: str
    amount: Money
    balance: Money


@dataclass(frozen=True)
class TrialRow:
    """An account in a period: what it had before, what came on each side, what it has then."""

    account: Account
    opening: Money
    debit: Money
    credit: Money

    @property
    def closing(self) -> Money:
        """What it has at the end."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True)
class TrialTotal:
    """The two sums that a ledger keeps equal."""

    debit: Money
    credit: Money


@dataclass(frozen=True)
class AccountRow:
    """An account with its balance of now."""

    account: Account
    balance: Money


def accounts(*, by: Actor) -> list[AccountRow]:
    """All accounts with their balances, by number. Raises `NotAllowed` without the right."""
    by.require(RIGHT)
    cents = balances()
    rows = Account.objects.select_related("department").order_by("number", "currency")
    return [AccountRow(row, Money(cents.get(row.pk, 0), row.currency)) for row in rows]


def balances() -> dict[int, int]:
    """Cents on each account: the last checkpoint and what was booked after it, of one moment."""
    return _by_account(BALANCES)


def replayed_balances() -> dict[int, int]:
    """The same from the very first booking on, to compare with; accounts that are booked on."""
    return _by_account(REPLAY)


def journal(
    *, by: Actor, before: int | None = None, words: str = "", limit: int = PAGE
) -> list[JournalRow]:
    """The bookings with a number below `before`, the newest first; `words` names a reference."""
    by.require(RIGHT)
    rows = Transaction.objects.order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    if words:
        rows = rows.filter(reference=words.strip())
    legs = Leg.objects.select_related("account").order_by("position")
    return [_journal_row(row) for row in rows.prefetch_related(Prefetch("entries", legs))[:limit]]


def account_lines(
    *, by: Actor, account: int, before: int | None = None, limit: int = PAGE
) -> tuple[Account, list[AccountLine]]:
    """The sides on an account below the booking `before`, the newest first, each with the balance
    after it. Raises `NotAllowed` and `NotFound`.
    """
    by.require(RIGHT)
    found = Account.objects.select_related("department").filter(pk=account).first()
    if found is None:
        raise NotFound
    legs = Leg.objects.filter(account=account).select_related("transaction")
    if before is not None:
        legs = legs.filter(transaction__lt=before)
    page = list(legs.order_by("-transaction", "-position")[:limit])
    balance = _balance_upto(account, page[0].transaction_id) if page else 0
    lines = []
    for leg in page:
        lines.append(_account_line(leg, found.currency, balance))
        balance -= leg.cents
    return found, lines


def trial_balance(*, by: Actor, first: date, last: date) -> list[TrialRow]:
    """Every account that was booked on up to `last`, by number."""
    by.require(RIGHT)
    with connection.cursor() as cursor:
        cursor.execute(TRIAL, {"first": first, "last": last})
        sums = {account: cents for account, *cents in cursor.fetchall()}
    found = Account.objects.filter(pk__in=sums).order_by("number", "currency")
    return [
        TrialRow(
            account=row,
            opening=Money(sums[row.pk][0], row.currency),
            debit=Money(sums[row.pk][1], row.currency),
            credit=Money(-sums[row.pk][2], row.currency),
        )
        for row in found
    ]


def trial_totals(rows: Sequence[TrialRow]) -> list[TrialTotal]:
    """What all accounts of a currency took and gave in the period."""
    found: dict[str, TrialTotal] = {}
    for row in rows:
        currency = row.account.currency
        so_far = found.get(currency) or TrialTotal(Money(0, currency), Money(0, currency))
        found[currency] = TrialTotal(so_far.debit + row.debit, so_far.credit + row.credit)
    return [found[currency] for currency in sorted(found)]


def closed_until() -> date | None:
    """The last day on which nothing can be booked any more."""
    newest = Closing.objects.order_by("-until").first()
    return newest.until if newest else None


def _by_account(question: str) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return dict(cursor.fetchall())


def _balance_upto(account: int, number: int) -> int:
    """The balance now without what was booked later: cheap for the newest page."""
    later = Leg.objects.filter(account=account, transaction__gt=number)
    return balances()[account] - (later.aggregate(sum=Sum(F("cents")))["sum"] or 0)


def _journal_row(row: Transaction) -> JournalRow:
    return JournalRow(
        number=row.number,
        booked_on=row.booked_on,
        kind=str(row.get_kind_display()),
        text=row.text,
        reference=row.reference,
        reverses=row.reverses_id,
        sides=[LegRow(leg.account, Money(leg.cents, row.currency)) for leg in row.entries.all()],
    )


def _account_line(leg: Leg, currency: str, balance: int) -> AccountLine:
    return AccountLine(
        number=leg.transaction_id,
        booked_on=leg.transaction.booked_on,
        text=leg.transaction.text,
        reference=leg.transaction.reference,
        amount=Money(leg.cents, currency),
        balance=Money(balance, currency),
    )
