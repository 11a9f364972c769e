"""Everything that changes what is owed, paid or booked."""

from rathaus.payments.actions.claiming import (
    AlreadySettled,
    AnotherAmount,
    NothingOwed,
    Owed,
    cancel_claim,
    charge,
    fall_due,
    raise_claim,
    take_over_claims,
)
from rathaus.payments.actions.giving_back import (
    AlreadyEnded,
    AnotherRefund,
    MoreThanIsLeft,
    NoAccountToPayTo,
    NothingToGiveBack,
    PayTo,
    give_back,
    refund_done,
    refund_failed,
    refund_sent,
)
from rathaus.payments.actions.receiving import AnotherReceipt, NoSuchMoney, receive
from rathaus.payments.actions.referencing import reference_for

__all__ = [
    "AlreadyEnded",
    "AlreadySettled",
    "AnotherAmount",
    "AnotherReceipt",
    "AnotherRefund",
    "MoreThanIsLeft",
    "NoAccountToPayTo",
    "NoSuchMoney",
    "NothingOwed",
    "NothingToGiveBack",
    "Owed",
    "PayTo",
    "cancel_claim",
    "charge",
    "fall_due",
    "give_back",
    "raise_claim",
    "receive",
    "reference_for",
    "refund_done",
    "refund_failed",
    "refund_sent",
    "take_over_claims",
]
