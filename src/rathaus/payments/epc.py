"""The QR code that fills in a bank transfer: EPC069-12, version 002 of its data.

The payload is text; what the guideline forbids is refused here, before anybody scans it.
"""

from dataclasses import dataclass

import segno

from rathaus.core.iban import is_bic, is_iban
from rathaus.core.money import Money
from rathaus.payments.references import is_reference

LONGEST_PAYLOAD = 331  # bytes
HIGHEST_VERSION = 13
LONGEST_NAME = 70
MOST_CENTS = 999_999_999_99
_SERVICE, _VERSION, _UTF_8, _TRANSFER = "BCD", "002", "1", "SCT"


@dataclass(frozen=True)
class Transfer:
    """A transfer to be made: `name` is the holder as the bank has it registered, since the payer's
    bank compares it (verification of payee). `bic` may be empty within the EEA.
    """

    name: str
    iban: str
    bic: str
    amount: Money
    reference: str


def epc_payload(transfer: Transfer) -> str:
    """The lines of the code, the text for people left empty as the structured reference is given.

    Raises `ValueError` for whatever a bank's app would refuse or misread.
    """
    _check(transfer)
    euros = f"EUR{transfer.amount.cents // 100}.{transfer.amount.cents % 100:02d}"
    head = (_SERVICE, _VERSION, _UTF_8, _TRANSFER)
    account = (transfer.bic, transfer.name, transfer.iban, euros)
    payload = "\n".join((*head, *account, "", transfer.reference))
    if len(payload.encode()) > LONGEST_PAYLOAD:
        raise ValueError(f"{len(payload.encode())} bytes are too many for the code")
    return payload


def epc_code(transfer: Transfer) -> segno.QRCode:
    """The code itself with error correction M. Raises `ValueError` like `epc_payload`."""
    code = segno.make_qr(
        epc_payload(transfer), error="m", boost_error=False, mode="byte", encoding="utf-8"
    )
    if int(code.version) > HIGHEST_VERSION:
        raise ValueError(f"version {code.version} is too large for the code")
    return code


def _check(transfer: Transfer) -> None:
    flaws = {
        "name": not 0 < len(transfer.name) <= LONGEST_NAME or not transfer.name.isprintable(),
        "IBAN": not is_iban(transfer.iban),
        "BIC": bool(transfer.bic) and not is_bic(transfer.bic),
        "currency": transfer.amount.currency != "EUR",
        "amount": not 0 < transfer.amount.cents <= MOST_CENTS,
        "reference": not is_reference(transfer.reference) or " " in transfer.reference,
    }
    wrong = [name for name, is_wrong in flaws.items() if is_wrong]
    if wrong:
        raise ValueError(f"not to be paid by code: {', '.join(wrong)}")
