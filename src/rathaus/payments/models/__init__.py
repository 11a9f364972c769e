"""What people owe the city, what they paid, and how it is booked."""

from rathaus.payments.models.claims import FURTHER, Claim, ClaimQuerySet, State
from rathaus.payments.models.dunning import Instalment, InstalmentPlan, Reminder
from rathaus.payments.models.exports import Export, Form
from rathaus.payments.models.ledger import (
    Account,
    BookingKind,
    Checkpoint,
    CheckpointBalance,
    Closing,
    Kind,
    Leg,
    Transaction,
    Use,
)
from rathaus.payments.models.receipts import (
    Credit,
    MeansWord,
    OutcomeWord,
    Receipt,
    ReceiptYear,
    Refund,
    RefundPart,
    RefundState,
    Share,
    Transfer,
)
from rathaus.payments.models.references import PaymentReference
from rathaus.payments.models.statements import (
    BankFile,
    BankMovement,
    BankStatement,
    DoubtWord,
    MovementKind,
    MovementState,
    WayWord,
)

__all__ = [
    "FURTHER",
    "Account",
    "BankFile",
    "BankMovement",
    "BankStatement",
    "BookingKind",
    "Checkpoint",
    "CheckpointBalance",
    "Claim",
    "ClaimQuerySet",
    "Closing",
    "Credit",
    "DoubtWord",
    "Export",
    "Form",
    "Instalment",
    "InstalmentPlan",
    "Kind",
    "Leg",
    "MeansWord",
    "MovementKind",
    "MovementState",
    "OutcomeWord",
    "PaymentReference",
    "Receipt",
    "ReceiptYear",
    "Refund",
    "RefundPart",
    "RefundState",
    "Reminder",
    "Share",
    "State",
    "Transaction",
    "Transfer",
    "Use",
    "WayWord",
]
