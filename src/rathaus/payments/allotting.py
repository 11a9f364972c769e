"""What a share of money is to its claim: an outcome for each case, never a refusal."""

from dataclasses import dataclass
from datetime import date

from rathaus.payments.incoming import Outcome


@dataclass(frozen=True)
class Standing:
    """How a claim stands when money comes for it; `rest` in cents is what is still to be paid."""

    rest: int
    due_on: date | None
    is_settled: bool = False
    is_cancelled: bool = False


def allot(cents: int, standing: Standing, *, received_on: date) -> tuple[int, Outcome]:
    """How many of the cents go to the claim, and what they are to it; never more than its rest.

    A claim that fell away takes nothing any more (`LATE`), nor does one that was paid (`DOUBLE`).
    """
    if standing.is_cancelled:
        return 0, Outcome.LATE
    if standing.is_settled:
        return 0, Outcome.DOUBLE
    if cents > standing.rest:
        return standing.rest, Outcome.OVER
    if cents < standing.rest:
        return cents, Outcome.PARTIAL
    is_late = standing.due_on is not None and received_on > standing.due_on
    return cents, Outcome.LATE if is_late else Outcome.SETTLED
