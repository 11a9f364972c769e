"""What others may read of money; always starts from what this person may see."""

from rathaus.payments.queries.claims import (
    ClaimRow,
    claims_about,
    claims_of,
    due_from_today,
    open_sum,
)

__all__ = ["ClaimRow", "claims_about", "claims_of", "due_from_today", "open_sum"]
