"""The city's own bank account, as transfers, QR codes and letters name it."""

from dataclasses import dataclass

from rathaus.core.city import current_city
from rathaus.payments.models import Account, Use


@dataclass(frozen=True)
class BankAccount:
    """Where people pay to; the holder is the name under which the bank knows the account."""

    iban: str
    bic: str
    holder: str


def bank_account(currency: str = "EUR") -> BankAccount | None:
    """The account of the city's chart, whose statements are read: else the one that the city itself
    names, or nothing.
    """
    row = Account.objects.filter(use=Use.BANK, currency=currency).exclude(iban="").first()
    if row:
        return BankAccount(row.iban, row.bic, row.holder)
    named = current_city().bank
    return BankAccount(named["iban"], named["bic"], named["holder"]) if named else None
