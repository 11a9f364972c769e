"""What people owe the city, what they paid, and how it is booked."""

from rathaus.payments.models.cash import CashClosing, CashDesk, CashTaking
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
from rathaus.payments.models.paying import (
    EventOutcome,
    IdempotencyKey,
    Payment,
    PaymentPart,
    PaymentStateWord,
    ProviderEvent,
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

__all__ = [
    "FURTHER",
    "Account",
    "BookingKind",
    "CashClosing",
    "CashDesk",
    "CashTaking",
    "Checkpoint",
    "CheckpointBalance",
    "Claim",
    "ClaimQuerySet",
    "Closing",
    "Credit",
    "EventOutcome",
    "Export",
    "Form",
    "IdempotencyKey",
    "Instalment",
    "InstalmentPlan",
    "Kind",
    "Leg",
    "MeansWord",
    "OutcomeWord",
    "Payment",
    "PaymentPart",
    "PaymentReference",
    "PaymentStateWord",
    "ProviderEvent",
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
]
