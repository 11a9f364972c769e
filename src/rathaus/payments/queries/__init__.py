"""What others may read of money; always starts from what this person may see."""

from rathaus.payments.queries.cash import desk_view, desks, to_take
from rathaus.payments.queries.claims import (
    ClaimRow,
    claims_about,
    claims_of,
    due_from_today,
    open_sum,
)
from rathaus.payments.queries.paying import (
    PaymentRow,
    account_of,
    chosen_claims,
    held_payments,
    payment_of,
    payments_of,
    transfer_for,
)
from rathaus.payments.queries.references import named_by, references_of_claims
from rathaus.payments.queries.statements import (
    BankFilter,
    ClaimChoice,
    bank_file,
    bank_files,
    bank_movement,
    bank_movements,
    bank_tally,
    debtors_of,
    find_open_claims,
    left_to_clear,
)

__all__ = [
    "BankFilter",
    "ClaimChoice",
    "ClaimRow",
    "PaymentRow",
    "account_of",
    "bank_file",
    "bank_files",
    "bank_movement",
    "bank_movements",
    "bank_tally",
    "chosen_claims",
    "claims_about",
    "claims_of",
    "debtors_of",
    "desk_view",
    "desks",
    "due_from_today",
    "find_open_claims",
    "held_payments",
    "left_to_clear",
    "named_by",
    "open_sum",
    "payment_of",
    "payments_of",
    "references_of_claims",
    "to_take",
    "transfer_for",
]
