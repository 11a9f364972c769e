"""What others may read of money; always starts from what this person may see."""

from rathaus.payments.queries.claims import (
    ClaimRow,
    claims_about,
    claims_of,
    due_from_today,
    open_sum,
)
from rathaus.payments.queries.references import named_by, references_of_claims

__all__ = [
    "ClaimRow",
    "claims_about",
    "claims_of",
    "due_from_today",
    "named_by",
    "open_sum",
    "references_of_claims",
]
