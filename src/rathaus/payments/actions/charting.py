"""Takes the city's chart of accounts into the house."""

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.queries import departments as all_departments
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.errors import Conflict
from rathaus.core.iban import compact
from rathaus.core.transaction import atomic
from rathaus.payments.actions.booking import constraint_of
from rathaus.payments.chart import AccountEntry, parse_chart
from rathaus.payments.models import Account

KEPT = frozenset({"account_stays", "booked_account_keeps_its_number"})


class AccountIsBooked(Conflict):
    """What is booked on an account stands under its number for ever."""

    message = _("Ein Konto, auf dem gebucht ist, behält Nummer und Art.")


@atomic
def install_chart(*, by: Actor, text: str) -> list[str]:
    """Install or rename the accounts of a YAML text; their numbers. What is not named stays.

    Raises `NotAllowed` without `payments.close`, `BadDocument` with line and reason, and
    `AccountIsBooked`; nothing is installed then.
    """
    by.require("payments.close")
    known = {department.slug: department.pk for department in all_departments()}
    entries = parse_chart(text, departments=known.keys())
    try:
        for entry in entries:
            _install(entry, known[entry.department] if entry.department else None)
    except DatabaseError as error:
        if constraint_of(error) not in KEPT:
            raise
        raise AccountIsBooked from error
    numbers = [entry.number for entry in entries]
    record(
        by=by,
        did="payments.chart_installed",
        thing_type="account",
        thing_id=", ".join(numbers)[:120],
    )
    return numbers


def _install(entry: AccountEntry, department: int | None) -> None:
    rows = Account.objects.filter(use=entry.use, currency=entry.currency)
    own = rows.filter(department=None) if department is None else rows.filter(department=department)
    account = own.first() or Account(
        use=entry.use, department_id=department, currency=entry.currency
    )
    account.number, account.name, account.kind = entry.number, entry.name.plain(), entry.kind
    account.iban = compact(entry.bank.iban) if entry.bank else ""
    account.bic = entry.bank.bic if entry.bank else ""
    account.holder = entry.bank.holder if entry.bank else ""
    account.save()
