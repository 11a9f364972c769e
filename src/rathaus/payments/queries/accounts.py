"""The city's own bank account, as transfers, QR codes and letters name it."""

from dataclasses import dataclass

from rathaus.payments.models import Account, Use


@dataclass(frozen=True)
class BankAccount:
    """Where people pay to; the holder is the name under which the bank knows the account."""

    iban: str
    bic: str
    holder: str


def bank_account(currency: str = "EUR") -> BankAccount | None:
    """The account that the city's chart names, or nothing."""
    row = Account.objects.filter(use=Use.BANK, currency=currency).exclude(iban="").first()
    return BankAccount(row.iban, row.bic, row.holder) if row else None
