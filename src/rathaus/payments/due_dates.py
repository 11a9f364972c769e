"""Until when a claim is to be paid: a term of law (`payment_terms.yaml`) or of days, then a day on
which a bank is open.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

from rathaus.core.calendar import add_months, next_day_not_excluded
from rathaus.core.dated import Dated, in_force

SOURCE = Path(__file__).with_name("payment_terms.yaml")
PaymentTerm = Dated[int]
"""So many months to pay, for claims raised from a day on."""


@cache
def payment_terms() -> tuple[PaymentTerm, ...]:
    """Every row of the data file."""
    content = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return tuple(
        PaymentTerm(row["valid_from"], row["months"], row["source"])
        for row in content["payment_terms"]
    )


def due_date(raised_on: date, terms: Sequence[PaymentTerm], *, days: int | None = None) -> date:
    """The last day to pay: after `days`, else after the term of law in force on that day.

    A Saturday, Sunday, holiday, Good Friday or 24 December moves on to the next other day
    (§ 210 Abs. 3 BAO). Raises `LookupError` if no term was in force.
    """
    if days is not None:
        return next_day_not_excluded(raised_on + timedelta(days=days))
    months = in_force(terms, raised_on, what="payment term")
    return next_day_not_excluded(add_months(raised_on, months))
