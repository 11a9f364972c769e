"""The city's bank account, and money that comes to it: plain functions for the tests."""

from uuid import UUID

from rathaus.core.actor import SYSTEM
from rathaus.payments.actions import clear_new_movements, take_bank_file
from rathaus.payments.actions.booking import account_for
from rathaus.payments.models import Account, BankMovement, PaymentReference, Use
from rathaus.payments.tests.camt_files import ACCOUNT, detail, document, entry


def open_bank_account() -> Account:
    """The account of the files in `camt_files`, in the chart of the city."""
    account = Account.objects.get(pk=account_for(Use.BANK, currency="EUR"))
    account.iban, account.bic, account.holder = ACCOUNT, "BKAUATWW", "Stadt Lindenfurt"
    account.save()
    return account


def reference_to(claim: UUID) -> str:
    """What a person quotes to pay it."""
    return PaymentReference.objects.get(claim=claim).reference


def come(amount: str, **words: str) -> BankMovement:
    """Money that came in a file of its own, as the machine leaves it."""
    number = BankMovement.objects.count()
    line = entry(amount, detail(**words), bank_id=f"B-{number}")
    content = document(line, identifier=f"AZ-{number}")
    take_bank_file(by=SYSTEM, name=f"{number}.xml", content=content)
    clear_new_movements(by=SYSTEM)
    return BankMovement.objects.latest("pk")
