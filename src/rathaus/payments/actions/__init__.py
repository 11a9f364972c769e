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

__all__ = [
    "AlreadySettled",
    "AnotherAmount",
    "NothingOwed",
    "Owed",
    "cancel_claim",
    "charge",
    "fall_due",
    "raise_claim",
    "take_over_claims",
]
