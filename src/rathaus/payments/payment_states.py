"""The states of a payment, and which of them may follow upon which: the one table of it.

What becomes of the money afterwards (given back, a credit) is the affair of its receipt.
"""

from enum import StrEnum


class PaymentState(StrEnum):
    """Where a payment stands."""

    CREATED = "created"  # chosen here, the provider may not know it yet
    PENDING = "pending"  # the provider waits for the person, or we wait for the money
    HELD = "held"  # the provider tells of another amount than ours: a clerk looks at it
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


_S = PaymentState
MOVES: dict[PaymentState, frozenset[PaymentState]] = {
    _S.CREATED: frozenset({_S.PENDING, _S.CANCELLED, _S.EXPIRED}),
    _S.PENDING: frozenset({_S.SUCCEEDED, _S.FAILED, _S.CANCELLED, _S.EXPIRED, _S.HELD}),
    _S.HELD: frozenset({_S.SUCCEEDED, _S.CANCELLED}),
    _S.SUCCEEDED: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.EXPIRED: frozenset(),
}
RUNNING = frozenset({_S.CREATED, _S.PENDING, _S.HELD})
"""Its claims can't be paid a second time meanwhile."""
WAITING = frozenset({_S.CREATED, _S.PENDING})
"""The person can still go on or give it up; programs look after it."""


class ImpossibleMove(RuntimeError):
    """A state that can't follow: a mistake in the program, since callers look first."""


def moved(now: PaymentState, to: PaymentState) -> PaymentState:
    """The state `to`, if it may follow upon `now`. Raises `ImpossibleMove`."""
    if to not in MOVES[now]:
        raise ImpossibleMove(f"{now} does not become {to}")
    return to
